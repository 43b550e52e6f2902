//! `GET /me/playlists` and `GET /users/{user}/playlists`: what somebody has made.

use axum::Json;
use axum::extract::State;

use super::list::by_time;
use super::playlist::Playlist;
use super::row::{self, PlaylistRow, columns, joined};
use crate::base::id::UserId;
use crate::social::sight::person_seen;
use crate::social::target;
use crate::state::AppState;
use crate::store::{Store, StoreError};
use crate::users::{CurrentUser, MaybeUser};
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::page::{Page, Paging};

/// One's own playlists, newest first: owner, time, identifier, rows.
pub const OWN: &str = concat!(
    "SELECT ",
    columns!("$1"),
    " FROM playlists p",
    joined!(),
    "WHERE p.owner_id = $1 AND p.deleted_at IS NULL AND (p.created_at, p.id) < ($2, $3) \
     ORDER BY p.created_at DESC, p.id DESC LIMIT $4"
);

/// What somebody shows everybody, newest first: viewer, owner, time, identifier, rows.
pub const OF_USER: &str = concat!(
    "SELECT ",
    columns!("$1"),
    " FROM playlists p",
    joined!(),
    "WHERE p.owner_id = $2 AND p.is_public = 1 AND p.deleted_at IS NULL AND (p.created_at, p.id) < ($3, $4) AND ",
    person_seen!("$1"),
    " ORDER BY p.created_at DESC, p.id DESC LIMIT $5"
);

/// The rows of one page of one's own, without tags.
///
/// # Errors
/// The database does not answer.
pub async fn own(store: &Store, owner: UserId, paging: &Paging) -> Result<Page<PlaylistRow>, StoreError> {
    paging.newest_first(sqlx::query_as(OWN).bind(owner), store.read(), by_time).await
}

/// List one's own playlists
///
/// Public and private ones, newest first.
#[utoipa::path(get, path = "/me/playlists", tag = "playlists", operation_id = "listMyPlaylists", params(Paging),
    responses((status = 200, description = "Playlists.", body = Page<Playlist>)),
    security(("access" = []))
)]
pub async fn mine(
    State(state): State<AppState>,
    me: CurrentUser,
    paging: Paging,
) -> Result<Json<Page<Playlist>>, ApiError> {
    let rows = own(&state.store, me.id, &paging).await?;
    Ok(Json(row::page(&state.store, Some(me.id), rows).await?))
}

/// List somebody's playlists
///
/// Those that they show everybody, newest first. For oneself the private ones too.
#[utoipa::path(get, path = "/users/{user}/playlists", tag = "playlists", operation_id = "listPlaylistsOf",
    params(("user" = String, Path, description = "Identifier or handle."), Paging),
    responses(
        (status = 200, description = "Their playlists.", body = Page<Playlist>),
        (status = 404, description = "Nobody of that name is to be seen."),
    ),
    security((), ("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    MaybeUser(viewer): MaybeUser,
    Segment(user): Segment<String>,
    paging: Paging,
) -> Result<Json<Page<Playlist>>, ApiError> {
    let (store, viewer) = (&state.store, viewer.map(|user| user.id));
    let owner = whom(store, viewer, &user).await?;
    if viewer == Some(owner) {
        let rows = own(store, owner, &paging).await?;
        return Ok(Json(row::page(store, viewer, rows).await?));
    }
    let list = sqlx::query_as(OF_USER).bind(viewer).bind(owner);
    let rows = paging.newest_first(list, store.read(), by_time).await?;
    Ok(Json(row::page(store, viewer, rows).await?))
}

/// The person whom `text` names, as `viewer` may know of them.
pub(super) async fn whom(store: &Store, viewer: Option<UserId>, text: &str) -> Result<UserId, ApiError> {
    match viewer {
        Some(viewer) => target::seen(store, viewer, text).await,
        None => target::named(store, text).await,
    }
}
