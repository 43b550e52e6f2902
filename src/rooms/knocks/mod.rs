//! Knocks: somebody asks to be let into a room that they could not enter, and its host says yes or no.

pub mod answer;
pub mod ask;
pub mod list;
pub mod told;

use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};
use utoipa::ToSchema;

use crate::base::id::{KnockId, RoomId};
use crate::base::timestamp::Timestamp;
use crate::protocol::knock::KnockStatus;
use crate::users::card::Card;

/// A knock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Knock {
    /// The knock.
    pub id: KnockId,
    /// Where.
    pub room: RoomId,
    /// Who knocks.
    pub user: Card,
    /// What became of it.
    pub status: KnockStatus,
    /// When.
    pub created_at: Timestamp,
    /// When it was answered or withdrawn.
    pub answered_at: Option<Timestamp>,
}

/// What a knock is read from; the tables are `k` and `u`.
macro_rules! columns {
    () => {
        "k.id AS knock_id, k.room_id, k.status, k.created_at, k.answered_at, u.id, u.handle, u.nickname, u.avatar"
    };
}
pub(super) use columns;

/// One knock: identifier, room.
pub const ONE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM room_knocks k JOIN users u ON u.id = k.user_id WHERE k.id = $1 AND k.room_id = $2"
);

impl<'r> FromRow<'r, AnyRow> for Knock {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let status: String = row.try_get("status")?;
        Ok(Self {
            id: row.try_get("knock_id")?,
            room: row.try_get("room_id")?,
            user: Card::from_row(row)?,
            status: KnockStatus::of(&status).ok_or_else(|| sqlx::Error::Decode("no such status".into()))?,
            created_at: row.try_get("created_at")?,
            answered_at: row.try_get("answered_at")?,
        })
    }
}
