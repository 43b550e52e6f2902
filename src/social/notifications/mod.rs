//! One's notifications over HTTP. The rows are [`crate::notices`].

pub mod list;
pub mod marker;
pub mod read;

use sqlx::AnyConnection;

use crate::base::id::UserId;
use crate::store::StoreError;

/// How many notifications somebody has not read.
async fn unread(connection: &mut AnyConnection, user: UserId) -> Result<i64, StoreError> {
    let unread: Option<i64> = sqlx::query_scalar("SELECT unread_count FROM users WHERE id = $1")
        .bind(user)
        .fetch_optional(connection)
        .await?;
    Ok(unread.unwrap_or(0).max(0))
}
