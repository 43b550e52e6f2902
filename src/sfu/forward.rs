//! The way of a datagram: from a publisher's link through the publication to every subscriber's.

use std::time::Instant;

use bytes::BytesMut;

use super::Kind;
use super::command::Event;
use super::demux::Demux;
use super::ice::Path;
use super::link::Change;
use super::munger::{Incoming, Withheld};
use super::negotiation::Format;
use super::publication::{Feed, Rejected};
use super::room::Room;
use super::speakers::Loudness;
use super::stats::Counters;
use super::transport::{Output, Received};
use crate::rtp::packet::Packet;

impl Room {
    /// Takes a STUN datagram for the participant in a seat. Returns whether it changed anything.
    pub(super) fn handle_stun(
        &mut self,
        seat: usize,
        path: Path,
        datagram: &[u8],
        demux: &mut Demux,
        counters: &Counters,
        now: Instant,
    ) -> bool {
        let Some(link) = &mut self.participants[seat].link else { return false };
        let accepted = link.handle_stun(path, datagram, now);
        self.follow(seat, demux, counters, now);
        accepted
    }

    /// Takes a datagram that is not STUN and came over a validated path of the participant.
    pub(super) fn handle_media(
        &mut self,
        seat: usize,
        datagram: BytesMut,
        demux: &mut Demux,
        counters: &Counters,
        now: Instant,
    ) {
        let Some(link) = &mut self.participants[seat].link else { return };
        link.transport.handle_datagram(datagram, now);
        self.follow(seat, demux, counters, now);
    }

    /// The TCP connection under a path is closed.
    pub(super) fn disconnected(
        &mut self,
        seat: usize,
        path: Path,
        demux: &mut Demux,
        counters: &Counters,
        now: Instant,
    ) {
        let Some(link) = &mut self.participants[seat].link else { return };
        link.disconnected(path, now);
        self.follow(seat, demux, counters, now);
    }

    /// Lets time pass for everybody.
    pub(super) fn handle_timeout(&mut self, demux: &mut Demux, counters: &Counters, now: Instant) {
        for seat in 0..self.participants.len() {
            let Some(link) = &mut self.participants[seat].link else { continue };
            if link.deadline().is_some_and(|due| due <= now) {
                self.active = Some(seat);
                link.handle_timeout(now);
                counters.dropped_retransmission.add(link.transport.take_refused());
                self.follow(seat, demux, counters, now);
            }
        }
        self.ask_sources(now);
        self.tell_speakers(now);
        self.settle(now);
    }

    /// Acts on what came out of a link.
    fn follow(&mut self, seat: usize, demux: &mut Demux, counters: &Counters, now: Instant) {
        self.touch(seat);
        let mut closed = false;
        while let Some(output) = self.participants[seat].link.as_mut().and_then(|link| link.transport.poll()) {
            match output {
                Output::Media(received) => self.receive(seat, &received, counters, now),
                Output::KeyframeWanted { ssrc } => self.want_keyframe(seat, ssrc, counters, now),
                Output::Connected => {
                    let change = self.participants[seat].link.as_mut().and_then(|link| link.shake_hands());
                    self.change(seat, change, counters, now);
                }
                Output::Closed => closed = true,
            }
        }
        let id = self.participants[seat].id;
        while let Some(link) = &mut self.participants[seat].link {
            let Some(change) = link.poll_change(id, demux, now) else { break };
            self.change(seat, Some(change), counters, now);
        }
        if closed {
            self.break_off(seat, demux, now);
        }
    }

    fn change(&mut self, seat: usize, change: Option<Change>, counters: &Counters, now: Instant) {
        let participant = &mut self.participants[seat];
        match change {
            Some(Change::Up) => {
                participant.tell(Event::Connected);
                self.refresh(seat, now);
            }
            Some(Change::Moved) => {
                counters.path_changes.add(1);
                self.refresh(seat, now);
            }
            Some(Change::Silent) => participant.tell(Event::Silent),
            Some(Change::Back) => {
                participant.tell(Event::Back);
                self.refresh(seat, now);
            }
            Some(Change::Gone) => {
                participant.tell(Event::MediaGone);
                // Nothing is sent from here on: what comes after must not look like a loss of all that.
                participant.sections.iter_mut().for_each(|section| section.resume());
            }
            None => {}
        }
    }

    /// Keyframes in both directions: from the participant for whoever watches them, and for all that they watch.
    pub(super) fn refresh(&mut self, seat: usize, now: Instant) {
        self.rewire(now);
        let Some(participant) = self.participants.get_mut(seat) else { return };
        for publication in participant.publications.iter_mut().filter(|own| own.kind == Kind::Video) {
            if let Some(feed) = publication.feed().filter(|_| !publication.subscribers.is_empty()) {
                publication.want_keyframe(feed);
            }
        }
        let video = participant.sections.iter().filter(|section| section.kind == Kind::Video);
        let watched: Vec<_> = video.filter_map(|section| section.shows()).collect();
        for (owner, index) in watched.into_iter().filter_map(|(_, track)| self.find(track)).collect::<Vec<_>>() {
            let publication = &mut self.participants[owner].publications[index];
            if let Some(feed) = publication.feed() {
                publication.want_keyframe(feed);
            }
        }
        self.ask_sources(now);
    }

    /// A packet of theirs has decrypted.
    fn receive(&mut self, seat: usize, received: &Received, counters: &Counters, now: Instant) {
        let participant = &mut self.participants[seat];
        if let Some(link) = &mut participant.link {
            link.heard(now);
        }
        let (id, packet) = (participant.id, &received.packet);
        let ours = participant.publications.iter().position(|publication| publication.ssrc() == Some(packet.ssrc));
        let Some(index) = ours else {
            counters.dropped_unknown_source.add(1);
            return;
        };
        let publication = &mut participant.publications[index];
        let admitted = match publication.admit(packet) {
            Ok(admitted) => admitted,
            Err(Rejected::Repeated) => return counters.dropped_duplicate.add(1),
            Err(Rejected::UnknownPayloadType) => return counters.dropped_unknown_source.add(1),
        };
        counters.published_packets.add(1);
        let (track, muted, kind) = (publication.track, publication.muted, publication.kind);
        if !muted {
            publication.show_taps(packet, now);
        }
        if let Some(codec) = admitted.codec {
            participant.tell(Event::PublicationCodec { track, codec });
        }
        if muted {
            return;
        }
        if kind == Kind::Audio {
            let by_size = || Loudness::from_opus_size(packet.payload.len());
            self.speakers.push(id, received.audio_level.map_or_else(by_size, Loudness::from_level), now);
        }
        let feed = Feed::Original { track, ssrc: packet.ssrc };
        self.forward((seat, index), feed, admitted.format, packet, &admitted.incoming, counters, now);
        if kind == Kind::Video {
            self.participants[seat].publications[index].forwarded(packet, &admitted);
        }
    }

    /// Hands a packet of one feed to everybody who shows it.
    #[expect(clippy::too_many_arguments, reason = "the packet comes with what was read of it once for all")]
    pub(super) fn forward(
        &mut self,
        (seat, index): (usize, usize),
        feed: Feed,
        format: Format,
        packet: &Packet,
        incoming: &Incoming,
        counters: &Counters,
        now: Instant,
    ) {
        // Taken out for the loop: the publisher may be among the subscribers.
        let publication = &mut self.participants[seat].publications[index];
        let (subscribers, early) =
            (std::mem::take(&mut publication.subscribers), std::mem::take(&mut publication.early));
        let (mut forwarded, mut awaited) = (0, false);
        for place in &subscribers {
            let Some(subscriber) = self.participants.get_mut(place.seat) else { continue };
            let Some(link) = subscriber.link.as_mut().filter(|link| link.is_up()) else { continue };
            let Some(section) = subscriber.sections.get_mut(place.section) else { continue };
            let done = section.rewrite(feed, (format, packet, incoming), &early, now, |packet| {
                link.transport.send(packet, now);
                forwarded += 1;
            });
            awaited |= done == Err(Withheld::AwaitsKeyframe);
            if done.is_ok() && !std::mem::replace(&mut subscriber.touched, true) {
                self.touched.push(place.seat);
            }
        }
        counters.forwarded_packets.add(forwarded);
        let publication = &mut self.participants[seat].publications[index];
        (publication.subscribers, publication.early) = (subscribers, early);
        if awaited {
            publication.still_wants_keyframe(feed);
        }
    }

    /// A subscriber wants a keyframe of what one of their sections shows.
    fn want_keyframe(&mut self, seat: usize, ssrc: u32, counters: &Counters, now: Instant) {
        let sections = &self.participants[seat].sections;
        let shows = sections.iter().find(|section| section.ssrc() == ssrc).and_then(|section| section.shows());
        let Some((owner, index)) = shows.and_then(|(_, track)| self.find(track)) else { return };
        counters.keyframe_requests.add(1);
        let publication = &mut self.participants[owner].publications[index];
        if let Some(feed) = publication.feed() {
            publication.want_keyframe(feed);
        }
        self.ask_sources(now);
    }

    /// Sends the keyframe requests that are due.
    pub(super) fn ask_sources(&mut self, now: Instant) {
        for seat in 0..self.participants.len() {
            let participant = &mut self.participants[seat];
            let mut asked = false;
            for publication in &mut participant.publications {
                if let Some(injection) = &mut publication.injection
                    && injection.keyframes.poll(now)
                {
                    (injection.on_keyframe)();
                }
                let reachable = participant.link.as_mut().filter(|link| link.is_up());
                if let (Some(link), Some(ssrc)) = (reachable, publication.ssrc().filter(|_| !publication.muted))
                    && publication.keyframes.poll(now)
                {
                    link.transport.request_keyframe(ssrc, now);
                    asked = true;
                }
            }
            if asked {
                self.asked_sources += 1;
                self.touch(seat);
            }
        }
    }

    fn tell_speakers(&mut self, now: Instant) {
        let Some(speakers) = self.speakers.poll(now) else { return };
        let loud: Vec<_> = speakers.iter().map(|speaker| (speaker.participant, speaker.level)).collect();
        let before = std::mem::take(&mut self.speaking);
        let silent = before.into_iter().filter(|id| !loud.iter().any(|(other, _)| other == id)).map(|id| (id, 0));
        let news: Vec<_> = loud.iter().copied().chain(silent).collect();
        self.speaking = loud.into_iter().map(|(id, _)| id).collect();
        for listener in &self.participants {
            for (participant, level) in &news {
                listener.tell(Event::Speaking { participant: *participant, level: *level });
            }
        }
    }
}
