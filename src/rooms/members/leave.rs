//! `DELETE /rooms/{id}/members/me`: leaving with every socket at once.

use axum::extract::State;
use axum::http::StatusCode;

use crate::base::id::RoomId;
use crate::protocol::server::LeaveReason;
use crate::rooms::Rooms;
use crate::rooms::api::room_id;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Leave a room
///
/// Frees every seat that one has there. Who has none changes nothing.
#[utoipa::path(delete, path = "/rooms/{id}/members/me", tag = "rooms", operation_id = "leaveRoom",
    params(("id" = RoomId, Path, description = "The room.")), responses(
    (status = 204, description = "One has no seat there."),
    (status = 404, description = "`room-gone`: that is no room."),
), security(("access" = [])))]
pub async fn handler(
    State(rooms): State<Rooms>,
    me: CurrentUser,
    Segment(id): Segment<String>,
) -> Result<StatusCode, ApiError> {
    let room = room_id(&id)?;
    let seats = rooms.live().seats_of(room, me.id);
    for participant in seats {
        rooms.leave(participant, LeaveReason::Left).await;
    }
    Ok(StatusCode::NO_CONTENT)
}
