//! `GET /feeds/popular`: likes and comments lift a post, age lets it sink; the column `heat` says how.

use axum::Json;
use axum::extract::State;

use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::posts::list::page;
use crate::posts::post::Post;
use crate::posts::row::{PostRow, columns, joined};
use crate::social::sight::person_seen;
use crate::state::AppState;
use crate::store::{Store, StoreError};
use crate::users::MaybeUser;
use crate::web::error::ApiError;
use crate::web::page::{Cursor, Page, Paging};

/// Public posts, the hottest first: viewer, heat, identifier, rows.
pub const POPULAR: &str = concat!(
    "SELECT ",
    columns!("$1"),
    " FROM posts p",
    joined!("$1"),
    "WHERE p.visibility = 'public' AND p.deleted_at IS NULL AND (p.heat, p.id) < ($2, $3) AND ",
    person_seen!("$1"),
    " ORDER BY p.heat DESC, p.id DESC LIMIT $4"
);

/// The rows of one page, without pictures and tags.
pub(super) async fn rows(store: &Store, viewer: Option<UserId>, paging: &Paging) -> Result<Page<PostRow>, StoreError> {
    let place = |row: &PostRow| Cursor::new(Timestamp::from_millis(row.heat), row.post.id);
    paging.newest_first(sqlx::query_as(POPULAR).bind(viewer), store.read(), place).await
}

/// List the popular posts
///
/// What everybody may see. A post stands where it would stand if it were younger by up to a week: five likes are worth a
/// day, thirty half of the week, and a comment counts like two likes.
#[utoipa::path(get, path = "/feeds/popular", tag = "feeds", operation_id = "listPopularPosts", params(Paging),
    responses((status = 200, description = "Posts.", body = Page<Post>)),
    security((), ("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    MaybeUser(viewer): MaybeUser,
    paging: Paging,
) -> Result<Json<Page<Post>>, ApiError> {
    let viewer = viewer.map(|user| user.id);
    let rows = rows(&state.store, viewer, &paging).await?;
    Ok(Json(page(&state.store, viewer, rows).await?))
}
