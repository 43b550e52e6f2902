//! The pieces that songs are found by: every two characters that stand together in a title or an artist's name, in both
//! languages. Titles are short and songs few, so that longer pieces would not make a search cheaper.

use std::collections::BTreeSet;

use sqlx::AnyConnection;

use super::song::Song;
use crate::base::id::SongId;
use crate::store::{StoreError, pieces};

/// Pieces that one statement writes.
const AT_ONCE: usize = 200;
/// Characters of a piece.
const LENGTH: usize = 2;
/// Characters of an identifier and a piece.
const RECORD: usize = 36 + LENGTH;

/// The pieces of a song.
pub fn pieces(song: &Song) -> BTreeSet<String> {
    pieces::pieces(texts(song), LENGTH)
}

/// What a song is found by.
pub fn texts(song: &Song) -> [&str; 4] {
    [&song.title.ko, &song.title.en, &song.artist.ko, &song.artist.en]
}

/// Cuts a text of records into rows, each an identifier of 36 characters and a piece of two: text, its length in characters.
/// Neither database reads a list of values in the other's words; both cut a text.
const WRITE: &str = "INSERT INTO song_grams (gram, song_id) \
    WITH RECURSIVE cut(at) AS (SELECT 1 UNION ALL SELECT at + 38 FROM cut WHERE at + 38 < $2) \
    SELECT substr($1, at + 36, 2), substr($1, at, 36) FROM cut WHERE true ON CONFLICT DO NOTHING";

/// Writes the pieces of songs in the transaction that makes them.
///
/// # Errors
/// The rows could not be written.
pub async fn write(connection: &mut AnyConnection, songs: &[(SongId, BTreeSet<String>)]) -> Result<(), StoreError> {
    let records: Vec<String> =
        songs.iter().flat_map(|(id, pieces)| pieces.iter().map(move |piece| format!("{id}{piece}"))).collect();
    for some in records.chunks(AT_ONCE) {
        let length = i32::try_from(some.len() * RECORD).unwrap_or(i32::MAX);
        sqlx::query(WRITE).bind(some.concat()).bind(length).execute(&mut *connection).await?;
    }
    Ok(())
}
