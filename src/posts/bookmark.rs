//! `PUT` and `DELETE /posts/{id}/bookmark`: what one keeps is nobody else's business.

use axum::extract::State;
use axum::http::StatusCode;

use crate::base::id::{PostId, UserId};
use crate::base::timestamp::Timestamp;
use crate::social::sight;
use crate::state::AppState;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Bookmark a post
///
/// To do so again changes nothing, its place among the bookmarks neither.
#[utoipa::path(put, path = "/posts/{id}/bookmark", tag = "posts", operation_id = "bookmarkPost",
    params(("id" = PostId, Path, description = "The post.")),
    responses(
        (status = 204, description = "It is among one's bookmarks."),
        (status = 404, description = "No such post for the one who asks."),
    ),
    security(("access" = []))
)]
pub async fn put(
    State(state): State<AppState>,
    me: CurrentUser,
    Segment(id): Segment<PostId>,
) -> Result<StatusCode, ApiError> {
    seen(&state, id, me.id).await?;
    sqlx::query(
        "INSERT INTO post_bookmarks (post_id, user_id, created_at) VALUES ($1, $2, $3) \
         ON CONFLICT (post_id, user_id) DO NOTHING",
    )
    .bind(id)
    .bind(me.id)
    .bind(Timestamp::now())
    .execute(state.store.write())
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a post out of one's bookmarks
#[utoipa::path(delete, path = "/posts/{id}/bookmark", tag = "posts", operation_id = "unbookmarkPost",
    params(("id" = PostId, Path, description = "The post.")),
    responses(
        (status = 204, description = "It is not among one's bookmarks."),
        (status = 404, description = "No such post for the one who asks."),
    ),
    security(("access" = []))
)]
pub async fn delete(
    State(state): State<AppState>,
    me: CurrentUser,
    Segment(id): Segment<PostId>,
) -> Result<StatusCode, ApiError> {
    seen(&state, id, me.id).await?;
    sqlx::query("DELETE FROM post_bookmarks WHERE post_id = $1 AND user_id = $2")
        .bind(id)
        .bind(me.id)
        .execute(state.store.write())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn seen(state: &AppState, post: PostId, me: UserId) -> Result<UserId, ApiError> {
    let mut connection = state.store.read().acquire().await?;
    sight::author(&mut connection, post, Some(me)).await
}
