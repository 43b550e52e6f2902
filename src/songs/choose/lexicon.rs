//! What words are about: the texts of `lexicon/`, read once.
//!
//! A concept is a feeling or a situation with what it asks of songs. The two vocabularies say which words mean which concept;
//! [`super::korean`] and [`super::english`] know how words of their language change.

use std::sync::LazyLock;

use crate::protocol::mood::ClearMood;

const CONCEPTS: &str = include_str!("lexicon/concepts.txt");
pub(super) const KOREAN: &str = include_str!("lexicon/ko.txt");
pub(super) const ENGLISH: &str = include_str!("lexicon/en.txt");

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
        let moods = fields.next()?.split_whitespace().filter_map(ClearMood::of).collect();
        let scenes = fields.next()?.split_whitespace().collect();
        let denied = fields.next()?;
        let (ko, en) = fields.next()?.split_once(',')?;
        Some(Self { name, energy, valence, weight, moods, scenes, denied, words: (ko.trim(), en.trim()) })
    }

    /// What is meant by its denial; none where that says nothing.
    pub fn denied(&self) -> Option<&'static Self> {
        concept(self.denied)
    }
}

static ALL: LazyLock<Vec<Concept>> = LazyLock::new(|| lines(CONCEPTS).filter_map(Concept::read).collect());

/// The concept of this name.
pub fn concept(name: &str) -> Option<&'static Concept> {
    ALL.iter().find(|one| one.name == name)
}

/// The lines of a text without its remarks.
pub(super) fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The words of a vocabulary, each with its concept; none for a word that only looks like one of the others.
pub(super) fn words(text: &'static str) -> Vec<(&'static str, Option<&'static Concept>)> {
    let mut found = Vec::new();
    let mut about = None;
    for line in lines(text) {
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
            assert!(one.denied == "-" || one.denied().is_some(), "{one:?}");
            assert!(one.energy.or(one.valence).is_some() && one.weight > 0.0, "{one:?}");
            assert!(keyword_fits(one.words.0) && keyword_fits(one.words.1), "{one:?}");
        }
    }

    #[test]
    fn every_heading_is_a_concept_and_every_concept_has_words_in_both_languages() {
        for text in [KOREAN, ENGLISH] {
            let headings: BTreeSet<&str> =
                lines(text).filter_map(|line| line.strip_prefix('[')?.strip_suffix(']')).collect();
            for name in &headings {
                assert!(*name == "none" || concept(name).is_some(), "[{name}]");
            }
            for one in ALL.iter() {
                assert!(headings.contains(one.name), "{} has no words", one.name);
            }
            assert!(words(text).len() > 700, "only {}", words(text).len());
        }
    }
}
