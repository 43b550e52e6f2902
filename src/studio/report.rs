//! What the studio tells signaling, in the words of the protocol.

use crate::base::id::{ParticipantId, TrackId};
use crate::media::{Mood, Rung};
use crate::protocol::code::Code;
use crate::protocol::{MoodLabel, Rung as WireRung};

/// Something happened to somebody's processed track.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Whose camera it is.
    pub participant: ParticipantId,
    /// The camera's track.
    pub track: TrackId,
    /// What happened.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// The expression on the person's face has changed, or is read no longer (`None`).
    Mood(Option<(MoodLabel, f32)>),
    /// The quality has changed; `None` when the track is processed no longer.
    Rung(Option<WireRung>),
    /// Their effect has ended and is off now; the room sees the original.
    Failed {
        /// What a client can act on.
        code: Code,
        /// What went wrong, in English.
        reason: String,
    },
}

/// A mood as the protocol names it.
#[must_use]
pub fn mood_label(mood: Mood) -> MoodLabel {
    match mood {
        Mood::Neutral => MoodLabel::Neutral,
        Mood::Happiness => MoodLabel::Happiness,
        Mood::Sadness => MoodLabel::Sadness,
        Mood::Anger => MoodLabel::Anger,
        Mood::Fear => MoodLabel::Fear,
        Mood::Disgust => MoodLabel::Disgust,
        Mood::Surprise => MoodLabel::Surprise,
        Mood::Contempt => MoodLabel::Contempt,
        Mood::Unsure => MoodLabel::Unsure,
    }
}

/// A rung as the protocol names it.
#[must_use]
pub fn wire_rung(rung: Rung) -> WireRung {
    match rung {
        Rung::Full => WireRung::Full,
        Rung::ReuseMatte => WireRung::ReuseMatte,
        Rung::LessAnalysis => WireRung::LessAnalysis,
        Rung::HalfRate => WireRung::HalfRate,
        Rung::BlurOnly => WireRung::BlurOnly,
        Rung::Bypass => WireRung::Bypass,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_protocol_are_those_of_the_palette() {
        for mood in Mood::ALL {
            let word = serde_json::to_value(mood_label(mood)).unwrap();
            assert_eq!(word, crate::media::compose::palette::palette(mood).label);
        }
    }
}
