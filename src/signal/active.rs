//! Who may say something in a room: everybody but those whom staff let look only. Their seat ends with the suspension, and
//! may be there for a moment more.

use super::{Asker, Refusal, Signal};
use crate::base::id::SessionId;
use crate::base::timestamp::Timestamp;
use crate::protocol::Effects;
use crate::protocol::client::ClientMessage;
use crate::protocol::code::Code;
use crate::users::live::Standing;

impl Signal {
    /// Refuses whoever is suspended, by what the database says now: for whoever comes in.
    pub(super) async fn admit(&self, session: SessionId) -> Result<(), Refusal> {
        judge(self.users.live.look(session).await)
    }
}

impl Asker<'_> {
    /// Refuses what others would see or hear of somebody who is suspended. A guest's seat has no account that could be.
    pub(super) async fn may(&self, message: &ClientMessage) -> Result<(), Refusal> {
        if !is_seen(message) {
            return Ok(());
        }
        let session = {
            let live = self.signal.rooms.live();
            let seat = live.seat(self.participant).ok_or(Code::NotJoined)?;
            seat.member.as_ref().map(|member| member.session)
        };
        match session {
            Some(session) => judge(self.signal.users.live.standing(session).await),
            None => Ok(()),
        }
    }
}

/// Whether others see or hear of it.
fn is_seen(message: &ClientMessage) -> bool {
    match message {
        ClientMessage::Publish { .. }
        | ClientMessage::Mute { muted: false, .. }
        | ClientMessage::Mood { share: true }
        | ClientMessage::Chat { .. }
        | ClientMessage::Reaction { .. }
        | ClientMessage::Soundtrack { .. }
        | ClientMessage::Still { .. } => true,
        ClientMessage::Effects { effects, .. } => *effects != Effects::Off,
        _ => false,
    }
}

fn judge(standing: Result<Option<Standing>, impl std::fmt::Display>) -> Result<(), Refusal> {
    match standing {
        Ok(Some(standing)) if standing.is_suspended(Timestamp::now()) => Err(Code::Suspended.into()),
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(Code::SessionOver.into()),
        Err(error) => {
            tracing::warn!(%error, "a log-in cannot be looked up");
            Err(Code::Unavailable.into())
        }
    }
}
