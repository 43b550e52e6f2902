//! Who is here, how well they are connected, what they show of their mood.

use super::{Asker, Refusal};
use crate::base::id::ParticipantId;
use crate::protocol::close;
use crate::protocol::code::Code;
use crate::protocol::server::{LeaveReason, ServerMessage};

/// Most bars of a connection.
const BARS: u8 = 4;

impl Asker<'_> {
    /// Gives the seat up at once; the socket closes after the answer.
    pub(super) async fn leave(&self) -> Result<ServerMessage, Refusal> {
        self.signal.rooms.leave(self.participant, LeaveReason::Left).await;
        Ok(ServerMessage::Left { participant: self.participant, reason: LeaveReason::Left })
    }

    /// Removes somebody: only the host may.
    pub(super) async fn kick(&self, target: ParticipantId) -> Result<ServerMessage, Refusal> {
        let rooms = &self.signal.rooms;
        let user = rooms.live().may_kick(self.participant, target)?;
        match user {
            Some(user) => {
                if let Err(error) = rooms.remove(self.room, user).await {
                    tracing::warn!(%error, "somebody was removed, and what let them in could not be forgotten");
                }
            }
            None => rooms.kick(self.room, &[target]).await,
        }
        Ok(ServerMessage::Left { participant: target, reason: LeaveReason::Kicked })
    }

    /// Shows the room how good one's connection is.
    pub(super) fn quality(&self, bars: u8) -> Result<ServerMessage, Refusal> {
        if bars > BARS {
            return Err(Refusal::new(Code::Invalid, format!("There are 0 to {BARS} bars.")));
        }
        let live = self.signal.rooms.live();
        let rung = live.seat(self.participant).ok_or(Code::NotJoined)?.rung;
        let message = ServerMessage::Quality { participant: self.participant, rung, bars: Some(bars) };
        live.tell_others(self.participant, &message);
        Ok(message)
    }

    /// Shows the room one's mood, or stops to.
    pub(super) fn share_mood(&self, share: bool) -> Result<ServerMessage, Refusal> {
        let mut live = self.signal.rooms.live();
        let seat = live.seat_mut(self.participant).ok_or(Code::NotJoined)?;
        let changed = std::mem::replace(&mut seat.shares_mood, share) != share;
        let shown = seat.mood.filter(|_| share);
        let message = mood(self.participant, shown);
        if changed {
            live.tell_others(self.participant, &message);
        }
        Ok(message)
    }
}

/// What the room is told of somebody's mood.
pub(super) fn mood(participant: ParticipantId, shown: Option<(crate::protocol::MoodLabel, f32)>) -> ServerMessage {
    ServerMessage::Mood {
        participant,
        mood: shown.map(|(label, _)| label),
        confidence: shown.map_or(0.0, |(_, confidence)| confidence),
    }
}

/// The close code of a socket whose seat is given up.
pub(super) const AFTER_LEAVE: u16 = close::NORMAL;
