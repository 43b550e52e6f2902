//! `PUT /posts/{id}/restoration`: takes a deletion back.

use std::time::Duration;

use axum::extract::State;
use axum::response::Response;

use super::post::{Post, PostVisibility};
use super::{row, version};
use crate::base::id::PostId;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::social::sight;
use crate::state::AppState;
use crate::tags::set::{Sight, Tagged};
use crate::users::ActiveUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// How long a deletion can be taken back.
pub const GRACE: Duration = Duration::from_secs(10 * 60);

/// Take the deletion of a post back
///
/// By its author, within ten minutes. A post that is not deleted stays as it is. What staff took down stays down.
#[utoipa::path(put, path = "/posts/{id}/restoration", tag = "posts", operation_id = "restorePost",
    params(("id" = PostId, Path, description = "The post.")),
    responses(
        (status = 200, description = "The post is there again.", body = Post,
            headers(("ETag" = String, description = "Its version, for `If-Match`."))),
        (status = 403, description = "Somebody else wrote it; `suspended`."),
        (status = 404, description = "No such post for the one who asks, or it is too late."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    ActiveUser(user): ActiveUser,
    Segment(id): Segment<PostId>,
) -> Result<Response, ApiError> {
    let mut transaction = state.store.begin().await?;
    let back: Option<(String, Timestamp)> = sqlx::query_as(
        "UPDATE posts SET deleted_at = NULL, version = version + 1 \
         WHERE id = $1 AND author_id = $2 AND deleted_at > $3 AND taken_down = 0 RETURNING visibility, created_at",
    )
    .bind(id)
    .bind(user.id)
    .bind(Timestamp::now().before(GRACE))
    .fetch_optional(&mut *transaction)
    .await?;
    match back {
        Some((visibility, created_at)) => {
            let is = Sight::of(PostVisibility::of(&visibility) == PostVisibility::Public);
            Tagged::Post(id, created_at).seen(&mut transaction, Sight::Hidden, is).await?;
            transaction.commit().await?;
        }
        None => {
            if sight::author(&mut transaction, id, Some(user.id)).await? != user.id {
                return Err(ApiError::Forbidden(Code::Forbidden));
            }
        }
    }
    Ok(version::tagged(row::fetch(&state.store, id, Some(user.id)).await?))
}
