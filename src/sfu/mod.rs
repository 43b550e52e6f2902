//! The SFU: forwards everybody's RTP to everybody else in their room.
//!
//! One driver thread owns all state and every socket; [`Sfu`] is the handle that the rest of the program holds, and
//! talks to that thread by commands. The SFU does not know that pictures can be changed: it offers a [`Tap`] (a copy of
//! one publication's packets) and an [`Injector`] (a second source for a publication). `docs/rtp.md` lists what we
//! assume of the RFCs and where we deviate.

mod assign;
mod command;
pub mod demux;
mod driver;
mod engine;
mod forward;
mod handle;
pub mod ice;
pub mod keyframes;
mod link;
mod listen;
pub mod munger;
mod negotiation;
mod page;
mod participant;
mod publication;
pub mod queue;
mod room;
pub mod shadow;
mod sources;
pub mod speakers;
mod stats;
pub mod stun;
mod subscription;
mod tap;
mod tcp;
mod transport;
mod udp;

use std::net::IpAddr;
use std::time::Duration;

pub use command::{Event, Publish, Section};
pub use handle::{OfferError, Sfu, SfuError, StartError};
pub use stats::Stats;
pub use tap::{Injector, Tap, TapHandle};

/// What a track carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Audio,
    Video,
}

/// Where a track comes from. A participant publishes at most one track per source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    Microphone,
    Camera,
    Screen,
}

/// The codecs that we negotiate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Codec {
    /// RFC 7587, 48 kHz.
    Opus,
    /// RFC 7741, 90 kHz.
    Vp8,
    /// RFC 6184, 90 kHz, constrained baseline.
    H264,
}

impl Codec {
    /// RTP clock in Hz.
    pub fn clock_rate(self) -> u32 {
        match self {
            Codec::Opus => 48_000,
            Codec::Vp8 | Codec::H264 => 90_000,
        }
    }

    /// What such a track carries.
    pub fn kind(self) -> Kind {
        match self {
            Codec::Opus => Kind::Audio,
            Codec::Vp8 | Codec::H264 => Kind::Video,
        }
    }
}

/// How the SFU listens and how patient it is.
#[derive(Clone, Debug)]
pub struct Options {
    /// UDP and TCP port; 0 picks one on which both bind.
    pub udp_port: u16,
    /// Local addresses to bind; empty means every address of the machine.
    pub bind: Vec<IpAddr>,
    /// Addresses that clients are told; empty means loopback and every interface's.
    pub announced: Vec<IpAddr>,
    /// After so much silence on the media path a participant is [`Event::Silent`] (RFC 7675 calls it consent).
    pub away_after: Duration,
    /// After so much silence the media path is given up: [`Event::MediaGone`].
    pub gone_after: Duration,
    /// Datagrams that may wait for one subscriber whose path is blocked; beyond that the oldest go.
    pub subscriber_queue: usize,
    /// TCP connections that may be open at once, all participants together.
    pub max_tcp_connections: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            udp_port: 0,
            bind: Vec::new(),
            announced: Vec::new(),
            away_after: Duration::from_secs(5),
            gone_after: Duration::from_secs(30),
            subscriber_queue: 512,
            max_tcp_connections: 256,
        }
    }
}
