//! Rooms of one's own: what their host alone may change.

use super::Rooms;
use super::api::{refusal, room_id};
use super::door::Pass;
use super::row::RoomRow;
use crate::base::id::UserId;
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
