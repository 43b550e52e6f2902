//! Whom a path means: a person by identifier or handle.

use crate::base::id::UserId;
use crate::protocol::code::Code;
use crate::store::Store;
use crate::web::error::ApiError;

/// The person whom `text` names, unless their account is being deleted. Blocks are not looked at.
///
/// # Errors
/// 404.
pub async fn named(store: &Store, text: &str) -> Result<UserId, ApiError> {
    let nobody = || ApiError::NotFound(Code::NotFound);
    // A handle has no hyphen, so it is never taken for an identifier.
    let found: Option<UserId> = if text.contains('-') {
        let id: UserId = text.parse().map_err(|_| nobody())?;
        sqlx::query_scalar("SELECT id FROM users WHERE id = $1 AND deletes_at IS NULL")
            .bind(id)
            .fetch_optional(store.read())
            .await?
    } else if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        // No handle, and not everything that a path can hold is text to every database.
        None
    } else {
        sqlx::query_scalar("SELECT id FROM users WHERE handle = $1 AND deletes_at IS NULL")
            .bind(text.to_ascii_lowercase())
            .fetch_optional(store.read())
            .await?
    };
    found.ok_or_else(nobody)
}

/// The person whom `text` names, as far as `viewer` may know of them: neither has blocked the other.
///
/// # Errors
/// 404, the same for everything that is not to be seen.
pub async fn seen(store: &Store, viewer: UserId, text: &str) -> Result<UserId, ApiError> {
    let user = named(store, text).await?;
    let blocks: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM blocks WHERE (blocker_id = $1 AND blocked_id = $2) \
         OR (blocker_id = $2 AND blocked_id = $1)",
    )
    .bind(viewer)
    .bind(user)
    .fetch_one(store.read())
    .await?;
    if blocks == 0 { Ok(user) } else { Err(ApiError::NotFound(Code::NotFound)) }
}
