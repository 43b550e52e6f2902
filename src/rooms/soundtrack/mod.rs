//! The soundtrack of a room: a playlist that its host attaches, and that everybody inside hears at the same place.
//!
//! Which list it is stands in the room's row. Where in it the room is ([`playing`]) is known while somebody is inside; who
//! comes in later starts from the list's beginning, silent. The server plays nothing: it says what plays since when, and
//! every page plays that by itself.
//!
//! The list belongs to somebody, and may change, or be no longer the host's to hear. It is looked at again whenever a song
//! begins: so a song that was taken out is heard to its end at most, and so is a list that went private or was deleted.

pub mod attach;
pub mod clockwork;
pub mod conduct;
pub mod list;
pub mod playing;
pub mod turn;

use crate::base::id::RoomId;

use super::Rooms;
use super::live::Live;
use playing::Playing;

impl Live {
    /// What plays in a room.
    pub fn soundtrack(&self, room: RoomId) -> Option<&Playing> {
        self.rooms.get(&room)?.soundtrack.as_ref()
    }

    /// Changes what plays in a room, and tells everybody there.
    pub(super) fn set_soundtrack(&mut self, room: RoomId, soundtrack: Option<Playing>) {
        let Some(inside) = self.rooms.get_mut(&room) else { return };
        if inside.soundtrack.is_none() && soundtrack.is_none() {
            return;
        }
        inside.soundtrack = soundtrack;
        inside.tell_soundtrack(None);
    }
}

impl Rooms {
    /// What plays, or when it ends, has changed: the task that waits for the ends of songs looks again.
    pub(super) fn soundtrack_changed(&self) {
        self.shared.changed.notify_waiters();
    }
}
