//! Who sees which post and which playlist: one condition for each, for every statement that reads them.
//!
//! What is not to be seen is answered like what is not there: what is of somebody who has blocked the viewer or was blocked
//! by them, or of somebody whose account is being deleted, what is deleted, and what is shown to others only. A friend sees
//! the posts that followers see. A private playlist is its owner's alone.

use sqlx::AnyConnection;

use crate::base::id::{PlaylistId, PostId, UserId};
use crate::protocol::code::Code;
use crate::web::error::ApiError;

/// Whether the viewer may know of a person: a condition for `WHERE`. The arguments are the person's alias, `u` where it is
/// left out, and the viewer's parameter, whose value is null for a guest.
macro_rules! person_seen {
    ($viewer:literal) => {
        $crate::social::sight::person_seen!("u", $viewer)
    };
    ($person:literal, $viewer:literal) => {
        concat!(
            $person,
            ".deletes_at IS NULL AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = ",
            $viewer,
            " AND b.blocked_id = ",
            $person,
            ".id) AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = ",
            $person,
            ".id AND b.blocked_id = ",
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

/// Whether the viewer may see a playlist of its owner: a condition for `WHERE`. The arguments are the two aliases, `p` and
/// `u` where they are left out, and the viewer's parameter, whose value is null for a guest.
macro_rules! playlist_seen {
    ($viewer:literal) => {
        $crate::social::sight::playlist_seen!("p", "u", $viewer)
    };
    ($playlist:literal, $owner:literal, $viewer:literal) => {
        concat!(
            $playlist,
            ".deleted_at IS NULL AND (",
            $playlist,
            ".is_public = 1 OR ",
            $playlist,
            ".owner_id = ",
            $viewer,
            ") AND ",
            $crate::social::sight::person_seen!($owner, $viewer)
        )
    };
}
pub(crate) use playlist_seen;

/// The owner of a playlist that the viewer may see: playlist, viewer.
pub const OWNER: &str = concat!(
    "SELECT p.owner_id FROM playlists p JOIN users u ON u.id = p.owner_id WHERE p.id = $1 AND ",
    playlist_seen!("$2")
);

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

/// Whose playlist it is, if `viewer` (none is a guest) may see it.
///
/// # Errors
/// 404, the same for everything that is not to be seen.
pub async fn owner(
    connection: &mut AnyConnection,
    playlist: PlaylistId,
    viewer: Option<UserId>,
) -> Result<UserId, ApiError> {
    let owner: Option<UserId> =
        sqlx::query_scalar(OWNER).bind(playlist).bind(viewer).fetch_optional(connection).await?;
    owner.ok_or(ApiError::NotFound(Code::NotFound))
}
