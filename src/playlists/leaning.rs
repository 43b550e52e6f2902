//! What a playlist is like where nobody says: the mood and the genre that most of its songs have.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::base::id::{PlaylistId, SongId};
use crate::protocol::mood::ClearMood;
use crate::songs::row::moods;
use crate::store::hundred::{AT_ONCE, filled, hundred};
use crate::store::{Store, StoreError};
use crate::users::genre::Genre;

/// What most songs of a playlist have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leaning {
    /// The mood.
    pub mood: Option<ClearMood>,
    /// The genre.
    pub genre: Option<Genre>,
}

/// Songs of a playlist: playlist.
pub const OF_PLAYLIST: &str =
    "SELECT s.genre, s.moods FROM playlist_songs e JOIN songs s ON s.id = e.song_id WHERE e.playlist_id = $1";

/// Songs: the songs.
pub const OF_SONGS: &str = concat!("SELECT s.genre, s.moods FROM songs s WHERE s.id IN ", hundred!());

/// Genre and moods of a song, as they stand in its row.
type Row = (Option<String>, String);

impl Leaning {
    /// That of a playlist.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn of_playlist(store: &Store, playlist: PlaylistId) -> Result<Self, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(OF_PLAYLIST).bind(playlist).fetch_all(store.read()).await?;
        Ok(Self::of(&rows))
    }

    /// That of songs which are not in a playlist yet. What is no song changes nothing.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn of_songs(store: &Store, songs: &[SongId]) -> Result<Self, StoreError> {
        let mut rows: Vec<Row> = Vec::new();
        for some in songs.chunks(AT_ONCE) {
            let mut query = sqlx::query_as(OF_SONGS);
            for id in filled(some) {
                query = query.bind(id);
            }
            rows.extend(query.fetch_all(store.read()).await?);
        }
        Ok(Self::of(&rows))
    }

    fn of(rows: &[Row]) -> Self {
        let genres = rows.iter().filter_map(|(genre, _)| genre.as_deref().and_then(Genre::of));
        let moods = rows.iter().flat_map(|(_, some)| moods(some));
        Self {
            mood: frequent(moods, ClearMood::as_str).first().copied(),
            genre: frequent(genres, Genre::as_str).first().copied(),
        }
    }
}

/// Each once, the most frequent first; those that are as frequent in the order of their names.
pub(super) fn frequent<T: Copy + Eq + std::hash::Hash>(
    all: impl Iterator<Item = T>,
    name: fn(T) -> &'static str,
) -> Vec<T> {
    let mut counts: HashMap<T, usize> = HashMap::new();
    for one in all {
        *counts.entry(one).or_default() += 1;
    }
    let mut each: Vec<(T, usize)> = counts.into_iter().collect();
    each.sort_by_key(|(one, count)| (Reverse(*count), name(*one)));
    each.into_iter().map(|(one, _)| one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_most_songs_have_wins_and_of_as_many_the_first_by_name() {
        let song = |genre: &str, moods: &str| (Some(genre.to_owned()), moods.to_owned());
        let rows = [
            song("pop", "sadness,fear"),
            song("indie", "fear"),
            song("pop", "happiness,fear"),
            song("indie", "sadness,nonsense"),
            (None, String::new()),
        ];
        assert_eq!(Leaning::of(&rows), Leaning { mood: Some(ClearMood::Fear), genre: Some(Genre::Indie) });
        assert_eq!(Leaning::of(&rows[..1]), Leaning { mood: Some(ClearMood::Fear), genre: Some(Genre::Pop) });
        assert_eq!(Leaning::of(&rows[4..]), Leaning::default());
        assert_eq!(Leaning::of(&[song("polka", "unsure")]), Leaning::default());
    }
}
