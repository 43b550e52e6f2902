//! What a client may say on the socket.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::soundtrack::Action;
use super::{Effects, Kind, Source};
use crate::base::id::{ParticipantId, RoomId, TrackId};

/// One message with the number that its answer or error carries back in `re`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Chosen by the client; echoed as `re` in the answer or the error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    #[serde(flatten)]
    pub message: ClientMessage,
}

/// What a client sent is no request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The number that it carried, as far as that could be read.
    pub id: Option<u64>,
    /// What is wrong.
    pub detail: String,
}

impl Request {
    /// Reads one message. Unknown types and fields are refused.
    ///
    /// # Errors
    /// [`Unreadable`], with the number for the answer where there is one.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        let unreadable = |id, detail: &str| Unreadable { id, detail: detail.chars().take(200).collect() };
        let value: Value = serde_json::from_str(text).map_err(|_| unreadable(None, "A message is JSON."))?;
        let Value::Object(mut fields) = value else { return Err(unreadable(None, "A message is an object.")) };
        let id = match fields.remove("id") {
            None => None,
            Some(value) => Some(value.as_u64().ok_or_else(|| unreadable(None, "The id is a whole number."))?),
        };
        let fields_beside_type = fields.len().saturating_sub(1);
        let message: ClientMessage =
            serde_json::from_value(Value::Object(fields)).map_err(|error| unreadable(id, &error.to_string()))?;
        // serde does not look at the fields of a message that has none.
        if matches!(message, ClientMessage::Leave | ClientMessage::Ping | ClientMessage::Clock)
            && fields_beside_type > 0
        {
            return Err(unreadable(id, "This message has no fields."));
        }
        Ok(Self { id, message })
    }
}

/// Every message that a client may send. An unknown `type` or field is an error with a code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ClientMessage {
    /// First on every socket, within five seconds: either the ticket or the resume token.
    Hello {
        version: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resume: Option<String>,
    },
    /// Takes a seat in the ticket's room. Not said after a resume.
    Join {
        room: RoomId,
    },
    /// Gives the seat up at once.
    Leave,
    /// The client always offers. The answer comes as `answer` with the same `re`.
    Offer {
        sdp: String,
    },
    /// Accepted and ignored: the server learns a client's address from its checks.
    Candidate {
        candidate: String,
    },
    /// Says what a media section of the last offer sends.
    Publish {
        mid: String,
        kind: Kind,
        source: Source,
        #[serde(default)]
        muted: bool,
    },
    Unpublish {
        track: TrackId,
    },
    Mute {
        track: TrackId,
        muted: bool,
    },
    /// Everybody receives everybody unless they say otherwise. One's own camera, as others see it, is asked for here too.
    Subscribe {
        participant: ParticipantId,
        kind: Kind,
        on: bool,
    },
    /// Background of one's own camera. `consent` must be true for `mood`: the person has read the notice and agreed.
    Effects {
        effects: Effects,
        #[serde(default)]
        consent: bool,
    },
    /// Whether the room sees one's mood. False until said.
    Mood {
        share: bool,
    },
    /// Bars of one's own connection, 0 to 4, from `getStats`; relayed to the room.
    Quality {
        bars: u8,
    },
    Chat {
        text: String,
    },
    Reaction {
        emoji: String,
    },
    /// A screenshot of the room as the server sends it.
    Still {
        #[serde(default)]
        names: bool,
        #[serde(default)]
        time: bool,
    },
    /// Only the host may.
    Kick {
        participant: ParticipantId,
    },
    /// Only the host may. `position_ms` belongs to `seek` alone.
    Soundtrack {
        action: Action,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        position_ms: Option<u64>,
    },
    /// What time it is for the server: for playing in step with others.
    Clock,
    Ping,
}
