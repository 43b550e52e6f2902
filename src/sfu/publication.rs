//! One track as its owner published it: what comes in, who listens, and the second source that may stand in for it.

use std::collections::VecDeque;
use std::time::Instant;

use super::keyframes::Keyframes;
use super::munger::Incoming;
use super::negotiation::{Format, OfferedSection};
use super::tap::Tap;
use super::{Codec, Kind, Source};
use crate::base::id::TrackId;
use crate::rtp::packet::Packet;
use crate::rtp::payload::h264;
use crate::rtp::sequence::Dedup;

/// Packets kept for a keyframe whose first packet has not come: a large keyframe.
const MAX_EARLY: usize = 128;

/// One source of one publication. A page that reloads begins with another SSRC, and thus another feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Feed {
    /// As the participant sends it.
    Original { track: TrackId, ssrc: u32 },
    /// As an injector sends it.
    Processed { track: TrackId, number: u64 },
}

/// Where a subscription is: indices that the room renews at each change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) seat: usize,
    pub(super) section: usize,
}

/// The second source.
pub(super) struct Injection {
    pub(super) number: u64,
    pub(super) on_keyframe: Box<dyn Fn() + Send + Sync>,
    pub(super) shown: bool,
    pub(super) keyframes: Keyframes,
}

/// A packet that may belong to a keyframe whose first packet is late, or lost and asked for again.
pub(super) struct Early {
    pub(super) packet: Packet,
    pub(super) format: Format,
    pub(super) incoming: Incoming,
}

/// A published track.
pub(super) struct Publication {
    pub(super) track: TrackId,
    pub(super) kind: Kind,
    pub(super) source: Source,
    pub(super) muted: bool,
    /// The section that it comes in; `None` after its page was replaced, until it is published again.
    pub(super) mid: Option<String>,
    ssrc: Option<u32>,
    payload_types: Vec<(u8, Format)>,
    /// As last seen on a packet, or as negotiated before the first.
    format: Option<Format>,
    dedup: Dedup,
    pub(super) keyframes: Keyframes,
    /// What came while a keyframe was awaited, for whoever takes over in the middle of it.
    pub(super) early: VecDeque<Early>,
    pub(super) taps: Vec<(u64, Box<dyn Tap>)>,
    pub(super) injection: Option<Injection>,
    /// Who listens.
    pub(super) subscribers: Vec<Place>,
}

/// What a packet turned out to be.
pub(super) struct Admitted {
    pub(super) format: Format,
    pub(super) incoming: Incoming,
    /// The codec is known for the first time, or is another one than before.
    pub(super) codec: Option<Codec>,
}

impl Publication {
    /// A publication without a section yet.
    pub(super) fn new(kind: Kind, source: Source, muted: bool) -> Self {
        Self {
            track: TrackId::new(),
            kind,
            source,
            muted,
            mid: None,
            ssrc: None,
            payload_types: Vec::new(),
            format: None,
            dedup: Dedup::default(),
            keyframes: Keyframes::default(),
            early: VecDeque::new(),
            taps: Vec::new(),
            injection: None,
            subscribers: Vec::new(),
        }
    }

    /// Takes over what the section it comes in negotiated last. Returns the codec to tell, if it changed.
    pub(super) fn bind(&mut self, section: &OfferedSection, prefer_h264: bool) -> Option<Codec> {
        let ssrc = section.sources.filter(|_| section.direction.sends()).map(|sources| sources.primary);
        if self.mid.as_deref() != Some(&section.mid) || (ssrc.is_some() && ssrc != self.ssrc) {
            self.dedup = Dedup::default();
        }
        self.mid = Some(section.mid.clone());
        self.ssrc = ssrc;
        self.payload_types = section.codecs.iter().map(|codec| (codec.payload_type, codec.format)).collect();
        let first = if prefer_h264 { [Codec::H264, Codec::Vp8] } else { [Codec::Vp8, Codec::H264] };
        let formats = || section.codecs.iter().map(|codec| codec.format);
        let preferred = first.iter().find_map(|codec| formats().find(|format| format.codec() == *codec));
        self.expect(preferred.or_else(|| formats().next())?)
    }

    /// Its page is gone: nothing comes in until it is published again.
    pub(super) fn unbind(&mut self) {
        self.mid = None;
        self.ssrc = None;
        self.payload_types.clear();
        self.early.clear();
    }

    fn expect(&mut self, format: Format) -> Option<Codec> {
        let before = self.format.replace(format).map(Format::codec);
        (before != Some(format.codec())).then_some(format.codec())
    }

    /// The codec, as far as it is known.
    pub(super) fn codec(&self) -> Option<Codec> {
        self.format.map(Format::codec)
    }

    /// The source that it comes from, if its section names one.
    pub(super) fn ssrc(&self) -> Option<u32> {
        self.ssrc
    }

    /// What subscribers should see now; `None` while muted or without a section.
    pub(super) fn feed(&self) -> Option<Feed> {
        let ssrc = self.ssrc.filter(|_| !self.muted)?;
        let track = self.track;
        Some(match &self.injection {
            Some(injection) if injection.shown => Feed::Processed { track, number: injection.number },
            _ => Feed::Original { track, ssrc },
        })
    }

    /// Whether the packet is new and of a codec of ours; what it is then.
    pub(super) fn admit(&mut self, packet: &Packet) -> Result<Admitted, Rejected> {
        let known = self.payload_types.iter().find(|(number, _)| *number == packet.payload_type);
        let (_, format) = *known.ok_or(Rejected::UnknownPayloadType)?;
        if !self.dedup.first_time(packet.sequence) {
            return Err(Rejected::Repeated);
        }
        let incoming = incoming(format, packet);
        if incoming.keyframe_start {
            self.keyframes.arrived();
        }
        Ok(Admitted { format, incoming, codec: self.expect(format) })
    }

    /// A packet has been forwarded to whoever could take it. While a keyframe is awaited it is kept for the others.
    pub(super) fn forwarded(&mut self, packet: &Packet, admitted: &Admitted) {
        if admitted.incoming.keyframe_start || !self.keyframes.wanted() {
            return self.early.clear();
        }
        if self.early.len() == MAX_EARLY {
            self.early.pop_front();
        }
        let Admitted { format, incoming, .. } = *admitted;
        self.early.push_back(Early { packet: packet.clone(), format, incoming });
    }

    /// Shows a packet to all taps.
    pub(super) fn show_taps(&mut self, packet: &Packet, received: Instant) {
        for (_, tap) in &mut self.taps {
            tap.packet(packet, received);
        }
    }

    /// Somebody needs a keyframe of a feed.
    pub(super) fn want_keyframe(&mut self, feed: Feed) {
        match (feed, &mut self.injection) {
            (Feed::Processed { number, .. }, Some(injection)) if injection.number == number => {
                injection.keyframes.request();
            }
            (Feed::Original { .. }, _) => self.keyframes.request(),
            _ => {}
        }
    }

    /// Packets of a feed come and somebody cannot use them: should its source have been given up as one that answers no
    /// request, it is asked again.
    pub(super) fn still_wants_keyframe(&mut self, feed: Feed) {
        let keyframes = match (feed, &self.injection) {
            (Feed::Processed { .. }, Some(injection)) => &injection.keyframes,
            _ => &self.keyframes,
        };
        if !keyframes.wanted() {
            self.want_keyframe(feed);
        }
    }

    /// When keyframe requests are due again.
    pub(super) fn deadline(&self, now: Instant) -> Option<Instant> {
        // A source that cannot be reached is not asked.
        let original = self.feed().and_then(|_| self.keyframes.poll_timeout(now));
        let processed = self.injection.as_ref().and_then(|injection| injection.keyframes.poll_timeout(now));
        [original, processed].into_iter().flatten().min()
    }
}

/// Why a packet goes no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rejected {
    UnknownPayloadType,
    Repeated,
}

/// What a munger has to know of a packet, read once for all subscribers.
pub(super) fn incoming(format: Format, packet: &Packet) -> Incoming {
    match format {
        Format::Vp8 => Incoming::vp8(packet.sequence, packet.timestamp, &packet.payload),
        Format::H264 { .. } => {
            Incoming::plain(packet.sequence, packet.timestamp, h264::is_keyframe_start(&packet.payload))
        }
        Format::Opus => Incoming::plain(packet.sequence, packet.timestamp, false),
    }
}

#[cfg(test)]
#[path = "publication_tests.rs"]
mod tests;
