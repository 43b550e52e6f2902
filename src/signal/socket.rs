//! The WebSocket itself: the handshake, the reader, the writer, the timers.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::HeaderMap;
use axum::response::Response;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::presence::AFTER_LEAVE;
use super::session::{Pace, Session, Stage, Step};
use super::{Asker, Refusal, Signal, effects, refuse, seat};
use crate::base::clock;
use crate::base::id::{ParticipantId, RoomId};
use crate::base::net::customer;
use crate::base::shutdown::Phase;
use crate::base::token;
use crate::protocol::client::{ClientMessage, Request};
use crate::protocol::code::Code;
use crate::protocol::server::{LeaveReason, ServerMessage};
use crate::protocol::{VERSION, close};
use crate::rooms::live::Newcomer;
use crate::rooms::outbox::{Inlet, Outbox, Outgoing};
use crate::web::address::{Peer, client};
use crate::web::error::ApiError;
use crate::web::origin;

/// What is read of one message at most. Above the protocol's limit and below this a message costs an error, above it the
/// socket.
const READ_LIMIT: usize = 256 * 1024;
/// How often the other end is asked for a sign of life.
const PING: Duration = Duration::from_secs(1);
/// Silence after which somebody is shown as away.
const QUIET: Duration = Duration::from_millis(2500);
/// Silence after which the socket is given up.
const DEAD: Duration = Duration::from_secs(20);
/// Time for the last words on a socket.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Open the socket
///
/// Signaling, chat, presence and notifications over one WebSocket; its messages are described in `docs/protocol.md`. The
/// ticket goes into the first message, never into the address.
#[utoipa::path(get, path = "/socket", tag = "rooms", operation_id = "openSocket", responses(
    (status = 101, description = "The connection is a WebSocket now."),
    (status = 400, description = "The request asks for no WebSocket."),
    (status = 403, description = "`origin`: a page of this origin may not open a socket here."),
    (status = 426, description = "The connection cannot be upgraded."),
))]
pub async fn open(
    State(signal): State<Signal>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, ApiError> {
    let config = &signal.rooms.state.config;
    if !origin::allowed(&headers, config.server.public_origin.as_deref()) {
        metrics::counter!("moodcall_signal_sockets_refused_total", "reason" => "origin").increment(1);
        return Err(ApiError::Forbidden(Code::Origin));
    }
    let address = customer(client(peer, &headers, &config.server.trusted_proxies));
    let held = Held::take(&signal, address).ok_or_else(|| {
        metrics::counter!("moodcall_signal_sockets_refused_total", "reason" => "address").increment(1);
        ApiError::TooMany(Duration::from_secs(5))
    })?;
    let upgrade = upgrade.max_message_size(READ_LIMIT).max_frame_size(READ_LIMIT).write_buffer_size(0);
    let tasks = signal.rooms.state.tasks.clone();
    Ok(upgrade.on_upgrade(move |socket| tasks.track_future(Connection::run(signal, socket, held))))
}

/// One socket of an address, counted until it is dropped.
struct Held {
    signal: Signal,
    address: IpAddr,
    participant: Option<ParticipantId>,
}

impl Held {
    fn take(signal: &Signal, address: IpAddr) -> Option<Self> {
        let taken = signal.limits.lock().addresses.take(address);
        taken.then(|| {
            metrics::gauge!("moodcall_signal_sockets").increment(1.0);
            Self { signal: signal.clone(), address, participant: None }
        })
    }

    fn name(&mut self, participant: ParticipantId) -> bool {
        let taken = self.signal.limits.lock().participants.take(participant);
        if taken {
            self.participant = Some(participant);
        }
        taken
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut limits = self.signal.limits.lock();
        limits.addresses.release(&self.address);
        if let Some(participant) = &self.participant {
            limits.participants.release(participant);
        }
        metrics::gauge!("moodcall_signal_sockets").decrement(1.0);
    }
}

/// Which side of a socket has ended: without a writer nothing can be said, without a reader the writer gets a moment for
/// its last words.
#[derive(Clone, Default)]
struct Ends {
    read: CancellationToken,
    written: CancellationToken,
}

/// The reader's side of one socket.
struct Connection {
    signal: Signal,
    session: Session,
    outbox: Outbox,
    held: Held,
    /// Each side tells the other that it has ended.
    ends: Ends,
}

impl Connection {
    async fn run(signal: Signal, socket: WebSocket, held: Held) {
        let config = &signal.rooms.state.config.rooms;
        let pace = Pace { rate: config.messages_per_second, burst: config.message_burst };
        let (outbox, inlet) = Outbox::open();
        let (pings, pinged) = mpsc::channel(4);
        let ends = Ends::default();
        let (sink, stream) = socket.split();
        let session = Session::new(pace, clock::now());
        let connection = Self { signal, session, outbox, held, ends: ends.clone() };
        tokio::join!(connection.read(stream, pings), write(sink, inlet, pinged, ends));
    }

    /// Reads until the socket ends, then marks the seat as away.
    async fn read(mut self, mut stream: SplitStream<WebSocket>, pings: mpsc::Sender<()>) {
        let shutdown = self.signal.rooms.state.shutdown.clone();
        let hello = clock::now() + self.signal.rooms.state.config.rooms.hello();
        let mut heard = clock::now();
        let mut ticks = tokio::time::interval(PING);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let greeting = matches!(self.session.stage, Stage::New);
            let message = tokio::select! {
                message = stream.next() => message,
                _ = ticks.tick() => {
                    let _ = pings.try_send(());
                    let silent = clock::now().saturating_duration_since(heard);
                    self.quiet(silent > QUIET);
                    if silent > DEAD { break }
                    continue;
                }
                () = tokio::time::sleep_until(hello.into()), if greeting => {
                    self.end(None, Refusal::from(Code::HelloExpected), close::POLICY);
                    break;
                }
                () = shutdown.reached(Phase::Stopping) => {
                    self.outbox.say(ServerMessage::Closed { code: Code::Draining, retry: true });
                    self.outbox.close(close::RESTART);
                    break;
                }
                () = self.ends.written.cancelled() => break,
            };
            heard = clock::now();
            let step = match message {
                Some(Ok(Message::Text(text))) => self.session.text(&text, heard),
                Some(Ok(Message::Binary(_))) => self.session.binary(heard),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                Some(Err(error)) if is_too_big(&error) => self.session.oversize(),
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
            };
            metrics::counter!("moodcall_signal_messages_total").increment(1);
            match step {
                Step::Handle(request) => {
                    if !self.handle(request, heard).await {
                        break;
                    }
                    // While we were busy nothing was read: that was our silence, not theirs.
                    heard = clock::now();
                }
                Step::Refuse(re, refusal) => refuse(&self.outbox, re, refusal),
                Step::Close(re, refusal) => {
                    let code = if refusal.code == Code::TooLarge { close::TOO_BIG } else { close::POLICY };
                    self.end(re, refusal, code);
                    break;
                }
            }
        }
        if let Stage::Seated(_, participant) = self.session.stage {
            self.signal.rooms.live().lost(participant, &self.outbox, clock::now());
            self.signal.rooms.changed();
        }
        self.ends.read.cancel();
    }

    /// Does what the message asks in this stage. False when the socket has nothing more to say.
    async fn handle(&mut self, request: Request, now: Instant) -> bool {
        match (&self.session.stage, request) {
            (_, Request { id, message: ClientMessage::Ping }) => self.outbox.answer(id, ServerMessage::Pong),
            (Stage::New, Request { id, message: ClientMessage::Hello { version, ticket, resume } }) => {
                if let Err(refusal) = self.hello(id, version, ticket, resume).await {
                    self.end(id, refusal, close::POLICY);
                    return false;
                }
            }
            (Stage::Greeted(..), Request { id, message: ClientMessage::Join { room } }) => {
                if let Err(refusal) = self.join(id, room, now).await {
                    refuse(&self.outbox, id, refusal);
                }
            }
            (&Stage::Seated(room, participant), request) => {
                self.signal.rooms.live().settle(participant);
                let leaves = matches!(request.message, ClientMessage::Leave);
                let asker = Asker { signal: &self.signal, room, participant, outbox: &self.outbox };
                asker.handle(request).await;
                if leaves {
                    self.outbox.close(AFTER_LEAVE);
                    return false;
                }
            }
            // The session lets nothing else through.
            (_, Request { id, .. }) => refuse(&self.outbox, id, Code::NotJoined.into()),
        }
        true
    }

    async fn hello(
        &mut self,
        re: Option<u64>,
        version: u32,
        ticket: Option<String>,
        resume: Option<String>,
    ) -> Result<(), Refusal> {
        if version != VERSION {
            return Err(Refusal::new(Code::Version, format!("This server speaks version {VERSION}.")));
        }
        match (ticket, resume) {
            (Some(ticket), None) => self.greet(re, &ticket).await,
            (None, Some(resume)) => self.resume(re, &resume),
            _ => Err(Refusal::new(Code::Malformed, "A hello carries a ticket or a resume token.")),
        }
    }

    /// A ticket: checked, spent, and answered with a resume token for the seat to come.
    async fn greet(&mut self, re: Option<u64>, ticket: &str) -> Result<(), Refusal> {
        let rooms = &self.signal.rooms;
        if rooms.state.shutdown.draining() {
            return Err(Code::Draining.into());
        }
        let claims = rooms.tickets.check(ticket).map_err(|error| {
            tracing::debug!(%error, "ticket refused");
            Code::Ticket
        })?;
        match rooms.state.ledger.spend(&claims.jti.to_string(), rooms.tickets.remember()).await {
            Ok(true) => {}
            Ok(false) => return Err(Code::Ticket.into()),
            Err(error) => {
                tracing::warn!(%error, "ticket refused: the bus does not answer");
                return Err(Code::Internal.into());
            }
        }
        if !self.held.name(claims.sub) {
            return Err(Code::TooMany.into());
        }
        let (resume, hash) = token::fresh();
        let (participant, room) = (claims.sub, claims.room);
        let welcome = ServerMessage::Welcome { version: VERSION, participant, room, resume, resumed: false };
        self.outbox.answer(re, welcome);
        self.session.stage = Stage::Greeted(Box::new(claims), hash);
        Ok(())
    }

    /// A resume token: the seat is this socket's now. Not refused while draining: the call is still going on.
    fn resume(&mut self, re: Option<u64>, text: &str) -> Result<(), Refusal> {
        let rooms = &self.signal.rooms;
        let used = token::hash(text);
        let participant = rooms.live().holder(used).ok_or(Code::Resume)?;
        if !self.held.name(participant) {
            return Err(Code::TooMany.into());
        }
        let filter = effects::filter(&rooms.state);
        let resumed = rooms.live().resume(used, token::fresh(), self.outbox.clone(), re, filter);
        let (room, participant) = resumed?;
        rooms.changed();
        tracing::debug!(%room, %participant, "seat resumed");
        self.session.stage = Stage::Seated(room, participant);
        Ok(())
    }

    /// Takes the seat, then the place in the SFU.
    async fn join(&mut self, re: Option<u64>, room: RoomId, now: Instant) -> Result<(), Refusal> {
        let Stage::Greeted(claims, token) = &self.session.stage else { return Err(Code::NotJoined.into()) };
        let rooms = &self.signal.rooms;
        if claims.room != room {
            return Err(Refusal::new(Code::Ticket, "The ticket is for another room."));
        }
        if rooms.state.shutdown.draining() {
            return Err(Code::Draining.into());
        }
        let (participant, token) = (claims.sub, *token);
        let (name, host, outbox) = (claims.name.clone(), claims.host, self.outbox.clone());
        // The SFU first would give a place to whoever finds the room full, so the seat comes first; the roster that the
        // seat's owner gets says that it is theirs, and their next message is read after this returns.
        let newcomer = Newcomer { participant, name, host, outbox, token };
        rooms.live().join(room, newcomer, re, effects::filter(&rooms.state), now)?;
        rooms.changed();
        let (events, heard) = mpsc::unbounded_channel();
        if let Err(error) = rooms.state.sfu.join(room, participant, events).await {
            tracing::error!(%error, %participant, "the SFU has no place");
            rooms.leave(participant, LeaveReason::Left).await;
            return Err(Code::Internal.into());
        }
        rooms.state.tasks.spawn(seat::run(rooms.clone(), participant, heard));
        if rooms.live().home(participant).is_none() {
            // Kicked in the meantime, when the SFU did not know them yet.
            rooms.state.sfu.leave(participant).await;
        }
        tracing::info!(%room, %participant, "joined");
        self.session.stage = Stage::Seated(room, participant);
        Ok(())
    }

    fn quiet(&self, quiet: bool) {
        if let Stage::Seated(_, participant) = self.session.stage {
            self.signal.rooms.live().quiet(participant, &self.outbox, quiet);
        }
    }

    /// The last words: what was wrong, that this is the end, and whether coming back makes sense.
    fn end(&self, re: Option<u64>, refusal: Refusal, close: u16) {
        let code = refusal.code;
        let retry = matches!(code, Code::Draining | Code::TooMany | Code::Internal | Code::HelloExpected);
        refuse(&self.outbox, re, refusal);
        self.outbox.say(ServerMessage::Closed { code, retry });
        self.outbox.close(close);
    }
}

fn is_too_big(error: &axum::Error) -> bool {
    error.to_string().contains("too long")
}

/// Writes what the outbox holds until it says close, everybody has let go of it, or its reader is too slow.
async fn write(mut sink: SplitSink<WebSocket, Message>, mut inlet: Inlet, mut pings: mpsc::Receiver<()>, ends: Ends) {
    let slow = inlet.slow.clone();
    let work = async {
        loop {
            let outgoing = tokio::select! {
                biased;
                outgoing = inlet.receiver.recv() => outgoing,
                Some(()) = pings.recv() => {
                    if sink.send(Message::Ping(Default::default())).await.is_err() { return None }
                    continue;
                }
            };
            match outgoing {
                Some(Outgoing::Say(reply)) => {
                    let text = serde_json::to_string(&reply).unwrap_or_default();
                    if sink.send(Message::Text(text.into())).await.is_err() {
                        return None;
                    }
                }
                Some(Outgoing::Close(code)) => return Some(code),
                None => return Some(close::NORMAL),
            }
        }
    };
    let stuck = async {
        ends.read.cancelled().await;
        tokio::time::sleep(LAST_WORDS).await;
    };
    let code = tokio::select! {
        code = work => code,
        () = slow.cancelled() => Some(close::SLOW),
        () = stuck => None,
    };
    if let Some(code) = code {
        if code == close::SLOW {
            metrics::counter!("moodcall_signal_slow_total").increment(1);
        }
        let last = async {
            let _ = sink.send(Message::Close(Some(CloseFrame { code, reason: "".into() }))).await;
            let _ = sink.close().await;
        };
        // A reader that stopped reading would hold the socket for ever.
        let _ = tokio::time::timeout(LAST_WORDS, last).await;
    }
    ends.written.cancel();
}
