//! What the host does with the soundtrack.

use super::{Asker, Refusal};
use crate::protocol::code::Code;
use crate::protocol::server::ServerMessage;
use crate::protocol::soundtrack::{Action, Order};

impl Asker<'_> {
    /// Plays, pauses, goes on, back, or elsewhere in the song: only the host may. Everybody hears of it.
    pub(super) fn soundtrack(&self, action: Action, position_ms: Option<u64>) -> Result<ServerMessage, Refusal> {
        let order = Order::of(action, position_ms)
            .ok_or_else(|| Refusal::new(Code::Invalid, "A seek has a position, and nothing else has."))?;
        Ok(self.signal.rooms.conduct(self.room, self.participant, order)?)
    }
}
