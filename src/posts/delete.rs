//! `DELETE /posts/{id}`: gone for everybody, undone by [`super::restore`] within a while.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

use super::owned::Owned;
use super::version;
use crate::base::id::PostId;
use crate::base::timestamp::Timestamp;
use crate::state::AppState;
use crate::tags::set::{Sight, Tagged};
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Delete a post
///
/// By its author. It is gone for everybody at once; the author can take that back within ten minutes.
#[utoipa::path(delete, path = "/posts/{id}", tag = "posts", operation_id = "deletePost",
    params(
        ("id" = PostId, Path, description = "The post."),
        ("If-Match" = Option<String>, Header, description = "Entity tag of the version that is meant.", example = "\"v1\""),
    ),
    responses(
        (status = 204, description = "It is gone."),
        (status = 403, description = "Somebody else wrote it."),
        (status = 404, description = "No such post for the one who asks."),
        (status = 412, description = "`changed`: there is a newer version than `If-Match` names."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    user: CurrentUser,
    Segment(id): Segment<PostId>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    let mut transaction = state.store.begin().await?;
    let post = Owned::lock(&mut transaction, id, user.id).await?;
    version::check(&headers, post.version)?;
    sqlx::query("UPDATE posts SET deleted_at = $2 WHERE id = $1")
        .bind(id)
        .bind(Timestamp::now())
        .execute(&mut *transaction)
        .await?;
    Tagged::Post(id, post.created_at).seen(&mut transaction, post.sight(), Sight::Hidden).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
