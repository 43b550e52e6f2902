//! `DELETE /rooms/{id}/invites/{invite}`: an invitation that opens nothing from now on.

use axum::extract::State;
use axum::http::StatusCode;

use crate::base::id::{InviteId, RoomId};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::rooms::Rooms;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Revoke an invitation
///
/// For the host. Whoever has used it already stays admitted; a ticket that was made by it is refused.
#[utoipa::path(delete, path = "/rooms/{id}/invites/{invite}", tag = "rooms", operation_id = "revokeInvite",
    params(("id" = RoomId, Path, description = "The room."), ("invite" = InviteId, Path, description = "The invitation.")),
    responses(
    (status = 204, description = "It opens nothing."),
    (status = 403, description = "The room is somebody else's."),
    (status = 404, description = "`room-gone`, or the room has no such invitation."),
), security(("access" = [])))]
pub async fn handler(
    State(rooms): State<Rooms>,
    me: CurrentUser,
    Segment((id, invite)): Segment<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let room = rooms.own(&id, me.id).await?.id;
    let invite: InviteId = invite.parse().map_err(|_| ApiError::NotFound(Code::NotFound))?;
    let revoked =
        sqlx::query("UPDATE room_invites SET revoked_at = COALESCE(revoked_at, $3) WHERE id = $1 AND room_id = $2")
            .bind(invite)
            .bind(room)
            .bind(Timestamp::now())
            .execute(rooms.state.store.write())
            .await?;
    if revoked.rows_affected() == 0 {
        return Err(ApiError::NotFound(Code::NotFound));
    }
    rooms.live().rights_changed();
    Ok(StatusCode::NO_CONTENT)
}
