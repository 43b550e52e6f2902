//! What the pages of whoever knocked hear of the answer.

use crate::base::id::{KnockId, RoomId, UserId};
use crate::protocol::knock::KnockStatus;
use crate::protocol::server::ServerMessage;
use crate::store::{Store, StoreError};

/// A knock of somebody: identifier, person.
pub const TOLD: &str = "SELECT room_id, status FROM room_knocks WHERE id = $1 AND user_id = $2";

/// What a page of `user` says of the answer to their knock; nothing while there is none.
///
/// # Errors
/// The database does not answer.
pub async fn told(store: &Store, user: UserId, knock: KnockId) -> Result<Option<ServerMessage>, StoreError> {
    let row: Option<(RoomId, String)> =
        sqlx::query_as(TOLD).bind(knock).bind(user).fetch_optional(store.read()).await?;
    Ok(row.and_then(|(room, status)| match KnockStatus::of(&status)? {
        KnockStatus::Admitted => Some(ServerMessage::Admitted { knock, room }),
        KnockStatus::Refused => Some(ServerMessage::Refused { knock, room }),
        KnockStatus::Pending | KnockStatus::Withdrawn => None,
    }))
}
