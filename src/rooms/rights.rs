//! Rights among the people inside: who loses their seat when a host removes them, a room ends, a block parts two, or
//! staff suspend somebody.

use super::live::Live;
use super::room::{Room, Seat, Setting};
use crate::base::id::{ParticipantId, RoomId, UserId};
use crate::protocol::close;
use crate::protocol::code::Code;
use crate::protocol::server::{LeaveReason, ServerMessage};

impl Live {
    /// Changes whenever somebody may no longer be where they were allowed to be. Whoever checks a right in the database
    /// and then acts on it here compares: the same number before and after means that the answer still holds.
    pub fn rights(&self) -> u64 {
        self.rights
    }

    /// A right was taken from somebody, in the database.
    pub fn rights_changed(&mut self) {
        self.rights += 1;
    }

    /// Takes what the row of a room says now over.
    pub fn refresh(&mut self, room: RoomId, setting: Setting) {
        self.rights_changed();
        if let Some(inside) = self.rooms.get_mut(&room) {
            inside.refresh(setting);
        }
    }

    /// The seats that somebody has in a room: as many as they have sockets there.
    pub fn seats_of(&self, room: RoomId, user: UserId) -> Vec<ParticipantId> {
        self.room(room).map(|inside| of(inside, user)).unwrap_or_default()
    }

    /// The seats with the host's right.
    pub fn hosts(&self, room: RoomId) -> Vec<ParticipantId> {
        let seats = self.room(room).map(Room::seats).unwrap_or_default();
        seats.iter().filter(|seat| seat.host).map(|seat| seat.id).collect()
    }

    /// Tells whoever sits there with the host's right.
    pub fn tell_hosts(&self, room: RoomId, message: &ServerMessage) {
        for host in self.hosts(room) {
            self.tell(host, message.clone());
        }
    }

    /// Whose account sits there; none for a guest.
    pub fn account(&self, participant: ParticipantId) -> Option<UserId> {
        self.seat(participant).and_then(account)
    }

    /// Whether `host` may remove `target`, and whose account that is.
    ///
    /// # Errors
    /// [`Code::Forbidden`] when `host` is not the host, [`Code::NotFound`] when nobody of that name sits there.
    pub fn may_kick(&self, host: ParticipantId, target: ParticipantId) -> Result<Option<UserId>, Code> {
        if !self.seat(host).is_some_and(|seat| seat.host) {
            return Err(Code::Forbidden);
        }
        if host == target || self.home(host) != self.home(target) {
            return Err(Code::NotFound);
        }
        Ok(self.account(target))
    }

    /// Removes somebody and tells them; `by` is the host's seat, if they have one. False when there is no such seat.
    pub fn kick(&mut self, by: Option<ParticipantId>, target: ParticipantId) -> bool {
        self.rights_changed();
        self.evict(target, ServerMessage::Kicked { by }, close::KICKED, LeaveReason::Kicked)
    }

    /// The room is gone: everybody inside is told, and every seat is free. Whose they were.
    pub fn end(&mut self, room: RoomId) -> Vec<ParticipantId> {
        self.rights_changed();
        let all: Vec<ParticipantId> =
            self.room(room).map(Room::seats).unwrap_or_default().iter().map(|s| s.id).collect();
        all.into_iter().filter(|participant| self.shut(*participant)).collect()
    }

    /// Rooms of somebody with people inside.
    pub fn hosted(&self, host: UserId) -> Vec<RoomId> {
        self.rooms().filter(|(_, inside)| inside.setting().host == Some(host)).map(|(id, _)| id).collect()
    }

    /// `blocker` has blocked `blocked`: where both are, or one is in the other's room, one of them goes. It is whoever was
    /// blocked, except from a room of their own. Whose seats are free.
    pub fn part(&mut self, blocker: UserId, blocked: UserId) -> Vec<ParticipantId> {
        self.rights_changed();
        let leaving: Vec<ParticipantId> =
            self.rooms().flat_map(|(_, inside)| who_goes(inside, blocker, blocked)).collect();
        leaving.into_iter().filter(|participant| self.shut(*participant)).collect()
    }

    /// Staff let somebody look only: nobody hears or sees them in a call from now on. Whose seats are free.
    pub fn suspend(&mut self, user: UserId) -> Vec<ParticipantId> {
        self.rights_changed();
        let theirs: Vec<ParticipantId> = self.rooms().flat_map(|(_, inside)| of(inside, user)).collect();
        theirs.into_iter().filter(|participant| self.close(*participant, Code::Suspended)).collect()
    }

    /// Ends a seat as if the room were gone. Nobody is told of a block.
    fn shut(&mut self, participant: ParticipantId) -> bool {
        self.close(participant, Code::RoomGone)
    }

    fn close(&mut self, participant: ParticipantId, code: Code) -> bool {
        let message = ServerMessage::Closed { code, retry: false };
        self.evict(participant, message, close::ENDED, LeaveReason::Left)
    }

    fn evict(&mut self, target: ParticipantId, message: ServerMessage, close: u16, reason: LeaveReason) -> bool {
        if let Some(outbox) = self.seat(target).and_then(|seat| seat.outbox.as_ref()) {
            outbox.say(message);
            outbox.close(close);
        }
        self.leave(target, reason)
    }
}

fn account(seat: &Seat) -> Option<UserId> {
    Some(seat.member.as_ref()?.person.id)
}

fn of(inside: &Room, user: UserId) -> Vec<ParticipantId> {
    inside.seats().iter().filter(|seat| account(seat) == Some(user)).map(|seat| seat.id).collect()
}

fn who_goes(inside: &Room, blocker: UserId, blocked: UserId) -> Vec<ParticipantId> {
    let (from, of_blocked) = (of(inside, blocker), of(inside, blocked));
    let hosts = |user: UserId| {
        let by_key = inside.seats().iter().any(|seat| seat.host && account(seat) == Some(user));
        by_key || inside.setting().host == Some(user)
    };
    if hosts(blocked) {
        from
    } else if hosts(blocker) || !from.is_empty() {
        of_blocked
    } else {
        Vec::new()
    }
}

#[cfg(test)]
#[path = "rights_tests.rs"]
mod tests;
