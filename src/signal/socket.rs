//! The WebSocket itself: the handshake, the reader, the writer, the timers.

use std::net::IpAddr;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::HeaderMap;
use axum::response::Response;
use futures_util::StreamExt as _;
use futures_util::stream::SplitStream;
use tokio::sync::mpsc;

use super::presence::AFTER_LEAVE;
use super::session::{Pace, Session, Stage, Step};
use super::writer::{Ends, write};
use super::{Asker, Holder, Refusal, Signal, news, refuse};
use crate::base::clock;
use crate::base::net::customer;
use crate::base::shutdown::Phase;
use crate::notices::Listener;
use crate::notices::hub::Heard;
use crate::protocol::client::{ClientMessage, Request};
use crate::protocol::close;
use crate::protocol::code::Code;
use crate::protocol::server::ServerMessage;
use crate::rooms::outbox::Outbox;
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
/// How often a log-in is looked at, in case that it ended on another node or its time is over.
const LOOK: Duration = Duration::from_secs(30);

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
pub(super) struct Held {
    signal: Signal,
    address: IpAddr,
    holder: Option<Holder>,
}

impl Held {
    fn take(signal: &Signal, address: IpAddr) -> Option<Self> {
        let taken = signal.limits.lock().addresses.take(address);
        taken.then(|| {
            metrics::gauge!("moodcall_signal_sockets").increment(1.0);
            Self { signal: signal.clone(), address, holder: None }
        })
    }

    pub(super) fn name(&mut self, holder: Holder) -> bool {
        let taken = self.signal.limits.lock().holders.take(holder);
        if taken {
            self.holder = Some(holder);
        }
        taken
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut limits = self.signal.limits.lock();
        limits.addresses.release(&self.address);
        if let Some(holder) = &self.holder {
            limits.holders.release(holder);
        }
        metrics::gauge!("moodcall_signal_sockets").decrement(1.0);
    }
}

/// The reader's side of one socket.
pub(super) struct Connection {
    pub(super) signal: Signal,
    pub(super) session: Session,
    pub(super) outbox: Outbox,
    pub(super) held: Held,
    /// What it hears of the person whose log-in it belongs to.
    pub(super) news: Option<Listener>,
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
        let connection = Self { signal, session, outbox, held, news: None, ends: ends.clone() };
        tokio::join!(connection.read(stream, pings), write(sink, inlet, pinged, ends));
    }

    /// Reads until the socket ends, then marks the seat as away.
    async fn read(mut self, mut stream: SplitStream<WebSocket>, pings: mpsc::Sender<()>) {
        let shutdown = self.signal.rooms.state.shutdown.clone();
        let hello = clock::now() + self.signal.rooms.state.config.rooms.hello();
        let mut heard = clock::now();
        let mut looked = heard;
        let mut ticks = tokio::time::interval(PING);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let greeting = matches!(self.session.stage, Stage::New);
            let message = tokio::select! {
                message = stream.next() => message,
                news = news::hear(&mut self.news) => {
                    if !self.tell(news).await { break }
                    continue;
                }
                _ = ticks.tick() => {
                    let _ = pings.try_send(());
                    let silent = clock::now().saturating_duration_since(heard);
                    self.quiet(silent > QUIET);
                    if silent > DEAD { break }
                    if clock::now().saturating_duration_since(looked) > LOOK {
                        looked = clock::now();
                        if !self.tell(Heard::Session).await { break }
                    }
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
                    if !self.handle(request).await {
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
    async fn handle(&mut self, request: Request) -> bool {
        match (&self.session.stage, request) {
            (_, Request { id, message: ClientMessage::Ping }) => self.outbox.answer(id, ServerMessage::Pong),
            (Stage::New, Request { id, message: ClientMessage::Hello { version, ticket, resume } }) => {
                if let Err(refusal) = self.hello(id, version, ticket, resume).await {
                    self.end(id, refusal, close::POLICY);
                    return false;
                }
            }
            (Stage::Greeted(..), Request { id, message: ClientMessage::Join { room } }) => {
                if let Err(refusal) = self.join(id, room).await {
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

    fn quiet(&self, quiet: bool) {
        if let Stage::Seated(_, participant) = self.session.stage {
            self.signal.rooms.live().quiet(participant, &self.outbox, quiet);
        }
    }

    /// The last words: what was wrong, that this is the end, and whether coming back makes sense.
    pub(super) fn end(&self, re: Option<u64>, refusal: Refusal, close: u16) {
        let code = refusal.code;
        let retry =
            matches!(code, Code::Draining | Code::TooMany | Code::Internal | Code::HelloExpected | Code::Unavailable);
        refuse(&self.outbox, re, refusal);
        self.outbox.say(ServerMessage::Closed { code, retry });
        self.outbox.close(close);
    }
}

fn is_too_big(error: &axum::Error) -> bool {
    error.to_string().contains("too long")
}
