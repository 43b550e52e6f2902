//! Brings the built-in catalogue into the database when the program starts.
//!
//! The row of the edition is written first, in the same transaction: of two programs that start at once, one writes the
//! songs and the other finds that they are there.

use sqlx::{Any, AnyConnection, Transaction};

use super::catalog::{CatalogSong, edition, songs};
use super::grams;
use super::song::SongSource;
use crate::base::id::SongId;
use crate::base::timestamp::Timestamp;
use crate::store::{Store, StoreError};

/// Which edition the database has.
pub const WRITTEN: &str = "SELECT edition FROM song_editions WHERE source = 'catalog'";

const CLAIM: &str = "INSERT INTO song_editions (source, edition, written_at) VALUES ('catalog', $1, $2) \
    ON CONFLICT (source) DO UPDATE SET edition = excluded.edition, written_at = excluded.written_at \
    WHERE song_editions.edition <> excluded.edition";

/// Somebody named the song before the catalogue had it: that row stays for the playlists that have it, under another key.
const GIVE_WAY: &str = "UPDATE songs SET song_key = 'before ' || id WHERE song_key = $1 AND id <> $2";

const WRITE: &str = "INSERT INTO songs (id, song_key, source, title_ko, title_en, artist_ko, artist_en, genre, decade, \
    tempo, energy, valence, moods, pitch, is_minor, seconds, seed, draw, created_at) \
    VALUES ($1, $2, 'catalog', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
    ON CONFLICT (id) DO UPDATE SET song_key = excluded.song_key, title_ko = excluded.title_ko, \
    title_en = excluded.title_en, artist_ko = excluded.artist_ko, artist_en = excluded.artist_en, \
    genre = excluded.genre, decade = excluded.decade, tempo = excluded.tempo, energy = excluded.energy, \
    valence = excluded.valence, moods = excluded.moods, pitch = excluded.pitch, is_minor = excluded.is_minor, \
    seconds = excluded.seconds, seed = excluded.seed, draw = excluded.draw";

/// A song that the catalogue has no more goes, unless a playlist has it.
const DROP: &str = "DELETE FROM songs WHERE id = $1 \
    AND NOT EXISTS (SELECT 1 FROM playlist_songs x WHERE x.song_id = songs.id)";

/// Cuts a text of records into rows, each an identifier of 36 characters and a mood of at most nine, filled up with spaces:
/// text, its length.
const MOODS: &str = "INSERT INTO song_moods (mood, song_id) \
    WITH RECURSIVE cut(at) AS (SELECT 1 UNION ALL SELECT at + 45 FROM cut WHERE at + 45 < $2) \
    SELECT rtrim(substr($1, at + 36, 9)), substr($1, at, 36) FROM cut";

/// Songs whose moods one statement writes.
const AT_ONCE: usize = 100;

/// Writes the catalogue where the database has another edition of it, or none. One query when there is nothing to do.
///
/// # Errors
/// The database does not answer.
pub async fn write(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let edition = edition();
    let written: Option<String> = sqlx::query_scalar(WRITTEN).fetch_optional(store.read()).await?;
    if written.as_ref() == Some(&edition) {
        return Ok(());
    }
    let mut transaction = store.begin().await?;
    let claimed = sqlx::query(CLAIM).bind(&edition).bind(now).execute(&mut *transaction).await?;
    if claimed.rows_affected() > 0 {
        replace(&mut transaction, now).await?;
    }
    transaction.commit().await?;
    Ok(())
}

async fn replace(transaction: &mut Transaction<'static, Any>, now: Timestamp) -> Result<(), StoreError> {
    drop_old(&mut *transaction).await?;
    for one in songs() {
        write_song(&mut *transaction, one, now).await?;
    }
    let pieces: Vec<_> = songs().iter().map(|one| (one.song.id, grams::pieces(&one.song))).collect();
    grams::write(&mut *transaction, &pieces).await?;
    for some in songs().chunks(AT_ONCE) {
        let records: Vec<String> = some
            .iter()
            .flat_map(|one| one.song.moods.iter().map(|mood| format!("{}{:<9}", one.song.id, mood.as_str())))
            .collect();
        let length = i32::try_from(records.len() * 45).unwrap_or(i32::MAX);
        sqlx::query(MOODS).bind(records.concat()).bind(length).execute(&mut **transaction).await?;
    }
    Ok(())
}

/// What the edition before had: what songs are found by, and songs that are no more.
async fn drop_old(connection: &mut AnyConnection) -> Result<(), StoreError> {
    let old: Vec<SongId> = sqlx::query_scalar("SELECT id FROM songs WHERE source = $1")
        .bind(SongSource::Catalog.as_str())
        .fetch_all(&mut *connection)
        .await?;
    for id in old {
        if !songs().iter().any(|one| one.song.id == id) {
            sqlx::query(DROP).bind(id).execute(&mut *connection).await?;
            continue;
        }
        for gone in ["DELETE FROM song_grams WHERE song_id = $1", "DELETE FROM song_moods WHERE song_id = $1"] {
            sqlx::query(gone).bind(id).execute(&mut *connection).await?;
        }
    }
    Ok(())
}

async fn write_song(connection: &mut AnyConnection, one: &CatalogSong, now: Timestamp) -> Result<(), StoreError> {
    let song = &one.song;
    sqlx::query(GIVE_WAY).bind(&one.key).bind(song.id).execute(&mut *connection).await?;
    let moods: Vec<&str> = song.moods.iter().map(|mood| mood.as_str()).collect();
    sqlx::query(WRITE)
        .bind(song.id)
        .bind(&one.key)
        .bind(&song.title.ko)
        .bind(&song.title.en)
        .bind(&song.artist.ko)
        .bind(&song.artist.en)
        .bind(song.genre.map(|genre| genre.as_str()))
        .bind(song.decade.map(i64::from))
        .bind(i64::from(song.tempo))
        .bind(thousandths(song.energy))
        .bind(thousandths(song.valence))
        .bind(moods.join(","))
        .bind(i64::from(song.preview.pitch))
        .bind(i16::from(song.preview.minor))
        .bind(i64::from(song.preview.seconds))
        .bind(i64::from(song.preview.seed))
        .bind(one.draw)
        .bind(now)
        .execute(&mut *connection)
        .await?;
    Ok(())
}

/// A share as rows keep it.
pub(super) fn thousandths(share: f32) -> i64 {
    (f64::from(share.clamp(0.0, 1.0)) * 1000.0).round() as i64
}
