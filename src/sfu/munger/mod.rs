//! Keeps a subscriber's stream continuous while its source changes: camera, processed camera, a reloaded page's camera.
//! To a decoder it looks as if one encoder had gone on: numbers follow each other, time goes with the clock on the wall,
//! and only packets that the source itself lost are missing, so that NACK still works.

mod picture;
#[cfg(test)]
mod tests;

use std::time::Instant;

use self::picture::Pictures;
use crate::rtp::payload::vp8::{self, Descriptor, PictureId};
use crate::rtp::sequence::Unwrapper;
use crate::rtp::time::{self, Clock};

/// What the munger needs to know of a packet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Incoming {
    /// Sequence number as the source sent it.
    pub sequence: u16,
    /// Media time as the source sent it.
    pub timestamp: u32,
    /// VP8's running number of the picture.
    pub picture_id: Option<PictureId>,
    /// VP8's running number of base-layer pictures.
    pub tl0_pic_idx: Option<u8>,
    /// The first packet of a keyframe.
    pub keyframe_start: bool,
}

impl Incoming {
    /// A packet whose payload has no descriptor of interest: audio, H.264.
    pub fn plain(sequence: u16, timestamp: u32, keyframe_start: bool) -> Self {
        Self { sequence, timestamp, keyframe_start, ..Self::default() }
    }

    /// A VP8 packet. One whose descriptor is cut short counts as one without fields.
    pub fn vp8(sequence: u16, timestamp: u32, payload: &[u8]) -> Self {
        let descriptor = Descriptor::parse(payload).unwrap_or_default();
        Self {
            sequence,
            timestamp,
            picture_id: descriptor.picture_id,
            tl0_pic_idx: descriptor.tl0_pic_idx,
            keyframe_start: vp8::is_keyframe_start(payload),
        }
    }
}

/// What a packet is to say towards the subscriber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rewritten {
    /// Sequence number on the subscriber's leg.
    pub sequence: u16,
    /// Media time on the subscriber's leg.
    pub timestamp: u32,
    /// VP8's picture id, in the width that the packet has; without meaning if it has none.
    pub picture_id: u16,
    /// VP8's TL0PICIDX; without meaning if the packet has none.
    pub tl0_pic_idx: u8,
}

impl Rewritten {
    /// Writes the picture numbers into a VP8 payload, in place.
    pub fn apply_vp8(&self, payload: &mut [u8]) {
        vp8::rewrite(payload, self.picture_id, self.tl0_pic_idx);
    }
}

/// Why a packet goes no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Withheld {
    /// From a source that nobody asked for, or no longer.
    OtherSource,
    /// From the source asked for, whose keyframe has not begun yet: ask it for one.
    AwaitsKeyframe,
    /// From before the packet with which its source took over.
    BeforeSwitch,
}

/// Where the outgoing stream stands.
#[derive(Clone, Copy, Debug)]
struct Position {
    sequence: u64,
    timestamp: u32,
    /// When the first packet with that time was sent.
    at: Instant,
}

/// The source that is forwarded, and how its numbers map.
#[derive(Debug)]
struct Current<S> {
    source: S,
    numbers: Unwrapper,
    /// Extended number of the packet with which it took over.
    first: u64,
    /// Added to extended numbers, modulo 2^64.
    sequence_offset: u64,
    timestamp_offset: u32,
}

/// One subscription's rewriting. `S` names a source; a source that begins anew (another SSRC) needs another name.
#[derive(Debug)]
pub struct Munger<S> {
    clock: Clock,
    needs_keyframe: bool,
    wanted: Option<S>,
    current: Option<Current<S>>,
    position: Option<Position>,
    pictures: Pictures,
    start: (u16, u32),
}

impl<S: Copy + PartialEq> Munger<S> {
    /// For video: sources change on a keyframe. The first numbers are random (RFC 3550, section 5.1); the sequence
    /// starts in the lower half, so that early losses cannot confuse SRTP's count of wraps (RFC 3711, section 3.3.1).
    pub fn video() -> Self {
        Self::new(Clock::VIDEO, true)
    }

    /// For audio: sources change at once.
    pub fn audio() -> Self {
        Self::new(Clock::OPUS, false)
    }

    fn new(clock: Clock, needs_keyframe: bool) -> Self {
        let start = (rand::random::<u16>() >> 1, rand::random());
        Self {
            clock,
            needs_keyframe,
            wanted: None,
            current: None,
            position: None,
            pictures: Pictures::default(),
            start,
        }
    }

    /// From now on `source` is wanted. The one before goes on until the new one can take over.
    pub fn switch(&mut self, source: S) {
        self.wanted = Some(source);
    }

    /// Nothing is wanted. The next [`Munger::switch`] continues where the stream stands now.
    pub fn pause(&mut self) {
        self.wanted = None;
        self.current = None;
    }

    /// The source wanted whose keyframe has not come: ask it for one.
    pub fn awaits_keyframe(&self) -> Option<S> {
        self.wanted.filter(|wanted| self.needs_keyframe && self.forwarded() != Some(*wanted))
    }

    /// The source that is forwarded now.
    pub fn forwarded(&self) -> Option<S> {
        self.current.as_ref().map(|current| current.source)
    }

    /// Takes a packet of `source` that came at `now`.
    ///
    /// On a link that reorders, packets of a keyframe may come before its first one and are withheld. Whoever keeps the
    /// source's last packets offers them again once [`Munger::forwarded`] has become `source`: those from before the
    /// keyframe are still refused, the others fill what would be holes.
    ///
    /// # Errors
    /// Why it must not be forwarded.
    pub fn rewrite(&mut self, source: S, packet: &Incoming, now: Instant) -> Result<Rewritten, Withheld> {
        if self.forwarded() != Some(source) {
            if self.wanted != Some(source) {
                return Err(Withheld::OtherSource);
            }
            if self.needs_keyframe && !packet.keyframe_start {
                return Err(Withheld::AwaitsKeyframe);
            }
            self.take_over(source, packet, now);
        }
        let current = self.current.as_mut().ok_or(Withheld::OtherSource)?;
        let number = current.numbers.extend(packet.sequence);
        if number < current.first {
            return Err(Withheld::BeforeSwitch);
        }
        let sequence = number.wrapping_add(current.sequence_offset);
        let timestamp = packet.timestamp.wrapping_add(current.timestamp_offset);
        let position = self.position.get_or_insert(Position { sequence, timestamp, at: now });
        position.sequence = position.sequence.max(sequence);
        if time::newer(timestamp, position.timestamp) {
            (position.timestamp, position.at) = (timestamp, now);
        }
        let (picture_id, tl0_pic_idx) = self.pictures.rewrite(packet.picture_id, packet.tl0_pic_idx);
        Ok(Rewritten { sequence: sequence as u16, timestamp, picture_id, tl0_pic_idx })
    }

    /// Lets `packet` follow the newest one sent.
    fn take_over(&mut self, source: S, packet: &Incoming, now: Instant) {
        let (sequence, timestamp) = match self.position {
            Some(position) => {
                // Time goes on even if both packets came in the same instant: pictures must not share one.
                let passed = self.clock.ticks(now.saturating_duration_since(position.at)).max(1);
                (position.sequence + 1, position.timestamp.wrapping_add(passed))
            }
            None => (0x1_0000 + u64::from(self.start.0), self.start.1),
        };
        let mut numbers = Unwrapper::default();
        let first = numbers.extend(packet.sequence);
        self.current = Some(Current {
            source,
            numbers,
            first,
            sequence_offset: sequence.wrapping_sub(first),
            timestamp_offset: timestamp.wrapping_sub(packet.timestamp),
        });
        self.pictures.take_over();
    }
}
