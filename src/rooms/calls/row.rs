//! A call as it stands in its row.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow, Row as _};

use super::open::Parties;
use crate::base::id::{CallId, RoomId, UserId};
use crate::protocol::call::CallStatus;
use crate::store::StoreError;

/// A row of `calls`, as far as changes of it look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallRow {
    /// The call.
    pub id: CallId,
    /// Who rings.
    pub caller: UserId,
    /// Who is rung.
    pub callee: UserId,
    /// Where they meet; none when the callee was busy, and when the room is gone.
    pub room: Option<RoomId>,
    /// Where it stands.
    pub status: CallStatus,
}

/// One: identifier.
pub const ONE: &str = "SELECT id, caller_id, callee_id, room_id, status FROM calls WHERE id = $1";

/// Those of a person that are not over: person.
pub const OPEN: &str = "SELECT id, caller_id, callee_id, room_id, status FROM calls \
     WHERE caller_id = $1 AND status IN ('ringing', 'accepted') \
     UNION ALL SELECT id, caller_id, callee_id, room_id, status FROM calls \
     WHERE callee_id = $1 AND status IN ('ringing', 'accepted')";

impl CallRow {
    /// One call.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn load(connection: &mut AnyConnection, call: CallId) -> Result<Option<Self>, StoreError> {
        Ok(sqlx::query_as(ONE).bind(call).fetch_optional(connection).await?)
    }

    /// Calls that `user` makes or gets and that are not over.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn open(connection: &mut AnyConnection, user: UserId) -> Result<Vec<Self>, StoreError> {
        Ok(sqlx::query_as(OPEN).bind(user).fetch_all(connection).await?)
    }

    /// The two and where they meet, while there is such a place.
    pub fn parties(&self) -> Option<Parties> {
        self.room.map(|room| Parties { caller: self.caller, callee: self.callee, room })
    }

    /// Whether `user` is one of the two.
    pub fn has(&self, user: UserId) -> bool {
        self.caller == user || self.callee == user
    }
}

/// The status in a column.
///
/// # Errors
/// There is no such status.
pub(super) fn status(row: &AnyRow) -> Result<CallStatus, sqlx::Error> {
    let text: String = row.try_get("status")?;
    CallStatus::of(&text).ok_or_else(|| sqlx::Error::Decode(format!("no such status: {text}").into()))
}

impl<'r> FromRow<'r, AnyRow> for CallRow {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            caller: row.try_get("caller_id")?,
            callee: row.try_get("callee_id")?,
            room: row.try_get("room_id")?,
            status: status(row)?,
        })
    }
}
