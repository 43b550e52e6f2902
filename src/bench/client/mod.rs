//! A native client of the call: signaling over the real socket, media over a real peer connection of the crate `webrtc`.
//!
//! `moodcall bench call` is made of many of these, and the call tests of a few. The client behaves as the page does: it
//! always offers, starts with one section of each kind both ways, and adds receiving sections when the server asks.
//! Two settings differ from the crate's defaults. Connectivity checks are repeated every 5 ms instead of 200 ms, because
//! the second check nominates the pair and would be most of the join time. The only SRTP profile offered is
//! AES-128-CM with HMAC-SHA1-80, because that is what browsers settle on and it costs the server more than GCM.

pub mod api;
pub mod chain;
#[cfg(test)]
mod loopback;
pub mod peer;
pub mod publish;
mod sdp;
pub mod socket;

use std::sync::Arc;
use std::time::Instant;

use tokio::task::JoinHandle;

use self::api::Api;
use self::peer::{Peer, PeerOptions};
use self::socket::Socket;
use crate::base::clock;
use crate::base::id::{ParticipantId, RoomId, TrackId};
use crate::protocol::client::ClientMessage;
use crate::protocol::code::Code;
use crate::protocol::server::{Participant, ServerMessage};
use crate::protocol::{Effects, Kind, Source, VERSION};

/// Section of the microphone in every offer of this client.
pub const MICROPHONE_SECTION: &str = "0";
/// Section of the camera in every offer of this client.
pub const CAMERA_SECTION: &str = "1";

/// Why a client could not go on.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The server said no, and why.
    #[error("refused: {} ({detail})", code.as_str())]
    Refused {
        /// The server's reason, for machines.
        code: Code,
        /// The server's reason, for people.
        detail: String,
    },
    /// An HTTP request failed.
    #[error("HTTP: {0}")]
    Http(#[from] reqwest::Error),
    /// The signaling socket failed.
    #[error("socket: {0}")]
    Socket(#[from] tokio_tungstenite::tungstenite::Error),
    /// The peer connection failed.
    #[error("peer connection: {0}")]
    Connection(#[from] rtc::shared::error::Error),
    /// The other side is gone.
    #[error("lost: {0}")]
    Lost(String),
    /// Something did not come in time.
    #[error("timed out waiting for {0}")]
    Timeout(String),
    /// The server said something that it should not.
    #[error("protocol: {0}")]
    Protocol(String),
}

/// How somebody joins.
#[derive(Clone)]
pub struct JoinOptions {
    /// Their name.
    pub name: String,
    /// Makes them the host.
    pub host_key: Option<String>,
    /// Their connection.
    pub peer: PeerOptions,
}

/// Somebody in a room. Dropping it cuts the socket; the media connection lives until [`Client::leave`] or until its
/// runtime ends.
pub struct Client {
    /// The server.
    pub api: Api,
    /// Their room.
    pub room: RoomId,
    /// Themselves.
    pub you: ParticipantId,
    /// Takes the seat back on another socket.
    pub resume: String,
    /// Who was in the room at the start, themselves included.
    pub roster: Vec<Participant>,
    /// When the socket was about to be opened: where the join time starts.
    pub opened: Instant,
    /// The signaling.
    pub socket: Arc<Socket>,
    /// The media.
    pub peer: Arc<Peer>,
    negotiation: Negotiation,
}

impl Client {
    /// Joins `room` and negotiates media, up to the server's answer.
    ///
    /// # Errors
    /// [`ClientError::Refused`] if the server lets nobody in, and whatever else fails on the way.
    pub async fn join(api: &Api, room: RoomId, options: JoinOptions) -> Result<Self, ClientError> {
        let ticket = api.ticket(room, &options.name, options.host_key.as_deref()).await?;
        let peer = Arc::new(Peer::new(options.peer).await?);
        let opened = clock::now();
        let socket = Arc::new(Socket::open(&api.socket_url()).await?);
        let hello = ClientMessage::Hello { version: VERSION, ticket: Some(ticket), resume: None };
        let (you, resume) = welcome(socket.request(hello).await?)?;
        let roster = match socket.request(ClientMessage::Join { room }).await? {
            ServerMessage::Roster { participants, .. } => participants,
            other => return Err(ClientError::Protocol(format!("join was answered by {other:?}"))),
        };
        let negotiation = Negotiation::start(&socket, &peer);
        let client = Self { api: api.clone(), room, you, resume, roster, opened, socket, peer, negotiation };
        client.negotiate().await?;
        Ok(client)
    }

    /// Cuts the socket, opens another and takes the seat back. The media connection is left alone.
    ///
    /// # Errors
    /// [`ClientError::Refused`] if the seat is gone.
    pub async fn reconnect(&mut self) -> Result<(), ClientError> {
        let socket = Arc::new(Socket::open(&self.api.socket_url()).await?);
        let hello = ClientMessage::Hello { version: VERSION, ticket: None, resume: Some(self.resume.clone()) };
        let (you, resume) = welcome(socket.request(hello).await?)?;
        (self.you, self.resume) = (you, resume);
        self.negotiation = Negotiation::start(&socket, &self.peer);
        self.socket = socket;
        Ok(())
    }

    /// Cuts the socket without a word, as a lost network does; media goes on.
    pub fn cut(&self) {
        self.negotiation.task.abort();
        self.socket.cut();
    }

    /// Offers again with whatever sections there are, and applies the answer.
    ///
    /// # Errors
    /// [`ClientError::Refused`] with `sdp` if the server cannot use the offer.
    pub async fn negotiate(&self) -> Result<(), ClientError> {
        let _turn = self.negotiation.turn.lock().await;
        negotiate(&self.socket, &self.peer).await
    }

    /// Restarts ICE in mid-call.
    ///
    /// # Errors
    /// As [`Client::negotiate`].
    pub async fn restart_ice(&self) -> Result<(), ClientError> {
        let _turn = self.negotiation.turn.lock().await;
        self.peer.restart_ice().await?;
        negotiate(&self.socket, &self.peer).await
    }

    /// Says that the camera, or the microphone, sends from now on.
    ///
    /// # Errors
    /// [`ClientError::Refused`] if the server does not take it.
    pub async fn publish(&self, kind: Kind) -> Result<TrackId, ClientError> {
        let (mid, source) = match kind {
            Kind::Audio => (MICROPHONE_SECTION, Source::Microphone),
            Kind::Video => (CAMERA_SECTION, Source::Camera),
        };
        let publish = ClientMessage::Publish { mid: mid.into(), kind, source, muted: false };
        match self.socket.request(publish).await? {
            ServerMessage::Published { track, .. } => Ok(track.id),
            other => Err(ClientError::Protocol(format!("publish was answered by {other:?}"))),
        }
    }

    /// Asks for a background. `consent` is what the person said to the notice.
    ///
    /// # Errors
    /// [`ClientError::Refused`] with `codec`, `consent` or `filter-unavailable`.
    pub async fn effects(&self, effects: Effects, consent: bool) -> Result<(), ClientError> {
        self.socket.request(ClientMessage::Effects { effects, consent }).await.map(drop)
    }

    /// Gives the seat up and ends the connection.
    ///
    /// # Errors
    /// Only if the connection cannot be ended in order; the seat is free all the same.
    pub async fn leave(self) -> Result<(), ClientError> {
        // The server may have ended the socket already: then there is nothing to give up.
        let _ = self.socket.say(ClientMessage::Leave);
        let _ = self.socket.closed().await;
        self.peer.close().await
    }
}

fn welcome(message: ServerMessage) -> Result<(ParticipantId, String), ClientError> {
    match message {
        ServerMessage::Welcome { participant, resume, .. } => Ok((participant, resume)),
        other => Err(ClientError::Protocol(format!("hello was answered by {other:?}"))),
    }
}

async fn negotiate(socket: &Socket, peer: &Peer) -> Result<(), ClientError> {
    let sdp = peer.offer().await?;
    match socket.request(ClientMessage::Offer { sdp }).await? {
        ServerMessage::Answer { sdp } => peer.accept(sdp).await,
        other => Err(ClientError::Protocol(format!("offer was answered by {other:?}"))),
    }
}

/// Answers the server's wishes for more sections, one offer at a time.
struct Negotiation {
    turn: Arc<tokio::sync::Mutex<()>>,
    task: JoinHandle<()>,
}

impl Negotiation {
    fn start(socket: &Arc<Socket>, peer: &Arc<Peer>) -> Self {
        let turn = Arc::new(tokio::sync::Mutex::new(()));
        let task = tokio::spawn({
            let (socket, peer, turn) = (socket.clone(), peer.clone(), turn.clone());
            async move {
                let mut mark = 0;
                loop {
                    let messages = socket.more(mark).await;
                    if messages.is_empty() {
                        return;
                    }
                    mark += messages.len();
                    let wish = messages.iter().rev().find_map(|message| match message {
                        ServerMessage::Negotiate { audio, video } => Some((*audio, *video)),
                        _ => None,
                    });
                    let Some((audio, video)) = wish else { continue };
                    let _turn = turn.lock().await;
                    let grown = async {
                        peer.grow(audio, video).await?;
                        negotiate(&socket, &peer).await
                    };
                    if let Err(error) = grown.await {
                        tracing::warn!(%error, "could not add sections");
                    }
                }
            }
        });
        Self { turn, task }
    }
}

impl Drop for Negotiation {
    fn drop(&mut self) {
        self.task.abort();
    }
}
