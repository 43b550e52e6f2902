//! Everybody who sits anywhere, as one value: rooms with people inside, seats, resume tokens. It is told the time and
//! queues what people must hear; it knows no socket, no clock and no lock, so one call is one atomic step: a capacity
//! check and the seat it grants, a change and the order in which everybody hears of it.
//!
//! What a room is stands in its row; whether it is live is known here and nowhere else, so nothing is live after a crash.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::outbox::Outbox;
use super::room::{Member, Room, Seat, Setting};
use crate::base::id::{ParticipantId, RoomId, UserId};
use crate::base::timestamp::Timestamp;
use crate::base::token::TokenHash;
use crate::protocol::code::Code;
use crate::protocol::server::{FilterState, LeaveReason, ServerMessage};
use crate::protocol::{VERSION, close};

/// Who takes a seat.
#[derive(Debug)]
pub struct Newcomer {
    /// The seat's identifier, from the ticket.
    pub participant: ParticipantId,
    /// The name that the room sees.
    pub name: String,
    /// Their account; none for a guest.
    pub member: Option<Member>,
    /// Whether they hold the room's host key.
    pub host: bool,
    /// Their socket.
    pub outbox: Outbox,
    /// The resume token that `welcome` gave them.
    pub token: TokenHash,
}

/// Every room with somebody inside.
#[derive(Debug)]
pub struct Live {
    /// How long the seat of a lost socket is kept.
    keeps: Duration,
    /// Counts changes of who may be where: see [`Self::rights`].
    pub(super) rights: u64,
    pub(super) rooms: HashMap<RoomId, Room>,
    homes: HashMap<ParticipantId, RoomId>,
    tokens: HashMap<TokenHash, ParticipantId>,
}

impl Live {
    /// Nobody yet; `keeps` is how long the seat of a lost socket is kept.
    pub fn new(keeps: Duration) -> Self {
        Self { keeps, rights: 0, rooms: HashMap::new(), homes: HashMap::new(), tokens: HashMap::new() }
    }

    /// Whose resume token this is.
    pub fn holder(&self, token: TokenHash) -> Option<ParticipantId> {
        self.tokens.get(&token).copied()
    }

    /// The room, while somebody is inside.
    pub fn room(&self, room: RoomId) -> Option<&Room> {
        self.rooms.get(&room)
    }

    /// Every room with somebody inside.
    pub fn rooms(&self) -> impl Iterator<Item = (RoomId, &Room)> {
        self.rooms.iter().map(|(id, room)| (*id, room))
    }

    /// Accounts of whoever sits in the room.
    pub fn company(&self, room: RoomId) -> Vec<UserId> {
        let seats = self.rooms.get(&room).map(Room::seats).unwrap_or_default();
        seats.iter().filter_map(|seat| Some(seat.member.as_ref()?.person.id)).collect()
    }

    /// Whether somebody sits anywhere and is there: a seat that is only kept keeps nobody busy.
    pub fn is_in_call(&self, user: UserId) -> bool {
        let theirs = |seat: &Seat| seat.member.as_ref().is_some_and(|member| member.person.id == user);
        self.rooms.values().flat_map(Room::seats).any(|seat| theirs(seat) && !seat.away())
    }

    /// Where somebody sits.
    pub fn home(&self, participant: ParticipantId) -> Option<RoomId> {
        self.homes.get(&participant).copied()
    }

    /// Somebody's seat.
    pub fn seat(&self, participant: ParticipantId) -> Option<&Seat> {
        self.rooms.get(self.homes.get(&participant)?)?.seat(participant)
    }

    /// Somebody's seat, to change it. What the room is told of the change is the caller's to say.
    pub fn seat_mut(&mut self, participant: ParticipantId) -> Option<&mut Seat> {
        self.rooms.get_mut(self.homes.get(&participant)?)?.seat_mut(participant)
    }

    /// Takes a seat, or says why not. The newcomer's first message is the roster, the others hear `joined`. `setting` is
    /// what the room's row says now.
    ///
    /// # Errors
    /// [`Code::RoomFull`], [`Code::AlreadyJoined`].
    pub fn join(
        &mut self,
        room: RoomId,
        setting: Setting,
        newcomer: Newcomer,
        re: Option<u64>,
        filter: FilterState,
        now: Timestamp,
    ) -> Result<(), Code> {
        let (participant, outbox, token) = (newcomer.participant, newcomer.outbox.clone(), newcomer.token);
        if self.homes.contains_key(&participant) {
            return Err(Code::AlreadyJoined);
        }
        if let Some(inside) = self.rooms.get_mut(&room) {
            inside.refresh(setting);
            if inside.is_full() {
                return Err(Code::RoomFull);
            }
        }
        let inside = self.rooms.entry(room).or_insert_with(|| Room::new(setting, now));
        inside.arrive(Seat::new(newcomer));
        outbox.answer(re, inside.roster(room, participant, filter));
        if inside.soundtrack.is_some() {
            outbox.say(inside.shown_soundtrack());
        }
        self.homes.insert(participant, room);
        self.tokens.insert(token, participant);
        Ok(())
    }

    /// Gives a seat to a new socket: `welcome` with a new token, the roster, what the media sections receive. Another
    /// socket that held it is closed. The token that was used works until the new socket has said something, because the
    /// welcome that replaces it may be lost on the way.
    ///
    /// # Errors
    /// [`Code::Resume`]: the token is nobody's.
    pub fn resume(
        &mut self,
        used: TokenHash,
        (text, token): (String, TokenHash),
        outbox: Outbox,
        re: Option<u64>,
        filter: FilterState,
    ) -> Result<(RoomId, ParticipantId), Code> {
        let participant = self.holder(used).ok_or(Code::Resume)?;
        let room = self.home(participant).ok_or(Code::Resume)?;
        let inside = self.rooms.get_mut(&room).ok_or(Code::Resume)?;
        let seat = inside.seat_mut(participant).ok_or(Code::Resume)?;
        let was_away = seat.away();
        if let Some(old) = seat.outbox.replace(outbox.clone()) {
            old.say(ServerMessage::Closed { code: Code::Replaced, retry: false });
            old.close(close::REPLACED);
        }
        (seat.away_since, seat.quiet) = (None, false);
        let stale = if seat.token == used { seat.earlier.replace(used) } else { Some(seat.token) };
        seat.token = token;
        if let Some(stale) = stale.filter(|stale| *stale != used) {
            self.tokens.remove(&stale);
        }
        self.tokens.insert(token, participant);
        let (sections, wanted) = (seat.sections.clone(), seat.wanted);
        let welcome = ServerMessage::Welcome { version: VERSION, participant, room, resume: text, resumed: true };
        outbox.answer(re, welcome);
        outbox.say(inside.roster(room, participant, filter));
        outbox.say(ServerMessage::Subscribed { sections });
        if let Some((audio, video)) = wanted {
            outbox.say(ServerMessage::Negotiate { audio, video });
        }
        outbox.say(inside.shown_soundtrack());
        if was_away {
            inside.tell_others(participant, &ServerMessage::Presence { participant, away: false });
        }
        Ok((room, participant))
    }

    /// The socket of a resumed seat has spoken: the token that it came with is worth nothing from now on.
    pub fn settle(&mut self, participant: ParticipantId) {
        if let Some(earlier) = self.seat_mut(participant).and_then(|seat| seat.earlier.take()) {
            self.tokens.remove(&earlier);
        }
    }

    /// The socket is lost. Nothing happens when another one has taken the seat over.
    pub fn lost(&mut self, participant: ParticipantId, socket: &Outbox, now: Instant) {
        let Some(seat) = self.seat_mut(participant) else { return };
        if !seat.outbox.as_ref().is_some_and(|outbox| outbox.is(socket)) {
            return;
        }
        let known = seat.away();
        (seat.outbox, seat.away_since) = (None, Some(now));
        if !known {
            self.tell_others(participant, &ServerMessage::Presence { participant, away: true });
        }
    }

    /// The open socket's other end stopped answering, or answers again.
    pub fn quiet(&mut self, participant: ParticipantId, socket: &Outbox, quiet: bool) {
        let Some(seat) = self.seat_mut(participant) else { return };
        if seat.quiet != quiet && seat.outbox.as_ref().is_some_and(|outbox| outbox.is(socket)) {
            seat.quiet = quiet;
            self.tell_others(participant, &ServerMessage::Presence { participant, away: quiet });
        }
    }

    /// Frees a seat and tells the others why; the last one out frees the room. False when there is no such seat.
    pub fn leave(&mut self, participant: ParticipantId, reason: LeaveReason) -> bool {
        let Some(room) = self.homes.remove(&participant) else { return false };
        let Some(inside) = self.rooms.get_mut(&room) else { return false };
        if let Some(index) = inside.seats.iter().position(|seat| seat.id == participant) {
            let seat = inside.seats.remove(index);
            self.tokens.remove(&seat.token);
            if let Some(earlier) = seat.earlier {
                self.tokens.remove(&earlier);
            }
        }
        inside.tell_others(participant, &ServerMessage::Left { participant, reason });
        if inside.seats.is_empty() {
            self.rooms.remove(&room);
        }
        true
    }

    /// Tells everybody in the room of `participant` but themselves.
    pub fn tell_others(&self, participant: ParticipantId, message: &ServerMessage) {
        if let Some(room) = self.home(participant).and_then(|room| self.rooms.get(&room)) {
            room.tell_others(participant, message);
        }
    }

    /// Tells one participant.
    pub fn tell(&self, participant: ParticipantId, message: ServerMessage) {
        if let Some(seat) = self.seat(participant) {
            seat.say(message);
        }
    }

    /// Tells everybody everywhere.
    pub fn tell_all(&self, message: &ServerMessage) {
        for seat in self.rooms.values().flat_map(Room::seats) {
            seat.say(message.clone());
        }
    }

    /// Everybody who sits anywhere.
    pub fn everybody(&self) -> Vec<ParticipantId> {
        self.homes.keys().copied().collect()
    }

    /// Whose seat was kept for its time.
    pub fn expired(&self, now: Instant) -> Vec<ParticipantId> {
        let kept = self.keeps;
        let over = |seat: &&Seat| seat.away_since.is_some_and(|since| now.saturating_duration_since(since) >= kept);
        self.rooms.values().flat_map(Room::seats).filter(over).map(|seat| seat.id).collect()
    }

    /// When the next kept seat's time is over.
    pub fn next_expiry(&self) -> Option<Instant> {
        let away = self.rooms.values().flat_map(Room::seats).filter_map(|seat| seat.away_since);
        away.min().map(|since| since + self.keeps)
    }

    /// Rooms with somebody inside, seats taken, resume tokens known.
    pub fn counts(&self) -> (usize, usize, usize) {
        (self.rooms.len(), self.homes.len(), self.tokens.len())
    }
}

#[cfg(test)]
#[path = "live_tests.rs"]
mod tests;
