//! `GET /playlists/{id}`.

use axum::extract::State;
use axum::response::Response;

use super::playlist::WholePlaylist;
use super::{row, songs};
use crate::base::id::{PlaylistId, UserId};
use crate::state::AppState;
use crate::store::Store;
use crate::users::MaybeUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::page::Paging;
use crate::web::version;

/// Songs that come with the playlist itself.
const FIRST: u32 = 50;

/// Fetch a playlist
///
/// With its first fifty songs. A private one is its owner's alone.
#[utoipa::path(get, path = "/playlists/{id}", tag = "playlists", operation_id = "fetchPlaylist",
    params(("id" = PlaylistId, Path, description = "The playlist.")),
    responses(
        (status = 200, description = "The playlist.", body = WholePlaylist,
            headers(("ETag" = String, description = "Its version, for `If-Match`."))),
        (status = 404, description = "No such playlist for the one who asks."),
    ),
    security((), ("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    MaybeUser(viewer): MaybeUser,
    Segment(id): Segment<PlaylistId>,
) -> Result<Response, ApiError> {
    whole(&state.store, id, viewer.map(|user| user.id)).await
}

/// A playlist with its first songs and its entity tag, as `viewer` sees it.
///
/// # Errors
/// 404, the same for everything that is not to be seen.
pub async fn whole(store: &Store, id: PlaylistId, viewer: Option<UserId>) -> Result<Response, ApiError> {
    let playlist = row::fetch(store, id, viewer).await?;
    let songs = songs::list::page(store, id, &Paging { limit: FIRST, after: None }).await?;
    Ok(version::tagged(playlist.version, WholePlaylist { playlist, songs }))
}
