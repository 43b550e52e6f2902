//! Chat: lines that are kept, in one order for everybody.
//!
//! A line gets its number in the transaction that writes it, and is told to the room after the commit, while nobody else
//! says anything there ([`Chat::turn`]): so everybody hears the lines in the order of their numbers. What is said, changed
//! and deleted is counted in the same way (`change`): who was away asks for what happened after the last number that they
//! have heard ([`history`]).

mod change;
pub mod delete;
pub mod edit;
pub mod history;
pub mod line;
pub mod say;
pub mod sweep;

use std::hash::{BuildHasher, RandomState};

use tokio::sync::{Mutex, MutexGuard};

use crate::base::id::RoomId;
use crate::protocol::server::ServerMessage;
use crate::rooms::Rooms;

/// Rooms of which one speaks at a time share a turn by chance; with so many turns that is seldom.
const TURNS: usize = 256;

/// Whose turn it is to say something.
pub struct Chat {
    turns: Vec<Mutex<()>>,
    hasher: RandomState,
}

impl Default for Chat {
    fn default() -> Self {
        Self { turns: (0..TURNS).map(|_| Mutex::new(())).collect(), hasher: RandomState::new() }
    }
}

impl Chat {
    /// Waits until nobody else says, changes or deletes anything in the room, and keeps it so.
    pub async fn turn(&self, room: RoomId) -> Option<MutexGuard<'_, ()>> {
        let place = self.hasher.hash_one(room) as usize % TURNS;
        match self.turns.get(place) {
            Some(turn) => Some(turn.lock().await),
            None => None,
        }
    }
}

/// Tells everybody who sits in the room.
pub fn tell(rooms: &Rooms, room: RoomId, message: &ServerMessage) {
    let live = rooms.live();
    for seat in live.room(room).map(crate::rooms::room::Room::seats).unwrap_or_default() {
        seat.say(message.clone());
    }
}
