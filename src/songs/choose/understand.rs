//! What a text about a mood asks of songs: how strong, how bright, which moods and scenes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::lexicon::{Concept, Hit, concept};
use super::{english, korean};
use crate::protocol::mood::ClearMood;
use crate::users::name::fold;

/// Characters of a text that are read.
const READ: usize = 300;
/// Moods that are named at most.
const MOODS: usize = 3;

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
    let text: String = fold(text).chars().filter(|c| !c.is_control()).take(READ).collect();
    let mut hits = korean::hits(&text);
    hits.extend(english::hits(&text));
    if let Some(concept) = mood.and_then(|mood| concept(of_mood(mood))) {
        hits.push(Hit { concept, strength: 1.2, wanted: false });
    }
    weigh(&hits)
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

/// Somebody who asks for these does not want more of how they are.
const RAISE: &[&str] = &["lift"];
const SOOTHE: &[&str] = &["comfort", "calm", "rest", "relief", "sleep", "warm", "soft"];

/// How much a hit counts beside the others.
fn weight(hit: &Hit, raised: bool, soothed: bool, wanted: bool) -> f32 {
    let concept = hit.concept;
    let mut weight = concept.weight * hit.strength;
    if hit.wanted {
        weight *= 1.6;
    }
    let heavy = concept.valence.is_some_and(|valence| valence < 0.45);
    let weak = concept.energy.is_some_and(|energy| energy < 0.42);
    if raised && !RAISE.contains(&concept.name) && (heavy || weak) {
        weight *= 0.3;
    }
    if soothed && !SOOTHE.contains(&concept.name) && heavy {
        weight *= 0.5;
    }
    // A wish in so many words goes before what else is told.
    if wanted && !hit.wanted && heavy {
        weight *= 0.7;
    }
    // Squared, so that a feeling is not watered down by the weather.
    weight * weight
}

fn weigh(hits: &[Hit]) -> Reading {
    let raised = hits.iter().any(|hit| RAISE.contains(&hit.concept.name));
    // Sleep and rest are where somebody is, unless they are asked for.
    let soothes = |hit: &Hit| hit.wanted || !matches!(hit.concept.name, "sleep" | "rest");
    let soothed = hits.iter().any(|hit| SOOTHE.contains(&hit.concept.name) && soothes(hit));
    let wanted = hits.iter().any(|hit| hit.wanted && hit.concept.valence.is_some());
    let mut weighed: Vec<(f32, &'static Concept)> =
        hits.iter().map(|hit| (weight(hit, raised, soothed, wanted), hit.concept)).collect();
    weighed.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let mean = |of: fn(&Concept) -> Option<f32>, otherwise: f32| {
        let said = weighed.iter().filter_map(|(weight, concept)| Some((*weight, of(concept)?)));
        let (sum, all) = said.fold((0.0, 0.0), |(sum, all), (weight, value)| (sum + weight * value, all + weight));
        if all > 0.0 { (0.5 + (sum / all - 0.5) * 1.12).clamp(0.05, 0.95) } else { otherwise }
    };
    let energy = mean(|concept| concept.energy, 0.5);
    // Loud and fast alone sound bright, soft and slow alone sound neither.
    let valence = mean(|concept| concept.valence, if energy > 0.5 { 0.62 } else { 0.55 });
    let mut moods: BTreeMap<ClearMood, f32> = BTreeMap::new();
    let mut scenes: BTreeMap<&'static str, f32> = BTreeMap::new();
    for (weight, concept) in &weighed {
        for (rank, mood) in concept.moods.iter().enumerate() {
            *moods.entry(*mood).or_default() += weight / (rank + 1) as f32;
        }
        for (rank, scene) in concept.scenes.iter().enumerate() {
            *scenes.entry(scene).or_default() += weight * [1.0, 0.75, 0.5].get(rank).copied().unwrap_or(0.4);
        }
    }
    let most = |weights: f32, one: &f32| weights.max(*one);
    let (mood_most, scene_most) = (moods.values().fold(0.0, most), scenes.values().fold(0.0, most));
    let mut ranked: Vec<(ClearMood, f32)> =
        moods.into_iter().filter(|(_, weight)| *weight >= mood_most * 0.3).collect();
    ranked.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    ranked.truncate(MOODS);
    scenes.values_mut().for_each(|weight| *weight /= scene_most);
    let tempo = weighed.iter().find_map(|(_, concept)| match concept.name {
        "fast" => Some(0.85),
        "slow" => Some(0.1),
        _ => None,
    });
    let understood = Understood {
        energy,
        valence,
        moods: ranked.into_iter().map(|(mood, _)| mood).collect(),
        known: !hits.is_empty(),
    };
    let mut concepts: Vec<&'static Concept> = Vec::new();
    for (_, concept) in weighed {
        if !concepts.contains(&concept) {
            concepts.push(concept);
        }
    }
    Reading { understood, scenes, concepts, tempo }
}
