//! A room as it stands in its row.

use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};
use utoipa::ToSchema;

use super::room::Setting;
use crate::base::id::{RoomId, UserId};
use crate::base::timestamp::Timestamp;
use crate::base::token::TokenHash;
use crate::tags::set::Sight;

/// Who may come in, and who is shown the room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// Whoever has the address; listed to nobody.
    #[default]
    Link,
    /// Everybody, and listed to everybody.
    Open,
    /// The host's friends, and listed to them. Others knock, or bring an invitation.
    Friends,
    /// By an invitation, or admitted after a knock; listed to nobody.
    Invite,
}

impl Visibility {
    /// As it stands in a row.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Open => "open",
            Self::Friends => "friends",
            Self::Invite => "invite",
        }
    }

    fn of(text: &str) -> Option<Self> {
        [Self::Link, Self::Open, Self::Friends, Self::Invite].into_iter().find(|one| one.as_str() == text)
    }

    /// That of a row, in its column `visibility`.
    pub(super) fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let text: String = row.try_get("visibility")?;
        Self::of(&text).ok_or_else(|| sqlx::Error::Decode("no such visibility".into()))
    }
}

/// One row of `rooms`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomRow {
    /// The room.
    pub id: RoomId,
    /// Whose it is; none for a guest's.
    pub host: Option<UserId>,
    /// What makes a guest the host, as a hash.
    host_key: Option<TokenHash>,
    /// What it is called; may be empty.
    pub title: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Who may come in.
    pub visibility: Visibility,
    /// Whether people without an account may come in, where they otherwise could.
    pub guests: bool,
    /// Seats.
    pub capacity: u32,
    /// Days that lines of chat are kept; 0 for as long as the room is there.
    pub message_days: u32,
    /// Whom the host rings here, if it was made for that.
    pub callee: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed; later with every change.
    pub updated_at: Timestamp,
    /// When the link of a guest's room ends.
    pub expires_at: Option<Timestamp>,
}

impl RoomRow {
    /// Whether the link still works. Beyond its end it does while somebody is inside.
    pub fn works(&self, live: bool, now: Timestamp) -> bool {
        live || self.expires_at.is_none_or(|ends| ends > now)
    }

    /// Whether `hash` is that of the host key.
    pub fn is_host_key(&self, hash: TokenHash) -> bool {
        self.host_key == Some(hash)
    }

    /// Who sees it, as far as tags count.
    pub fn sight(&self) -> Sight {
        Sight::of(self.visibility == Visibility::Open && self.guests && self.callee.is_none())
    }

    /// What concerns the people inside.
    pub fn setting(&self) -> Setting {
        let Self { capacity, host, visibility, guests, updated_at, .. } = *self;
        Setting { capacity, host, visibility, guests, updated_at }
    }
}

#[cfg(test)]
impl RoomRow {
    pub(super) fn of_account(id: RoomId, host: UserId, visibility: Visibility, guests: bool, at: Timestamp) -> Self {
        let (host, host_key, title, description) = (Some(host), None, String::new(), String::new());
        let (created_at, updated_at, expires_at) = (at, at, None);
        Self {
            id,
            host,
            host_key,
            title,
            description,
            visibility,
            guests,
            capacity: 2,
            message_days: 0,
            callee: None,
            created_at,
            updated_at,
            expires_at,
        }
    }
}

/// The columns that [`RoomRow`] is read from; the table is `r`.
macro_rules! columns {
    () => {
        "r.id AS room_id, r.host_id, r.host_key_hash, r.title, r.description, r.visibility, r.guests, r.capacity, \
         r.message_days, r.callee_id, r.created_at, r.updated_at, r.expires_at"
    };
}
pub(super) use columns;

impl<'r> FromRow<'r, AnyRow> for RoomRow {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let wrong = |what: &'static str| sqlx::Error::Decode(what.into());
        let host_key: Option<String> = row.try_get("host_key_hash")?;
        Ok(Self {
            id: row.try_get("room_id")?,
            host: row.try_get("host_id")?,
            host_key: host_key.and_then(|hash| TokenHash::from_hex(&hash)),
            title: row.try_get("title")?,
            description: row.try_get("description")?,
            visibility: Visibility::read(row)?,
            guests: row.try_get::<i16, _>("guests")? != 0,
            capacity: u32::try_from(row.try_get::<i64, _>("capacity")?).map_err(|_| wrong("no such capacity"))?,
            message_days: u32::try_from(row.try_get::<i64, _>("message_days")?).map_err(|_| wrong("no such time"))?,
            callee: row.try_get("callee_id")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
            expires_at: row.try_get("expires_at")?,
        })
    }
}
