//! Effects and stills, as people ask for them.

use super::{Asker, Refusal, refuse};
use crate::protocol::code::Code;
use crate::protocol::server::{FilterState, ServerMessage};
use crate::protocol::{Effects, MoodLabel};
use crate::rooms::stills::take::take;
use crate::rooms::stills::{CreatedStill, NewStill};
use crate::state::AppState;
use crate::studio::AnalysisConsent;

/// Whether effects can be used on this server now.
pub fn filter(state: &AppState) -> FilterState {
    let reason = state.studio.unavailable();
    FilterState { available: reason.is_none(), reason }
}

impl Asker<'_> {
    /// Changes what is behind oneself. The expression is analyzed only when this very message says that the person
    /// agreed; here, and nowhere else, their consent is made.
    pub(super) async fn effects(&self, effects: Effects, consent: bool) -> Result<ServerMessage, Refusal> {
        if let (Effects::Scene { scene: MoodLabel::Unsure }, _) = (effects, consent) {
            return Err(Refusal::new(Code::Invalid, "There is no scene for unsure."));
        }
        if effects == Effects::Mood && !consent {
            return Err(Code::Consent.into());
        }
        let agreed = (effects == Effects::Mood && consent).then(|| AnalysisConsent::given_by(self.participant));
        let rooms = &self.signal.rooms;
        // Set before the studio is asked, so that its own "failed" cannot be overwritten by our "works".
        let (before, camera) = {
            let mut live = rooms.live();
            let seat = live.seat_mut(self.participant).ok_or(Code::NotJoined)?;
            (std::mem::replace(&mut seat.effects, effects), seat.camera().map(|track| track.id))
        };
        let done = rooms.state.studio.effects(self.participant, camera, effects, agreed).await;
        let mut live = rooms.live();
        let seat = live.seat_mut(self.participant).ok_or(Code::NotJoined)?;
        if let Err(error) = done {
            seat.effects = before;
            return Err(Refusal::new(error.code(), error.to_string()));
        }
        let message = ServerMessage::Effects { participant: self.participant, effects: seat.effects };
        live.tell_others(self.participant, &message);
        Ok(message)
    }

    /// Takes a picture of the room. The answer comes when it is there; other messages are handled meanwhile.
    /// It lies in the gallery of whoever has an account.
    pub(super) fn still(&self, re: Option<u64>, ask: NewStill) -> Result<(), Refusal> {
        let taker = {
            let live = self.signal.rooms.live();
            let seat = live.seat(self.participant).ok_or(Code::NotJoined)?;
            seat.member.as_ref().map(|member| member.person.id)
        };
        let (rooms, room, outbox) = (self.signal.rooms.clone(), self.room, self.outbox.clone());
        self.signal.rooms.state.tasks.spawn(async move {
            match take(&rooms, room, taker, ask).await {
                Ok(CreatedStill { still, width, height, png, webp }) => {
                    outbox.answer(re, ServerMessage::Still { still, width, height, png, webp });
                }
                Err(code) => refuse(&outbox, re, code.into()),
            }
        });
        Ok(())
    }
}
