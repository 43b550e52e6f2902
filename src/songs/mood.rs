//! The eight moods that songs have: those of faces, without `unsure`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::protocol::MoodLabel;

/// A mood that a song can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SongMood {
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

impl SongMood {
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

    /// From a row or a request; none for what is no mood of a song.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// Those of a row, with commas between; what an earlier program knew and this one does not is left out.
    pub(super) fn list(text: &str) -> Vec<Self> {
        text.split(',').filter_map(Self::of).collect()
    }
}

impl From<SongMood> for MoodLabel {
    fn from(mood: SongMood) -> Self {
        match mood {
            SongMood::Neutral => Self::Neutral,
            SongMood::Happiness => Self::Happiness,
            SongMood::Sadness => Self::Sadness,
            SongMood::Anger => Self::Anger,
            SongMood::Fear => Self::Fear,
            SongMood::Disgust => Self::Disgust,
            SongMood::Surprise => Self::Surprise,
            SongMood::Contempt => Self::Contempt,
        }
    }
}

impl TryFrom<MoodLabel> for SongMood {
    type Error = ();

    /// The mood of a face; `unsure` is none.
    fn try_from(label: MoodLabel) -> Result<Self, ()> {
        match label {
            MoodLabel::Neutral => Ok(Self::Neutral),
            MoodLabel::Happiness => Ok(Self::Happiness),
            MoodLabel::Sadness => Ok(Self::Sadness),
            MoodLabel::Anger => Ok(Self::Anger),
            MoodLabel::Fear => Ok(Self::Fear),
            MoodLabel::Disgust => Ok(Self::Disgust),
            MoodLabel::Surprise => Ok(Self::Surprise),
            MoodLabel::Contempt => Ok(Self::Contempt),
            MoodLabel::Unsure => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mood_comes_back_from_a_row_and_strangers_are_left_out() {
        for mood in SongMood::ALL {
            assert_eq!(SongMood::of(mood.as_str()), Some(mood));
            let label: MoodLabel = serde_json::from_value(mood.as_str().into()).unwrap();
            assert_eq!(SongMood::try_from(label), Ok(mood));
            assert_eq!(MoodLabel::from(mood), label);
        }
        assert_eq!(SongMood::try_from(MoodLabel::Unsure), Err(()));
        assert_eq!(SongMood::list("sadness,glee,neutral"), [SongMood::Sadness, SongMood::Neutral]);
        assert_eq!(SongMood::list(""), []);
    }
}
