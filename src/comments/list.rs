//! `GET /posts/{id}/comments`, `GET /playlists/{id}/comments` and `GET /comments/{id}/replies`.

use axum::Json;
use axum::extract::State;

use super::row::{self, Comment};
use super::target::Target;
use crate::base::id::UserId;
use crate::protocol::code::Code;
use crate::state::AppState;
use crate::users::MaybeUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::page::{Cursor, Page, Paging};

/// List the comments under a post
///
/// Newest first, without replies. What was said by somebody whom the viewer has blocked, or who has blocked them, is not
/// shown. A comment that is deleted and has replies keeps its place: `deleted`, without author and body.
#[utoipa::path(get, path = "/posts/{id}/comments", tag = "comments", operation_id = "listComments",
    params(("id" = String, Path, description = "The post."), Paging),
    responses(
        (status = 200, description = "The comments.", body = Page<Comment>),
        (status = 404, description = "No such post is to be seen."),
    ),
    security((), ("access" = []))
)]
pub async fn of_post(
    State(state): State<AppState>,
    MaybeUser(viewer): MaybeUser,
    Segment(id): Segment<String>,
    paging: Paging,
) -> Result<Json<Page<Comment>>, ApiError> {
    let post = id.parse().map_err(|_| ApiError::NotFound(Code::NotFound))?;
    under(&state, Target::Post(post), viewer.map(|viewer| viewer.id), &paging).await.map(Json)
}

/// List the comments under a playlist
///
/// As those under a post: newest first, without replies.
#[utoipa::path(get, path = "/playlists/{id}/comments", tag = "comments", operation_id = "listPlaylistComments",
    params(("id" = String, Path, description = "The playlist."), Paging),
    responses(
        (status = 200, description = "The comments.", body = Page<Comment>),
        (status = 404, description = "No such playlist is to be seen."),
    ),
    security((), ("access" = []))
)]
pub async fn of_playlist(
    State(state): State<AppState>,
    MaybeUser(viewer): MaybeUser,
    Segment(id): Segment<String>,
    paging: Paging,
) -> Result<Json<Page<Comment>>, ApiError> {
    let playlist = id.parse().map_err(|_| ApiError::NotFound(Code::NotFound))?;
    under(&state, Target::Playlist(playlist), viewer.map(|viewer| viewer.id), &paging).await.map(Json)
}

/// One page of the comments at the top under something, newest first.
///
/// # Errors
/// 404 when `viewer` may not see the thing.
pub async fn under(
    state: &AppState,
    target: Target,
    viewer: Option<UserId>,
    paging: &Paging,
) -> Result<Page<Comment>, ApiError> {
    let mut connection = state.store.read().acquire().await?;
    target.seen(&mut connection, viewer).await?;
    let list = match target {
        Target::Post(post) => sqlx::query_as(row::UNDER_POST).bind(post),
        Target::Playlist(playlist) => sqlx::query_as(row::UNDER_PLAYLIST).bind(playlist),
    };
    Ok(paging.newest_first(list.bind(viewer), &mut *connection, place).await?)
}

/// List the replies to a comment
///
/// Oldest first. A reply has none.
#[utoipa::path(get, path = "/comments/{id}/replies", tag = "comments", operation_id = "listReplies",
    params(("id" = String, Path, description = "The comment."), Paging),
    responses(
        (status = 200, description = "The replies.", body = Page<Comment>),
        (status = 404, description = "No such comment is to be seen."),
    ),
    security((), ("access" = []))
)]
pub async fn replies(
    State(state): State<AppState>,
    MaybeUser(viewer): MaybeUser,
    Segment(id): Segment<String>,
    paging: Paging,
) -> Result<Json<Page<Comment>>, ApiError> {
    let (parent, viewer) = (row::id(&id)?, viewer.map(|viewer| viewer.id));
    let mut connection = state.store.read().acquire().await?;
    if Comment::load(&mut connection, parent, viewer).await?.is_none() {
        return Err(ApiError::NotFound(Code::NotFound));
    }
    let list = sqlx::query_as(row::REPLIES).bind(parent).bind(viewer);
    Ok(Json(paging.oldest_first(list, &mut *connection, place).await?))
}

fn place(comment: &Comment) -> Cursor {
    Cursor::new(comment.created_at, comment.id)
}
