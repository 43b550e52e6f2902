//! `GET /rooms/{id}`: one room.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::Rooms;
use super::api::{never_stored, refusal, room_id};
use super::door::Pass;
use super::shown::ShownRoom;
use crate::base::id::RoomId;
use crate::users::MaybeUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Show a room
///
/// For whoever has its address. Who is inside is shown to whoever may come in; `needs` says what others lack.
#[utoipa::path(get, path = "/rooms/{id}", tag = "rooms", operation_id = "showRoom",
    params(("id" = RoomId, Path, description = "The room.")), responses(
    (status = 200, description = "The room.", body = ShownRoom),
    (status = 404, description = "`room-gone`: there is no such room, or its link is too old."),
), security((), ("access" = [])))]
pub async fn handler(
    State(rooms): State<Rooms>,
    MaybeUser(user): MaybeUser,
    Segment(id): Segment<String>,
) -> Result<Response, ApiError> {
    let door = rooms.door(room_id(&id)?, user.map(|user| user.id), Pass::default()).await.map_err(refusal)?;
    door.seen().map_err(refusal)?;
    Ok((never_stored(), Json(rooms.shown(door).await?)).into_response())
}
