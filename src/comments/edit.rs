//! `PATCH /comments/{id}`.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::row::{self, Comment};
use super::words;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::state::AppState;
use crate::users::ActiveUser;
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};

/// Body of `PATCH /comments/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentEdit {
    /// What to say instead.
    #[schema(min_length = 1, max_length = 500, examples("The light in the third picture!"))]
    pub body: String,
}

/// Edit a comment
///
/// Only its author may. It is marked as edited, unless nothing changes.
#[utoipa::path(patch, path = "/comments/{id}", tag = "comments", operation_id = "editComment",
    params(("id" = String, Path, description = "The comment.")),
    request_body = CommentEdit,
    responses(
        (status = 200, description = "The comment as it is now.", body = Comment),
        (status = 403, description = "It is somebody else's; or `suspended`."),
        (status = 404, description = "No such comment is to be seen."),
        (status = 422, description = "Nothing, or too much, is said."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    ActiveUser(me): ActiveUser,
    Segment(id): Segment<String>,
    Body(edit): Body<CommentEdit>,
) -> Result<Json<Comment>, ApiError> {
    let gone = || ApiError::NotFound(Code::NotFound);
    let id = row::id(&id)?;
    let body = words::body(&edit.body)?;
    let mut connection = state.store.read().acquire().await?;
    let comment = Comment::load(&mut connection, id, Some(me.id)).await?.ok_or_else(gone)?;
    if comment.author.ok_or_else(gone)?.id != me.id {
        return Err(ApiError::Forbidden(Code::Forbidden));
    }
    // Nobody waits for a second connection with one in hand.
    drop(connection);
    sqlx::query(
        "UPDATE comments SET body = $3, edited_at = $4 \
         WHERE id = $1 AND author_id = $2 AND deleted_at IS NULL AND body <> $3",
    )
    .bind(id)
    .bind(me.id)
    .bind(body)
    .bind(Timestamp::now())
    .execute(state.store.write())
    .await?;
    let mut connection = state.store.read().acquire().await?;
    Comment::load(&mut connection, id, Some(me.id)).await?.map(Json).ok_or_else(gone)
}
