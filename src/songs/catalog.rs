//! The built-in catalogue: some hundred songs that are invented, and a few that nobody owns.
//!
//! `scripts/make-catalogue.py` makes the lines, one song each; here they become songs whose identifiers follow from what
//! they are called, so that every database knows them by the same ones.

use std::sync::LazyLock;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::key::{Digest, song_key};
use super::song::{InBothLanguages, Preview, Song, SongSource};
use crate::protocol::mood::ClearMood;
use crate::users::genre::Genre;

/// The lines.
const TEXT: &str = include_str!("catalogue/songs.jsonl");

/// A song of the catalogue, and what only the catalogue knows of it.
#[derive(Clone, Debug, PartialEq)]
pub struct CatalogSong {
    /// As everybody sees it.
    pub song: Song,
    /// What it is about: `rain`, `drive`, `heartbreak`.
    pub scene: String,
    /// Whether it is in the public domain and not invented.
    pub traditional: bool,
    /// What makes it this song.
    pub key: String,
    /// Its place in the order that means nothing.
    pub draw: i64,
}

/// One line.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    title_ko: String,
    title_en: String,
    artist_ko: String,
    artist_en: String,
    genre: Genre,
    decade: u16,
    scene: String,
    tempo: u16,
    energy: u16,
    valence: u16,
    moods: Vec<ClearMood>,
    pitch: u8,
    minor: bool,
    seconds: u16,
    seed: u32,
    #[serde(default)]
    traditional: bool,
}

impl Line {
    fn song(self) -> Option<CatalogSong> {
        let key = song_key(&self.artist_ko, &self.title_ko);
        let digest = Digest::of(&key);
        let share = |thousandths: u16| f32::from(thousandths) / 1000.0;
        let preview = Preview {
            tempo: self.tempo,
            pitch: self.pitch,
            minor: self.minor,
            energy: share(self.energy),
            valence: share(self.valence),
            genre: Some(self.genre),
            seed: self.seed,
            seconds: self.seconds,
        };
        let song = Song {
            id: digest.id()?,
            title: InBothLanguages { ko: self.title_ko, en: self.title_en },
            artist: InBothLanguages { ko: self.artist_ko, en: self.artist_en },
            genre: preview.genre,
            decade: Some(self.decade),
            tempo: preview.tempo,
            energy: preview.energy,
            valence: preview.valence,
            moods: self.moods,
            source: SongSource::Catalog,
            preview,
            video: None,
        };
        Some(CatalogSong { song, scene: self.scene, traditional: self.traditional, key, draw: digest.draw() })
    }
}

static SONGS: LazyLock<Vec<CatalogSong>> = LazyLock::new(|| {
    // A test reads every line; none is lost here.
    TEXT.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok()?.song()).collect()
});

/// Every song of the catalogue.
pub fn songs() -> &'static [CatalogSong] {
    &SONGS
}

/// Which catalogue this is, and how it is written: rows of another edition are written anew. Raise the number when
/// [`super::edition`] writes the same lines differently.
pub fn edition() -> String {
    format!("1-{}", hex::encode(Sha256::digest(TEXT)))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn every_line_is_a_song_and_no_two_are_the_same() {
        assert_eq!(songs().len(), TEXT.lines().count(), "a line cannot be read");
        assert!(songs().len() >= 400, "only {} songs", songs().len());
        let mut ids = BTreeSet::new();
        let mut titles = BTreeSet::new();
        let mut draws = BTreeSet::new();
        for one in songs() {
            let song = &one.song;
            assert!(ids.insert(song.id) && draws.insert(one.draw), "{song:?} has the numbers of another");
            for title in [&song.title.ko, &song.title.en] {
                assert!(titles.insert(title.to_lowercase()), "{title} is there twice");
                assert!((1..=60).contains(&title.chars().count()), "{title}");
            }
            assert!(song.title.ko.chars().any(|c| ('가'..='힣').contains(&c)), "{song:?}");
            assert!(song.title.en.is_ascii(), "{song:?}");
            assert!(song.artist.ko != song.artist.en, "{song:?}");
        }
    }

    #[test]
    fn every_song_is_what_it_says() {
        for one in songs() {
            let song = &one.song;
            assert!([1980, 1990, 2000, 2010, 2020].contains(&song.decade.unwrap_or(0)), "{song:?}");
            assert!((40..=200).contains(&song.tempo) && song.preview.pitch < 12, "{song:?}");
            assert!((60..=150).contains(&song.preview.seconds), "{song:?}");
            assert!((0.0..=1.0).contains(&song.energy) && (0.0..=1.0).contains(&song.valence), "{song:?}");
            let Some(first) = song.moods.first() else { panic!("{song:?} has no mood") };
            let unlike = song.moods.iter().collect::<BTreeSet<_>>();
            assert_eq!(unlike.len(), song.moods.len(), "{song:?}");
            let fits = match first {
                ClearMood::Happiness => song.valence > 0.55,
                ClearMood::Sadness => song.valence < 0.45 && song.energy < 0.5,
                ClearMood::Anger => song.valence < 0.45 && song.energy > 0.7,
                ClearMood::Fear | ClearMood::Disgust | ClearMood::Contempt => song.valence < 0.45 && song.energy > 0.5,
                ClearMood::Surprise => song.energy > 0.5 && song.valence > 0.55,
                ClearMood::Neutral => song.energy < 0.5,
            };
            assert!(fits, "{song:?} does not feel as it says");
        }
    }

    #[test]
    fn every_genre_has_enough_of_every_decade_that_the_wizard_offers_and_every_mood_some() {
        let mut cells = BTreeMap::new();
        let mut moods = BTreeMap::new();
        for one in songs() {
            *cells.entry((one.song.genre.map(Genre::as_str), one.song.decade)).or_insert(0) += 1;
            for mood in &one.song.moods {
                *moods.entry(*mood).or_insert(0) += 1;
            }
        }
        for genre in Genre::ALL {
            for decade in [1980, 1990, 2000, 2010, 2020] {
                let count = cells.get(&(Some(genre.as_str()), Some(decade))).copied().unwrap_or(0);
                assert!(count >= if decade < 2000 { 7 } else { 10 }, "{genre:?} {decade}: {count}");
            }
        }
        for mood in ClearMood::ALL {
            assert!(moods.get(&mood).copied().unwrap_or(0) >= 20, "{mood:?} {moods:?}");
        }
    }

    #[test]
    fn ballads_are_slower_than_dances() {
        let mean = |genre: Genre| {
            let tempos: Vec<f32> =
                songs().iter().filter(|one| one.song.genre == Some(genre)).map(|one| one.song.tempo.into()).collect();
            tempos.iter().sum::<f32>() / tempos.len() as f32
        };
        assert!(mean(Genre::Ballad) + 30.0 < mean(Genre::Dance));
    }

    #[test]
    fn the_script_makes_these_very_lines() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut run = std::process::Command::new("python3");
        run.arg(root.join("scripts/make-catalogue.py")).arg("--check");
        let ended = run.output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }
}
