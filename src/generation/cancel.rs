//! `DELETE /playlist-generations/{id}`.

use axum::extract::State;
use axum::http::StatusCode;

use super::{Generations, shown};
use crate::base::id::GenerationId;
use crate::base::timestamp::Timestamp;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Ends `$1` of the person `$2` at `$3`, if it is not over, and forgets what was said about the mood.
pub const CANCEL: &str = "UPDATE playlist_generations \
    SET status = 'canceled', input = '', step = '', held_until = NULL, ended_at = $3, updated_at = $3 \
    WHERE id = $1 AND user_id = $2 AND ended_at IS NULL";

/// Stop making a playlist
///
/// What was said about the mood is forgotten. One that is over stays as it is: a playlist that is there is deleted by
/// itself.
///
/// # Errors
/// 404 for another's, as for one that is not there any more.
#[utoipa::path(
    delete, path = "/playlist-generations/{id}", tag = "playlists", operation_id = "cancelGeneration",
    params(("id" = GenerationId, Path, description = "What is being made.")),
    responses(
        (status = 204, description = "Nobody is at it any more."),
        (status = 404, description = "No such one of one's own."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(generations): State<Generations>,
    user: CurrentUser,
    Segment(id): Segment<GenerationId>,
) -> Result<StatusCode, ApiError> {
    let store = &generations.users.state.store;
    let canceled =
        sqlx::query(CANCEL).bind(id).bind(user.id).bind(Timestamp::now()).execute(store.write()).await?.rows_affected();
    if canceled == 0 {
        shown::fetch(store, id, user.id).await?;
    } else {
        generations.cancel(id);
    }
    Ok(StatusCode::NO_CONTENT)
}
