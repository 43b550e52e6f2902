//! `DELETE /comments/{id}`.

use axum::extract::State;
use axum::http::StatusCode;
use sqlx::AnyConnection;

use super::about::About;
use super::row::{self, Comment};
use super::target::Target;
use crate::base::id::{CommentId, PlaylistId, PostId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::social::pair::{Trouble, patiently};
use crate::state::AppState;
use crate::store::{Store, StoreError};
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// A comment that somebody wants to be gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doomed {
    /// The comment.
    pub id: CommentId,
    /// What it replies to.
    pub parent: Option<CommentId>,
    /// Whom it concerns.
    pub about: About,
    /// Whether it is deleted already.
    pub deleted: bool,
}

/// What must be known of a comment, whoever looks: identifier.
pub const FACTS: &str = "SELECT c.author_id, c.parent_id, c.post_id, c.playlist_id, \
     COALESCE(p.author_id, l.owner_id) AS owner_id, t.author_id AS replied_to, c.deleted_at FROM comments c \
     LEFT JOIN posts p ON p.id = c.post_id LEFT JOIN playlists l ON l.id = c.playlist_id \
     LEFT JOIN comments t ON t.id = c.parent_id WHERE c.id = $1 AND c.author_id IS NOT NULL";

type Facts = (UserId, Option<CommentId>, Option<PostId>, Option<PlaylistId>, UserId, Option<UserId>, Option<Timestamp>);

impl Doomed {
    /// The comment, whoever may see it; none when it is not there, or its author is not.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find(store: &Store, id: CommentId) -> Result<Option<Self>, StoreError> {
        let facts: Option<Facts> = sqlx::query_as(FACTS).bind(id).fetch_optional(store.read()).await?;
        Ok(facts.and_then(|(writer, parent, post, playlist, owner, replied_to, deleted)| {
            let about = About { target: Target::of(post, playlist)?, writer, owner, replied_to };
            Some(Self { id, parent, about, deleted: deleted.is_some() })
        }))
    }

    /// Empties and hides it, in a transaction of [`About::begin`], with the counts and notices that it made. False when it
    /// was deleted before; then the transaction is worth nothing.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn remove(&self, transaction: &mut AnyConnection) -> Result<bool, StoreError> {
        // First, because a reply locks in this order too.
        self.about.target.count(transaction, -1).await?;
        if let Some(parent) = self.parent {
            sqlx::query("UPDATE comments SET reply_count = reply_count - 1 WHERE id = $1")
                .bind(parent)
                .execute(&mut *transaction)
                .await?;
        }
        let gone = sqlx::query("UPDATE comments SET deleted_at = $2, body = '' WHERE id = $1 AND deleted_at IS NULL")
            .bind(self.id)
            .bind(Timestamp::now())
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        if gone == 0 {
            return Ok(false);
        }
        self.about.take_back(transaction).await?;
        Ok(true)
    }
}

/// Delete a comment
///
/// Its author may, wherever it is, and so may whose the post or the playlist is that it is under. With replies it keeps its place,
/// empty; without, it is gone from every list. To delete it again changes nothing.
#[utoipa::path(delete, path = "/comments/{id}", tag = "comments", operation_id = "deleteComment",
    params(("id" = String, Path, description = "The comment.")),
    responses(
        (status = 204, description = "It is deleted."),
        (status = 403, description = "It is somebody else's, under something of somebody else's."),
        (status = 404, description = "No such comment is to be seen."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    me: CurrentUser,
    Segment(id): Segment<String>,
) -> Result<StatusCode, ApiError> {
    let id = row::id(&id)?;
    let doomed = Doomed::find(&state.store, id).await?.ok_or(ApiError::NotFound(Code::NotFound))?;
    if doomed.about.writer != me.id && doomed.about.owner != me.id {
        let mut connection = state.store.read().acquire().await?;
        let seen = Comment::load(&mut connection, id, Some(me.id)).await?.is_some();
        return Err(if seen { ApiError::Forbidden(Code::Forbidden) } else { ApiError::NotFound(Code::NotFound) });
    }
    if !doomed.deleted {
        patiently(|| delete(&state, &doomed)).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn delete(state: &AppState, doomed: &Doomed) -> Result<(), Trouble> {
    let mut transaction = doomed.about.begin(&state.store).await?;
    if doomed.remove(&mut transaction).await? {
        transaction.commit().await?;
    }
    Ok(())
}
