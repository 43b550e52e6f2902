//! What a model answered, looked at as if a stranger had typed it.

use std::collections::BTreeSet;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::base::text;
use crate::protocol::mood::ClearMood;
use crate::songs::named::{LONGEST, NamedSong};
use crate::tags::name::TagName;

/// Fewest songs of a playlist.
pub const FEWEST: usize = 7;
/// Most songs.
pub const MOST: usize = 10;
/// Longest title, in what readers take for characters.
pub const TITLE: usize = 15;
/// Longest description, likewise.
pub const DESCRIPTION: usize = 50;
/// Keywords, exactly.
pub const KEYWORDS: usize = 3;
/// Code points for each of what readers take for characters.
const CODE_POINTS: usize = 5;
/// Faults that are told at most.
const FAULTS: usize = 12;

/// An answer that can be used.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The playlist's title.
    pub title: String,
    /// Its description.
    pub description: String,
    /// Three words that it is found by.
    pub keywords: BTreeSet<TagName>,
    /// How it feels.
    pub mood: ClearMood,
    /// The songs, in order.
    pub songs: Vec<NamedSong>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    title: String,
    description: String,
    keywords: Vec<String>,
    mood: ClearMood,
    songs: Vec<RawSong>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSong {
    title: String,
    artist: String,
}

/// Reads an answer.
///
/// # Errors
/// What is wrong with it, in words for the model. They are ours: none of them repeats what the model wrote.
pub fn read(content: &str) -> Result<Answer, Vec<String>> {
    let raw: Raw = serde_json::from_str(content.trim()).map_err(|error| {
        // The place, and not the message, which quotes what it found.
        vec![format!(
            "it is not one JSON object of the wanted form, with exactly the wanted fields (line {}, column {})",
            error.line(),
            error.column()
        )]
    })?;
    let mut faults = Vec::new();
    let title = shown(&raw.title, TITLE).unwrap_or_else(|| {
        faults.push(format!("title must have 1 to {TITLE} characters"));
        String::new()
    });
    let description = shown(&raw.description, DESCRIPTION).unwrap_or_else(|| {
        faults.push(format!("description must have 1 to {DESCRIPTION} characters"));
        String::new()
    });
    let keywords: BTreeSet<TagName> =
        raw.keywords.iter().take(2 * KEYWORDS).filter_map(|word| TagName::new(word)).collect();
    if raw.keywords.len() != KEYWORDS || keywords.len() != KEYWORDS {
        faults.push(format!("keywords must be exactly {KEYWORDS} different single words without spaces and signs"));
    }
    let songs = songs(&raw.songs, &mut faults);
    if faults.is_empty() {
        return Ok(Answer { title, description, keywords, mood: raw.mood, songs });
    }
    faults.truncate(FAULTS);
    Err(faults)
}

fn songs(raw: &[RawSong], faults: &mut Vec<String>) -> Vec<NamedSong> {
    if !(FEWEST..=MOST).contains(&raw.len()) {
        faults.push(format!("songs must be {FEWEST} to {MOST}"));
        return Vec::new();
    }
    let mut songs: Vec<NamedSong> = Vec::new();
    for (song, number) in raw.iter().zip(1..) {
        match name(&song.artist).zip(name(&song.title)).and_then(|(artist, title)| NamedSong::new(&artist, &title)) {
            Some(song) if songs.iter().any(|other| other.key() == song.key()) => {
                faults.push(format!("song {number} is there twice"));
            }
            Some(song) => songs.push(song),
            None => {
                faults.push(format!("song {number} must have a title and an artist of 1 to {LONGEST} characters each"));
            }
        }
    }
    songs
}

/// A text that people read, in normal form C; none when it is too long or shows nothing.
fn shown(typed: &str, most: usize) -> Option<String> {
    let points = most * CODE_POINTS;
    let composed: String = typed.nfc().take(4 * points).collect();
    text::line(&composed, points).filter(|text| text.graphemes(true).count() <= most)
}

/// In normal form C; none when it is far too long.
fn name(typed: &str) -> Option<String> {
    (typed.len() <= 16 * LONGEST).then(|| typed.nfc().collect())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn good() -> Value {
        let songs: Vec<Value> = (1..=8).map(|n| json!({ "title": format!("노래 {n}"), "artist": "가수" })).collect();
        json!({ "title": "비 오는 밤", "description": "천천히 걷는 밤을 위한 노래들", "keywords": ["비", "밤", "산책"],
                "mood": "sadness", "songs": songs })
    }

    fn with(pointer: &str, value: Value) -> String {
        let mut answer = good();
        *answer.pointer_mut(pointer).unwrap() = value;
        answer.to_string()
    }

    #[test]
    fn a_good_answer_is_taken_as_it_is() {
        let answer = read(&good().to_string()).unwrap();
        assert_eq!((answer.title.as_str(), answer.songs.len(), answer.mood), ("비 오는 밤", 8, ClearMood::Sadness));
        assert_eq!(answer.keywords.iter().map(TagName::as_str).collect::<Vec<_>>(), ["밤", "비", "산책"]);
        assert!(read(&with("/title", "👩‍👩‍👧‍👦".repeat(7).into())).is_ok(), "characters are counted as readers count");
        assert!(read(&with("/title", "가".repeat(TITLE).into())).is_ok());
    }

    #[test]
    fn whatever_is_wrong_is_named_and_nothing_of_the_answer_is_repeated() {
        let song = |title: &str, artist: &str| json!({ "title": title, "artist": artist });
        let many =
            |count: usize| -> Value { (0..count).map(|n| song(&format!("s{n}"), "a")).collect::<Vec<_>>().into() };
        let mut more = good();
        more["extra"] = "LEAK".into();
        let mut less = good();
        less.as_object_mut().unwrap().remove("mood");
        let table = [
            (with("/title", "가".repeat(TITLE + 1).into()), "title"),
            (with("/title", "\u{200b} ".into()), "title"),
            (with("/title", format!("a{}", "\u{301}".repeat(500)).into()), "title"),
            (with("/description", "가".repeat(DESCRIPTION + 1).into()), "description"),
            (with("/keywords", json!(["비", "밤"])), "keywords"),
            (with("/keywords", json!(["비", "밤", "밤"])), "keywords"),
            (with("/keywords", json!(["비", "밤", "긴 산책"])), "keywords"),
            (with("/keywords", json!(["비", "밤", "산책", "LEAK"])), "keywords"),
            (with("/songs", many(6)), "songs"),
            (with("/songs", many(11)), "songs"),
            (with("/songs/3", song("노래 1", " 가수 ")), "song 4 is there twice"),
            (with("/songs/3", song("노래 ①", "가수")), "song 4 is there twice"),
            (with("/songs/0", song("", "가수")), "song 1"),
            (with("/songs/0", song("x", &"LEAK".repeat(31))), "song 1"),
            (with("/mood", "LEAK".into()), "form"),
            (with("/songs/0", json!({ "title": "x", "artist": "y", "url": "LEAK" })), "form"),
            (with("/songs/0", json!("LEAK")), "form"),
            (with("/title", json!(7)), "form"),
            (more.to_string(), "form"),
            (less.to_string(), "form"),
            (format!("```json\n{}\n```", good()), "form"),
            (format!("{} {}", good(), good()), "form"),
            ("LEAK".into(), "form"),
            (String::new(), "form"),
        ];
        for (text, named) in table {
            let faults = read(&text).expect_err(&text);
            assert!(faults.iter().any(|fault| fault.contains(named)), "{text}: {faults:?}");
            assert!(!faults.concat().contains("LEAK"), "{faults:?}");
        }
    }

    #[test]
    fn an_answer_full_of_faults_is_told_some_of_them() {
        let songs: Vec<Value> = (0..10).map(|_| json!({ "title": "", "artist": "" })).collect();
        let text =
            json!({ "title": "", "description": "", "keywords": vec!["x"; 5000], "mood": "fear", "songs": songs });
        assert_eq!(read(&text.to_string()).unwrap_err().len(), FAULTS);
    }
}
