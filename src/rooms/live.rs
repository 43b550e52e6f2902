//! All rooms as one value: links, seats, resume tokens. It is told the time and queues what people must hear; it knows
//! no socket, no clock and no lock, so one call is one atomic step: a capacity check and the seat it grants, a change and
//! the order in which everybody hears of it.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::outbox::Outbox;
use super::room::{Member, Room, Seat};
use crate::base::id::{ParticipantId, RoomId, UserId};
use crate::base::token::TokenHash;
use crate::protocol::code::Code;
use crate::protocol::server::{FilterState, LeaveReason, ServerMessage};
use crate::protocol::{VERSION, close};

/// How long things last.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// How long the seat of a lost socket is kept.
    pub seat: Duration,
    /// How long a link works.
    pub link: Duration,
    /// Most links at a time.
    pub rooms: usize,
}

/// What a room's link stands for, with or without anybody inside.
#[derive(Clone, Debug)]
pub struct Link {
    /// Seats.
    pub capacity: u32,
    /// When the link ends; people inside may stay.
    pub ends: Instant,
    pub(in crate::rooms) host: TokenHash,
}

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

/// Every room.
#[derive(Debug)]
pub struct Live {
    terms: Terms,
    links: HashMap<RoomId, Link>,
    rooms: HashMap<RoomId, Room>,
    homes: HashMap<ParticipantId, RoomId>,
    tokens: HashMap<TokenHash, ParticipantId>,
}

impl Live {
    /// No rooms yet.
    pub fn new(terms: Terms) -> Self {
        Self { terms, links: HashMap::new(), rooms: HashMap::new(), homes: HashMap::new(), tokens: HashMap::new() }
    }

    /// Makes a room's link; `host` is the hash of the key that makes its holder the host.
    ///
    /// # Errors
    /// [`Code::TooMany`] when there are as many links as there may be.
    pub fn create(&mut self, capacity: u32, host: TokenHash, now: Instant) -> Result<RoomId, Code> {
        if self.links.len() >= self.terms.rooms {
            self.forget_links(now);
        }
        if self.links.len() >= self.terms.rooms {
            return Err(Code::TooMany);
        }
        let id = RoomId::new();
        self.links.insert(id, Link { capacity, ends: now + self.terms.link, host });
        Ok(id)
    }

    /// The link, while it works: until its end, and beyond while somebody is inside.
    pub fn link(&self, room: RoomId, now: Instant) -> Option<&Link> {
        self.links.get(&room).filter(|link| link.ends > now || self.rooms.contains_key(&room))
    }

    pub(super) fn links(&self) -> impl Iterator<Item = (&RoomId, &Link)> {
        self.links.iter()
    }

    pub(super) fn restore_link(&mut self, room: RoomId, link: Link) {
        self.links.entry(room).or_insert(link);
    }

    /// Whether `key` is the hash of the room's host key.
    pub fn is_host_key(&self, room: RoomId, key: TokenHash) -> bool {
        self.links.get(&room).is_some_and(|link| link.host == key)
    }

    /// Whose resume token this is.
    pub fn holder(&self, token: TokenHash) -> Option<ParticipantId> {
        self.tokens.get(&token).copied()
    }

    /// The room, while somebody is inside.
    pub fn room(&self, room: RoomId) -> Option<&Room> {
        self.rooms.get(&room)
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

    /// Takes a seat, or says why not. The newcomer's first message is the roster, the others hear `joined`.
    ///
    /// # Errors
    /// [`Code::RoomGone`], [`Code::RoomFull`], [`Code::AlreadyJoined`].
    pub fn join(
        &mut self,
        room: RoomId,
        newcomer: Newcomer,
        re: Option<u64>,
        filter: FilterState,
        now: Instant,
    ) -> Result<(), Code> {
        let (participant, outbox, token) = (newcomer.participant, newcomer.outbox.clone(), newcomer.token);
        let capacity = self.link(room, now).ok_or(Code::RoomGone)?.capacity;
        if self.homes.contains_key(&participant) {
            return Err(Code::AlreadyJoined);
        }
        if self.rooms.get(&room).is_some_and(Room::is_full) {
            return Err(Code::RoomFull);
        }
        let inside = self.rooms.entry(room).or_insert_with(|| Room::new(capacity));
        inside.arrive(Seat::new(newcomer));
        outbox.answer(re, inside.roster(room, participant, filter));
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

    /// Removes `target` from the room of `host` and tells them.
    ///
    /// # Errors
    /// [`Code::Forbidden`] when `host` is not the host, [`Code::NotFound`] when nobody of that name sits there.
    pub fn kick(&mut self, host: ParticipantId, target: ParticipantId) -> Result<(), Code> {
        if !self.seat(host).is_some_and(|seat| seat.host) {
            return Err(Code::Forbidden);
        }
        if host == target || self.home(host) != self.home(target) {
            return Err(Code::NotFound);
        }
        if let Some(outbox) = self.seat(target).and_then(|seat| seat.outbox.as_ref()) {
            outbox.say(ServerMessage::Kicked { by: host });
            outbox.close(close::KICKED);
        }
        self.leave(target, LeaveReason::Kicked);
        Ok(())
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

    /// Whose seat was kept for its time. Links whose time is over are forgotten on the way.
    pub fn expired(&mut self, now: Instant) -> Vec<ParticipantId> {
        self.forget_links(now);
        let kept = self.terms.seat;
        let over = |seat: &&Seat| seat.away_since.is_some_and(|since| now.saturating_duration_since(since) >= kept);
        self.rooms.values().flat_map(Room::seats).filter(over).map(|seat| seat.id).collect()
    }

    fn forget_links(&mut self, now: Instant) {
        self.links.retain(|id, link| link.ends > now || self.rooms.contains_key(id));
    }

    /// When the next kept seat's time is over.
    pub fn next_expiry(&self) -> Option<Instant> {
        let away = self.rooms.values().flat_map(Room::seats).filter_map(|seat| seat.away_since);
        away.min().map(|since| since + self.terms.seat)
    }

    /// Rooms with somebody inside, seats taken, resume tokens known.
    pub fn counts(&self) -> (usize, usize, usize) {
        (self.rooms.len(), self.homes.len(), self.tokens.len())
    }
}

#[cfg(test)]
#[path = "live_tests.rs"]
mod tests;
