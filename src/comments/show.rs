//! `GET /comments/{id}`.

use axum::Json;
use axum::extract::State;

use super::row::{self, Comment};
use crate::protocol::code::Code;
use crate::state::AppState;
use crate::users::MaybeUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Fetch a comment
#[utoipa::path(get, path = "/comments/{id}", tag = "comments", operation_id = "fetchComment",
    params(("id" = String, Path, description = "The comment.")),
    responses(
        (status = 200, description = "The comment.", body = Comment),
        (status = 404, description = "No such comment is to be seen."),
    ),
    security((), ("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    MaybeUser(viewer): MaybeUser,
    Segment(id): Segment<String>,
) -> Result<Json<Comment>, ApiError> {
    let id = row::id(&id)?;
    let mut connection = state.store.read().acquire().await?;
    let comment = Comment::load(&mut connection, id, viewer.map(|viewer| viewer.id)).await?;
    comment.map(Json).ok_or(ApiError::NotFound(Code::NotFound))
}
