//! `GET /feeds/latest`.

use axum::Json;
use axum::extract::State;

use crate::posts::list::{latest, page};
use crate::posts::post::Post;
use crate::state::AppState;
use crate::users::MaybeUser;
use crate::web::error::ApiError;
use crate::web::page::{Page, Paging};

/// List the latest posts
///
/// What everybody may see, newest first.
#[utoipa::path(get, path = "/feeds/latest", tag = "feeds", operation_id = "listLatestPosts", params(Paging),
    responses((status = 200, description = "Posts.", body = Page<Post>)),
    security((), ("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    MaybeUser(viewer): MaybeUser,
    paging: Paging,
) -> Result<Json<Page<Post>>, ApiError> {
    let viewer = viewer.map(|user| user.id);
    let rows = latest(&state.store, viewer, &paging).await?;
    Ok(Json(page(&state.store, viewer, rows).await?))
}
