//! What the handle asks of the driver thread, what it tells back, and the inbox between the two.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};

use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};

use super::handle::{OfferError, SfuError};
use super::tap::{InFlight, Tap};
use super::{Codec, Kind, Source};
use crate::base::id::{ParticipantId, RoomId, TrackId};
use crate::rtp::packet::Packet;

/// What a participant is told about their own media.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Please offer again, with so many sections that can receive in total.
    Negotiate { audio: u32, video: u32 },
    /// What every section receives; the whole map, at each change.
    Sections(Vec<Section>),
    /// The first path is up and DTLS is done. Again after a new page has connected.
    Connected,
    /// Nothing was heard on the media path for [`Options::away_after`](super::Options::away_after).
    Silent,
    /// The media path is back after [`Event::Silent`].
    Back,
    /// Nothing was heard for [`Options::gone_after`](super::Options::gone_after), or the transport failed. After a silence
    /// an ICE restart revives the same transport; after a failure a new offer starts a new one.
    MediaGone,
    /// The codec of one of their own publications is known, or has changed.
    PublicationCodec { track: TrackId, codec: Codec },
    /// Who of the room speaks, at most every 250 ms; `level` is 0 (silence) to 127 (loudest).
    Speaking { participant: ParticipantId, level: u8 },
}

/// What one media section of a participant's connection receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The section's `a=mid` (RFC 8843).
    pub mid: String,
    /// Whose track it is.
    pub participant: ParticipantId,
    /// The publication.
    pub track: TrackId,
    /// What it carries.
    pub kind: Kind,
}

/// What a participant says about one of their sending sections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publish {
    /// The section's `a=mid`.
    pub mid: String,
    /// What it carries; must be the section's own kind.
    pub kind: Kind,
    /// Where it comes from.
    pub source: Source,
    /// Whether it starts muted.
    pub muted: bool,
}

/// Where an answer goes.
pub(super) type Reply<T> = oneshot::Sender<T>;

/// Everything that the driver thread can be asked for.
pub(super) enum Command {
    Join {
        room: RoomId,
        participant: ParticipantId,
        events: mpsc::UnboundedSender<Event>,
        reply: Reply<Result<(), SfuError>>,
    },
    Leave {
        participant: ParticipantId,
        reply: Reply<()>,
    },
    Offer {
        participant: ParticipantId,
        sdp: String,
        reply: Reply<Result<String, OfferError>>,
    },
    Publish {
        participant: ParticipantId,
        publish: Publish,
        reply: Reply<Result<TrackId, SfuError>>,
    },
    Unpublish {
        participant: ParticipantId,
        track: TrackId,
        reply: Reply<Result<(), SfuError>>,
    },
    Mute {
        participant: ParticipantId,
        track: TrackId,
        muted: bool,
        reply: Reply<Result<(), SfuError>>,
    },
    Subscribe {
        participant: ParticipantId,
        publisher: ParticipantId,
        kind: Kind,
        on: bool,
        reply: Reply<Result<(), SfuError>>,
    },
    Tap {
        track: TrackId,
        tap: Box<dyn Tap>,
        reply: Reply<Result<(u64, Option<Codec>), SfuError>>,
    },
    Untap {
        track: TrackId,
        number: u64,
    },
    Keyframe {
        track: TrackId,
    },
    Inject {
        track: TrackId,
        on_keyframe: Box<dyn Fn() + Send + Sync>,
        reply: Reply<Result<u64, SfuError>>,
    },
    Injected {
        track: TrackId,
        number: u64,
        picture: Vec<Packet>,
        in_flight: InFlight,
    },
    Show {
        track: TrackId,
        number: u64,
        processed: bool,
    },
    Eject {
        track: TrackId,
        number: u64,
    },
    Shutdown {
        reply: Option<Reply<()>>,
    },
}

/// Commands on their way to the driver thread, with an `eventfd` that wakes its `poll`.
pub(super) struct Inbox {
    queue: Mutex<Queue>,
    wake: OwnedFd,
}

#[derive(Default)]
struct Queue {
    commands: Vec<Command>,
    closed: bool,
}

impl Inbox {
    /// An open, empty inbox.
    pub(super) fn open() -> io::Result<Self> {
        // SAFETY: eventfd takes no pointers; a negative result is an error and is not made into a descriptor.
        let wake = unsafe { libc::eventfd(0, libc::EFD_NONBLOCK | libc::EFD_CLOEXEC) };
        if wake < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the descriptor is fresh and nobody else owns it.
        let wake = unsafe { OwnedFd::from_raw_fd(wake) };
        Ok(Self { queue: Mutex::default(), wake })
    }

    /// Queues a command and wakes the driver. After [`Inbox::close`] the command is dropped, and its reply with it.
    pub(super) fn send(&self, command: Command) {
        let first = {
            let mut queue = self.queue.lock();
            if queue.closed {
                return;
            }
            queue.commands.push(command);
            queue.commands.len() == 1
        };
        if first {
            let one = 1u64.to_ne_bytes();
            // SAFETY: the buffer holds the 8 bytes that an eventfd takes. It can only fail when the counter is full,
            // and then the driver is awake anyway.
            unsafe { libc::write(self.wake.as_raw_fd(), one.as_ptr().cast(), one.len()) };
        }
    }

    /// Takes everything that waits, and rests the wake-up.
    pub(super) fn drain(&self) -> Vec<Command> {
        let mut counter = [0u8; 8];
        // SAFETY: the buffer holds the 8 bytes that an eventfd gives; it does not block.
        unsafe { libc::read(self.wake.as_raw_fd(), counter.as_mut_ptr().cast(), counter.len()) };
        std::mem::take(&mut self.queue.lock().commands)
    }

    /// Refuses commands from now on and drops those that wait.
    pub(super) fn close(&self) {
        let waiting = {
            let mut queue = self.queue.lock();
            queue.closed = true;
            std::mem::take(&mut queue.commands)
        };
        drop(waiting);
    }

    /// The descriptor that becomes readable when commands wait.
    pub(super) fn wake_fd(&self) -> RawFd {
        self.wake.as_raw_fd()
    }
}
