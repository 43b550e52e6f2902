//! A room as somebody stands before it: what it is, how they stand to its host, and whether they may come in.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};

use super::Rooms;
use super::row::{RoomRow, columns};
use crate::base::id::{InviteId, RoomId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::store::StoreError;
use crate::users::card::Card;

/// What somebody brings along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pass {
    /// They have shown the host key.
    pub host_key: bool,
    /// They have used an invitation.
    pub invite: Option<InviteId>,
}

/// A room before somebody, or before a guest.
#[derive(Clone, Debug)]
pub struct Door {
    /// The room.
    pub room: RoomRow,
    /// Whose it is; none for a guest's.
    pub host: Option<Card>,
    user: Option<UserId>,
    pass: Pass,
    ties: Ties,
}

/// How somebody stands to a room and its host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Ties {
    /// The host's account is being deleted.
    leaving: bool,
    /// The host has blocked them.
    blocked: bool,
    /// They have blocked the host.
    blocks: bool,
    friends: bool,
    admitted: bool,
    banned: bool,
    /// Their invitation was not revoked.
    invited: bool,
}

/// One room before somebody: room, person (empty for a guest), invitation (empty for none).
pub const DOOR: &str = concat!(
    "SELECT ",
    columns!(),
    ", h.id, h.handle, h.nickname, h.avatar, \
     CAST(CASE WHEN h.deletes_at IS NULL THEN 0 ELSE 1 END AS BIGINT) AS leaving, \
     (SELECT COUNT(*) FROM blocks b WHERE b.blocker_id = r.host_id AND b.blocked_id = $2) AS blocked, \
     (SELECT COUNT(*) FROM blocks b WHERE b.blocker_id = $2 AND b.blocked_id = r.host_id) AS blocks, \
     (SELECT COUNT(*) FROM friendships f WHERE f.low_id = $2 AND f.high_id = r.host_id) \
     + (SELECT COUNT(*) FROM friendships f WHERE f.low_id = r.host_id AND f.high_id = $2) AS friends, \
     (SELECT m.standing FROM room_members m WHERE m.room_id = r.id AND m.user_id = $2) AS standing, \
     (SELECT COUNT(*) FROM room_invites i WHERE i.id = $3 AND i.room_id = r.id AND i.revoked_at IS NULL) AS invited \
     FROM rooms r LEFT JOIN users h ON h.id = r.host_id WHERE r.id = $1"
);

impl<'r> FromRow<'r, AnyRow> for Door {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let room = RoomRow::from_row(row)?;
        let host = room.host.map(|_| Card::from_row(row)).transpose()?;
        let counted = |name: &str| row.try_get::<i64, _>(name).map(|count| count > 0);
        let standing: Option<String> = row.try_get("standing")?;
        let ties = Ties {
            leaving: counted("leaving")?,
            blocked: counted("blocked")?,
            blocks: counted("blocks")?,
            friends: counted("friends")?,
            admitted: standing.as_deref() == Some("admitted"),
            banned: standing.as_deref() == Some("banned"),
            invited: counted("invited")?,
        };
        Ok(Self { room, host, user: None, pass: Pass::default(), ties })
    }
}

impl Door {
    /// Whether it is theirs.
    pub fn is_host(&self) -> bool {
        self.pass.host_key || (self.user.is_some() && self.user == self.room.host)
    }

    /// Whether the host has let them in by name.
    pub fn is_admitted(&self) -> bool {
        self.ties.admitted
    }

    /// Whether they may know that the room is there.
    ///
    /// # Errors
    /// [`Code::RoomGone`].
    pub fn seen(&self) -> Result<(), Code> {
        if self.ties.leaving || self.ties.blocked || self.ties.blocks { Err(Code::RoomGone) } else { Ok(()) }
    }

    /// Whether they may come in.
    ///
    /// # Errors
    /// [`Code::RoomGone`] when the host has blocked them, [`Code::Forbidden`] when they have blocked the host or were
    /// banned, [`Code::LoginNeeded`], [`Code::InviteNeeded`].
    pub fn enter(&self) -> Result<(), Code> {
        use super::row::Visibility as Who;

        let Ties { leaving, blocked, blocks, friends, admitted, banned, invited } = self.ties;
        if self.is_host() {
            return Ok(());
        }
        if leaving || blocked {
            return Err(Code::RoomGone);
        }
        if blocks || banned {
            return Err(Code::Forbidden);
        }
        if self.user.is_none() && !self.room.guests {
            return Err(Code::LoginNeeded);
        }
        match self.room.visibility {
            Who::Link | Who::Open => Ok(()),
            Who::Friends if friends => Ok(()),
            Who::Friends | Who::Invite if admitted || invited => Ok(()),
            Who::Friends | Who::Invite => Err(Code::InviteNeeded),
        }
    }

    /// They have shown the host key by now.
    pub fn with_host_key(mut self) -> Self {
        self.pass.host_key = true;
        self
    }
}

impl Rooms {
    /// The room before `user`, or before a guest. A room that is not there, or whose link is too old, is gone.
    ///
    /// # Errors
    /// [`Code::RoomGone`], [`Code::Unavailable`].
    pub async fn door(&self, room: RoomId, user: Option<UserId>, pass: Pass) -> Result<Door, Code> {
        let door = self.look(room, user, pass.invite).await.map_err(|error| {
            tracing::warn!(%error, "a room cannot be looked up");
            Code::Unavailable
        })?;
        let door = door.ok_or(Code::RoomGone)?;
        let live = self.live().room(room).is_some();
        if door.room.works(live, Timestamp::now()) { Ok(Door { user, pass, ..door }) } else { Err(Code::RoomGone) }
    }

    async fn look(
        &self,
        room: RoomId,
        user: Option<UserId>,
        invite: Option<InviteId>,
    ) -> Result<Option<Door>, StoreError> {
        let door = sqlx::query_as(DOOR)
            .bind(room)
            .bind(user.map(|user| user.to_string()).unwrap_or_default())
            .bind(invite.map(|invite| invite.to_string()).unwrap_or_default())
            .fetch_optional(self.state.store.read())
            .await?;
        Ok(door)
    }
}

#[cfg(test)]
#[path = "door_tests.rs"]
mod tests;
