//! Which songs of the catalogue fit a mood: a list with a name, from a sentence, a mood, a genre, a decade, or any of them.
//!
//! The same wish and seed always make the same list. `korean` and `english` find what words are about, `tone` hears how they
//! are written, `weigh` says what counts how much beside what else, `rank` chooses songs, `title` says what the list is called. Nothing here reads a clock, a network or the
//! database.

mod dice;
mod english;
mod english_words;
mod korean;
mod korean_text;
mod lexicon;
mod rank;
mod title;
mod tone;
mod understand;
mod weigh;

#[cfg(test)]
mod quality;

use self::dice::Dice;
pub use self::rank::{FEWEST, MOST};
pub use self::title::{DESCRIPTION, KEYWORDS, TITLE};
pub use self::understand::{Understood, understand};
use super::song::Song;
use crate::base::language::Language;
use crate::protocol::mood::ClearMood;
use crate::users::genre::Genre;

/// What somebody wants to hear. Everything may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish<'a> {
    /// How they feel or what they do, in Korean, English or both; may be empty.
    pub text: &'a str,
    /// A mood by itself, as a call has it.
    pub mood: Option<ClearMood>,
    /// Songs of this genre only.
    pub genre: Option<Genre>,
    /// Songs of the decade that begins with this year only.
    pub decade: Option<u16>,
    /// The language of the title, the description and the keywords.
    pub language: Language,
}

/// A list of songs.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// [`FEWEST`] to [`MOST`] songs of the catalogue, each once, in the order to hear them.
    pub songs: Vec<Song>,
    /// At most [`TITLE`] graphemes.
    pub title: String,
    /// At most [`DESCRIPTION`] graphemes.
    pub description: String,
    /// Three words, each as a tag may be.
    pub keywords: [String; KEYWORDS],
    /// What was understood of the wish.
    pub understood: Understood,
}

/// The list for a wish; the same for the same seed.
pub fn choose(wish: &Wish<'_>, seed: u64) -> Choice {
    let mut dice = Dice::new(seed);
    let reading = understand::read(wish.text, wish.mood);
    let songs = rank::rank(&reading, wish.genre, wish.decade, &mut dice);
    let called = title::call(&reading, wish.genre, wish.decade, wish.language, &mut dice);
    Choice {
        songs: songs.into_iter().map(|one| one.song.clone()).collect(),
        title: called.title,
        description: called.description,
        keywords: called.keywords,
        understood: reading.understood,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use unicode_segmentation::UnicodeSegmentation as _;

    use super::*;

    fn wish(text: &str) -> Wish<'_> {
        Wish { text, mood: None, genre: None, decade: None, language: Language::Ko }
    }

    fn sound(choice: &Choice, what: &str) {
        let ids: BTreeSet<_> = choice.songs.iter().map(|song| song.id).collect();
        assert_eq!(ids.len(), choice.songs.len(), "{what}: a song twice");
        assert!((FEWEST..=MOST).contains(&choice.songs.len()), "{what}: {} songs", choice.songs.len());
        assert!((1..=TITLE).contains(&choice.title.graphemes(true).count()), "{what}: {}", choice.title);
        assert!((1..=DESCRIPTION).contains(&choice.description.graphemes(true).count()), "{what}");
        let unlike: BTreeSet<_> = choice.keywords.iter().collect();
        assert!(unlike.len() == KEYWORDS && unlike.iter().all(|word| title::keyword_fits(word)), "{what}: {unlike:?}");
    }

    #[test]
    fn the_same_seed_makes_the_same_list_and_another_another() {
        let one = choose(&wish("비 오는 퇴근길"), 7);
        assert_eq!(one, choose(&wish("비 오는 퇴근길"), 7));
        let lists: BTreeSet<Vec<_>> = (0..20)
            .map(|seed| choose(&wish("비 오는 퇴근길"), seed).songs.iter().map(|song| song.id).collect())
            .collect();
        assert!(lists.len() > 15, "only {} lists for 20 seeds", lists.len());
    }

    #[test]
    fn every_genre_and_decade_gives_a_list_of_that_genre_and_decade() {
        for genre in [None].into_iter().chain(Genre::ALL.map(Some)) {
            for decade in [None, Some(1980), Some(1990), Some(2000), Some(2010), Some(2020)] {
                for text in ["", "신나는 노래", "너무 슬퍼요", "so angry"] {
                    let choice = choose(&Wish { genre, decade, ..wish(text) }, 3);
                    sound(&choice, &format!("{genre:?} {decade:?} {text}"));
                    for song in &choice.songs {
                        assert!(genre.is_none() || song.genre == genre, "{genre:?} {decade:?} {song:?}");
                        assert!(decade.is_none() || song.decade == decade, "{genre:?} {decade:?} {song:?}");
                    }
                }
            }
        }
        let old = choose(&Wish { decade: Some(1950), ..wish("") }, 1);
        sound(&old, "a decade that the catalogue does not have");
    }

    #[test]
    fn a_mood_alone_is_enough() {
        for mood in ClearMood::ALL {
            for language in [Language::Ko, Language::En] {
                let choice = choose(&Wish { mood: Some(mood), language, ..wish("") }, 11);
                sound(&choice, mood.as_str());
                assert_eq!(choice.understood.moods.first(), Some(&mood));
                let having = choice.songs.iter().filter(|song| song.moods.contains(&mood)).count();
                assert!(having * 2 > choice.songs.len(), "{mood:?}: {having} of {}", choice.songs.len());
            }
        }
    }

    #[test]
    fn what_is_not_understood_gives_a_bit_of_everything_and_says_so() {
        let long = "x".repeat(10_000);
        for text in
            ["", "asdfgh", "ㅁㄴㅇㄹ", "1234", "🪿", "'; DROP TABLE songs;--", "\u{0}\u{202e}", &long, "안", "지 않"]
        {
            let choice = choose(&wish(text), 5);
            sound(&choice, text);
            assert!(!choice.understood.known && choice.understood.moods.is_empty(), "{text}: {:?}", choice.understood);
            let (low, high) = choice
                .songs
                .iter()
                .fold((1f32, 0f32), |(low, high), song| (low.min(song.energy), high.max(song.energy)));
            assert!(high - low > 0.3, "{text}: all the same");
        }
    }

    #[test]
    fn a_list_has_many_voices_and_more_than_one_tempo() {
        for (number, text) in
            ["신나는 노래", "sad and lonely", "비 오는 밤", "workout", "잔잔한"].into_iter().enumerate()
        {
            for seed in 0..10 {
                let choice = choose(&wish(text), seed * 31 + number as u64);
                let artists: BTreeSet<&str> = choice.songs.iter().map(|song| song.artist.en.as_str()).collect();
                let tempos: BTreeSet<u16> = choice.songs.iter().map(|song| song.tempo / 5).collect();
                let genres: BTreeSet<&str> =
                    choice.songs.iter().filter_map(|song| song.genre).map(Genre::as_str).collect();
                assert_eq!(artists.len(), choice.songs.len(), "{text} {seed}: {artists:?}");
                assert!(tempos.len() >= 3 && genres.len() >= 3, "{text} {seed}: {tempos:?} {genres:?}");
            }
        }
    }

    #[test]
    fn titles_come_in_the_language_that_was_asked_for() {
        let hangul = |text: &str| text.chars().any(|c| ('가'..='힣').contains(&c));
        for seed in 0..10 {
            let (ko, en) = (wish("rainy night"), Wish { language: Language::En, ..wish("비 오는 밤") });
            let (ko, en) = (choose(&ko, seed), choose(&en, seed));
            assert!(hangul(&ko.title) && hangul(&ko.description) && hangul(&ko.keywords[0]), "{ko:?}");
            assert!(!hangul(&en.title) && !hangul(&en.description) && !hangul(&en.keywords.concat()), "{en:?}");
            assert!(en.keywords.contains(&"rain".to_owned()), "{:?}", en.keywords);
        }
    }
}
