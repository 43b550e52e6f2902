//! `GET /rooms/{id}/knocks`: who waits to be let in.

use axum::Json;
use axum::extract::State;

use super::{Knock, columns};
use crate::base::id::RoomId;
use crate::rooms::Rooms;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::page::{Cursor, Page, Paging};

/// Open knocks on a door, newest first: room, time, identifier, rows.
pub const WAITING: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM room_knocks k JOIN users u ON u.id = k.user_id \
     WHERE k.room_id = $1 AND k.status = 'pending' AND (k.created_at, k.id) < ($2, $3) AND u.deletes_at IS NULL \
     ORDER BY k.created_at DESC, k.id DESC LIMIT $4"
);

/// List who knocks
///
/// For the host: the open knocks, newest first.
#[utoipa::path(get, path = "/rooms/{id}/knocks", tag = "rooms", operation_id = "listKnocks",
    params(("id" = RoomId, Path, description = "The room."), Paging), responses(
    (status = 200, description = "Who waits.", body = Page<Knock>),
    (status = 403, description = "The room is somebody else's."),
    (status = 404, description = "`room-gone`: there is no such room."),
), security(("access" = [])))]
pub async fn handler(
    State(rooms): State<Rooms>,
    me: CurrentUser,
    Segment(id): Segment<String>,
    paging: Paging,
) -> Result<Json<Page<Knock>>, ApiError> {
    let room = rooms.own(&id, me.id).await?.id;
    let place = |row: &Knock| Cursor::new(row.created_at, row.id);
    Ok(Json(paging.newest_first(sqlx::query_as(WAITING).bind(room), rooms.state.store.read(), place).await?))
}
