//! Who sees which post: one condition, for every statement that reads posts.
//!
//! What is not to be seen is answered like what is not there: posts of somebody who has blocked the viewer or was blocked by
//! them, of somebody whose account is being deleted, deleted ones, and those that their author shows to others only. A
//! friend sees what followers see.

use sqlx::AnyConnection;

use crate::base::id::{PostId, UserId};
use crate::protocol::code::Code;
use crate::web::error::ApiError;

/// Whether the viewer may know of the person `u`: a condition for `WHERE`. The argument is the viewer's parameter, whose
/// value is null for a guest.
macro_rules! person_seen {
    ($viewer:literal) => {
        concat!(
            "u.deletes_at IS NULL \
             AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = ",
            $viewer,
            " AND b.blocked_id = u.id) \
             AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = u.id AND b.blocked_id = ",
            $viewer,
            ")"
        )
    };
}
pub(crate) use person_seen;

/// Whether the viewer may see the post `p` of its author `u`: a condition for `WHERE`. The argument is the viewer's
/// parameter, whose value is null for a guest.
macro_rules! post_seen {
    ($viewer:literal) => {
        concat!(
            "p.deleted_at IS NULL AND ",
            $crate::social::sight::person_seen!($viewer),
            " AND (p.visibility = 'public' OR p.author_id = ",
            $viewer,
            " OR (p.visibility = 'followers' AND EXISTS (SELECT 1 FROM follows w WHERE w.follower_id = ",
            $viewer,
            " AND w.followee_id = p.author_id)) \
             OR (p.visibility IN ('followers', 'friends') AND (EXISTS (SELECT 1 FROM friendships s WHERE s.low_id = ",
            $viewer,
            " AND s.high_id = p.author_id) OR EXISTS (SELECT 1 FROM friendships s WHERE s.low_id = p.author_id \
             AND s.high_id = ",
            $viewer,
            "))))"
        )
    };
}
pub(crate) use post_seen;

/// The author of a post that the viewer may see: post, viewer.
pub const AUTHOR: &str = concat!(
    "SELECT p.author_id FROM posts p JOIN users u ON u.id = p.author_id WHERE p.id = $1 AND ",
    post_seen!("$2")
);

/// Whose post it is, if `viewer` (none is a guest) may see it.
///
/// # Errors
/// 404, the same for everything that is not to be seen.
pub async fn author(connection: &mut AnyConnection, post: PostId, viewer: Option<UserId>) -> Result<UserId, ApiError> {
    let author: Option<UserId> = sqlx::query_scalar(AUTHOR).bind(post).bind(viewer).fetch_optional(connection).await?;
    author.ok_or(ApiError::NotFound(Code::NotFound))
}
