//! The path of a frame: packets → compressed frame → picture → analysis → composition → compressed frame → packets.
//!
//! Every picture is decoded, because the next ones refer to it; what time allows is analyzed, composed and sent. A
//! pipeline belongs to one thread and allocates nothing per frame but the packets that it sends.

pub mod analyze;
pub mod budget;
mod chain;
pub mod depacketize;
pub mod packetize;
pub mod stats;
pub mod worker;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Instant;

use self::chain::{Chain, Picture};
use self::depacketize::Depacketizer;
pub use self::packetize::PacketSink;
pub use self::stats::{Stage, Stats};
use super::codec::rate::RateFollower;
use super::codec::{CodecError, vp8};
use super::frame::Frame;
use super::vision::{Catalog, Sessions, VisionError};
use super::{Background, Mood, Rung};
use crate::rtp::packet::Packet;

/// How a pipeline works.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Payload type of the packets that come out.
    pub payload_type: u8,
    /// Their synchronization source.
    pub ssrc: u32,
    /// Their first sequence number and picture id.
    pub first: u16,
    /// Whether to leave out late frames and walk the ladder. Off for measuring and for tests of pictures.
    pub adaptive: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { payload_type: 96, ssrc: 1, first: 1, adaptive: true }
    }
}

/// What the owner of a pipeline should know.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The mood has changed.
    Mood {
        /// To this one.
        mood: Mood,
        /// Its smoothed probability.
        confidence: f32,
    },
    /// The quality has changed. On [`Rung::Bypass`] nothing is sent: show the original. Any other rung after it begins
    /// with a keyframe.
    Rung(Rung),
    /// Somebody should ask the camera for a keyframe.
    NeedKeyframe,
    /// The pipeline has ended, for this reason: show the original.
    Failed(String),
}

/// What ends a pipeline. Damaged input does not: it is dropped up to the next keyframe.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// A network failed.
    #[error(transparent)]
    Vision(#[from] VisionError),
    /// The encoder failed, or no decoder could be opened.
    #[error(transparent)]
    Codec(#[from] CodecError),
}

/// One stream's way through the codec, the networks and the compositor.
pub struct Pipeline {
    depacketizer: Depacketizer,
    decoder: vp8::Decoder,
    rate: RateFollower,
    chain: Chain,
    newer_waiting: bool,
}

impl Pipeline {
    /// A pipeline with networks of its own.
    ///
    /// # Errors
    /// If libvpx can't be opened.
    pub fn new(options: Options, catalog: Catalog) -> Result<Self, PipelineError> {
        Self::with_sessions(options, Rc::new(RefCell::new(Sessions::new(catalog))))
    }

    /// A pipeline that shares the networks of its thread.
    ///
    /// # Errors
    /// If libvpx can't be opened.
    pub fn with_sessions(options: Options, sessions: Rc<RefCell<Sessions>>) -> Result<Self, PipelineError> {
        let rate = RateFollower::default();
        Ok(Self {
            depacketizer: Depacketizer::default(),
            decoder: vp8::Decoder::new()?,
            chain: Chain::new(options, sessions, rate.target()),
            rate,
            newer_waiting: false,
        })
    }

    /// Takes a packet that arrived at `received`; packets that become ready go to `out`. With [`Background::Off`] the
    /// packet itself does.
    ///
    /// # Errors
    /// If the pipeline can't go on.
    pub fn push(&mut self, packet: Packet, received: Instant, out: &mut impl PacketSink) -> Result<(), PipelineError> {
        self.chain.stats.packets += 1;
        if self.chain.is_off() {
            out.packet(packet);
            return Ok(());
        }
        self.chain.watch.resume();
        if let Some(bitrate) = self.rate.received(packet.payload.len(), received) {
            self.chain.set_bitrate(bitrate)?;
        }
        self.depacketizer.push(packet, received);
        loop {
            let another = self.newer_waiting || self.depacketizer.is_behind();
            let Some(encoded) = self.depacketizer.next_frame(received) else { break };
            self.chain.watch.lap(Stage::Depacketize);
            let decoded = self.decoder.decode(encoded.data);
            self.chain.watch.lap(Stage::Decode);
            match decoded {
                Ok(Some(view)) => {
                    let picture = Picture { view, timestamp: encoded.timestamp, received, newer_waiting: another };
                    self.chain.picture(picture, out)?;
                }
                Ok(None) => self.chain.watch.discard(),
                Err(error) => {
                    tracing::debug!(%error, "a frame could not be decoded");
                    self.chain.stats.damaged += 1;
                    self.chain.watch.discard();
                    self.depacketizer.lose();
                }
            }
        }
        self.chain.watch.lap(Stage::Depacketize);
        if self.depacketizer.wants_keyframe(received) {
            self.chain.events.push_back(Event::NeedKeyframe);
        }
        Ok(())
    }

    /// Tells whether newer pictures wait outside, so that the next ones may be left out after decoding.
    pub fn set_newer_waiting(&mut self, newer_waiting: bool) {
        self.newer_waiting = newer_waiting;
    }

    /// Drops what is incomplete: packets were lost on the way here.
    pub fn flush(&mut self, now: Instant) {
        self.depacketizer.restart();
        if self.depacketizer.wants_keyframe(now) {
            self.chain.events.push_back(Event::NeedKeyframe);
        }
    }

    /// Changes what is behind the person, with a crossfade. The expression is read only while it is followed.
    pub fn set_background(&mut self, background: Background) {
        if self.chain.set_background(background) {
            // Pictures that went by unseen are missing as references.
            self.depacketizer.restart();
        }
    }

    /// Makes the next picture a keyframe; at most three a second.
    pub fn request_keyframe(&mut self) {
        self.chain.request_keyframe();
    }

    /// Never more than this many bits per second.
    ///
    /// # Errors
    /// If the encoder refuses.
    pub fn limit_bitrate(&mut self, bits_per_second: u32) -> Result<(), PipelineError> {
        match self.rate.limit(bits_per_second) {
            Some(bitrate) => self.chain.set_bitrate(bitrate),
            None => Ok(()),
        }
    }

    /// What has happened since the last call.
    pub fn drain_events(&mut self) -> impl Iterator<Item = Event> {
        self.chain.events.drain(..)
    }

    /// What was done and what it cost.
    #[must_use]
    pub fn stats(&self) -> &Stats {
        &self.chain.stats
    }

    /// The latest picture as it was sent.
    #[must_use]
    pub fn last_frame(&self) -> Option<&Frame> {
        self.chain.last_frame()
    }
}

/// The events of a pipeline, before somebody drains them.
type Events = VecDeque<Event>;
