//! `DELETE /rooms/{id}`: a room that is no longer there, for anybody.

use axum::extract::State;
use axum::http::StatusCode;
use sqlx::AnyConnection;

use super::Rooms;
use super::row::RoomRow;
use crate::base::id::{RoomId, UserId};
use crate::protocol::code::Code;
use crate::tags::set::{Sight, Tagged};
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Delete a room
///
/// For its host. Ends the call of whoever is inside; invitations, knocks and lines of chat go with the room.
#[utoipa::path(delete, path = "/rooms/{id}", tag = "rooms", operation_id = "deleteRoom",
    params(("id" = RoomId, Path, description = "The room.")), responses(
    (status = 204, description = "It is gone."),
    (status = 403, description = "The room is somebody else's."),
    (status = 404, description = "`room-gone`: there is no such room."),
), security(("access" = [])))]
pub async fn handler(
    State(rooms): State<Rooms>,
    me: CurrentUser,
    Segment(id): Segment<String>,
) -> Result<StatusCode, ApiError> {
    let room = rooms.own(&id, me.id).await?.id;
    // Whoever goes away meanwhile must not leave people in a room that is gone.
    let deleting = rooms.state.tasks.clone().spawn(async move {
        let mut transaction = rooms.state.store.begin().await?;
        remove(&mut transaction, room, Some(me.id)).await?;
        transaction.commit().await?;
        rooms.end(room).await;
        tracing::info!(%room, "room deleted");
        Ok(StatusCode::NO_CONTENT)
    });
    deleting.await.map_err(|_| ApiError::Internal)?
}

/// Deletes the row of a room of `host` (none: a guest's), with everything that goes with it. After the commit,
/// [`Rooms::end`] ends its call.
///
/// # Errors
/// 404 when it is not there, or somebody else's.
pub async fn remove(transaction: &mut AnyConnection, room: RoomId, host: Option<UserId>) -> Result<(), ApiError> {
    let row = RoomRow::lock(&mut *transaction, room).await?;
    if row.host != host {
        return Err(ApiError::NotFound(Code::RoomGone));
    }
    Tagged::Room(room, row.created_at).seen(&mut *transaction, row.sight(), Sight::Hidden).await?;
    sqlx::query("DELETE FROM rooms WHERE id = $1").bind(room).execute(transaction).await?;
    Ok(())
}

impl Rooms {
    /// Whoever is in a room whose row is gone, or hidden, loses their seat.
    pub async fn end(&self, room: RoomId) {
        let freed = self.live().end(room);
        for participant in freed {
            self.freed(participant).await;
        }
    }
}
