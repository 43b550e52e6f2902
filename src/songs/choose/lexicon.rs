//! What words are about: the texts of `lexicon/`, read once.
//!
//! A concept is a feeling or a situation with what it asks of songs. The two vocabularies say which words mean which concept;
//! [`super::korean`] and [`super::english`] know how words of their language change.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::protocol::mood::ClearMood;

const CONCEPTS: &str = include_str!("lexicon/concepts.txt");
/// By theme; what a later one says of a word goes before what an earlier one says.
pub(super) const KOREAN: &[&str] = &[
    include_str!("lexicon/ko.txt"),
    include_str!("lexicon/ko-feelings.txt"),
    include_str!("lexicon/ko-life.txt"),
    include_str!("lexicon/signs.txt"),
];
pub(super) const ENGLISH: &[&str] =
    &[include_str!("lexicon/en.txt"), include_str!("lexicon/en-feelings.txt"), include_str!("lexicon/en-life.txt")];

/// What part a concept plays beside others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// How somebody is, or what happened to them: it decides.
    Feeling,
    /// What most people are glad of, and what hurts when somebody is missing: a birthday, a wedding, love.
    Occasion,
    /// Where and when: it only colors.
    Setting,
    /// Laughter and tears as they are typed: people laugh at what hurts and weep for joy.
    Sign,
    /// What somebody asks to be done with how they are.
    Wish,
}

impl Role {
    fn of(text: &str) -> Option<Self> {
        match text {
            "feeling" => Some(Self::Feeling),
            "occasion" => Some(Self::Occasion),
            "setting" => Some(Self::Setting),
            "sign" => Some(Self::Sign),
            "wish" => Some(Self::Wish),
            _ => None,
        }
    }
}

/// A feeling or a situation.
#[derive(Clone, Debug, PartialEq)]
pub struct Concept {
    /// What the vocabularies call it.
    pub name: &'static str,
    /// How strong songs for it are, 0 to 1; none where it says nothing of that.
    pub energy: Option<f32>,
    /// How bright they are.
    pub valence: Option<f32>,
    /// How much it counts beside others: a feeling 1, a situation less, a wish more.
    pub weight: f32,
    /// What part it plays.
    pub role: Role,
    /// The moods that such songs have.
    pub moods: Vec<ClearMood>,
    /// The scenes of the catalogue that suit it, best first.
    pub scenes: Vec<&'static str>,
    /// What it turns into when it is denied.
    denied: &'static str,
    /// Shown as a keyword: Korean, English.
    pub words: (&'static str, &'static str),
}

impl Concept {
    fn read(line: &'static str) -> Option<Self> {
        let mut fields = line.split('|').map(str::trim);
        let name = fields.next()?;
        let mut numbers = fields.next()?.split_whitespace();
        let hundredths = |text: &str| text.parse::<f32>().ok().map(|number| number / 100.0);
        let (energy, valence) = (hundredths(numbers.next()?), hundredths(numbers.next()?));
        let weight = numbers.next()?.parse::<f32>().ok()? / 10.0;
        let role = Role::of(numbers.next()?)?;
        let moods = fields.next()?.split_whitespace().filter_map(ClearMood::of).collect();
        let scenes = fields.next()?.split_whitespace().collect();
        let denied = fields.next()?;
        let (ko, en) = fields.next()?.split_once(',')?;
        Some(Self { name, energy, valence, weight, role, moods, scenes, denied, words: (ko.trim(), en.trim()) })
    }

    /// What is meant by its denial; none where that says nothing. Somebody who asks for songs that are not lively asks for calm
    /// ones, somebody who is not lively is low.
    pub fn denied(&self, asked: bool) -> Option<&'static Self> {
        match self.denied {
            "still" if !asked => concept("down"),
            other => concept(other),
        }
    }

    /// Whether it darkens what is said beside it.
    pub fn is_heavy(&self) -> bool {
        self.valence.is_some_and(|valence| valence < 0.45)
    }

    /// Whether it is good to have.
    pub fn is_cheerful(&self) -> bool {
        self.valence.is_some_and(|valence| valence > 0.55)
    }

    /// Whether it is how somebody is, so that it can be more or less.
    pub fn is_felt(&self) -> bool {
        self.role == Role::Feeling
    }
}

static ALL: LazyLock<Vec<Concept>> = LazyLock::new(|| lines(CONCEPTS).filter_map(Concept::read).collect());
static NAMED: LazyLock<HashMap<&'static str, &'static Concept>> =
    LazyLock::new(|| ALL.iter().map(|one| (one.name, one)).collect());

/// The concept of this name.
pub fn concept(name: &str) -> Option<&'static Concept> {
    NAMED.get(name).copied()
}

/// The lines of a text without its remarks.
pub(super) fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The words of a vocabulary, each with its concept; none for a word that only looks like one of the others.
pub(super) fn words(texts: &[&'static str]) -> Vec<(&'static str, Option<&'static Concept>)> {
    let mut found = Vec::new();
    let mut about = None;
    for line in texts.iter().flat_map(|text| lines(text)) {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(name) => about = concept(name),
            None => found.extend(line.split(',').map(|word| (word.trim(), about)).filter(|(word, _)| !word.is_empty())),
        }
    }
    found
}

/// A word of a text that is about something.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// What it is about, as it is meant: a denied one is its opposite already.
    pub concept: &'static Concept,
    /// How much more or less it counts than it usually would.
    pub strength: f32,
    /// Whether it is what somebody wants to hear, and not how they are.
    pub wanted: bool,
    /// Whether it is what is left when something else is denied.
    pub denied: bool,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::songs::catalog::songs;
    use crate::songs::choose::title::keyword_fits;

    #[test]
    fn every_concept_can_be_read_and_is_what_the_catalogue_has() {
        assert_eq!(ALL.len(), lines(CONCEPTS).count());
        let scenes: BTreeSet<&str> = songs().iter().map(|one| one.scene.as_str()).collect();
        let names: BTreeSet<&str> = ALL.iter().map(|one| one.name).collect();
        assert_eq!(names.len(), ALL.len(), "a name is there twice");
        for one in ALL.iter() {
            assert!(one.scenes.iter().all(|scene| scenes.contains(scene)), "{one:?}");
            assert!(one.denied == "-" || one.denied(true).is_some(), "{one:?}");
            assert!(one.energy.or(one.valence).is_some() && one.weight > 0.0, "{one:?}");
            assert!(keyword_fits(one.words.0) && keyword_fits(one.words.1), "{one:?}");
        }
    }

    #[test]
    fn every_heading_is_a_concept_and_every_concept_has_words_in_both_languages() {
        for texts in [KOREAN, ENGLISH] {
            let all = texts.iter().flat_map(|text| lines(text));
            let headings: BTreeSet<&str> = all.filter_map(|line| line.strip_prefix('[')?.strip_suffix(']')).collect();
            for name in &headings {
                assert!(*name == "none" || concept(name).is_some(), "[{name}]");
            }
            for one in ALL.iter() {
                assert!(headings.contains(one.name), "{} has no words", one.name);
            }
            assert!(words(texts).len() > 2500, "only {}", words(texts).len());
        }
    }
}
