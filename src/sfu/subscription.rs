//! One section in which a participant can receive: what it shows, and the numbers of the stream that it carries.

use std::time::Instant;

use bytes::Bytes;

use super::Kind;
use super::munger::{Incoming, Munger, Rewritten, Withheld};
use super::negotiation::{Format, OfferedSection, Sending};
use super::publication::{Early, Feed};
use crate::base::id::{ParticipantId, TrackId};
use crate::rtp::packet::Packet;

/// A receiving section. The stream belongs to the section, not to the track: its numbers go on when it shows another.
pub(super) struct Subscription {
    pub(super) mid: String,
    pub(super) kind: Kind,
    /// Sections of the same slot play in step.
    pub(super) slot: usize,
    ssrc: u32,
    offered: OfferedSection,
    shows: Option<(ParticipantId, TrackId)>,
    munger: Munger<Feed>,
}

impl Subscription {
    /// A section that has not shown anything yet; `None` if the section is not one of media.
    pub(super) fn new(offered: &OfferedSection, sending: Sending) -> Option<Self> {
        let kind = offered.kind?;
        let munger = if kind == Kind::Audio { Munger::audio() } else { Munger::video() };
        Some(Self {
            mid: offered.mid.clone(),
            kind,
            slot: sending.slot,
            ssrc: sending.ssrc,
            offered: offered.clone(),
            shows: None,
            munger,
        })
    }

    /// Takes over what a further offer says about the section.
    pub(super) fn update(&mut self, offered: &OfferedSection) {
        self.offered = offered.clone();
    }

    /// Whether the participant receives in it.
    pub(super) fn receives(&self) -> bool {
        self.offered.direction.receives()
    }

    /// What it shows.
    pub(super) fn shows(&self) -> Option<(ParticipantId, TrackId)> {
        self.shows
    }

    /// Our source in it.
    pub(super) fn ssrc(&self) -> u32 {
        self.ssrc
    }

    /// Shows another track, or none.
    pub(super) fn show(&mut self, shows: Option<(ParticipantId, TrackId)>) {
        if self.shows != shows {
            self.shows = shows;
            if shows.is_none() {
                self.munger.pause();
            }
        }
    }

    /// Asks for a feed; `None` pauses. Returns whether the feed has to send a keyframe for it.
    pub(super) fn want(&mut self, feed: Option<Feed>) -> bool {
        let Some(feed) = feed else {
            self.munger.pause();
            return false;
        };
        let before = self.munger.awaits_keyframe();
        if self.munger.forwarded() != Some(feed) || before.is_some() {
            self.munger.switch(feed);
        }
        let now = self.munger.awaits_keyframe();
        now.is_some() && now != before
    }

    /// Begins anew after a gap in which nothing was sent, so that the gap is not taken for loss.
    pub(super) fn resume(&mut self) {
        self.munger.pause();
    }

    /// Hands out the packet for this section, if it is to be sent: payload type, source and running numbers of this hop.
    /// When the section takes the feed over with it, what came of the keyframe before its first packet follows at once.
    ///
    /// # Errors
    /// Why nothing is sent.
    pub(super) fn rewrite<'a>(
        &mut self,
        feed: Feed,
        (format, packet, incoming): (Format, &Packet, &Incoming),
        early: impl IntoIterator<Item = &'a Early>,
        now: Instant,
        mut send: impl FnMut(Packet),
    ) -> Result<(), Withheld> {
        if !self.receives() {
            return Err(Withheld::OtherSource);
        }
        let before = self.munger.forwarded();
        send(self.rewrite_one(feed, format, packet, incoming, now)?);
        if self.munger.forwarded() != before {
            for early in early.into_iter().filter(|early| early.packet.ssrc == packet.ssrc) {
                if let Ok(packet) = self.rewrite_one(feed, early.format, &early.packet, &early.incoming, now) {
                    send(packet);
                }
            }
        }
        Ok(())
    }

    fn rewrite_one(
        &mut self,
        feed: Feed,
        format: Format,
        packet: &Packet,
        incoming: &Incoming,
        now: Instant,
    ) -> Result<Packet, Withheld> {
        let payload_type = self.offered.codec(format).ok_or(Withheld::OtherSource)?.payload_type;
        let rewritten = self.munger.rewrite(feed, incoming, now)?;
        Ok(Packet {
            marker: packet.marker,
            payload_type,
            sequence: rewritten.sequence,
            timestamp: rewritten.timestamp,
            ssrc: self.ssrc,
            payload: payload(format, packet, incoming, rewritten),
        })
    }
}

/// The payload, shared with the source as long as no running number in it differs.
fn payload(format: Format, packet: &Packet, incoming: &Incoming, rewritten: Rewritten) -> Bytes {
    let same_picture = incoming.picture_id.is_none_or(|id| id.value == rewritten.picture_id);
    let same_layer = incoming.tl0_pic_idx.is_none_or(|index| index == rewritten.tl0_pic_idx);
    if format != Format::Vp8 || (same_picture && same_layer) {
        return packet.payload.clone();
    }
    let mut payload = packet.payload.to_vec();
    rewritten.apply_vp8(&mut payload);
    payload.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock;
    use crate::sfu::negotiation::Offer;

    const CHROME: &str = include_str!("negotiation/chrome_offer.sdp");

    fn vp8(sequence: u16, keyframe_start: bool) -> (Packet, Incoming) {
        // Extended descriptor without fields; a payload that begins a keyframe has the P bit cleared.
        let payload = if keyframe_start { vec![0x10, 0x00, 1, 2] } else { vec![0x00, 0x01, 1, 2] };
        let packet = Packet {
            marker: false,
            payload_type: 96,
            sequence,
            timestamp: 9000,
            ssrc: 5,
            payload: Bytes::from(payload.clone()),
        };
        (packet, Incoming::vp8(sequence, 9000, &payload))
    }

    #[test]
    fn packets_that_overtook_their_keyframes_first_one_follow_it() {
        let offer = Offer::parse(CHROME).unwrap();
        let offered = offer.sections.iter().find(|section| section.kind == Some(Kind::Video)).unwrap();
        let sending = Sending { kind: Kind::Video, slot: 0, ssrc: 77, rtx_ssrc: None };
        let mut section = Subscription::new(offered, sending).unwrap();
        let (track, now) = (TrackId::new(), clock::now());
        let feed = Feed::Original { track, ssrc: 5 };
        assert!(section.want(Some(feed)));
        let mut early = Vec::new();
        // 99 ends the picture before; 101 and 102 belong to the keyframe that begins with 100.
        for sequence in [99, 101, 102] {
            let (packet, incoming) = vp8(sequence, false);
            let refused = section.rewrite(feed, (Format::Vp8, &packet, &incoming), &early, now, |_| panic!("sent"));
            assert_eq!(refused, Err(Withheld::AwaitsKeyframe));
            early.push(Early { packet, format: Format::Vp8, incoming });
        }
        let mut sent = Vec::new();
        for (sequence, start) in [(100, true), (103, false)] {
            let (packet, incoming) = vp8(sequence, start);
            let line = (Format::Vp8, &packet, &incoming);
            section.rewrite(feed, line, &early, now, |packet| sent.push(packet.sequence)).unwrap();
        }
        let first = sent[0];
        assert_eq!(sent, [0, 1, 2, 3].map(|step| first.wrapping_add(step)));
    }
}
