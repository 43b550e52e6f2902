//! Reading songs: one statement, whoever joins them.

use std::collections::HashMap;

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};

use super::song::{InBothLanguages, Preview, Song, SongSource};
use crate::base::id::SongId;
use crate::protocol::code::Code;
use crate::protocol::mood::ClearMood;
use crate::store::{Store, StoreError};
use crate::users::genre::Genre;
use crate::web::error::ApiError;

/// What a statement selects of the song `s`, for [`Song`]. None of the names is one that other rows use.
macro_rules! columns {
    () => {
        "s.id AS song_id, s.source AS song_source, s.title_ko, s.title_en, s.artist_ko, s.artist_en, \
         s.genre AS song_genre, s.decade, s.tempo, s.energy, s.valence, s.pitch, s.is_minor, s.seconds, s.seed, \
         s.moods AS song_moods, s.video_id"
    };
}
pub(crate) use columns;

/// Beats per minute of a song of which nobody knows them.
const TEMPO: i64 = 100;
/// Thousandths of a song of which nobody knows how it feels.
const MIDDLE: i64 = 500;

impl<'r> FromRow<'r, AnyRow> for Song {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let named = |ko: &str, en: &str| -> Result<InBothLanguages, sqlx::Error> {
            Ok(InBothLanguages { ko: row.try_get(ko)?, en: row.try_get(en)? })
        };
        let whole = |name: &str, usual: i64| -> Result<i64, sqlx::Error> {
            Ok(row.try_get::<Option<i64>, _>(name)?.unwrap_or(usual))
        };
        let preview = Preview {
            tempo: whole("tempo", TEMPO)?.clamp(30, 240) as u16,
            pitch: row.try_get::<i64, _>("pitch")?.clamp(0, 11) as u8,
            minor: row.try_get::<i16, _>("is_minor")? != 0,
            energy: share(whole("energy", MIDDLE)?),
            valence: share(whole("valence", MIDDLE)?),
            genre: row.try_get::<Option<String>, _>("song_genre")?.as_deref().and_then(Genre::of),
            seed: row.try_get::<i64, _>("seed")?.clamp(0, u32::MAX.into()) as u32,
            seconds: row.try_get::<i64, _>("seconds")?.clamp(1, 600) as u16,
        };
        let source = match row.try_get::<&str, _>("song_source")? {
            "catalog" => SongSource::Catalog,
            _ => SongSource::Named,
        };
        Ok(Self {
            id: row.try_get("song_id")?,
            title: named("title_ko", "title_en")?,
            artist: named("artist_ko", "artist_en")?,
            genre: preview.genre,
            decade: row.try_get::<Option<i64>, _>("decade")?.and_then(|decade| u16::try_from(decade).ok()),
            tempo: preview.tempo,
            energy: preview.energy,
            valence: preview.valence,
            moods: moods(row.try_get("song_moods")?),
            source,
            preview,
            video: row.try_get("video_id")?,
        })
    }
}

/// Those of a row, with commas between; what an earlier program knew and this one does not is left out.
pub fn moods(text: &str) -> Vec<ClearMood> {
    text.split(',').filter_map(ClearMood::of).collect()
}

/// Thousandths as a share of one.
fn share(thousandths: i64) -> f32 {
    thousandths.clamp(0, 1000) as f32 / 1000.0
}

/// One song.
pub const ONE: &str = concat!("SELECT ", columns!(), " FROM songs s WHERE s.id = $1");

/// One song.
///
/// # Errors
/// 404, 503.
pub async fn fetch(store: &Store, song: SongId) -> Result<Song, ApiError> {
    let found: Option<Song> = sqlx::query_as(ONE).bind(song).fetch_optional(store.read()).await?;
    found.ok_or(ApiError::NotFound(Code::NotFound))
}

/// Songs that one statement reads.
const AT_ONCE: usize = 20;

/// Songs by identifier. Neither database takes a list as one value in the other's words; a shorter list is filled up with
/// what is no identifier.
pub const THESE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM songs s WHERE s.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
     $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)"
);

/// The songs that are there, in the order of `ids`; a song that is named twice is there twice.
///
/// # Errors
/// The database does not answer.
pub async fn these(store: &Store, ids: &[SongId]) -> Result<Vec<Song>, StoreError> {
    let mut found: HashMap<SongId, Song> = HashMap::new();
    for some in ids.chunks(AT_ONCE) {
        let mut query = sqlx::query_as(THESE);
        for at in 0..AT_ONCE {
            query = query.bind(some.get(at).map_or_else(String::new, SongId::to_string));
        }
        let songs: Vec<Song> = query.fetch_all(store.read()).await?;
        found.extend(songs.into_iter().map(|song| (song.id, song)));
    }
    Ok(ids.iter().filter_map(|id| found.get(id).cloned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moods_come_in_their_order_and_strangers_are_left_out() {
        assert_eq!(moods("sadness,glee,neutral"), [ClearMood::Sadness, ClearMood::Neutral]);
        assert_eq!(moods(""), []);
    }
}
