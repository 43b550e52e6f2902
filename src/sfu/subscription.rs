//! One section in which a participant can receive: what it shows, and the numbers of the stream that it carries.

use std::time::Instant;

use bytes::Bytes;

use super::Kind;
use super::munger::{Incoming, Munger, Rewritten};
use super::negotiation::{Format, OfferedSection, Sending};
use super::publication::Feed;
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

    /// The packet for this section, if it is to be sent: payload type, source and running numbers of this hop.
    pub(super) fn rewrite(
        &mut self,
        feed: Feed,
        format: Format,
        packet: &Packet,
        incoming: &Incoming,
        now: Instant,
    ) -> Option<Packet> {
        if !self.receives() {
            return None;
        }
        let payload_type = self.offered.codec(format)?.payload_type;
        let rewritten = self.munger.rewrite(feed, incoming, now).ok()?;
        Some(Packet {
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
