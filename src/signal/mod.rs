//! Signaling: one WebSocket per participant. `docs/protocol.md` describes the messages.
//!
//! [`session`] decides, as a value, which message may be handled now; [`socket`] is the shell with the WebSocket and its
//! timers; one file per subject handles the messages; [`seat`] carries what the SFU says to the room.

pub mod active;
pub mod chat;
pub mod effects;
pub mod entry;
pub mod news;
pub mod presence;
pub mod publish;
pub mod seat;
pub mod session;
pub mod socket;
pub mod soundtrack;
pub mod studio;
pub mod subscribe;
pub mod writer;

use std::net::IpAddr;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::base::id::{ParticipantId, RoomId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::client::{ClientMessage, Request};
use crate::protocol::code::Code;
use crate::protocol::server::ServerMessage;
use crate::rooms::Rooms;
use crate::rooms::outbox::Outbox;
use crate::rooms::stills::NewStill;
use crate::users::Users;
use crate::web::limit::Counts;

/// Handle on signaling; clones share the limits.
#[derive(Clone)]
pub struct Signal {
    /// The rooms.
    pub rooms: Rooms,
    /// Whose log-ins hold.
    pub users: Users,
    limits: Arc<Mutex<Limits>>,
}

/// What one address and one person may hold and ask for.
struct Limits {
    addresses: Counts<IpAddr>,
    holders: Counts<Holder>,
}

/// Whose socket it is, as limits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Holder {
    /// A guest's seat.
    Guest(ParticipantId),
    /// Everything of one person.
    Person(UserId),
}

impl Signal {
    /// Signaling for these rooms.
    pub fn new(rooms: Rooms, users: Users) -> Self {
        let config = &rooms.state.config.rooms;
        let limits = Limits {
            addresses: Counts::at_most(config.per_address_sockets),
            holders: Counts::at_most(config.per_user_sockets),
        };
        Self { limits: Arc::new(Mutex::new(limits)), rooms, users }
    }

    /// Addresses, and guests and people, that hold a socket now.
    pub fn holders(&self) -> (usize, usize) {
        let limits = self.limits.lock();
        (limits.addresses.len(), limits.holders.len())
    }
}

/// Why a request was not done: the code for the program, the detail for the developer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What the client can act on.
    pub code: Code,
    /// What was wrong, in English.
    pub detail: String,
}

impl Refusal {
    /// A refusal.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        let meaning = crate::web::problem::meaning(code, crate::web::language::Language::En);
        Self::new(code, meaning.explanation)
    }
}

/// Somebody in a room who asks for something.
pub struct Asker<'a> {
    /// Where the parts are.
    pub signal: &'a Signal,
    /// Their room.
    pub room: RoomId,
    /// Who they are.
    pub participant: ParticipantId,
    /// Their socket.
    pub outbox: &'a Outbox,
}

impl Asker<'_> {
    /// Does what they ask. The answer carries the request's number; what others must hear they have heard by then.
    pub async fn handle(&self, request: Request) {
        let re = request.id;
        if let Err(refusal) = self.may(&request.message).await {
            return refuse(self.outbox, re, refusal);
        }
        let answer = match request.message {
            ClientMessage::Soundtrack { action, position_ms } => self.soundtrack(action, position_ms).map(Some),
            ClientMessage::Clock => Ok(Some(ServerMessage::Clock { at: Timestamp::now() })),
            ClientMessage::Hello { .. } | ClientMessage::Join { .. } => Err(Refusal::from(Code::AlreadyJoined)),
            ClientMessage::Ping => Ok(Some(ServerMessage::Pong)),
            ClientMessage::Leave => self.leave().await.map(Some),
            ClientMessage::Kick { participant } => self.kick(participant).await.map(Some),
            ClientMessage::Quality { bars } => self.quality(bars).map(Some),
            ClientMessage::Mood { share } => self.share_mood(share).map(Some),
            ClientMessage::Offer { sdp } => self.offer(sdp).await.map(Some),
            ClientMessage::Candidate { .. } => Ok(None),
            ClientMessage::Publish { mid, kind, source, muted } => {
                self.publish(mid, kind, source, muted).await.map(Some)
            }
            ClientMessage::Unpublish { track } => self.unpublish(track).await.map(Some),
            ClientMessage::Mute { track, muted } => self.mute(track, muted).await.map(Some),
            ClientMessage::Subscribe { participant, kind, on } => self.subscribe(participant, kind, on).await.map(Some),
            ClientMessage::Effects { effects, consent } => self.effects(effects, consent).await.map(Some),
            ClientMessage::Chat { text } => self.chat(re, &text).await.map(|()| None),
            ClientMessage::Reaction { emoji } => self.reaction(&emoji).map(Some),
            ClientMessage::Still { names, time } => self.still(re, NewStill { names, time }).map(|()| None),
        };
        match answer {
            Ok(Some(message)) => self.outbox.answer(re, message),
            Ok(None) => {}
            Err(refusal) => refuse(self.outbox, re, refusal),
        }
    }
}

/// Tells a socket that something was not done.
pub fn refuse(outbox: &Outbox, re: Option<u64>, Refusal { code, detail }: Refusal) {
    metrics::counter!("moodcall_signal_errors_total", "code" => code.as_str()).increment(1);
    outbox.answer(re, ServerMessage::Error { code, detail });
}
