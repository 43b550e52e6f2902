//! Chat and reactions: relayed to whoever is in the room, kept nowhere.

use super::{Asker, Refusal};
use crate::base::id::MessageId;
use crate::base::{clock, text};
use crate::protocol::code::Code;
use crate::protocol::server::ServerMessage;
use crate::rooms::api::rfc3339;

impl Asker<'_> {
    /// Tells the room a line. Everybody, the speaker too, gets the same identifier, name and time.
    pub(super) fn chat(&self, words: &str) -> Result<ServerMessage, Refusal> {
        let words = text::lines(words, text::CHAT).ok_or_else(|| {
            Refusal::new(Code::Invalid, format!("A line of chat must have 1 to {} characters.", text::CHAT))
        })?;
        let live = self.signal.rooms.live();
        let name = live.seat(self.participant).ok_or(Code::NotJoined)?.name.clone();
        let message = ServerMessage::Chat {
            message: MessageId::new(),
            participant: self.participant,
            name,
            text: words,
            at: rfc3339(clock::unix()),
        };
        live.tell_others(self.participant, &message);
        Ok(message)
    }

    /// Shows the room an emoji.
    pub(super) fn reaction(&self, emoji: &str) -> Result<ServerMessage, Refusal> {
        let emoji = text::reaction(emoji).ok_or_else(|| Refusal::new(Code::Invalid, "A reaction is one emoji."))?;
        let message = ServerMessage::Reaction { participant: self.participant, emoji };
        self.signal.rooms.live().tell_others(self.participant, &message);
        Ok(message)
    }
}
