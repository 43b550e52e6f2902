//! What everything that was said comes to: what counts how much beside what else.

use std::collections::BTreeMap;

use super::lexicon::{Concept, Hit, Role};
use super::tone::{self, Tone};
use super::understand::{Reading, Understood};
use crate::protocol::mood::ClearMood;

/// Moods that are named at most.
const MOODS: usize = 3;
/// Somebody who asks for these does not want more of how they are.
const RAISE: &[&str] = &["lift", "awake"];
const SOOTHE: &[&str] = &["comfort", "calm", "rest", "relief", "sleep", "warm", "soft", "relaxed", "quiet", "still"];
/// What relief ends.
const FEARS: &[&str] = &["scary", "nervous", "worry", "stress", "sick", "hard"];
/// How far from the middle the songs are for what was said with how much weight: a list never is quite as far as what it is for.
const STRETCH: f32 = 1.3;

/// What is known of the whole when one part of it is weighed.
struct Whole {
    /// Somebody wants to be cheered up.
    raised: bool,
    /// Somebody wants to come to rest.
    soothed: bool,
    /// Something is wished for.
    wanted: bool,
    /// Something bad is told, and nothing turns it.
    grave: bool,
    /// Others have what is missing.
    envious: bool,
    /// What was feared is over.
    relieved: bool,
    /// Something good is told.
    bright: bool,
    /// A feeling is told.
    felt: bool,
    /// A feeling is told without denying another.
    plain: bool,
}

impl Whole {
    fn of(hits: &[Hit]) -> Self {
        let any = |is: &dyn Fn(&Hit) -> bool| hits.iter().any(is);
        let felt = |hit: &Hit| hit.concept.is_felt() && hit.strength >= 0.7 && hit.concept.weight >= 0.7;
        let told = |hit: &Hit| felt(hit) && !hit.wanted;
        Self {
            raised: any(&|hit| RAISE.contains(&hit.concept.name) && !hit.denied),
            soothed: any(&|hit| {
                SOOTHE.contains(&hit.concept.name) && (hit.wanted || hit.concept.name == "comfort") && !hit.denied
            }),
            wanted: any(&|hit| hit.wanted && hit.concept.valence.is_some()),
            grave: any(&|hit| told(hit) && hit.concept.valence.is_some_and(|valence| valence < 0.33)),
            envious: any(&|hit| hit.concept.name == "jealous" && !hit.denied),
            relieved: any(&|hit| told(hit) && !hit.denied && matches!(hit.concept.name, "relief" | "success" | "free")),
            bright: any(&|hit| {
                (told(hit) || hit.concept.role == Role::Occasion && hit.concept.weight >= 1.0)
                    && hit.concept.valence.is_some_and(|valence| valence > 0.68)
            }),
            felt: any(&felt),
            plain: any(&|hit| felt(hit) && !hit.denied),
        }
    }

    /// How much a hit counts beside the others.
    fn weight(&self, hit: &Hit) -> f32 {
        let concept = hit.concept;
        let (heavy, cheerful) = (concept.is_heavy(), concept.is_cheerful());
        let weak = concept.energy.is_some_and(|energy| energy < 0.42);
        let mut weight = concept.weight * hit.strength;
        if hit.wanted {
            weight *= 1.6;
        }
        if self.raised && !RAISE.contains(&concept.name) && (heavy || weak) {
            weight *= 0.3;
        }
        if self.soothed && !SOOTHE.contains(&concept.name) && heavy {
            weight *= 0.5;
        }
        // A wish in so many words goes before what else is told.
        if self.wanted && !hit.wanted && heavy {
            weight *= 0.7;
        }
        // It is over, and it went well.
        if self.relieved && FEARS.contains(&concept.name) {
            weight *= 0.5;
        }
        // What others have hurts who has not.
        if self.envious && cheerful && !hit.wanted {
            weight *= 0.5;
        }
        weight *= match concept.role {
            // A birthday without the one whose it is.
            Role::Occasion | Role::Sign if self.grave && cheerful && !hit.wanted => 0.35,
            // Tears of joy.
            Role::Sign if self.bright && heavy => 0.4,
            // A feeling is not watered down by where it is felt.
            Role::Setting if self.felt && !hit.wanted => 0.65,
            // Who says what they are not goes on to say what they are.
            _ if hit.denied && self.plain && cheerful => 0.6,
            _ => 1.0,
        };
        weight * weight
    }
}

/// What the words of a text, and how it is written, ask of songs.
pub(super) fn weigh(hits: &[Hit], tone: Tone) -> Reading {
    let whole = Whole::of(hits);
    let mut weighed: Vec<(f32, &'static Concept)> = hits.iter().map(|hit| (whole.weight(hit), hit.concept)).collect();
    weighed.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let mean = |of: fn(&Concept) -> Option<f32>, tone: Option<f32>, otherwise: f32| {
        let said = weighed.iter().filter_map(|(weight, concept)| Some((*weight, of(concept)?)));
        let said = said.chain(tone.map(|value| (tone::WEIGHT, value)));
        let (sum, all) = said.fold((0.0, 0.0), |(sum, all), (weight, value)| (sum + weight * value, all + weight));
        if all > 0.0 { (0.5 + (sum / all - 0.5) * STRETCH).clamp(0.06, 0.94) } else { otherwise }
    };
    let energy = mean(|concept| concept.energy, tone.energy, 0.5);
    // Loud and fast alone sound bright, soft and slow alone sound neither.
    let valence = mean(|concept| concept.valence, tone.valence, if energy > 0.5 { 0.62 } else { 0.55 });
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

#[cfg(test)]
mod tests {
    use super::super::understand::understand;

    fn brightness(text: &str) -> f32 {
        understand(text, None).valence
    }

    #[test]
    fn where_somebody_is_does_not_water_down_what_happened() {
        for text in [
            "my cat died yesterday and the house is so quiet",
            "돌아가신 아버지 기일이라 집에서 조용히 보내고 있습니다",
            "missing my mum extra today, it's her birthday",
            "homesick. first thanksgiving away from my family",
            "시험 망쳤다 ㅋㅋㅋ",
        ] {
            assert!(brightness(text) < 0.4, "{text}: {}", brightness(text));
        }
    }

    #[test]
    fn tears_of_joy_and_fears_that_are_over_are_bright() {
        for text in [
            "합격했어 ㅠㅠㅠㅠ",
            "got the job!! crying",
            "수술 잘 끝났대요, 걱정 많이 했는데",
            "results are good, i was so scared",
        ] {
            assert!(brightness(text) > 0.5, "{text}: {}", brightness(text));
        }
    }

    #[test]
    fn who_says_what_they_are_not_goes_on_to_say_what_they_are() {
        for text in
            ["im not angry just dissapointed", "화가 나는 건 아닌데 그냥 서운해", "하나도 안 신나", "i'm not happy"]
        {
            assert!(brightness(text) < 0.45, "{text}: {}", brightness(text));
        }
        assert!(brightness("not sad at all") > 0.55);
    }

    #[test]
    fn what_is_wished_for_goes_before_how_somebody_is() {
        for text in [
            "우울한데 신나는 노래 틀어줘",
            "feeling down, cheer me up",
            "졸려 죽겠는데 잠 깨는 노래",
            "so tired, wake me up",
        ] {
            assert!(understand(text, None).energy > 0.55, "{text}: {:?}", understand(text, None));
        }
        for text in ["화나는데 차분한 음악 추천", "so anxious, help me calm down"] {
            assert!(understand(text, None).energy < 0.45, "{text}: {:?}", understand(text, None));
        }
    }

    #[test]
    fn what_others_have_hurts_who_has_not() {
        assert!(brightness("친구들은 다 취업했는데 나만 그대로") < 0.45);
        assert!(brightness("취업했다") > 0.6);
    }

    #[test]
    fn marks_are_all_there_is_to_know_of_unknown_words() {
        let (loud, low) = (understand("QWRTP ZXCVB!!!", None), understand("ㄱㄴㄷ...", None));
        assert!(!loud.known && loud.energy > 0.6 && !low.known && low.energy < 0.4, "{loud:?} {low:?}");
    }
}
