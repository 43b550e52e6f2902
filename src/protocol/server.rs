//! What the server says on the socket.

use serde::{Deserialize, Serialize};

use super::call::CallStatus;
use super::code::Code;
use super::knock::KnockStatus;
use super::notification::{Notification, Person};
use super::soundtrack::Soundtrack;
use super::{Effects, Kind, MoodLabel, Rung, Source};
use crate::base::id::{CallId, KnockId, MessageId, ParticipantId, RoomId, StillId, TrackId, UserId};
use crate::base::timestamp::Timestamp;

/// One message; `re` is the `id` of the request that it answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub re: Option<u64>,
    #[serde(flatten)]
    pub message: ServerMessage,
}

/// Every message that the server may send.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum ServerMessage {
    /// Answers `hello`. `resume` takes the seat back after a lost socket; it changes with every welcome.
    Welcome {
        version: u32,
        participant: ParticipantId,
        room: RoomId,
        resume: String,
        resumed: bool,
    },
    /// Answers a `hello` whose ticket is for no room: this socket hears of notifications, and may ping.
    Listening {
        version: u32,
        user: UserId,
    },
    /// Something happened to the person whose log-in the ticket was of; with how many are unread now.
    Notification {
        notification: Notification,
        unread: i64,
    },
    /// Somebody rings the person whose log-in the ticket was of; until `call` says otherwise.
    Ringing {
        call: CallId,
        from: Person,
        room: RoomId,
        video: bool,
    },
    /// A call that one makes or got stands so now. One that rings no longer is over on every page.
    Call {
        call: CallId,
        status: CallStatus,
    },
    /// To the host inside: somebody knocks on the room's door.
    Knock {
        knock: KnockId,
        person: Person,
    },
    /// To the host inside: a knock waits no longer.
    Answered {
        knock: KnockId,
        status: KnockStatus,
    },
    /// To whoever knocked, on every page: they may come in.
    Admitted {
        knock: KnockId,
        room: RoomId,
    },
    /// To whoever knocked, on every page: they may not.
    Refused {
        knock: KnockId,
        room: RoomId,
    },
    /// The whole room; answers `join`, and follows `welcome` after a resume.
    Roster {
        room: RoomId,
        you: ParticipantId,
        capacity: u32,
        filter: FilterState,
        participants: Vec<Participant>,
    },
    Joined {
        participant: Participant,
    },
    /// Somebody's socket was lost (`away`: their seat is kept) or is back.
    Presence {
        participant: ParticipantId,
        away: bool,
    },
    Left {
        participant: ParticipantId,
        reason: LeaveReason,
    },
    /// To the one who was removed; the socket closes after it. `by` is the host's seat, null when they sit elsewhere.
    Kicked {
        by: Option<ParticipantId>,
    },
    /// The server ends this socket; `code` says why. A client may come back when `retry` is true.
    Closed {
        code: Code,
        retry: bool,
    },
    Answer {
        sdp: String,
    },
    Candidate {
        candidate: String,
    },
    /// Please offer again, with at least so many media sections that can receive, your own included.
    Negotiate {
        audio: u32,
        video: u32,
    },
    /// Answers `publish`, and tells the others.
    Published {
        participant: ParticipantId,
        track: Track,
    },
    Unpublished {
        participant: ParticipantId,
        track: TrackId,
    },
    Muted {
        participant: ParticipantId,
        track: TrackId,
        muted: bool,
    },
    /// The whole map of what the client's media sections receive, at each change.
    Subscribed {
        sections: Vec<Section>,
    },
    Effects {
        participant: ParticipantId,
        effects: Effects,
    },
    /// `mood` is null when the person stopped sharing.
    Mood {
        participant: ParticipantId,
        mood: Option<MoodLabel>,
        confidence: f32,
    },
    /// How somebody's processed track keeps up, or how good their connection is.
    Quality {
        participant: ParticipantId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rung: Option<Rung>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bars: Option<u8>,
    },
    /// A line, numbered within the room; everybody hears them in that order. `change` counts what happens to lines.
    Chat {
        message: MessageId,
        seq: i64,
        change: i64,
        participant: ParticipantId,
        name: String,
        text: String,
        at: Timestamp,
    },
    /// Whoever said it has changed it.
    ChatEdited {
        message: MessageId,
        change: i64,
        text: String,
        edited_at: Timestamp,
    },
    /// Whoever said it, the host or staff has deleted it.
    ChatDeleted {
        message: MessageId,
        change: i64,
    },
    Reaction {
        participant: ParticipantId,
        emoji: String,
    },
    /// Answers `still`. The addresses are valid for ten minutes.
    Still {
        still: StillId,
        width: u32,
        height: u32,
        png: String,
        webp: String,
    },
    /// What plays in the room, at each change, and to whoever comes in or back; null when nothing does any more.
    Soundtrack {
        soundtrack: Option<Soundtrack>,
    },
    /// Answers `clock`.
    Clock {
        at: Timestamp,
    },
    Pong,
    Error {
        code: Code,
        detail: String,
    },
}

/// One seat, as the room sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Participant {
    pub id: ParticipantId,
    /// What a guest calls themselves, or the nickname of somebody with an account.
    pub name: String,
    /// Whether they have no account, so that the name is only what they say.
    pub guest: bool,
    /// Whose account it is; null for a guest.
    pub user: Option<Person>,
    pub host: bool,
    pub away: bool,
    pub effects: Effects,
    pub mood: Option<MoodLabel>,
    pub tracks: Vec<Track>,
}

/// One publication, as the room sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Track {
    pub id: TrackId,
    pub kind: Kind,
    pub source: Source,
    pub muted: bool,
}

/// What one media section of a client's connection receives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub mid: String,
    pub participant: ParticipantId,
    pub track: TrackId,
    pub kind: Kind,
}

/// Why a seat is free again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeaveReason {
    Left,
    Kicked,
    /// The seat was kept for its time and nobody came back.
    Expired,
    Shutdown,
}

/// Whether the mood filter can be used on this server, and why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterState {
    pub available: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
