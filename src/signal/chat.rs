//! Chat and reactions, as people say them. Lines are kept; reactions are relayed to whoever is in the room and kept nowhere.

use super::{Asker, Refusal};
use crate::base::text;
use crate::protocol::code::Code;
use crate::protocol::server::ServerMessage;
use crate::rooms::chat::say;

impl Asker<'_> {
    /// Tells the room a line. Everybody, the speaker too, gets the same identifier, number, name and time, in one order.
    pub(super) async fn chat(&self, re: Option<u64>, words: &str) -> Result<(), Refusal> {
        let words = text::lines(words, text::CHAT).ok_or_else(|| {
            Refusal::new(Code::Invalid, format!("A line of chat must have 1 to {} characters.", text::CHAT))
        })?;
        let answer = |message| self.outbox.answer(re, message);
        Ok(say::say(&self.signal.rooms, self.room, self.participant, words, answer).await?)
    }

    /// Shows the room an emoji.
    pub(super) fn reaction(&self, emoji: &str) -> Result<ServerMessage, Refusal> {
        let emoji = text::reaction(emoji).ok_or_else(|| Refusal::new(Code::Invalid, "A reaction is one emoji."))?;
        let message = ServerMessage::Reaction { participant: self.participant, emoji };
        self.signal.rooms.live().tell_others(self.participant, &message);
        Ok(message)
    }
}
