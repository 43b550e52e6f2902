//! Counting who looks at a post: once per visitor in half an hour, the author never.

use std::time::Duration;

use crate::base::id::PostId;
use crate::base::timestamp::Timestamp;
use crate::store::{Store, StoreError};

/// How long somebody who comes again is the same visit.
pub const VISIT: Duration = Duration::from_secs(30 * 60);

/// The last visit of a post: post, visitor.
pub const SEEN: &str = "SELECT seen_at FROM post_views WHERE post_id = $1 AND viewer = $2";

/// Counts a visit. False when it goes on from an earlier one.
///
/// # Errors
/// The database does not answer.
pub async fn count(store: &Store, post: PostId, visitor: &str, now: Timestamp) -> Result<bool, StoreError> {
    let over = now.before(VISIT);
    // Most visits go on from an earlier one, and cost a look.
    let seen: Option<Timestamp> =
        sqlx::query_scalar(SEEN).bind(post).bind(visitor).fetch_optional(store.read()).await?;
    if seen.is_some_and(|seen| seen > over) {
        return Ok(false);
    }
    let mut transaction = store.begin().await?;
    // Locked first, like by everything else that changes a post; gone means that there is nothing to count.
    let counted = sqlx::query("UPDATE posts SET view_count = view_count + 1 WHERE id = $1 AND deleted_at IS NULL")
        .bind(post)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
    let fresh = sqlx::query(
        "INSERT INTO post_views (post_id, viewer, seen_at) SELECT id, $2, $3 FROM posts WHERE id = $1 \
         ON CONFLICT (post_id, viewer) DO UPDATE SET seen_at = excluded.seen_at WHERE post_views.seen_at <= $4",
    )
    .bind(post)
    .bind(visitor)
    .bind(now)
    .bind(over)
    .execute(&mut *transaction)
    .await?
    .rows_affected();
    if counted == 0 || fresh == 0 {
        return Ok(false);
    }
    transaction.commit().await?;
    Ok(true)
}
