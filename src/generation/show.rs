//! `GET /playlist-generations/{id}`.

use axum::Json;
use axum::extract::State;

use super::Generations;
use super::shown::{self, Generation};
use crate::base::id::GenerationId;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Tell how far a playlist in the making is
///
/// Until a day after it has ended.
///
/// # Errors
/// 404 for another's, as for one that is not there any more.
#[utoipa::path(
    get, path = "/playlist-generations/{id}", tag = "playlists", operation_id = "fetchGeneration",
    params(("id" = GenerationId, Path, description = "What is being made.")),
    responses(
        (status = 200, description = "How far it is.", body = Generation),
        (status = 404, description = "No such one of one's own."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(generations): State<Generations>,
    user: CurrentUser,
    Segment(id): Segment<GenerationId>,
) -> Result<Json<Generation>, ApiError> {
    Ok(Json(shown::fetch(&generations.users.state.store, id, user.id).await?.shown))
}
