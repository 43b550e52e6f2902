//! The moods that songs, playlists and posts have: one closed list.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::MoodLabel;

/// A mood of a song, a playlist or a post: the labels of `GET /moods` but `unsure`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ClearMood {
    /// Calm.
    Neutral,
    /// Happiness.
    Happiness,
    /// Sadness.
    Sadness,
    /// Anger.
    Anger,
    /// Fear.
    Fear,
    /// Disgust: fed up.
    Disgust,
    /// Surprise.
    Surprise,
    /// Contempt.
    Contempt,
}

impl ClearMood {
    /// Every one, in the order of `GET /moods`.
    pub const ALL: [Self; 8] = [
        Self::Neutral,
        Self::Happiness,
        Self::Sadness,
        Self::Anger,
        Self::Fear,
        Self::Disgust,
        Self::Surprise,
        Self::Contempt,
    ];

    /// As it stands in a row and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Happiness => "happiness",
            Self::Sadness => "sadness",
            Self::Anger => "anger",
            Self::Fear => "fear",
            Self::Disgust => "disgust",
            Self::Surprise => "surprise",
            Self::Contempt => "contempt",
        }
    }

    /// From a row or a request; none for what is none of them.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

impl From<ClearMood> for MoodLabel {
    fn from(mood: ClearMood) -> Self {
        match mood {
            ClearMood::Neutral => Self::Neutral,
            ClearMood::Happiness => Self::Happiness,
            ClearMood::Sadness => Self::Sadness,
            ClearMood::Anger => Self::Anger,
            ClearMood::Fear => Self::Fear,
            ClearMood::Disgust => Self::Disgust,
            ClearMood::Surprise => Self::Surprise,
            ClearMood::Contempt => Self::Contempt,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mood_comes_back_from_a_row_and_strangers_are_none() {
        for mood in ClearMood::ALL {
            assert_eq!(ClearMood::of(mood.as_str()), Some(mood));
            assert_eq!(serde_json::to_value(mood).unwrap(), mood.as_str());
            assert_eq!(serde_json::to_value(MoodLabel::from(mood)).unwrap(), mood.as_str());
        }
        for stranger in ["unsure", "glee", "Sadness", ""] {
            assert_eq!(ClearMood::of(stranger), None, "{stranger}");
        }
    }
}
