//! What a text about a mood asks of songs: how strong, how bright, which moods and scenes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::lexicon::{Concept, Hit, concept};
use super::tone::tone;
use super::weigh::weigh;
use super::{english, korean};
use crate::base::fold::fold;
use crate::protocol::mood::ClearMood;

/// Characters of a text that are read.
const READ: usize = 300;

/// What was understood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Understood {
    /// How strong the songs should be, 0 to 1.
    #[schema(minimum = 0, maximum = 1, examples(0.3))]
    pub energy: f32,
    /// How bright they should be, 0 to 1.
    #[schema(minimum = 0, maximum = 1, examples(0.2))]
    pub valence: f32,
    /// Which moods they should have, the strongest first; none where nothing was understood.
    #[schema(max_items = 3)]
    pub moods: Vec<ClearMood>,
    /// Whether anything was understood. If not, the songs are a little of everything.
    pub known: bool,
}

/// What was understood, and what it was understood from.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub understood: Understood,
    /// Scenes of the catalogue, each with how well it suits, at most 1.
    pub scenes: BTreeMap<&'static str, f32>,
    /// What was spoken of, the most important first.
    pub concepts: Vec<&'static Concept>,
    /// How fast, 0 to 1, if that was said.
    pub tempo: Option<f32>,
}

/// What a text, a mood, or both ask of songs.
pub fn understand(text: &str, mood: Option<ClearMood>) -> Understood {
    read(text, mood).understood
}

pub(super) fn read(text: &str, mood: Option<ClearMood>) -> Reading {
    let written: String = text.chars().take(READ).collect();
    let text: String = fold(&written).chars().filter(|c| !c.is_control()).take(READ).collect();
    let mut hits = korean::hits(&text);
    hits.extend(english::hits(&text));
    if let Some(concept) = mood.and_then(|mood| concept(of_mood(mood))) {
        hits.push(Hit { concept, strength: 1.2, wanted: false, denied: false });
    }
    weigh(&hits, tone(&written))
}

/// The concept that a mood alone means.
fn of_mood(mood: ClearMood) -> &'static str {
    match mood {
        ClearMood::Neutral => "calm",
        ClearMood::Happiness => "happy",
        ClearMood::Sadness => "sad",
        ClearMood::Anger => "angry",
        ClearMood::Fear => "scary",
        ClearMood::Disgust => "gross",
        ClearMood::Surprise => "surprise",
        ClearMood::Contempt => "scorn",
    }
}
