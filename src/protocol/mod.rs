//! The signaling messages of the socket, and the closed list of error codes that HTTP shares.
//!
//! `docs/protocol.md` describes them; a test parses every JSON block of that document into these types.

pub mod call;
pub mod client;
pub mod close;
pub mod code;
pub mod genre;
pub mod knock;
pub mod mood;
pub mod notification;
pub mod server;
pub mod soundtrack;

use serde::{Deserialize, Serialize};

/// The version that `hello` and `welcome` carry. A client of another version is refused.
pub const VERSION: u32 = 1;

/// Largest signaling message in bytes, either way.
pub const MAX_MESSAGE_BYTES: usize = 64 * 1024;

/// What a track carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Audio,
    Video,
}

/// Where a track comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    Microphone,
    Camera,
    Screen,
}

/// The moods that a room can see. `unsure` means that no label was clear enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MoodLabel {
    Neutral,
    Happiness,
    Sadness,
    Anger,
    Fear,
    Disgust,
    Surprise,
    Contempt,
    Unsure,
}

/// What a person asked for behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "lowercase", deny_unknown_fields)]
pub enum Effects {
    /// The camera as it is.
    Off,
    /// The room behind the person, blurred. No analysis of the expression.
    Blur,
    /// A scene of the person's choice. No analysis of the expression.
    Scene {
        /// The mood whose scene it is; `unsure` has none and is refused.
        scene: MoodLabel,
    },
    /// The scene follows the expression on the person's own face. Needs consent.
    Mood,
}

/// How far a processed track had to step down to keep up (the ladder of degradation), best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rung {
    Full,
    ReuseMatte,
    LessAnalysis,
    HalfRate,
    BlurOnly,
    Bypass,
}
