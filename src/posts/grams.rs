//! The pieces that search finds a post by: those of its title and its text.

use sqlx::AnyConnection;

use crate::base::id::PostId;
use crate::store::StoreError;
use crate::store::pieces::{self, cut};

/// Writes the pieces of a post in the transaction that makes or changes its words.
///
/// # Errors
/// The rows could not be written.
pub async fn write(connection: &mut AnyConnection, post: PostId, title: &str, body: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM post_grams WHERE post_id = $1").bind(post).execute(&mut *connection).await?;
    pieces::write(connection, cut!("post_grams", "post_id"), &post.to_string(), [title, body]).await
}
