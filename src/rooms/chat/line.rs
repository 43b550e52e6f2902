//! A line of chat, as somebody sees it.

use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow, Row as _};
use utoipa::ToSchema;

use crate::base::id::{MessageId, ParticipantId, RoomId, UserId};
use crate::base::timestamp::Timestamp;
use crate::store::StoreError;
use crate::users::card::Card;

/// A line of chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    /// The line.
    pub id: MessageId,
    /// Its number in the room: 1 is the first line.
    #[schema(minimum = 1, examples(17))]
    pub seq: i64,
    /// Number of the last thing that happened to it, among all that happened to lines of the room.
    #[schema(minimum = 0, examples(21))]
    pub change: i64,
    /// The seat that it came from.
    pub participant: ParticipantId,
    /// Who said it; none for a guest, and for somebody who is not to be seen.
    pub user: Option<Card>,
    /// What they were called then. Empty when the line is deleted.
    #[schema(examples("Ada"))]
    pub name: String,
    /// What they said. Empty when the line is deleted.
    #[schema(examples("Hello"))]
    pub text: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub edited_at: Option<Timestamp>,
    /// Whether it is deleted, or not to be seen: then only its place is there.
    pub deleted: bool,
}

/// What is shown of `m` to the person `$1` (empty for a guest).
macro_rules! shown {
    () => {
        "m.id AS message_id, m.seq, m.change_seq, m.participant_id, m.name, m.body, m.created_at, m.edited_at, \
         CASE WHEN m.deleted_at IS NULL THEN 0 ELSE 1 END \
         + (SELECT COUNT(*) FROM blocks b WHERE b.blocker_id = $1 AND b.blocked_id = m.user_id) \
         + (SELECT COUNT(*) FROM blocks b WHERE b.blocker_id = m.user_id AND b.blocked_id = $1) AS hidden, \
         u.id, u.handle, u.nickname, u.avatar \
         FROM messages m LEFT JOIN users u ON u.id = m.user_id AND u.deletes_at IS NULL"
    };
}
pub(super) use shown;

/// One: viewer, identifier.
pub const ONE: &str = concat!("SELECT ", shown!(), " WHERE m.id = $2");

impl<'r> FromRow<'r, AnyRow> for Message {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let deleted = row.try_get::<i64, _>("hidden")? > 0;
        let user = row.try_get::<Option<UserId>, _>("id")?.filter(|_| !deleted);
        let words = |name: &str| if deleted { Ok(String::new()) } else { row.try_get(name) };
        Ok(Self {
            id: row.try_get("message_id")?,
            seq: row.try_get("seq")?,
            change: row.try_get("change_seq")?,
            participant: row.try_get("participant_id")?,
            user: user.map(|_| Card::from_row(row)).transpose()?,
            name: words("name")?,
            text: words("body")?,
            created_at: row.try_get("created_at")?,
            edited_at: row.try_get("edited_at")?,
            deleted,
        })
    }
}

/// What decides who may change a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Where it was said.
    pub room: RoomId,
    /// By whose seat.
    pub participant: ParticipantId,
    /// By whom; none for a guest.
    pub user: Option<UserId>,
    /// Whether it is deleted.
    pub deleted: bool,
}

impl Origin {
    /// Where a line comes from.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn load(connection: &mut AnyConnection, message: MessageId) -> Result<Option<Self>, StoreError> {
        let row = sqlx::query("SELECT room_id, participant_id, user_id, deleted_at FROM messages WHERE id = $1")
            .bind(message)
            .fetch_optional(connection)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Self {
            room: row.try_get("room_id")?,
            participant: row.try_get("participant_id")?,
            user: row.try_get("user_id")?,
            deleted: row.try_get::<Option<Timestamp>, _>("deleted_at")?.is_some(),
        }))
    }
}
