//! `GET /users/{user}/posts`: what somebody shows the viewer.

use axum::Json;
use axum::extract::State;

use super::list::{page, place};
use super::post::Post;
use super::row::{columns, joined};
use crate::base::id::UserId;
use crate::social::target;
use crate::state::AppState;
use crate::store::{Store, StoreError};
use crate::users::MaybeUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::page::{Page, Paging};

/// Posts of one visibility, a page of them: the newest of the author `$2` before `$4`, `$5`, if the viewer is as near as
/// `$3` says.
macro_rules! shown {
    ($visibility:literal, $nearness:literal) => {
        concat!(
            "SELECT * FROM (SELECT n.id FROM posts n WHERE n.author_id = $2 AND n.visibility = '",
            $visibility,
            "' AND n.deleted_at IS NULL AND $3 >= ",
            $nearness,
            " AND (n.created_at, n.id) < ($4, $5) ORDER BY n.created_at DESC, n.id DESC LIMIT $6) AS ",
            $visibility,
            "_few"
        )
    };
}

/// Posts of one author, newest first: viewer, author, how near the viewer is, time, identifier, rows. Merged of what the
/// author shows to whom, so that a page is found without a look at what is shown to others.
pub const OF_USER: &str = concat!(
    "SELECT ",
    columns!("$1"),
    " FROM (",
    shown!("public", "0"),
    " UNION ALL ",
    shown!("followers", "1"),
    " UNION ALL ",
    shown!("friends", "2"),
    " UNION ALL ",
    shown!("private", "3"),
    ") AS merged JOIN posts p ON p.id = merged.id",
    joined!("$1"),
    "ORDER BY p.created_at DESC, p.id DESC LIMIT $6"
);

/// How near somebody is to an author: 0 a stranger, 1 a follower, 2 a friend, 3 the author.
const NEARNESS: &str = "SELECT CASE WHEN $1 = $2 THEN 3 \
     WHEN EXISTS (SELECT 1 FROM friendships WHERE low_id = $1 AND high_id = $2) \
     OR EXISTS (SELECT 1 FROM friendships WHERE low_id = $2 AND high_id = $1) THEN 2 \
     WHEN EXISTS (SELECT 1 FROM follows WHERE follower_id = $1 AND followee_id = $2) THEN 1 ELSE 0 END";

async fn nearness(store: &Store, viewer: Option<UserId>, author: UserId) -> Result<i32, StoreError> {
    let Some(viewer) = viewer else { return Ok(0) };
    Ok(sqlx::query_scalar(NEARNESS).bind(viewer).bind(author).fetch_one(store.read()).await?)
}

/// List somebody's posts
///
/// Those that they show the viewer, newest first.
#[utoipa::path(get, path = "/users/{user}/posts", tag = "posts", operation_id = "listPostsOf",
    params(("user" = String, Path, description = "Identifier or handle."), Paging),
    responses(
        (status = 200, description = "Their posts.", body = Page<Post>),
        (status = 404, description = "Nobody of that name is to be seen."),
    ),
    security((), ("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    MaybeUser(viewer): MaybeUser,
    Segment(user): Segment<String>,
    paging: Paging,
) -> Result<Json<Page<Post>>, ApiError> {
    let viewer = viewer.map(|user| user.id);
    let author = match viewer {
        Some(viewer) => target::seen(&state.store, viewer, &user).await?,
        None => target::named(&state.store, &user).await?,
    };
    let near = nearness(&state.store, viewer, author).await?;
    let list = sqlx::query_as(OF_USER).bind(viewer).bind(author).bind(near);
    let rows = paging.newest_first(list, state.store.read(), place).await?;
    Ok(Json(page(&state.store, viewer, rows).await?))
}
