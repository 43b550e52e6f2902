//! `GET /rooms/{id}/invites`: the invitations that work.

use axum::Json;
use axum::extract::State;

use super::Invite;
use crate::base::id::RoomId;
use crate::base::timestamp::Timestamp;
use crate::rooms::Rooms;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::page::{Cursor, Page, Paging};

/// Invitations of a room that are neither revoked nor over, newest first: room, now, time, identifier, rows.
pub const WORKING: &str = "SELECT id, max_uses, uses, created_at, expires_at FROM room_invites \
     WHERE room_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND (created_at, id) < ($3, $4) \
     ORDER BY created_at DESC, id DESC LIMIT $5";

/// List the invitations of a room
///
/// For the host: those that are neither revoked nor over, newest first.
#[utoipa::path(get, path = "/rooms/{id}/invites", tag = "rooms", operation_id = "listInvites",
    params(("id" = RoomId, Path, description = "The room."), Paging), responses(
    (status = 200, description = "The invitations.", body = Page<Invite>),
    (status = 403, description = "The room is somebody else's."),
    (status = 404, description = "`room-gone`: there is no such room."),
), security(("access" = [])))]
pub async fn handler(
    State(rooms): State<Rooms>,
    me: CurrentUser,
    Segment(id): Segment<String>,
    paging: Paging,
) -> Result<Json<Page<Invite>>, ApiError> {
    let room = rooms.own(&id, me.id).await?.id;
    let list = sqlx::query_as(WORKING).bind(room).bind(Timestamp::now());
    let place = |row: &Invite| Cursor::new(row.created_at, row.id);
    Ok(Json(paging.newest_first(list, rooms.state.store.read(), place).await?))
}
