//! A song as everybody sees it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::SongId;
use crate::protocol::mood::ClearMood;
use crate::users::genre::Genre;

/// A song: what it is called, how it feels, and what its preview is played from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Song {
    /// The song.
    pub id: SongId,
    /// What it is called.
    pub title: InBothLanguages,
    /// Who sings it.
    pub artist: InBothLanguages,
    /// None where nobody knows it.
    pub genre: Option<Genre>,
    /// First year of its decade; none where nobody knows it.
    #[schema(minimum = 1900, maximum = 2090, examples(2010))]
    pub decade: Option<u16>,
    /// Beats per minute.
    #[schema(minimum = 30, maximum = 240, examples(92))]
    pub tempo: u16,
    /// How strong it is: 0 is a whisper, 1 a storm.
    #[schema(minimum = 0, maximum = 1, examples(0.35))]
    pub energy: f32,
    /// How bright it is: 0 is despair, 1 is bliss.
    #[schema(minimum = 0, maximum = 1, examples(0.62))]
    pub valence: f32,
    /// The strongest first.
    pub moods: Vec<ClearMood>,
    /// Where it comes from.
    pub source: SongSource,
    /// What its preview is played from.
    pub preview: Preview,
    /// Identifier of a YouTube video of it, where one was found already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(examples("M7lc1UVf-VE"))]
    pub video: Option<String>,
}

/// A name in both languages. A song that somebody named has the same in both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InBothLanguages {
    /// Korean.
    #[schema(examples("막차가 떠난 자리"))]
    pub ko: String,
    /// English.
    #[schema(examples("Where the Last Bus Was"))]
    pub en: String,
}

/// Where a song comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SongSource {
    /// The built-in catalogue: invented, or in the public domain.
    Catalog,
    /// Somebody named it: a model.
    Named,
}

impl SongSource {
    /// As it stands in a row.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Named => "named",
        }
    }
}

/// What a preview is synthesised from; the same numbers always sound alike.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Preview {
    /// Beats per minute.
    #[schema(minimum = 30, maximum = 240, examples(92))]
    pub tempo: u16,
    /// Its key: semitones above C.
    #[schema(minimum = 0, maximum = 11, examples(9))]
    pub pitch: u8,
    /// Whether the key is minor.
    pub minor: bool,
    /// How strong it is, 0 to 1.
    #[schema(minimum = 0, maximum = 1, examples(0.35))]
    pub energy: f32,
    /// How bright it is, 0 to 1.
    #[schema(minimum = 0, maximum = 1, examples(0.62))]
    pub valence: f32,
    /// Whose instruments to take; none where nobody knows it.
    pub genre: Option<Genre>,
    /// What its notes are drawn from.
    #[schema(minimum = 0, examples(2_463_534_242_u32))]
    pub seed: u32,
    /// Its length.
    #[schema(minimum = 1, maximum = 600, examples(90))]
    pub seconds: u16,
}
