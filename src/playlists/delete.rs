//! `DELETE /playlists/{id}`: gone for everybody, undone by [`super::restore`] within a while.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

use super::owned::Owned;
use crate::base::id::{PlaylistId, UserId};
use crate::base::timestamp::Timestamp;
use crate::notices::hide;
use crate::social::pair::{Trouble, patiently};
use crate::state::AppState;
use crate::tags::set::{Sight, Tagged};
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::version;

/// Delete a playlist
///
/// By its owner. It is gone for everybody at once; the owner can take that back within ten minutes.
#[utoipa::path(delete, path = "/playlists/{id}", tag = "playlists", operation_id = "deletePlaylist",
    params(
        ("id" = PlaylistId, Path, description = "The playlist."),
        ("If-Match" = Option<String>, Header, description = "Entity tag of the version that is meant.", example = "\"v1\""),
    ),
    responses(
        (status = 204, description = "It is gone."),
        (status = 403, description = "It is somebody else's."),
        (status = 404, description = "No such playlist for the one who asks."),
        (status = 412, description = "`changed`: there is a newer version than `If-Match` names."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    user: CurrentUser,
    Segment(id): Segment<PlaylistId>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    patiently(|| delete(&state, id, user.id, &headers)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn delete(state: &AppState, id: PlaylistId, owner: UserId, headers: &HeaderMap) -> Result<(), Trouble> {
    let mut transaction = hide::begin(&state.store, id, owner).await?;
    let list = Owned::lock(&mut transaction, id, owner).await?;
    version::check(headers, list.version)?;
    sqlx::query("UPDATE playlists SET deleted_at = $2 WHERE id = $1")
        .bind(id)
        .bind(Timestamp::now())
        .execute(&mut *transaction)
        .await?;
    hide::quiet(&mut transaction, id, owner).await?;
    Tagged::Playlist(id, list.created_at).seen(&mut transaction, list.sight(), Sight::Hidden).await?;
    transaction.commit().await?;
    Ok(())
}
