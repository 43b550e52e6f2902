//! Changing a post: by its author, and nobody else.

use sqlx::AnyConnection;

use super::post::PostVisibility;
use crate::base::id::{PostId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::social::sight;
use crate::tags::set::Sight;
use crate::web::error::ApiError;

/// A post that its author is changing: its row is locked, and its version is the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    /// The version before.
    pub version: i64,
    /// The title before.
    pub title: String,
    /// The text before.
    pub body: String,
    /// Whom it was shown before.
    pub visibility: PostVisibility,
    /// When it was written.
    pub created_at: Timestamp,
}

impl Owned {
    /// Begins a change. The transaction is to be given up if nothing is changed after all.
    ///
    /// # Errors
    /// 404 for a post that is not to be seen, 403 for another's.
    pub async fn lock(transaction: &mut AnyConnection, post: PostId, author: UserId) -> Result<Self, ApiError> {
        let row: Option<(i64, String, String, String, Timestamp)> = sqlx::query_as(
            "UPDATE posts SET version = version + 1 WHERE id = $1 AND author_id = $2 AND deleted_at IS NULL \
             RETURNING version, title, body, visibility, created_at",
        )
        .bind(post)
        .bind(author)
        .fetch_optional(&mut *transaction)
        .await?;
        let Some((version, title, body, visibility, created_at)) = row else {
            sight::author(transaction, post, Some(author)).await?;
            return Err(ApiError::Forbidden(Code::Forbidden));
        };
        Ok(Self { version: version - 1, title, body, visibility: PostVisibility::of(&visibility), created_at })
    }

    /// Who saw it before.
    #[must_use]
    pub fn sight(&self) -> Sight {
        Sight::of(self.visibility == PostVisibility::Public)
    }
}
