//! `GET /posts`: what everybody shows everybody, newest first.

use axum::Json;
use axum::extract::State;

use super::post::Post;
use super::row::{PostRow, columns, complete, joined};
use crate::base::id::UserId;
use crate::social::sight::person_seen;
use crate::state::AppState;
use crate::store::{Store, StoreError};
use crate::users::MaybeUser;
use crate::web::error::ApiError;
use crate::web::page::{Cursor, Page, Paging};

/// Public posts, newest first: viewer, time, identifier, rows.
pub const LATEST: &str = concat!(
    "SELECT ",
    columns!("$1"),
    " FROM posts p",
    joined!("$1"),
    "WHERE p.visibility = 'public' AND p.deleted_at IS NULL AND (p.created_at, p.id) < ($2, $3) AND ",
    person_seen!("$1"),
    " ORDER BY p.created_at DESC, p.id DESC LIMIT $4"
);

/// The rows of one page, without pictures and tags.
///
/// # Errors
/// The database does not answer.
pub async fn latest(store: &Store, viewer: Option<UserId>, paging: &Paging) -> Result<Page<PostRow>, StoreError> {
    paging.newest_first(sqlx::query_as(LATEST).bind(viewer), store.read(), place).await
}

/// The place of a post in a list that is sorted by the time of writing.
#[must_use]
pub fn place(row: &PostRow) -> Cursor {
    Cursor::new(row.post.created_at, row.post.id)
}

/// A page of posts of which the rows were read.
///
/// # Errors
/// The database does not answer.
pub async fn page(store: &Store, viewer: Option<UserId>, page: Page<PostRow>) -> Result<Page<Post>, StoreError> {
    Ok(Page { items: complete(store, viewer, page.items).await?, next_cursor: page.next_cursor })
}

/// List posts
///
/// What everybody may see, newest first; the same as the feed of the latest.
#[utoipa::path(get, path = "/posts", tag = "posts", operation_id = "listPosts", params(Paging),
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
