//! Finding songs: by a part of a title or an artist's name in any script, by genre, decade and mood, or by all of these.
//!
//! A page walks along one index in the order of identifiers: the rarest piece of the words, else the mood, the genre, the
//! decade, else all songs. What else was asked is looked at in the songs themselves, so that a page costs a bounded walk;
//! after so many songs it ends where it is, and its cursor goes on from there.

use sqlx::AnyPool;

use super::grams::texts;
use super::row::columns;
use super::song::Song;
use crate::base::fold::plain;
use crate::base::timestamp::Timestamp;
use crate::protocol::mood::ClearMood;
use crate::store::{Store, StoreError};
use crate::users::genre::Genre;
use crate::web::page::{Cursor, Page, Paging};

/// Up to how many songs a piece is counted.
const COUNTED: i64 = 2000;
/// A piece that so few songs have needs no rarer one.
const RARE: i64 = 50;
/// Most pieces that are weighed against each other.
const PIECES: usize = 12;
/// Songs that are read at once when not every one fits.
const STRETCH: i64 = 300;
/// Statements of that kind for one page.
const STRETCHES: usize = 8;

/// What is looked for. Nothing is every song.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sought {
    /// Words, as [`plain`] makes them; may be empty.
    pub(super) words: String,
    /// Of this genre.
    pub genre: Option<Genre>,
    /// Of the decade that begins with this year.
    pub decade: Option<u16>,
    /// With this mood.
    pub mood: Option<ClearMood>,
}

impl Sought {
    /// What somebody typed; an empty text is nothing.
    pub fn words(text: &str) -> Self {
        Self { words: plain(text), ..Self::default() }
    }

    fn fits(&self, song: &Song) -> bool {
        self.genre.is_none_or(|genre| song.genre == Some(genre))
            && self.decade.is_none_or(|decade| song.decade == Some(decade))
            && self.mood.is_none_or(|mood| song.moods.contains(&mood))
            && (self.words.is_empty() || texts(song).into_iter().any(|text| plain(text).contains(&self.words)))
    }
}

/// How many songs have the piece `$1`, up to `$2`.
pub const WEIGHT: &str = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM song_grams WHERE gram = $1 LIMIT $2) AS few";

/// How many pieces begin so, counted with their songs, up to `$3`: first, after the last.
pub const BEGINNINGS: &str =
    "SELECT COUNT(*) FROM (SELECT 1 AS one FROM song_grams WHERE gram >= $1 AND gram < $2 LIMIT $3) AS few";

/// Songs with a piece: piece, after, rows.
pub const WITH_PIECE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM song_grams g JOIN songs s ON s.id = g.song_id WHERE g.gram = $1 AND g.song_id > $2 \
     ORDER BY g.song_id LIMIT $3"
);

/// Songs with a piece that begins so: first, after the last, after, rows.
pub const BEGINNING: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM (SELECT DISTINCT song_id FROM song_grams WHERE gram >= $1 AND gram < $2) AS few \
     JOIN songs s ON s.id = few.song_id WHERE s.id > $3 ORDER BY s.id LIMIT $4"
);

/// Songs with a mood: mood, after, rows.
pub const WITH_MOOD: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM song_moods m JOIN songs s ON s.id = m.song_id WHERE m.mood = $1 AND m.song_id > $2 \
     ORDER BY m.song_id LIMIT $3"
);

/// Songs of a genre: genre, after, rows.
pub const OF_GENRE: &str =
    concat!("SELECT ", columns!(), " FROM songs s WHERE s.genre = $1 AND s.id > $2 ORDER BY s.id LIMIT $3");

/// Songs of a decade: decade, after, rows.
pub const OF_DECADE: &str =
    concat!("SELECT ", columns!(), " FROM songs s WHERE s.decade = $1 AND s.id > $2 ORDER BY s.id LIMIT $3");

/// All songs: after, rows.
pub const ALL: &str = concat!("SELECT ", columns!(), " FROM songs s WHERE s.id > $1 ORDER BY s.id LIMIT $2");

/// What is walked along.
enum Way {
    Piece(String),
    /// The pieces that begin with a rare character, and what comes after the last of them.
    Beginning(String, String),
    Mood(ClearMood),
    Genre(Genre),
    Decade(u16),
    All,
}

/// One page of what is sought, in the order of identifiers. It may hold fewer than it could and still have a next one.
///
/// # Errors
/// The database does not answer.
pub async fn find(store: &Store, sought: &Sought, paging: &Paging) -> Result<Page<Song>, StoreError> {
    let pool = store.read();
    let most = paging.limit as usize;
    let mut items: Vec<Song> = Vec::new();
    let mut from = paging.after.as_ref().map_or_else(String::new, |cursor| cursor.id.clone());
    let Some(way) = way(pool, sought).await? else { return Ok(Page { items, next_cursor: None }) };
    let mut rows = paging.rows();
    for _ in 0..STRETCHES {
        let songs = stretch(pool, &way, &from, rows).await?;
        let ended = (songs.len() as i64) < rows;
        for song in songs {
            let fits = sought.fits(&song);
            if fits && items.len() == most {
                return Ok(Page { items, next_cursor: Some(place(from)) });
            }
            from = song.id.to_string();
            items.extend(fits.then_some(song));
        }
        if ended {
            return Ok(Page { items, next_cursor: None });
        }
        rows = STRETCH;
    }
    Ok(Page { items, next_cursor: Some(place(from)) })
}

fn place(id: String) -> String {
    Cursor { at: Timestamp::from_millis(0), id }.to_text()
}

async fn stretch(pool: &AnyPool, way: &Way, from: &str, rows: i64) -> Result<Vec<Song>, StoreError> {
    let query = match way {
        Way::Piece(piece) => sqlx::query_as(WITH_PIECE).bind(piece),
        Way::Beginning(first, after) => sqlx::query_as(BEGINNING).bind(first).bind(after),
        Way::Mood(mood) => sqlx::query_as(WITH_MOOD).bind(mood.as_str()),
        Way::Genre(genre) => sqlx::query_as(OF_GENRE).bind(genre.as_str()),
        Way::Decade(decade) => sqlx::query_as(OF_DECADE).bind(i64::from(*decade)),
        Way::All => sqlx::query_as(ALL),
    };
    Ok(query.bind(from).bind(rows).fetch_all(pool).await?)
}

/// The way to walk; none when there is a piece that no song has.
async fn way(pool: &AnyPool, sought: &Sought) -> Result<Option<Way>, StoreError> {
    let characters: Vec<char> = sought.words.chars().collect();
    let other = || match (sought.mood, sought.genre, sought.decade) {
        (Some(mood), ..) => Way::Mood(mood),
        (None, Some(genre), _) => Way::Genre(genre),
        (None, None, Some(decade)) => Way::Decade(decade),
        (None, None, None) => Way::All,
    };
    match characters[..] {
        [] => return Ok(Some(other())),
        [only] => {
            let (first, after) = (only.to_string(), format!("{only}{}", char::MAX));
            let weight: i64 =
                sqlx::query_scalar(BEGINNINGS).bind(&first).bind(&after).bind(COUNTED).fetch_one(pool).await?;
            return Ok(match weight {
                0 => None,
                COUNTED.. => Some(other()),
                _ => Some(Way::Beginning(first, after)),
            });
        }
        _ => {}
    }
    let mut pieces: Vec<String> = characters.windows(2).map(|pair| pair.iter().collect()).collect();
    pieces.sort();
    pieces.dedup();
    pieces.truncate(PIECES);
    let mut rarest: Option<(i64, String)> = None;
    for piece in pieces {
        let weight: i64 = sqlx::query_scalar(WEIGHT).bind(&piece).bind(COUNTED).fetch_one(pool).await?;
        if weight == 0 {
            return Ok(None);
        }
        if rarest.as_ref().is_none_or(|(least, _)| weight < *least) {
            rarest = Some((weight, piece));
        }
        if weight <= RARE {
            break;
        }
    }
    Ok(rarest.map(|(_, piece)| Way::Piece(piece)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::songs::catalog::songs;
    use crate::songs::grams::pieces;

    #[test]
    fn every_part_of_a_title_has_pieces_of_the_song_only() {
        for one in songs().iter().take(40) {
            let kept = pieces(&one.song);
            for text in texts(&one.song) {
                let characters: Vec<char> = text.chars().collect();
                for from in 0..characters.len() {
                    for to in from + 1..=characters.len() {
                        let sought = Sought::words(&characters[from..to].iter().collect::<String>());
                        assert!(sought.fits(&one.song), "{sought:?} in {text}");
                        let words: Vec<char> = sought.words.chars().collect();
                        if let [only] = words[..] {
                            assert!(kept.iter().any(|piece| piece.starts_with(only)), "{only} in {text}");
                        }
                        let mut pairs = words.windows(2).map(|pair| pair.iter().collect::<String>());
                        assert!(pairs.all(|piece| kept.contains(&piece)), "{words:?} in {text}");
                    }
                }
            }
        }
    }
}
