//! Whom a room's host has banned: `GET /rooms/{id}/bans`, and taking one back, `DELETE /rooms/{id}/bans/{user}`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};
use utoipa::ToSchema;

use crate::base::id::RoomId;
use crate::base::timestamp::Timestamp;
use crate::rooms::Rooms;
use crate::social::target;
use crate::users::CurrentUser;
use crate::users::card::Card;
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::page::{Cursor, Page, Paging};

/// Somebody who may not come in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Banned {
    /// The person.
    pub user: Card,
    /// Since when.
    pub since: Timestamp,
}

impl<'r> FromRow<'r, AnyRow> for Banned {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self { user: Card::from_row(row)?, since: row.try_get("since")? })
    }
}

/// Whom a room's host has banned, newest first: room, time, identifier, rows.
pub const BANNED: &str = "SELECT u.id, u.handle, u.nickname, u.avatar, m.created_at AS since \
     FROM room_members m JOIN users u ON u.id = m.user_id \
     WHERE m.room_id = $1 AND m.standing = 'banned' AND (m.created_at, m.user_id) < ($2, $3) AND u.deletes_at IS NULL \
     ORDER BY m.created_at DESC, m.user_id DESC LIMIT $4";

/// List who is banned from a room
///
/// For its host, newest first.
#[utoipa::path(get, path = "/rooms/{id}/bans", tag = "rooms", operation_id = "listBans",
    params(("id" = RoomId, Path, description = "The room."), Paging), responses(
    (status = 200, description = "Who may not come in.", body = Page<Banned>),
    (status = 403, description = "The room is somebody else's."),
    (status = 404, description = "`room-gone`: there is no such room."),
), security(("access" = [])))]
pub async fn list(
    State(rooms): State<Rooms>,
    me: CurrentUser,
    Segment(id): Segment<String>,
    paging: Paging,
) -> Result<Json<Page<Banned>>, ApiError> {
    let room = rooms.own(&id, me.id).await?.id;
    let place = |row: &Banned| Cursor::new(row.since, row.user.id);
    Ok(Json(paging.newest_first(sqlx::query_as(BANNED).bind(room), rooms.state.store.read(), place).await?))
}

/// Take a ban back
///
/// For the room's host. They may come in like anybody else.
#[utoipa::path(delete, path = "/rooms/{id}/bans/{user}", tag = "rooms", operation_id = "unbanMember",
    params(("id" = RoomId, Path, description = "The room."),
        ("user" = String, Path, description = "Identifier or handle.")),
    responses(
    (status = 204, description = "They are not banned."),
    (status = 403, description = "The room is somebody else's."),
    (status = 404, description = "`room-gone`, or nobody of that name is to be seen."),
), security(("access" = [])))]
pub async fn delete(
    State(rooms): State<Rooms>,
    me: CurrentUser,
    Segment((id, who)): Segment<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let room = rooms.own(&id, me.id).await?.id;
    let user = target::named(&rooms.state.store, &who).await?;
    sqlx::query("DELETE FROM room_members WHERE room_id = $1 AND user_id = $2 AND standing = 'banned'")
        .bind(room)
        .bind(user)
        .execute(rooms.state.store.write())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
