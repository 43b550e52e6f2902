//! What a participant receives.

use super::publish::{media_kind, refusal};
use super::{Asker, Refusal};
use crate::base::id::ParticipantId;
use crate::protocol::Kind;
use crate::protocol::code::Code;
use crate::protocol::server::ServerMessage;

impl Asker<'_> {
    /// Switches one person's tracks of a kind on or off; one's own camera as others see it is switched here too. The
    /// answer is the map as it is now; a changed map follows when the change has happened.
    pub(super) async fn subscribe(&self, of: ParticipantId, kind: Kind, on: bool) -> Result<ServerMessage, Refusal> {
        let rooms = &self.signal.rooms;
        if rooms.live().home(of) != Some(self.room) {
            return Err(Code::NotFound.into());
        }
        rooms.state.sfu.subscribe(self.participant, of, media_kind(kind), on).await.map_err(refusal)?;
        let sections = rooms.live().seat(self.participant).map(|seat| seat.sections.clone()).unwrap_or_default();
        Ok(ServerMessage::Subscribed { sections })
    }
}
