//! Rooms of one's own: what their host alone may change.

use sqlx::AnyConnection;

use super::Rooms;
use super::api::{refusal, room_id};
use super::door::Pass;
use super::row::{RoomRow, columns};
use crate::base::id::{RoomId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::web::error::ApiError;

impl Rooms {
    /// The room that a path names, if `user` is its host.
    ///
    /// # Errors
    /// 404 when it is not there, or not to be seen; 403 when it is somebody else's.
    pub(super) async fn own(&self, id: &str, user: UserId) -> Result<RoomRow, ApiError> {
        let door = self.door(room_id(id)?, Some(user), Pass::default()).await.map_err(refusal)?;
        door.seen().map_err(refusal)?;
        if door.is_host() { Ok(door.room) } else { Err(ApiError::Forbidden(Code::Forbidden)) }
    }
}

/// Locks the row. Later with every change, so that of two copies of a row the newer one is known: room, time.
const CHANGE: &str =
    "UPDATE rooms SET updated_at = CASE WHEN updated_at >= $2 THEN updated_at + 1 ELSE $2 END WHERE id = $1";

const ROW: &str = concat!("SELECT ", columns!(), " FROM rooms r WHERE r.id = $1");

impl RoomRow {
    /// The room, which nobody else changes before the transaction ends.
    ///
    /// # Errors
    /// 404 when it is not there any more.
    pub(super) async fn lock(transaction: &mut AnyConnection, room: RoomId) -> Result<Self, ApiError> {
        sqlx::query(CHANGE).bind(room).bind(Timestamp::now()).execute(&mut *transaction).await?;
        let row = sqlx::query_as(ROW).bind(room).fetch_optional(transaction).await?;
        row.ok_or(ApiError::NotFound(Code::RoomGone))
    }
}
