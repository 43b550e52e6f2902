//! One at a time where the row of a room and what plays there must say the same.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use tokio::sync::{Mutex, MutexGuard};

use crate::base::id::RoomId;

/// Rooms that never wait for each other, at most. Two that do wait for one statement.
const TURNS: u64 = 64;

/// Whose turn it is, for every room.
#[derive(Debug)]
pub struct Turns(Vec<Mutex<()>>);

impl Default for Turns {
    fn default() -> Self {
        Self((0..TURNS).map(|_| Mutex::new(())).collect())
    }
}

impl Turns {
    /// From here on nobody else attaches a list to the room, or reads its row to find out what plays, until this is dropped.
    /// Whoever asked first comes first.
    pub async fn of(&self, room: RoomId) -> Option<MutexGuard<'_, ()>> {
        let mut hasher = DefaultHasher::new();
        room.hash(&mut hasher);
        let turn = usize::try_from(hasher.finish() % TURNS).ok().and_then(|index| self.0.get(index))?;
        Some(turn.lock().await)
    }
}
