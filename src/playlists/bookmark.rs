//! `PUT` and `DELETE /playlists/{id}/bookmark`: what one keeps is nobody else's business.

use axum::extract::State;
use axum::http::StatusCode;

use crate::base::id::{PlaylistId, UserId};
use crate::base::timestamp::Timestamp;
use crate::social::sight;
use crate::state::AppState;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Bookmark a playlist
///
/// To do so again changes nothing, its place among the bookmarks neither.
#[utoipa::path(put, path = "/playlists/{id}/bookmark", tag = "playlists", operation_id = "bookmarkPlaylist",
    params(("id" = PlaylistId, Path, description = "The playlist.")),
    responses(
        (status = 204, description = "It is among one's bookmarks."),
        (status = 404, description = "No such playlist for the one who asks."),
    ),
    security(("access" = []))
)]
pub async fn put(
    State(state): State<AppState>,
    me: CurrentUser,
    Segment(id): Segment<PlaylistId>,
) -> Result<StatusCode, ApiError> {
    seen(&state, id, me.id).await?;
    sqlx::query(
        "INSERT INTO playlist_bookmarks (playlist_id, user_id, created_at) VALUES ($1, $2, $3) \
         ON CONFLICT (playlist_id, user_id) DO NOTHING",
    )
    .bind(id)
    .bind(me.id)
    .bind(Timestamp::now())
    .execute(state.store.write())
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a playlist out of one's bookmarks
#[utoipa::path(delete, path = "/playlists/{id}/bookmark", tag = "playlists", operation_id = "unbookmarkPlaylist",
    params(("id" = PlaylistId, Path, description = "The playlist.")),
    responses(
        (status = 204, description = "It is not among one's bookmarks."),
        (status = 404, description = "No such playlist for the one who asks."),
    ),
    security(("access" = []))
)]
pub async fn delete(
    State(state): State<AppState>,
    me: CurrentUser,
    Segment(id): Segment<PlaylistId>,
) -> Result<StatusCode, ApiError> {
    seen(&state, id, me.id).await?;
    sqlx::query("DELETE FROM playlist_bookmarks WHERE playlist_id = $1 AND user_id = $2")
        .bind(id)
        .bind(me.id)
        .execute(state.store.write())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn seen(state: &AppState, playlist: PlaylistId, me: UserId) -> Result<UserId, ApiError> {
    let mut connection = state.store.read().acquire().await?;
    sight::owner(&mut connection, playlist, Some(me)).await
}
