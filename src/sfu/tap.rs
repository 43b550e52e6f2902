//! The two doors to a publication's packets: a [`Tap`] copies them out, an [`Injector`] brings a second source in.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use super::Codec;
use super::command::{Command, Inbox};
use crate::base::id::TrackId;
use crate::rtp::packet::Packet;

/// Pictures that may be on their way from one injector to the driver thread before further ones are dropped.
const PICTURES_IN_FLIGHT: usize = 64;

/// Receives a copy of every packet of one publication, repeated ones left out, in the order of arrival.
pub trait Tap: Send {
    /// Called on the driver thread: it must not block.
    fn packet(&mut self, packet: &Packet, received: Instant);
}

/// Keeps a [`Tap`] attached; dropping it detaches the tap.
pub struct TapHandle {
    pub(super) inbox: Arc<Inbox>,
    pub(super) track: TrackId,
    pub(super) number: u64,
    pub(super) codec: Option<Codec>,
}

impl TapHandle {
    /// The publication that is tapped.
    pub fn track(&self) -> TrackId {
        self.track
    }

    /// The publication's codec when the tap was attached; `None` while its section has not been negotiated.
    pub fn codec(&self) -> Option<Codec> {
        self.codec
    }

    /// Asks the publisher for a keyframe (RFC 4585 PLI), at most one per 500 ms and source.
    pub fn request_keyframe(&self) {
        self.inbox.send(Command::Keyframe { track: self.track });
    }
}

impl Drop for TapHandle {
    fn drop(&mut self) {
        self.inbox.send(Command::Untap { track: self.track, number: self.number });
    }
}

impl fmt::Debug for TapHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TapHandle").field("track", &self.track).field("number", &self.number).finish_non_exhaustive()
    }
}

/// Sends processed VP8 as the second source of a publication. Dropping it brings the original back.
pub struct Injector {
    pub(super) inbox: Arc<Inbox>,
    pub(super) track: TrackId,
    pub(super) number: u64,
    pub(super) in_flight: Arc<AtomicUsize>,
}

impl Injector {
    /// The publication that this is a second source of.
    pub fn track(&self) -> TrackId {
        self.track
    }

    /// Hands over the packets of one picture, in order. Never blocks: when the driver thread is too far behind the
    /// picture is dropped and `false` comes back, and the encoder should be asked for a keyframe.
    pub fn send(&self, picture: Vec<Packet>) -> bool {
        if self.in_flight.fetch_add(1, Ordering::AcqRel) >= PICTURES_IN_FLIGHT {
            self.in_flight.fetch_sub(1, Ordering::AcqRel);
            return false;
        }
        let in_flight = InFlight(self.in_flight.clone());
        self.inbox.send(Command::Injected { track: self.track, number: self.number, picture, in_flight });
        true
    }

    /// Chooses what subscribers see. Each switches on the next keyframe of the new source and sees the old one until
    /// then; nothing is renegotiated.
    pub fn show(&self, processed: bool) {
        self.inbox.send(Command::Show { track: self.track, number: self.number, processed });
    }
}

impl Drop for Injector {
    fn drop(&mut self) {
        self.inbox.send(Command::Eject { track: self.track, number: self.number });
    }
}

impl fmt::Debug for Injector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Injector").field("track", &self.track).field("number", &self.number).finish_non_exhaustive()
    }
}

/// Counts one picture as arrived when it is dropped, wherever that happens.
pub(super) struct InFlight(Arc<AtomicUsize>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
