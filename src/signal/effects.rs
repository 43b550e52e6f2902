//! Effects and stills.

use super::{Asker, Refusal};
use crate::protocol::code::Code;
use crate::protocol::server::{FilterState, ServerMessage};
use crate::protocol::{Effects, MoodLabel};
use crate::state::AppState;

/// Whether effects can be used on this server now.
pub fn filter(_state: &AppState) -> FilterState {
    FilterState { available: false, reason: Some("the filter is not built in yet".into()) }
}

impl Asker<'_> {
    /// Changes what is behind oneself. The expression is analyzed only when this very message says that the person
    /// agreed.
    pub(super) async fn effects(&self, effects: Effects, consent: bool) -> Result<ServerMessage, Refusal> {
        match effects {
            Effects::Scene { scene: MoodLabel::Unsure } => {
                return Err(Refusal::new(Code::Invalid, "There is no scene for unsure."));
            }
            Effects::Mood if !consent => return Err(Code::Consent.into()),
            _ => {}
        }
        let filter = filter(&self.signal.rooms.state);
        if effects != Effects::Off && !filter.available {
            return Err(Refusal::new(Code::FilterUnavailable, filter.reason.unwrap_or_default()));
        }
        let message = ServerMessage::Effects { participant: self.participant, effects };
        let mut live = self.signal.rooms.live();
        live.seat_mut(self.participant).ok_or(Code::NotJoined)?.effects = effects;
        live.tell_others(self.participant, &message);
        Ok(message)
    }

    /// Takes a picture of the room. The answer comes when it is there.
    pub(super) fn still(&self, _re: Option<u64>, _names: bool, _time: bool) -> Result<(), Refusal> {
        self.signal
            .limits
            .lock()
            .stills
            .take(self.participant, crate::base::clock::now())
            .map_err(|_| Code::TooMany)?;
        Err(Code::NothingToShow.into())
    }
}
