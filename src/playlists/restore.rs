//! `PUT /playlists/{id}/restoration`: takes a deletion back.

use std::time::Duration;

use axum::extract::State;
use axum::response::Response;

use super::playlist::Playlist;
use super::row;
use crate::base::id::PlaylistId;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::social::sight;
use crate::state::AppState;
use crate::tags::set::{Sight, Tagged};
use crate::users::ActiveUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::version;

/// How long a deletion can be taken back.
pub const GRACE: Duration = Duration::from_secs(10 * 60);

/// A playlist whose deletion is not too old: playlist, owner, since when.
pub const BACK: &str = "UPDATE playlists SET deleted_at = NULL, version = version + 1 \
     WHERE id = $1 AND owner_id = $2 AND deleted_at > $3 AND taken_down = 0 RETURNING is_public, created_at";

/// Take the deletion of a playlist back
///
/// By its owner, within ten minutes. A playlist that is not deleted stays as it is. What staff took down stays down.
#[utoipa::path(put, path = "/playlists/{id}/restoration", tag = "playlists", operation_id = "restorePlaylist",
    params(("id" = PlaylistId, Path, description = "The playlist.")),
    responses(
        (status = 200, description = "The playlist is there again.", body = Playlist,
            headers(("ETag" = String, description = "Its version, for `If-Match`."))),
        (status = 403, description = "It is somebody else's; `suspended`."),
        (status = 404, description = "No such playlist for the one who asks, or it is too late."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    ActiveUser(user): ActiveUser,
    Segment(id): Segment<PlaylistId>,
) -> Result<Response, ApiError> {
    let mut transaction = state.store.begin().await?;
    let back: Option<(i16, Timestamp)> = sqlx::query_as(BACK)
        .bind(id)
        .bind(user.id)
        .bind(Timestamp::now().before(GRACE))
        .fetch_optional(&mut *transaction)
        .await?;
    if let Some((is_public, created_at)) = back {
        let thing = Tagged::Playlist(id, created_at);
        thing.seen(&mut transaction, Sight::Hidden, Sight::of(is_public != 0)).await?;
        transaction.commit().await?;
    } else if sight::owner(&mut transaction, id, Some(user.id)).await? != user.id {
        return Err(ApiError::Forbidden(Code::Forbidden));
    } else {
        // SQLite has one writer, who must not wait for the reader below.
        drop(transaction);
    }
    let playlist = row::fetch(&state.store, id, Some(user.id)).await?;
    Ok(version::tagged(playlist.version, playlist))
}
