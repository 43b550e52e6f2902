//! One room with somebody in it: who sits there, and what the others are shown of them.

use std::time::Instant;

use super::live::Newcomer;
use super::outbox::Outbox;
use super::row::Visibility;
use super::soundtrack::playing::Playing;
use crate::base::id::{ParticipantId, RoomId, SessionId, UserId};
use crate::base::timestamp::Timestamp;
use crate::base::token::TokenHash;
use crate::protocol::notification::Person;
use crate::protocol::server::{FilterState, Participant, Section, ServerMessage, Track};
use crate::protocol::{Effects, MoodLabel, Rung};

/// Somebody with an account, as they came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who they are.
    pub person: Person,
    /// The log-in that they came by.
    pub session: SessionId,
}

/// One person's place, kept while their socket is away.
#[derive(Debug)]
pub struct Seat {
    /// Whose it is.
    pub id: ParticipantId,
    /// The name that the room sees.
    pub name: String,
    /// Their account; none for a guest.
    pub member: Option<Member>,
    /// Whether they are the room's host.
    pub host: bool,
    /// Their socket; none while it is lost.
    pub outbox: Option<Outbox>,
    /// Since when the socket is lost.
    pub away_since: Option<Instant>,
    /// The socket is open and its other end has not answered for a while.
    pub quiet: bool,
    /// The background that they asked for.
    pub effects: Effects,
    /// Whether the room sees their mood.
    pub shares_mood: bool,
    /// Their mood now, with how sure it is.
    pub mood: Option<(MoodLabel, f32)>,
    /// How far their processed track had to step down.
    pub rung: Option<Rung>,
    /// What they publish.
    pub tracks: Vec<Track>,
    /// What each of their media sections receives.
    pub sections: Vec<Section>,
    /// Sections that the server asked for and no offer has brought yet.
    pub wanted: Option<(u32, u32)>,
    pub(super) token: TokenHash,
    pub(super) earlier: Option<TokenHash>,
}

impl Seat {
    pub(super) fn new(newcomer: Newcomer) -> Self {
        let Newcomer { participant, name, member, host, outbox, token } = newcomer;
        Self {
            id: participant,
            name,
            member,
            host,
            outbox: Some(outbox),
            away_since: None,
            quiet: false,
            effects: Effects::Off,
            shares_mood: false,
            mood: None,
            rung: None,
            tracks: Vec::new(),
            sections: Vec::new(),
            wanted: None,
            token,
            earlier: None,
        }
    }

    /// Whether the room is told that they are away.
    pub fn away(&self) -> bool {
        self.outbox.is_none() || self.quiet
    }

    /// The camera that effects apply to.
    pub fn camera(&self) -> Option<&Track> {
        self.tracks.iter().find(|track| track.source == crate::protocol::Source::Camera)
    }

    fn shown(&self) -> Participant {
        Participant {
            id: self.id,
            name: self.name.clone(),
            guest: self.member.is_none(),
            user: self.member.as_ref().map(|member| member.person.clone()),
            host: self.host,
            away: self.away(),
            effects: self.effects,
            mood: self.mood.filter(|_| self.shares_mood).map(|(mood, _)| mood),
            tracks: self.tracks.clone(),
        }
    }

    pub(super) fn say(&self, message: ServerMessage) {
        if let Some(outbox) = &self.outbox {
            outbox.say(message);
        }
    }
}

/// What the row of a room with people inside says, as far as they are concerned. A copy: the row decides who comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Seats for whoever comes now; whoever is inside stays.
    pub capacity: u32,
    /// Whose room it is; none for a guest's.
    pub host: Option<UserId>,
    /// Whom it is listed to.
    pub visibility: Visibility,
    /// Whether people without an account may come in.
    pub guests: bool,
    /// Of which change of the row this is.
    pub updated_at: Timestamp,
}

/// A room with somebody inside: its seats in the order of joining.
#[derive(Debug)]
pub struct Room {
    setting: Setting,
    since: Timestamp,
    pub(super) seats: Vec<Seat>,
    /// What plays; none where no list is attached.
    pub(super) soundtrack: Option<Playing>,
}

impl Room {
    pub(super) fn new(setting: Setting, since: Timestamp) -> Self {
        Self { setting, since, seats: Vec::new(), soundtrack: None }
    }

    /// What its row says.
    pub fn setting(&self) -> Setting {
        self.setting
    }

    /// Since when somebody is inside.
    pub fn since(&self) -> Timestamp {
        self.since
    }

    /// Takes what its row says now over, unless a later change of it is known already.
    pub(super) fn refresh(&mut self, setting: Setting) {
        if setting.updated_at >= self.setting.updated_at {
            self.setting = setting;
        }
    }

    /// Whether every seat is taken; a kept seat is taken.
    pub fn is_full(&self) -> bool {
        self.seats.len() >= self.setting.capacity as usize
    }

    /// The seats.
    pub fn seats(&self) -> &[Seat] {
        &self.seats
    }

    pub(super) fn seat(&self, participant: ParticipantId) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.id == participant)
    }

    pub(super) fn seat_mut(&mut self, participant: ParticipantId) -> Option<&mut Seat> {
        self.seats.iter_mut().find(|seat| seat.id == participant)
    }

    /// The whole room as `you` see it.
    pub(super) fn roster(&self, room: RoomId, you: ParticipantId, filter: FilterState) -> ServerMessage {
        let participants = self.seats.iter().map(Seat::shown).collect();
        ServerMessage::Roster { room, you, capacity: self.setting.capacity, filter, participants }
    }

    /// What plays, for whoever asks.
    pub(super) fn shown_soundtrack(&self) -> ServerMessage {
        ServerMessage::Soundtrack { soundtrack: self.soundtrack.as_ref().map(Playing::shown) }
    }

    /// Tells everybody what plays, but for one who is answered.
    pub(super) fn tell_soundtrack(&self, except: Option<ParticipantId>) {
        let message = self.shown_soundtrack();
        for seat in self.seats.iter().filter(|seat| Some(seat.id) != except) {
            seat.say(message.clone());
        }
    }

    /// Tells everybody but one.
    pub(super) fn tell_others(&self, except: ParticipantId, message: &ServerMessage) {
        for seat in self.seats.iter().filter(|seat| seat.id != except) {
            seat.say(message.clone());
        }
    }

    pub(super) fn arrive(&mut self, seat: Seat) {
        self.tell_others(seat.id, &ServerMessage::Joined { participant: seat.shown() });
        self.seats.push(seat);
    }
}
