//! `GET /me/bookmarks`.

use axum::Json;
use axum::extract::State;
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};

use super::list::page;
use super::post::Post;
use super::row::{PostRow, columns, joined};
use crate::base::timestamp::Timestamp;
use crate::social::sight::post_seen;
use crate::state::AppState;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::page::{Cursor, Page, Paging};

/// One's bookmarks, the last one first: viewer, time, identifier, rows.
pub const BOOKMARKS: &str = concat!(
    "SELECT ",
    columns!("$1"),
    ", m.created_at AS since FROM post_bookmarks m JOIN posts p ON p.id = m.post_id",
    joined!("$1"),
    "WHERE m.user_id = $1 AND (m.created_at, m.post_id) < ($2, $3) AND ",
    post_seen!("$1"),
    " ORDER BY m.created_at DESC, m.post_id DESC LIMIT $4"
);

struct Bookmarked {
    post: PostRow,
    since: Timestamp,
}

impl<'r> FromRow<'r, AnyRow> for Bookmarked {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self { post: PostRow::from_row(row)?, since: row.try_get("since")? })
    }
}

/// List one's bookmarks
///
/// The last one first. A post that is not to be seen any more is left out as long as it is not.
#[utoipa::path(get, path = "/me/bookmarks", tag = "posts", operation_id = "listBookmarks", params(Paging),
    responses((status = 200, description = "Posts.", body = Page<Post>)),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    me: CurrentUser,
    paging: Paging,
) -> Result<Json<Page<Post>>, ApiError> {
    let place = |row: &Bookmarked| Cursor::new(row.since, row.post.post.id);
    let rows = paging.newest_first(sqlx::query_as(BOOKMARKS).bind(me.id), state.store.read(), place).await?;
    Ok(Json(page(&state.store, Some(me.id), rows.map(|row| row.post)).await?))
}
