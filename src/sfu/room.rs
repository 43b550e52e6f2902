//! A room: who is in it, what they publish, and who shows whose track where.
//!
//! A value without sockets or clock. Datagrams and commands go in with `now`; datagrams, events and a deadline come out.

use std::sync::Arc;
use std::time::Instant;

use bytes::BytesMut;
use tokio::sync::mpsc::UnboundedSender;

use super::assign::{Place as Free, Wanted, assign};
use super::command::{Event, Publish};
use super::demux::Demux;
use super::handle::SfuError;
use super::ice::{Path, Patience};
use super::participant::Participant;
use super::publication::{Place, Publication};
use super::speakers::Speakers;
use super::stats::Counters;
use super::transport::Identity;
use super::{Kind, Options};
use crate::base::id::{ParticipantId, TrackId};

/// Tracks that one participant may publish at a time: one for each source.
const MAX_PUBLICATIONS: usize = 4;

/// What all rooms share.
pub(super) struct Means {
    pub(super) identity: Identity,
    pub(super) announced: Vec<std::net::SocketAddr>,
    pub(super) patience: Patience,
    pub(super) counters: Arc<Counters>,
}

impl Means {
    pub(super) fn new(
        options: &Options,
        identity: Identity,
        announced: Vec<std::net::SocketAddr>,
        counters: Arc<Counters>,
    ) -> Self {
        let patience = Patience { away_after: options.away_after, gone_after: options.gone_after };
        Self { identity, announced, patience, counters }
    }
}

/// Datagrams on their way out.
pub(super) type Outgoing = Vec<(Path, BytesMut)>;

/// The people of one room and their media.
#[derive(Default)]
pub(super) struct Room {
    pub(super) participants: Vec<Participant>,
    pub(super) speakers: Speakers<ParticipantId>,
    /// Who was last told to speak.
    pub(super) speaking: Vec<ParticipantId>,
    /// Seats whose links may have something to send.
    pub(super) touched: Vec<usize>,
    /// Keyframe requests sent to publishers since the last count.
    pub(super) asked_sources: u64,
    /// Whose link is at work, to know whom a panic is about.
    pub(super) active: Option<usize>,
    deadline: Option<Instant>,
}

impl Room {
    /// Takes somebody in.
    pub(super) fn join(&mut self, id: ParticipantId, events: UnboundedSender<Event>) {
        self.participants.push(Participant::new(id, events));
    }

    /// Ends everything of theirs. Returns the tracks that are gone with them.
    pub(super) fn leave(
        &mut self,
        id: ParticipantId,
        demux: &mut Demux,
        out: &mut Outgoing,
        now: Instant,
    ) -> Vec<TrackId> {
        let Some(seat) = self.seat(id) else { return Vec::new() };
        // Seats behind theirs move: send what waits first.
        self.drain(out, now);
        let mut participant = self.participants.remove(seat);
        if let Some(mut link) = participant.link.take() {
            link.transport.close();
            out.extend(std::iter::from_fn(|| link.poll_datagram()));
        }
        demux.remove(id);
        self.speakers.remove(id);
        for other in &mut self.participants {
            other.forget(id);
        }
        self.arrange(now);
        self.settle_codecs();
        participant.publications.iter().map(|publication| publication.track).collect()
    }

    /// Where a participant sits.
    pub(super) fn seat(&self, id: ParticipantId) -> Option<usize> {
        self.participants.iter().position(|participant| participant.id == id)
    }

    /// Where a publication is: its owner's seat and its index there.
    pub(super) fn find(&self, track: TrackId) -> Option<(usize, usize)> {
        self.participants.iter().enumerate().find_map(|(seat, participant)| {
            let index = participant.publications.iter().position(|publication| publication.track == track)?;
            Some((seat, index))
        })
    }

    /// Says what a section carries.
    pub(super) fn publish(&mut self, id: ParticipantId, publish: Publish, now: Instant) -> Result<TrackId, SfuError> {
        let seat = self.seat(id).ok_or(SfuError::UnknownParticipant)?;
        let participant = &mut self.participants[seat];
        let link = participant.link.as_ref().ok_or(SfuError::UnknownSection)?;
        let section = link.offer.sections.iter().find(|section| section.mid == publish.mid);
        let section = section.filter(|section| section.kind == Some(publish.kind) && section.direction.sends());
        let section = section.ok_or(SfuError::UnknownSection)?;
        let taken = |other: &Publication| other.source != publish.source && other.mid.as_ref() == Some(&publish.mid);
        if participant.publications.iter().any(taken) {
            return Err(SfuError::UnknownSection);
        }
        let existing = participant.publications.iter().position(|other| other.source == publish.source);
        let index = match existing {
            Some(index) if participant.publications[index].kind == publish.kind => index,
            Some(_) => return Err(SfuError::UnknownSection),
            None if participant.publications.len() >= MAX_PUBLICATIONS => return Err(SfuError::TooManyTracks),
            None => {
                participant.publications.push(Publication::new(publish.kind, publish.source, publish.muted));
                participant.publications.len() - 1
            }
        };
        let publication = &mut participant.publications[index];
        publication.muted = publish.muted;
        let (track, codec) = (publication.track, publication.bind(section, link.prefers_h264));
        if let Some(codec) = codec {
            participant.tell(Event::PublicationCodec { track, codec });
        }
        self.arrange(now);
        Ok(track)
    }

    /// Ends a publication.
    pub(super) fn unpublish(&mut self, id: ParticipantId, track: TrackId, now: Instant) -> Result<(), SfuError> {
        let participant = self.participant(id)?;
        let before = participant.publications.len();
        participant.publications.retain(|publication| publication.track != track);
        if participant.publications.len() == before {
            return Err(SfuError::UnknownTrack);
        }
        self.arrange(now);
        Ok(())
    }

    /// Stops or resumes forwarding.
    pub(super) fn mute(
        &mut self,
        id: ParticipantId,
        track: TrackId,
        muted: bool,
        now: Instant,
    ) -> Result<(), SfuError> {
        let publication = self.participant(id)?.publication(track).ok_or(SfuError::UnknownTrack)?;
        publication.muted = muted;
        if publication.kind == Kind::Audio && muted {
            self.speakers.remove(id);
        }
        self.rewire(now);
        Ok(())
    }

    /// Notes what somebody wants to receive.
    pub(super) fn subscribe(
        &mut self,
        id: ParticipantId,
        publisher: ParticipantId,
        kind: Kind,
        on: bool,
        now: Instant,
    ) -> Result<(), SfuError> {
        self.seat(publisher).ok_or(SfuError::UnknownParticipant)?;
        self.participant(id)?.choose(publisher, kind, on);
        self.arrange(now);
        Ok(())
    }

    pub(super) fn participant(&mut self, id: ParticipantId) -> Result<&mut Participant, SfuError> {
        let seat = self.seat(id).ok_or(SfuError::UnknownParticipant)?;
        Ok(&mut self.participants[seat])
    }

    /// Decides anew which section shows what, tells those for whom it changed, and asks for sections that are missing.
    pub(super) fn arrange(&mut self, now: Instant) {
        let tracks: Vec<_> = self
            .participants
            .iter()
            .flat_map(|owner| owner.publications.iter().map(|publication| (owner.id, publication)))
            .map(|(publisher, publication)| Wanted { publisher, track: publication.track, kind: publication.kind })
            .collect();
        for participant in &mut self.participants {
            let wanted: Vec<_> =
                tracks.iter().filter(|track| participant.wants(track.publisher, track.kind)).copied().collect();
            let (mut free, mut at) = (Vec::new(), Vec::new());
            for (index, section) in participant.sections.iter().enumerate() {
                if section.receives() {
                    free.push(Free { kind: section.kind, slot: section.slot, shows: section.shows() });
                    at.push(index);
                }
            }
            let mut shows = vec![None; participant.sections.len()];
            for (index, shown) in at.into_iter().zip(assign(&free, &wanted)) {
                shows[index] = shown;
            }
            for (section, shown) in participant.sections.iter_mut().zip(shows) {
                section.show(shown);
            }
            participant.tell_sections();
            let count = |kind| wanted.iter().filter(|track| track.kind == kind).count() as u32;
            participant.ask_for_sections(count(Kind::Audio), count(Kind::Video));
        }
        self.rewire(now);
    }

    /// Renews the lists of subscribers and lets every section ask for what it should show.
    pub(super) fn rewire(&mut self, now: Instant) {
        for publication in self.participants.iter_mut().flat_map(|owner| &mut owner.publications) {
            publication.subscribers.clear();
        }
        for seat in 0..self.participants.len() {
            for section in 0..self.participants[seat].sections.len() {
                self.wire(Place { seat, section });
            }
        }
        self.ask_sources(now);
    }

    fn wire(&mut self, place: Place) {
        let shows = self.participants[place.seat].sections[place.section].shows();
        let Some((owner, index)) = shows.and_then(|(_, track)| self.find(track)) else { return };
        let feed = self.participants[owner].publications[index].feed();
        let subscriber = &mut self.participants[place.seat];
        let needs_keyframe = subscriber.sections[place.section].want(feed) && subscriber.is_up();
        let publication = &mut self.participants[owner].publications[index];
        publication.subscribers.push(place);
        if let Some(feed) = feed.filter(|_| needs_keyframe) {
            publication.want_keyframe(feed);
        }
    }

    /// Asks those whose answer put the wrong codec first to offer again: everybody sends H.264 while somebody is there
    /// who cannot decode VP8, and VP8 otherwise.
    pub(super) fn settle_codecs(&mut self) {
        for seat in 0..self.participants.len() {
            let prefers_h264 = self.should_prefer_h264(seat);
            let participant = &mut self.participants[seat];
            let Some(link) = participant.link.as_ref().filter(|link| link.prefers_h264 != prefers_h264) else {
                continue;
            };
            let mut sending = link.offer.sections.iter().filter(|section| section.direction.sends());
            // With one codec only there is nothing to choose.
            if sending.any(|section| section.kind == Some(Kind::Video) && section.codecs.len() > 1) {
                participant.ask_again();
            }
        }
    }

    /// Whether somebody else in the room cannot decode VP8.
    pub(super) fn should_prefer_h264(&self, seat: usize) -> bool {
        self.participants.iter().enumerate().any(|(other, participant)| other != seat && participant.lacks_vp8())
    }

    /// Notes that a seat may have something to send.
    pub(super) fn touch(&mut self, seat: usize) {
        if let Some(participant) = self.participants.get_mut(seat)
            && !std::mem::replace(&mut participant.touched, true)
        {
            self.touched.push(seat);
        }
    }

    /// Takes what all touched links have to send.
    pub(super) fn drain(&mut self, out: &mut Outgoing, now: Instant) {
        if self.touched.is_empty() {
            return;
        }
        while let Some(seat) = self.touched.pop() {
            let Some(participant) = self.participants.get_mut(seat) else { continue };
            participant.touched = false;
            self.active = Some(seat);
            let Some(link) = &mut participant.link else { continue };
            out.extend(std::iter::from_fn(|| link.poll_datagram()));
            link.transport.settle();
        }
        self.settle(now);
    }

    /// Recomputes the deadline.
    pub(super) fn settle(&mut self, now: Instant) {
        let people = self.participants.iter().filter_map(|participant| participant.deadline(now));
        self.deadline = people.chain(self.speakers.poll_timeout(now)).min();
    }

    /// When [`Room::handle_timeout`] is due.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }
}

#[cfg(test)]
#[path = "room_tests.rs"]
mod tests;
