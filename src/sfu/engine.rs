//! All rooms of one driver: takes commands and datagrams to the room that they are for, and keeps a panic in one
//! participant's input from ending more than that participant.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use bytes::BytesMut;

use super::command::Command;
use super::demux::{Demux, Route, Unwanted};
use super::handle::{OfferError, SfuError};
use super::ice::Path;
use super::room::{Means, Outgoing, Room};
use crate::base::id::{ParticipantId, RoomId, TrackId};

/// Everything that the driver thread owns, but for its sockets.
pub(super) struct Engine {
    means: Means,
    demux: Demux,
    rooms: HashMap<RoomId, Room>,
    whereabouts: HashMap<ParticipantId, RoomId>,
    owners: HashMap<TrackId, RoomId>,
    /// Names taps and injectors.
    numbers: u64,
    out: Outgoing,
}

impl Engine {
    /// An engine without rooms.
    pub(super) fn new(means: Means) -> Self {
        Self {
            means,
            demux: Demux::default(),
            rooms: HashMap::new(),
            whereabouts: HashMap::new(),
            owners: HashMap::new(),
            numbers: 0,
            out: Outgoing::new(),
        }
    }

    /// Does what the handle asks for. A panic costs that command, whose asker hears that there is no answer, and not the
    /// thread that everybody's media depends on.
    pub(super) fn handle(&mut self, command: Command, now: Instant) {
        if catch_unwind(AssertUnwindSafe(|| self.obey(command, now))).is_err() {
            self.means.counters.panics.add(1);
            tracing::error!("a command made the media thread panic");
        }
    }

    /// Whoever asked and is not there to hear the answer has gone: no error.
    fn obey(&mut self, command: Command, now: Instant) {
        match command {
            Command::Join { room, participant, events, reply } => {
                let joined = self.join(room, participant, events);
                self.count();
                let _ = reply.send(joined);
            }
            Command::Leave { participant, reply } => {
                self.leave(participant, now);
                self.count();
                let _ = reply.send(());
            }
            Command::Offer { participant, sdp, reply } => {
                let answer = self.offer(participant, &sdp, now);
                self.count();
                let _ = reply.send(answer);
            }
            Command::Publish { participant, publish, reply } => {
                let published = self.ask(participant, now, |room| room.publish(participant, publish, now));
                if let (Ok(track), Some(room)) = (published, self.whereabouts.get(&participant)) {
                    self.owners.insert(track, *room);
                }
                self.count();
                let _ = reply.send(published);
            }
            Command::Unpublish { participant, track, reply } => {
                let done = self.ask(participant, now, |room| room.unpublish(participant, track, now));
                if done.is_ok() {
                    self.owners.remove(&track);
                }
                self.count();
                let _ = reply.send(done);
            }
            Command::Mute { participant, track, muted, reply } => {
                let _ = reply.send(self.ask(participant, now, |room| room.mute(participant, track, muted, now)));
            }
            Command::Subscribe { participant, publisher, kind, on, reply } => {
                let done = self.ask(participant, now, |room| room.subscribe(participant, publisher, kind, on, now));
                self.count();
                let _ = reply.send(done);
            }
            Command::Shutdown { reply } => {
                for participant in self.whereabouts.keys().copied().collect::<Vec<_>>() {
                    self.leave(participant, now);
                }
                self.count();
                if let Some(reply) = reply {
                    let _ = reply.send(());
                }
            }
            other => self.handle_sources(other, now),
        }
    }

    /// Commands about taps and injectors.
    fn handle_sources(&mut self, command: Command, now: Instant) {
        match command {
            Command::Tap { track, tap, reply } => {
                let number = self.number();
                let room = self.room_of(track).ok_or(SfuError::UnknownTrack);
                let tapped = room.and_then(|room| room.tap(track, number, tap, now));
                self.count();
                let _ = reply.send(tapped.map(|codec| (number, codec)));
            }
            Command::Untap { track, number } => {
                if let Some(room) = self.room_of(track) {
                    room.untap(track, number);
                }
                self.count();
            }
            Command::Keyframe { track } => {
                if let Some(room) = self.room_of(track) {
                    room.want_original(track, now);
                }
            }
            Command::Inject { track, on_keyframe, reply } => {
                let number = self.number();
                let room = self.room_of(track).ok_or(SfuError::UnknownTrack);
                let opened = room.and_then(|room| room.inject(track, number, on_keyframe));
                self.count();
                let _ = reply.send(opened.map(|()| number));
            }
            Command::Injected { track, number, picture, in_flight } => {
                let room = self.owners.get(&track).and_then(|room| self.rooms.get_mut(room));
                if let Some(room) = room {
                    room.injected(track, number, &picture, &self.means.counters, now);
                }
                drop(in_flight);
            }
            Command::Show { track, number, processed } => {
                if let Some(room) = self.room_of(track) {
                    room.show(track, number, processed, now);
                }
            }
            Command::Eject { track, number } => {
                if let Some(room) = self.room_of(track) {
                    room.eject(track, number, now);
                }
                self.count();
            }
            // `handle` has the others.
            _ => {}
        }
    }

    fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    fn room_of(&mut self, track: TrackId) -> Option<&mut Room> {
        self.rooms.get_mut(self.owners.get(&track)?)
    }

    fn join(
        &mut self,
        room: RoomId,
        participant: ParticipantId,
        events: tokio::sync::mpsc::UnboundedSender<super::Event>,
    ) -> Result<(), SfuError> {
        if self.whereabouts.contains_key(&participant) {
            return Err(SfuError::AlreadyJoined);
        }
        self.whereabouts.insert(participant, room);
        self.rooms.entry(room).or_default().join(participant, events);
        Ok(())
    }

    fn leave(&mut self, participant: ParticipantId, now: Instant) {
        let Some(id) = self.whereabouts.remove(&participant) else { return };
        let Some(room) = self.rooms.get_mut(&id) else { return };
        for track in room.leave(participant, &mut self.demux, &mut self.out, now) {
            self.owners.remove(&track);
        }
        if room.participants.is_empty() {
            self.rooms.remove(&id);
        }
    }

    fn offer(&mut self, participant: ParticipantId, sdp: &str, now: Instant) -> Result<String, OfferError> {
        let mut out = std::mem::take(&mut self.out);
        let answer = self
            .with(participant, now, |room, _, demux, means| room.offer(participant, sdp, means, demux, &mut out, now));
        self.out = out;
        let answer = answer.unwrap_or(Err(OfferError::UnknownParticipant));
        let counters = &self.means.counters;
        let counter = if answer.is_ok() { &counters.offers } else { &counters.offers_refused };
        counter.add(1);
        answer
    }

    fn ask<T>(
        &mut self,
        participant: ParticipantId,
        now: Instant,
        act: impl FnOnce(&mut Room) -> Result<T, SfuError>,
    ) -> Result<T, SfuError> {
        self.with(participant, now, |room, _, _, _| act(room)).unwrap_or(Err(SfuError::UnknownParticipant))
    }

    /// Takes a datagram to whom it is for. Returns whether its sender has shown that they are who they say.
    pub(super) fn datagram(&mut self, path: Path, datagram: &[u8], now: Instant) -> bool {
        let counters = &self.means.counters;
        counters.received_datagrams.add(1);
        counters.received_bytes.add(datagram.len() as u64);
        match self.demux.route(path, datagram) {
            Route::Stun(participant) => {
                let accepted = self.with(participant, now, |room, seat, demux, means| {
                    room.handle_stun(seat, path, datagram, demux, &means.counters, now)
                });
                if accepted != Some(true) {
                    self.means.counters.dropped_stun.add(1);
                }
                true
            }
            Route::Media(participant) => {
                let datagram = BytesMut::from(datagram);
                self.with(participant, now, |room, seat, demux, means| {
                    room.handle_media(seat, datagram, demux, &means.counters, now);
                });
                false
            }
            Route::Drop(Unwanted::Unvalidated | Unwanted::Unknown) => {
                counters.dropped_unvalidated.add(1);
                false
            }
            Route::Drop(_) => {
                counters.dropped_stun.add(1);
                false
            }
        }
    }

    /// The TCP connection under a path is closed.
    pub(super) fn disconnected(&mut self, path: Path, now: Instant) {
        if let Some(participant) = self.demux.owner(path) {
            self.with(participant, now, |room, seat, demux, means| {
                room.disconnected(seat, path, demux, &means.counters, now);
            });
        }
    }

    /// Whether an authenticated check has come from there and is still believed.
    pub(super) fn believes(&self, path: Path) -> bool {
        self.demux.owner(path).is_some()
    }

    /// Runs what one participant's input sets off. A panic in it ends their media and nobody else's.
    fn with<T>(
        &mut self,
        participant: ParticipantId,
        now: Instant,
        act: impl FnOnce(&mut Room, usize, &mut Demux, &Means) -> T,
    ) -> Option<T> {
        let room = self.rooms.get_mut(self.whereabouts.get(&participant)?)?;
        let seat = room.seat(participant)?;
        let (demux, means) = (&mut self.demux, &self.means);
        let outcome = catch_unwind(AssertUnwindSafe(|| act(room, seat, demux, means)));
        if outcome.is_err() {
            means.counters.panics.add(1);
            tracing::error!(%participant, "a participant's input made the media thread panic; their media ends");
            room.break_off(seat, demux, now);
        }
        outcome.ok()
    }

    /// When [`Engine::handle_timeout`] is due.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.rooms.values().filter_map(Room::deadline).min()
    }

    /// Lets time pass in the rooms where something is due.
    pub(super) fn handle_timeout(&mut self, now: Instant) {
        let (demux, means) = (&mut self.demux, &self.means);
        for room in self.rooms.values_mut().filter(|room| room.deadline().is_some_and(|due| due <= now)) {
            let outcome = catch_unwind(AssertUnwindSafe(|| room.handle_timeout(demux, &means.counters, now)));
            if outcome.is_err() {
                means.counters.panics.add(1);
                break_off_culprit(room, demux, now);
            }
        }
    }

    /// Everything that has to be sent by now.
    pub(super) fn drain(&mut self, now: Instant) -> &mut Outgoing {
        for room in self.rooms.values_mut() {
            // One round, but for panics: each of them removes a link.
            while catch_unwind(AssertUnwindSafe(|| room.drain(&mut self.out, now))).is_err() {
                self.means.counters.panics.add(1);
                break_off_culprit(room, &mut self.demux, now);
            }
            self.means.counters.keyframe_requests_sent.add(std::mem::take(&mut room.asked_sources));
        }
        &mut self.out
    }

    /// Brings the gauges up to date.
    fn count(&self) {
        let counters = &self.means.counters;
        let people = || self.rooms.values().flat_map(|room| &room.participants);
        let publications = || people().flat_map(|participant| &participant.publications);
        let subscriptions = people().flat_map(|participant| &participant.sections);
        counters.rooms.set(self.rooms.len() as u64);
        counters.participants.set(self.whereabouts.len() as u64);
        counters.transports.set(people().filter(|participant| participant.link.is_some()).count() as u64);
        counters.publications.set(publications().count() as u64);
        counters.subscriptions.set(subscriptions.filter(|section| section.shows().is_some()).count() as u64);
        counters.taps.set(publications().map(|publication| publication.taps.len() as u64).sum());
        counters.injectors.set(publications().filter(|publication| publication.injection.is_some()).count() as u64);
        counters.addresses.set(self.demux.len().1 as u64);
    }

    /// Brings the gauges up to date and hands everything to the metrics recorder.
    pub(super) fn export(&self) {
        self.count();
        self.means.counters.export();
    }
}

fn break_off_culprit(room: &mut Room, demux: &mut Demux, now: Instant) {
    let seat = room.active.take();
    tracing::error!(?seat, "the media thread panicked over a participant's link; their media ends");
    if let Some(seat) = seat {
        room.break_off(seat, demux, now);
    }
}
