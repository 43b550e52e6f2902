//! What the host does with the soundtrack while people are inside.

use super::attach::now;
use super::list;
use super::playing::Listed;
use crate::base::id::{ParticipantId, RoomId};
use crate::protocol::code::Code;
use crate::protocol::server::ServerMessage;
use crate::protocol::soundtrack::Order;
use crate::rooms::Rooms;

impl Rooms {
    /// Does what somebody asks, if they are the host. Everybody else has heard of it then; the answer is for who asked.
    ///
    /// # Errors
    /// [`Code::Forbidden`] for whoever is not the host, [`Code::NotFound`] when nothing is attached, [`Code::Invalid`].
    pub fn conduct(&self, room: RoomId, by: ParticipantId, order: Order) -> Result<ServerMessage, Code> {
        let mut live = self.live();
        if !live.seat(by).is_some_and(|seat| seat.host) || live.home(by) != Some(room) {
            return Err(Code::Forbidden);
        }
        let inside = live.rooms.get_mut(&room).ok_or(Code::NotJoined)?;
        let begins = inside.soundtrack.as_mut().ok_or(Code::NotFound)?.obey(order, now())?;
        inside.tell_soundtrack(Some(by));
        let answer = inside.shown_soundtrack();
        drop(live);
        self.soundtrack_changed();
        if begins {
            self.renew_soundtrack(room);
        }
        Ok(answer)
    }

    /// A song begins: looks at the list again, while it plays.
    pub(super) fn renew_soundtrack(&self, room: RoomId) {
        let rooms = self.clone();
        self.state.tasks.spawn(async move {
            let turn = rooms.shared.soundtracks.of(room).await;
            match list::attached(&rooms.state.store, room).await {
                Ok(list) => rooms.take_over(room, list),
                // What is known is played on.
                Err(error) => return tracing::warn!(%error, %room, "the soundtrack of a room cannot be read"),
            }
            drop(turn);
            rooms.soundtrack_changed();
        });
    }

    /// The list of a room is this now, or none.
    fn take_over(&self, room: RoomId, list: Option<Listed>) {
        let mut live = self.live();
        let Some(inside) = live.rooms.get_mut(&room) else { return };
        let Some(playing) = inside.soundtrack.as_mut() else { return };
        match list.and_then(|list| playing.renew(list, now())) {
            Some(true) => inside.tell_soundtrack(None),
            Some(false) => {}
            None => live.set_soundtrack(room, None),
        }
    }
}
