//! The handle that the rest of the program holds: cheap to clone, every call a command to the driver thread.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use parking_lot::Mutex;
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};

use super::command::{Command, Event, Inbox, Publish, Reply};
use super::stats::{Counters, Stats};
use super::tap::{Injector, Tap, TapHandle};
use super::{Kind, Options, driver};
use crate::base::id::{ParticipantId, RoomId, TrackId};

/// Why the SFU could not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// No port was free for both UDP and TCP, or the wanted one was not.
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    /// The operating system refused something else.
    #[error("cannot start the media thread: {0}")]
    System(#[from] io::Error),
    /// The certificate for DTLS could not be made.
    #[error("cannot make a certificate: {0}")]
    Certificate(String),
}

/// Why a command was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SfuError {
    #[error("no such participant")]
    UnknownParticipant,
    #[error("the participant is in a room already")]
    AlreadyJoined,
    #[error("no such track, or not theirs")]
    UnknownTrack,
    #[error("no media section with this mid that sends this kind")]
    UnknownSection,
    #[error("only VP8 video can be processed")]
    CodecUnsupported,
    #[error("the track has a second source already")]
    AlreadyInjected,
    #[error("too many tracks")]
    TooManyTracks,
    #[error("the SFU has stopped")]
    Stopped,
}

/// Why an offer was refused. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OfferError {
    #[error("no such participant")]
    UnknownParticipant,
    #[error("the session description is larger than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("more than {limit} media sections")]
    TooManySections { limit: usize },
    #[error("malformed session description: {0}")]
    Malformed(String),
    #[error("the transport refused the offer: {0}")]
    Refused(String),
    #[error("the SFU has stopped")]
    Stopped,
}

/// The SFU. Clones share one driver thread, which ends when the last of them is dropped or after [`Sfu::shutdown`].
#[derive(Clone)]
pub struct Sfu {
    shared: Arc<Shared>,
}

struct Shared {
    inbox: Arc<Inbox>,
    counters: Arc<Counters>,
    announced: Vec<SocketAddr>,
    port: u16,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.inbox.send(Command::Shutdown { reply: None });
    }
}

impl Sfu {
    /// Binds the sockets and starts the driver thread.
    pub fn start(options: Options) -> Result<Self, StartError> {
        let inbox = Arc::new(Inbox::open()?);
        let counters = Arc::new(Counters::default());
        let started = driver::start(options, inbox.clone(), counters.clone())?;
        let thread = Mutex::new(Some(started.thread));
        let shared = Shared { inbox, counters, announced: started.announced, port: started.port, thread };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The port, the same for UDP and TCP.
    pub fn port(&self) -> u16 {
        self.shared.port
    }

    /// The addresses that answers name as candidates.
    pub fn announced(&self) -> Vec<SocketAddr> {
        self.shared.announced.clone()
    }

    /// Takes a participant into a room; the room begins with its first and ends with its last.
    pub async fn join(
        &self,
        room: RoomId,
        participant: ParticipantId,
        events: mpsc::UnboundedSender<Event>,
    ) -> Result<(), SfuError> {
        self.ask(|reply| Command::Join { room, participant, events, reply }).await.unwrap_or(Err(SfuError::Stopped))
    }

    /// Ends everything of theirs; the others' sections change.
    pub async fn leave(&self, participant: ParticipantId) {
        self.ask(|reply| Command::Leave { participant, reply }).await;
    }

    /// Answers an offer. The same fingerprint with another ufrag restarts ICE on the same transport (RFC 8445, section
    /// 9); another fingerprint is a new page, whose transport replaces the old one.
    pub async fn offer(&self, participant: ParticipantId, sdp: String) -> Result<String, OfferError> {
        self.ask(|reply| Command::Offer { participant, sdp, reply }).await.unwrap_or(Err(OfferError::Stopped))
    }

    /// Says what a sending section carries. Published again with the same source it keeps its identifier.
    pub async fn publish(&self, participant: ParticipantId, publish: Publish) -> Result<TrackId, SfuError> {
        self.ask(|reply| Command::Publish { participant, publish, reply }).await.unwrap_or(Err(SfuError::Stopped))
    }

    /// Ends a publication.
    pub async fn unpublish(&self, participant: ParticipantId, track: TrackId) -> Result<(), SfuError> {
        self.ask(|reply| Command::Unpublish { participant, track, reply }).await.unwrap_or(Err(SfuError::Stopped))
    }

    /// Stops or resumes forwarding a publication; a keyframe is asked for when video resumes.
    pub async fn mute(&self, participant: ParticipantId, track: TrackId, muted: bool) -> Result<(), SfuError> {
        self.ask(|reply| Command::Mute { participant, track, muted, reply }).await.unwrap_or(Err(SfuError::Stopped))
    }

    /// Chooses what a participant receives. By default everybody else's tracks are on; `publisher == participant` is
    /// the self-view and off.
    pub async fn subscribe(
        &self,
        participant: ParticipantId,
        publisher: ParticipantId,
        kind: Kind,
        on: bool,
    ) -> Result<(), SfuError> {
        self.ask(|reply| Command::Subscribe { participant, publisher, kind, on, reply })
            .await
            .unwrap_or(Err(SfuError::Stopped))
    }

    /// What is there now, and what was counted since the start.
    pub fn stats(&self) -> Stats {
        self.shared.counters.snapshot()
    }

    /// Says goodbye to every peer and ends the driver thread.
    pub async fn shutdown(&self) {
        self.ask(|reply| Command::Shutdown { reply: Some(reply) }).await;
        let thread = self.shared.thread.lock().take();
        if let Some(thread) = thread {
            // It has answered already, so what is left of it is the return.
            let _ = thread.join();
        }
    }

    /// Attaches a tap to a publication.
    pub async fn tap(&self, track: TrackId, tap: Box<dyn Tap>) -> Result<TapHandle, SfuError> {
        let attached = self.ask(|reply| Command::Tap { track, tap, reply }).await;
        let (number, codec) = attached.unwrap_or(Err(SfuError::Stopped))?;
        Ok(TapHandle { inbox: self.shared.inbox.clone(), track, number, codec })
    }

    /// Opens a second source for a VP8 publication. `on_keyframe` is called on the driver thread when a subscriber of
    /// the processed source needs a keyframe; it must not block.
    pub async fn inject(&self, track: TrackId, on_keyframe: Box<dyn Fn() + Send + Sync>) -> Result<Injector, SfuError> {
        let opened = self.ask(|reply| Command::Inject { track, on_keyframe, reply }).await;
        let number = opened.unwrap_or(Err(SfuError::Stopped))?;
        Ok(Injector { inbox: self.shared.inbox.clone(), track, number, in_flight: Arc::default() })
    }

    async fn ask<T>(&self, command: impl FnOnce(Reply<T>) -> Command) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.shared.inbox.send(command(reply));
        answer.await.ok()
    }
}
