//! `POST /posts/{id}/comments` and `POST /playlists/{id}/comments`: saying something, and replying.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::about::About;
use super::row::Comment;
use super::target::Target;
use super::words;
use crate::base::id::{CommentId, NoticeId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::social::pair::{Trouble, patiently};
use crate::state::AppState;
use crate::users::{ActiveUser, Users};
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};

/// Body of both. Who says it is who is logged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewComment {
    /// What to say, in plain text; line breaks stay.
    #[schema(min_length = 1, max_length = 500, examples("The light in the second picture!"))]
    pub body: String,
    /// The comment to reply to: at the top, under the same thing, and not deleted.
    #[serde(default)]
    pub parent_id: Option<CommentId>,
}

/// Comment on a post
///
/// With `parent_id` it replies to a comment under the same post; there is one level of replies. The author of the post is
/// told, and who is replied to.
#[utoipa::path(post, path = "/posts/{id}/comments", tag = "comments", operation_id = "createComment",
    params(("id" = String, Path, description = "The post.")),
    request_body = NewComment,
    responses(
        (status = 201, description = "It is said.", body = Comment,
            headers(("Location" = String, description = "Address of the comment."))),
        (status = 403, description = "`suspended`."),
        (status = 404, description = "No such post is to be seen."),
        (status = 422, description = "Nothing, or too much, is said; or there is no such comment to reply to under this."),
    ),
    security(("access" = []))
)]
pub async fn on_post(
    State(users): State<Users>,
    ActiveUser(me): ActiveUser,
    Segment(id): Segment<String>,
    Body(body): Body<NewComment>,
) -> Result<Response, ApiError> {
    let post = id.parse().map_err(|_| ApiError::NotFound(Code::NotFound))?;
    said(&users, me.id, Target::Post(post), &body).await
}

/// Comment on a playlist
///
/// With `parent_id` it replies to a comment under the same playlist; there is one level of replies. The owner of the playlist
/// is told, and who is replied to.
#[utoipa::path(post, path = "/playlists/{id}/comments", tag = "comments", operation_id = "createPlaylistComment",
    params(("id" = String, Path, description = "The playlist.")),
    request_body = NewComment,
    responses(
        (status = 201, description = "It is said.", body = Comment,
            headers(("Location" = String, description = "Address of the comment."))),
        (status = 403, description = "`suspended`."),
        (status = 404, description = "No such playlist is to be seen."),
        (status = 422, description = "Nothing, or too much, is said; or there is no such comment to reply to under this."),
    ),
    security(("access" = []))
)]
pub async fn on_playlist(
    State(users): State<Users>,
    ActiveUser(me): ActiveUser,
    Segment(id): Segment<String>,
    Body(body): Body<NewComment>,
) -> Result<Response, ApiError> {
    let playlist = id.parse().map_err(|_| ApiError::NotFound(Code::NotFound))?;
    said(&users, me.id, Target::Playlist(playlist), &body).await
}

async fn said(users: &Users, me: UserId, target: Target, body: &NewComment) -> Result<Response, ApiError> {
    let comment = write(users, me, target, body).await?;
    let location = [(header::LOCATION, format!("/api/v1/comments/{}", comment.id))];
    Ok((StatusCode::CREATED, location, Json(comment)).into_response())
}

/// Writes a comment of `writer`, counts it, tells whom it concerns.
///
/// # Errors
/// 404 for a thing that they may not see; 422 for the body, and for a parent that is not theirs to reply to here; 429.
pub async fn write(users: &Users, writer: UserId, target: Target, new: &NewComment) -> Result<Comment, ApiError> {
    let state = &users.state;
    let body = words::body(&new.body)?;
    let mut connection = state.store.read().acquire().await?;
    let owner = target.seen(&mut connection, Some(writer)).await?;
    let mut about = About { target, writer, owner, replied_to: None };
    if let Some(parent) = new.parent_id {
        let parent = Comment::load(&mut connection, parent, Some(writer)).await?.ok_or_else(no_parent)?;
        if parent.target() != Some(target) || parent.parent_id.is_some() || parent.deleted {
            return Err(no_parent());
        }
        about.replied_to = parent.author.map(|author| author.id);
    }
    drop(connection);
    users.pace.comment(writer)?;
    let (comment, told) = patiently(|| insert(state, &about, new.parent_id, &body)).await?;
    for (user, notice) in told {
        state.notices.wake(user, notice);
    }
    Ok(comment)
}

/// Everything that was looked at may have changed since; each statement says again what must hold.
async fn insert(
    state: &AppState,
    about: &About,
    parent: Option<CommentId>,
    body: &str,
) -> Result<(Comment, Vec<(UserId, NoticeId)>), Trouble> {
    let (id, target) = (CommentId::new(), about.target);
    let mut transaction = about.begin(&state.store).await?;
    if !target.count(&mut transaction, 1).await? {
        return Err(ApiError::NotFound(Code::NotFound).into());
    }
    // With the lock, so that nothing is said under what is being hidden.
    target.seen(&mut transaction, Some(about.writer)).await?;
    if let Some(parent) = parent {
        let counted = sqlx::query(REPLIED)
            .bind(parent)
            .bind(target.post())
            .bind(target.playlist())
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        if counted == 0 || Comment::load(&mut transaction, parent, Some(about.writer)).await?.is_none() {
            return Err(no_parent().into());
        }
    }
    let now = Timestamp::now();
    sqlx::query(
        "INSERT INTO comments (id, post_id, playlist_id, author_id, parent_id, body, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(target.post())
    .bind(target.playlist())
    .bind(about.writer)
    .bind(parent)
    .bind(body)
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    let told = about.tell(&mut transaction, now).await?;
    let comment = Comment::load(&mut transaction, id, Some(about.writer)).await?;
    let comment = comment.ok_or(ApiError::NotFound(Code::NotFound))?;
    transaction.commit().await?;
    Ok((comment, told))
}

/// Counts a reply to what may be replied to: comment, post or null, playlist or null.
pub const REPLIED: &str = "UPDATE comments SET reply_count = reply_count + 1 \
     WHERE id = $1 AND parent_id IS NULL AND deleted_at IS NULL AND (post_id = $2 OR playlist_id = $3)";

/// The same for a comment elsewhere, a reply, one that is deleted, and one that is hidden.
fn no_parent() -> ApiError {
    ApiError::field("/parent_id", "This names no comment at the top of this thread that can be replied to.")
}
