//! A comment, as one viewer sees it.

use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow, Row as _};
use utoipa::ToSchema;

use super::target::Target;
use crate::base::id::{CommentId, PlaylistId, PostId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::store::StoreError;
use crate::users::card::Card;
use crate::web::error::ApiError;

/// A comment or a reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Comment {
    /// The comment.
    pub id: CommentId,
    /// The post that it is under, if it is under one.
    pub post_id: Option<PostId>,
    /// The playlist that it is under, if it is under one.
    pub playlist_id: Option<PlaylistId>,
    /// The comment that it replies to; none at the top.
    pub parent_id: Option<CommentId>,
    /// Who says it; none when it is deleted.
    pub author: Option<Card>,
    /// What it says, in plain text; none when it is deleted.
    #[schema(max_length = 500, examples("The light in the second picture!"))]
    pub body: Option<String>,
    /// Whether it is deleted and keeps its place for the replies.
    pub deleted: bool,
    /// Replies to it that are not deleted.
    #[schema(minimum = 0)]
    pub reply_count: i64,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last changed, if it was.
    pub edited_at: Option<Timestamp>,
}

impl<'r> FromRow<'r, AnyRow> for Comment {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let author = row.try_get::<Option<UserId>, _>("id")?.map(|_| Card::from_row(row)).transpose()?;
        let deleted = author.is_none();
        Ok(Self {
            id: row.try_get("comment_id")?,
            post_id: row.try_get("post_id")?,
            playlist_id: row.try_get("playlist_id")?,
            parent_id: row.try_get("parent_id")?,
            author,
            body: if deleted { None } else { Some(row.try_get("body")?) },
            deleted,
            reply_count: row.try_get("reply_count")?,
            created_at: row.try_get("created_at")?,
            edited_at: if deleted { None } else { row.try_get("edited_at")? },
        })
    }
}

/// A comment `c` and who says it, `u`: nobody when it, or the account, is deleted.
macro_rules! comments {
    () => {
        "SELECT c.id AS comment_id, c.post_id, c.playlist_id, c.parent_id, c.body, c.reply_count, c.created_at, \
         c.edited_at, u.id, u.handle, u.nickname, u.avatar FROM comments c \
         LEFT JOIN users u ON u.id = c.author_id AND c.deleted_at IS NULL AND u.deletes_at IS NULL "
    };
}

/// What the viewer `$2`, who may be null, is shown of the comments under what they see: no word across a block, and of
/// what is deleted the place, if there are replies.
macro_rules! shown {
    () => {
        " AND (c.deleted_at IS NULL OR c.reply_count > 0) AND (u.id IS NOT NULL OR c.reply_count > 0) \
         AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = $2 AND b.blocked_id = u.id) \
         AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = u.id AND b.blocked_id = $2)"
    };
}

/// One: identifier, viewer.
pub const ONE: &str = concat!(comments!(), "WHERE c.id = $1", shown!());

/// At the top under a post, newest first: post, viewer, time, identifier, rows.
pub const UNDER_POST: &str = concat!(
    comments!(),
    "WHERE c.post_id = $1 AND c.parent_id IS NULL AND (c.created_at, c.id) < ($3, $4)",
    shown!(),
    " ORDER BY c.created_at DESC, c.id DESC LIMIT $5"
);

/// At the top under a playlist, newest first: playlist, viewer, time, identifier, rows.
pub const UNDER_PLAYLIST: &str = concat!(
    comments!(),
    "WHERE c.playlist_id = $1 AND c.parent_id IS NULL AND (c.created_at, c.id) < ($3, $4)",
    shown!(),
    " ORDER BY c.created_at DESC, c.id DESC LIMIT $5"
);

/// Replies, oldest first: to which comment, viewer, time, identifier, rows.
pub const REPLIES: &str = concat!(
    comments!(),
    "WHERE c.parent_id = $1 AND (c.created_at, c.id) > ($3, $4)",
    shown!(),
    " ORDER BY c.created_at, c.id LIMIT $5"
);

impl Comment {
    /// The comment as `viewer` sees it; none when it, or what it is under, is not to be seen.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn load(
        connection: &mut AnyConnection,
        id: CommentId,
        viewer: Option<UserId>,
    ) -> Result<Option<Self>, StoreError> {
        let found: Option<Self> = sqlx::query_as(ONE).bind(id).bind(viewer).fetch_optional(&mut *connection).await?;
        let Some(comment) = found else { return Ok(None) };
        let Some(target) = comment.target() else { return Ok(None) };
        Ok(target.owner(connection, viewer).await?.map(|_| comment))
    }

    /// What it is under.
    pub fn target(&self) -> Option<Target> {
        Target::of(self.post_id, self.playlist_id)
    }
}

/// The identifier in a path. What is none does not exist.
///
/// # Errors
/// 404.
pub fn id(text: &str) -> Result<CommentId, ApiError> {
    text.parse().map_err(|_| ApiError::NotFound(Code::NotFound))
}
