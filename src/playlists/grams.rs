//! The pieces that search finds a playlist by: those of its title and its description.

use sqlx::AnyConnection;

use crate::base::id::PlaylistId;
use crate::store::StoreError;
use crate::store::pieces::{self, cut};

/// Writes the pieces of a playlist in the transaction that makes or changes its words.
///
/// # Errors
/// The rows could not be written.
pub async fn write(
    connection: &mut AnyConnection,
    playlist: PlaylistId,
    title: &str,
    description: &str,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM playlist_grams WHERE playlist_id = $1").bind(playlist).execute(&mut *connection).await?;
    pieces::write(connection, cut!("playlist_grams", "playlist_id"), &playlist.to_string(), [title, description]).await
}
