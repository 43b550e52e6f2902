//! `GET /songs/{id}`.

use axum::Json;
use axum::extract::State;

use super::row;
use super::song::Song;
use crate::base::id::SongId;
use crate::state::AppState;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Fetch a song
///
/// Songs are no secret: whoever has the identifier may look.
#[utoipa::path(get, path = "/songs/{id}", tag = "songs", operation_id = "fetchSong",
    params(("id" = SongId, Path, description = "The song.")),
    responses((status = 200, description = "The song.", body = Song), (status = 404, description = "No such song."))
)]
pub async fn handler(State(state): State<AppState>, Segment(id): Segment<SongId>) -> Result<Json<Song>, ApiError> {
    Ok(Json(row::fetch(&state.store, id).await?))
}
