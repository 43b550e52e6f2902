//! Carries what the studio says about people's processed tracks to their rooms. The mood goes to the person themselves,
//! and to the room only while they share it.

use tokio::sync::mpsc::UnboundedReceiver;

use super::presence::mood;
use crate::base::shutdown::Phase;
use crate::protocol::Effects;
use crate::protocol::server::ServerMessage;
use crate::rooms::Rooms;
use crate::studio::{Event, What};

/// Runs until the shutdown stops everything.
pub async fn run(rooms: Rooms, mut events: UnboundedReceiver<Event>) {
    let shutdown = rooms.state.shutdown.clone();
    loop {
        let event = tokio::select! {
            event = events.recv() => event,
            () = shutdown.reached(Phase::Stopping) => None,
        };
        match event {
            Some(event) => hear(&rooms, event),
            None => return,
        }
    }
}

fn hear(rooms: &Rooms, Event { participant, what, .. }: Event) {
    let mut live = rooms.live();
    let Some(seat) = live.seat_mut(participant) else { return };
    match what {
        What::Mood(now) => {
            // A worker may have said it just before it heard that the person agrees no longer.
            let now = now.filter(|_| seat.effects == Effects::Mood);
            seat.mood = now;
            let message = mood(participant, now);
            if seat.shares_mood {
                live.tell_others(participant, &message);
            }
            live.tell(participant, message);
        }
        What::Rung(rung) => {
            seat.rung = rung;
            // Nothing to tell when the track is processed no longer: `effects` has said so.
            if rung.is_some() {
                let message = ServerMessage::Quality { participant, rung, bars: None };
                live.tell_others(participant, &message);
                live.tell(participant, message);
            }
        }
        What::Failed { code, reason } => {
            let shared = seat.shares_mood && seat.mood.is_some();
            (seat.effects, seat.mood, seat.rung) = (Effects::Off, None, None);
            let message = ServerMessage::Effects { participant, effects: Effects::Off };
            live.tell_others(participant, &message);
            if shared {
                live.tell_others(participant, &mood(participant, None));
            }
            live.tell(participant, message);
            live.tell(participant, mood(participant, None));
            live.tell(participant, ServerMessage::Error { code, detail: reason });
        }
    }
}
