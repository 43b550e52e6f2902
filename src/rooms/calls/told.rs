//! What a socket says of a call, when it is told to read its row.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};

use super::row;
use crate::base::id::{CallId, RoomId, UserId};
use crate::protocol::call::CallStatus;
use crate::protocol::notification::Person;
use crate::protocol::server::ServerMessage;
use crate::store::{Store, StoreError};
use crate::users::card::Card;

/// Call `$1` as person `$2` hears of it. Who rings is nobody when one of the two has blocked the other.
pub const TOLD: &str = "SELECT c.callee_id, c.room_id, c.status, CAST(c.video AS BIGINT) AS camera, \
     u.id, u.handle, u.nickname, u.avatar FROM calls c \
     LEFT JOIN users u ON u.id = c.caller_id AND u.deletes_at IS NULL \
     AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = c.callee_id AND b.blocked_id = c.caller_id) \
     AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = c.caller_id AND b.blocked_id = c.callee_id) \
     WHERE c.id = $1 AND (c.caller_id = $2 OR c.callee_id = $2)";

/// Calls that ring for `$1` or that they make. The first condition on the status is that of the index.
pub const RINGING: &str = "SELECT id FROM calls WHERE caller_id = $1 AND status IN ('ringing', 'accepted') \
     AND status = 'ringing' UNION ALL \
     SELECT id FROM calls WHERE callee_id = $1 AND status IN ('ringing', 'accepted') AND status = 'ringing'";

struct Told {
    callee: UserId,
    room: Option<RoomId>,
    status: CallStatus,
    video: bool,
    caller: Option<Person>,
}

impl<'r> FromRow<'r, AnyRow> for Told {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let caller = row.try_get::<Option<UserId>, _>("id")?.map(|_| Card::from_row(row)).transpose()?;
        let caller = caller.map(|Card { id, handle, nickname, avatar }| Person { id, handle, nickname, avatar });
        Ok(Self {
            callee: row.try_get("callee_id")?,
            room: row.try_get("room_id")?,
            status: row::status(row)?,
            video: row.try_get::<i64, _>("camera")? > 0,
            caller,
        })
    }
}

/// What a socket of `user` says of a call, as it stands now: that it rings, or its status.
///
/// # Errors
/// The database does not answer.
pub async fn told(store: &Store, user: UserId, call: CallId) -> Result<Option<ServerMessage>, StoreError> {
    let row: Option<Told> = sqlx::query_as(TOLD).bind(call).bind(user).fetch_optional(store.read()).await?;
    Ok(row.and_then(|row| row.said(user, call)))
}

impl Told {
    fn said(self, user: UserId, call: CallId) -> Option<ServerMessage> {
        let called = self.callee == user;
        Some(match (self.status, self.room) {
            (CallStatus::Ringing, Some(room)) if called => {
                ServerMessage::Ringing { call, from: self.caller?, room, video: self.video }
            }
            (status, _) if called => ServerMessage::Call { call, status: status.for_callee() },
            (status, _) => ServerMessage::Call { call, status },
        })
    }
}

/// Calls that a page of `user` which has just been opened must hear of.
///
/// # Errors
/// The database does not answer.
pub async fn ringing(store: &Store, user: UserId) -> Result<Vec<CallId>, StoreError> {
    Ok(sqlx::query_scalar(RINGING).bind(user).fetch_all(store.read()).await?)
}
