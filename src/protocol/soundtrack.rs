//! What plays in a room, and what its host may do with it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::base::id::PlaylistId;
use crate::base::timestamp::Timestamp;

/// What a host asks of the soundtrack, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    Play,
    Pause,
    Next,
    Previous,
    /// Only this one has a position.
    Seek,
}

/// What a host asks of the soundtrack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Goes on from where it stands.
    Play,
    /// Stands still.
    Pause,
    /// The next song; after the last, the first.
    Next,
    /// The song before; well into a song, that song from its beginning.
    Previous,
    /// Another place in the song.
    Seek {
        /// From its beginning.
        position_ms: u64,
    },
}

impl Order {
    /// An action with its position; none when they do not fit each other.
    pub fn of(action: Action, position_ms: Option<u64>) -> Option<Self> {
        match (action, position_ms) {
            (Action::Play, None) => Some(Self::Play),
            (Action::Pause, None) => Some(Self::Pause),
            (Action::Next, None) => Some(Self::Next),
            (Action::Previous, None) => Some(Self::Previous),
            (Action::Seek, Some(position_ms)) => Some(Self::Seek { position_ms }),
            _ => None,
        }
    }
}

/// What plays in a room: `position_ms` is where it was `at` a moment. If it is `playing`, it has gone on since.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Soundtrack {
    pub playlist: PlaylistId,
    pub title: String,
    /// Address of the playlist's cover, from the root of this server.
    pub cover: Option<String>,
    /// The whole song, as `GET /songs/{id}` shows it: the list may be one that not everybody inside may look at.
    pub song: Value,
    /// Which song of the list it is, from zero.
    pub index: u32,
    pub count: u32,
    pub playing: bool,
    pub position_ms: u64,
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_seek_has_a_position() {
        for action in [Action::Play, Action::Pause, Action::Next, Action::Previous] {
            assert!(Order::of(action, None).is_some());
            assert_eq!(Order::of(action, Some(1)), None);
        }
        assert_eq!(Order::of(Action::Seek, Some(1)), Some(Order::Seek { position_ms: 1 }));
        assert_eq!(Order::of(Action::Seek, None), None);
    }
}
