//! What is in a playlist: reading it, adding to it, taking out of it, and moving one song in it.
//!
//! Everything that changes it locks the playlist, so that two moves never take one place; a place that is taken all the same
//! is refused by the index, and the move is tried again.

pub mod add;
pub mod list;
pub mod order;
pub mod remove;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use sqlx::AnyConnection;

use super::place;
use crate::base::id::{EntryId, PlaylistId};
use crate::social::pair::Trouble;
use crate::store::StoreError;
use crate::web::version;

/// Songs of a playlist at most.
pub const MOST: usize = 200;

/// An answer without a body, with the version that there is now.
fn done(version: i64) -> Response {
    (StatusCode::NO_CONTENT, [(header::ETAG, version::tag(version))]).into_response()
}

/// Two at one place are a reason to try again.
fn placed(error: sqlx::Error) -> Trouble {
    match StoreError::from(error) {
        error if error.is_taken("playlist_songs_playlist_id") => Trouble::Busy(error),
        error => error.into(),
    }
}

/// The entries of a playlist in their order: playlist.
pub const ALL: &str = "SELECT id FROM playlist_songs WHERE playlist_id = $1 ORDER BY place";

/// Gives every entry of a playlist a new place, in the order that they are in, so that places are short again.
async fn rebalance(transaction: &mut AnyConnection, playlist: PlaylistId) -> Result<(), StoreError> {
    let entries: Vec<EntryId> = sqlx::query_scalar(ALL).bind(playlist).fetch_all(&mut *transaction).await?;
    // Out of the way of the new ones first: no place begins so.
    sqlx::query("UPDATE playlist_songs SET place = 'z' || place WHERE playlist_id = $1")
        .bind(playlist)
        .execute(&mut *transaction)
        .await?;
    for (entry, place) in entries.iter().zip(place::spread(entries.len())) {
        sqlx::query("UPDATE playlist_songs SET place = $2 WHERE id = $1")
            .bind(*entry)
            .bind(place)
            .execute(&mut *transaction)
            .await?;
    }
    Ok(())
}
