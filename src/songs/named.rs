//! Songs that somebody names: a model, with a title and an artist and nothing else that could be believed.
//!
//! The same song is one row, however it is spelled. What its preview is played from follows from its genre and its name, so
//! that it can be played and always sounds alike.

use sqlx::AnyConnection;

use super::edition::thousandths;
use super::grams;
use super::key::{Digest, song_key};
use super::song::{InBothLanguages, Preview, Song, SongSource};
use crate::base::id::SongId;
use crate::base::text;
use crate::base::timestamp::Timestamp;
use crate::store::StoreError;
use crate::users::genre::Genre;

/// Longest title and artist, in characters.
pub const LONGEST: usize = 120;

/// A song as somebody named it, cleaned.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedSong {
    artist: String,
    title: String,
    key: String,
    genre: Option<Genre>,
    decade: Option<u16>,
    feel: Option<(f32, f32)>,
}

impl NamedSong {
    /// Checks names; none when one is empty, longer than [`LONGEST`], or has nothing that could be read.
    pub fn new(artist: &str, title: &str) -> Option<Self> {
        let (artist, title) = (text::line(artist, LONGEST)?, text::line(title, LONGEST)?);
        let key = song_key(&artist, &title);
        let fine = !key.starts_with('\n') && !key.ends_with('\n');
        fine.then_some(Self { artist, title, key, genre: None, decade: None, feel: None })
    }

    /// With its genre.
    #[must_use]
    pub fn genre(self, genre: Option<Genre>) -> Self {
        Self { genre, ..self }
    }

    /// With the first year of its decade; another year means its decade, and what is no year of recorded music is left out.
    #[must_use]
    pub fn decade(self, year: Option<u16>) -> Self {
        Self { decade: year.filter(|year| (1900..2100).contains(year)).map(|year| year / 10 * 10), ..self }
    }

    /// With the energy and valence, 0 to 1, that it was named for.
    #[must_use]
    pub fn feel(self, energy: f32, valence: f32) -> Self {
        Self { feel: Some((energy, valence)), ..self }
    }

    /// What makes it the same as another, for whoever drops doubles before writing.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The song that would be written.
    fn song(&self, digest: Digest) -> Song {
        let (slow, fast, usual) = pace(self.genre);
        // A little to either side, the same for the same song.
        let lean = |at: usize| digest.below(at, 161) as f32 / 1000.0 - 0.08;
        let (energy, valence) = self.feel.unwrap_or((usual, 0.5));
        let (energy, valence) = ((energy + lean(0)).clamp(0.0, 1.0), (valence + lean(1)).clamp(0.0, 1.0));
        let preview = Preview {
            tempo: (slow + (fast - slow) * energy).round().clamp(30.0, 240.0) as u16,
            pitch: digest.below(2, 12) as u8,
            minor: digest.below(3, 1000) as f32 / 1000.0 > 0.15 + 0.7 * valence,
            energy,
            valence,
            genre: self.genre,
            seed: digest.below(4, 1 << 32) as u32,
            seconds: 60 + digest.below(5, 91) as u16,
        };
        let both = |text: &str| InBothLanguages { ko: text.to_owned(), en: text.to_owned() };
        Song {
            id: SongId::new(),
            title: both(&self.title),
            artist: both(&self.artist),
            genre: self.genre,
            decade: self.decade,
            tempo: preview.tempo,
            energy,
            valence,
            moods: Vec::new(),
            source: SongSource::Named,
            preview,
            video: None,
        }
    }
}

/// Beats per minute of a soft and of a strong song of a genre, and how strong one usually is.
fn pace(genre: Option<Genre>) -> (f32, f32, f32) {
    match genre {
        Some(Genre::Pop) => (84.0, 128.0, 0.6),
        Some(Genre::KPop) => (92.0, 138.0, 0.7),
        Some(Genre::JPop) => (88.0, 164.0, 0.62),
        Some(Genre::HipHop) => (74.0, 104.0, 0.65),
        Some(Genre::RhythmAndBlues) => (62.0, 98.0, 0.42),
        Some(Genre::Ballad) => (54.0, 82.0, 0.3),
        Some(Genre::Dance) => (112.0, 136.0, 0.84),
        Some(Genre::Indie) => (72.0, 124.0, 0.45),
        Some(Genre::Ost) => (58.0, 118.0, 0.4),
        None => (70.0, 130.0, 0.5),
    }
}

const WRITE: &str = "INSERT INTO songs (id, song_key, source, title_ko, title_en, artist_ko, artist_en, genre, decade, \
    tempo, energy, valence, pitch, is_minor, seconds, seed, draw, created_at) \
    VALUES ($1, $2, 'named', $3, $3, $4, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
    ON CONFLICT (song_key) DO NOTHING RETURNING id";

/// The song with this key.
pub const KNOWN: &str = "SELECT id FROM songs WHERE song_key = $1";

/// The row of a song that somebody named, in the transaction that uses it: one that is there already, whoever named it
/// first or if it is in the catalogue, else a new one.
///
/// # Errors
/// The row could not be written.
pub async fn find_or_insert(
    connection: &mut AnyConnection,
    named: &NamedSong,
    now: Timestamp,
) -> Result<SongId, StoreError> {
    let known = async |connection: &mut AnyConnection| {
        sqlx::query_scalar::<_, SongId>(KNOWN).bind(&named.key).fetch_optional(connection).await
    };
    if let Some(id) = known(&mut *connection).await? {
        return Ok(id);
    }
    let digest = Digest::of(&named.key);
    let song = named.song(digest);
    let written: Option<SongId> = sqlx::query_scalar(WRITE)
        .bind(song.id)
        .bind(&named.key)
        .bind(&named.title)
        .bind(&named.artist)
        .bind(song.genre.map(Genre::as_str))
        .bind(song.decade.map(i64::from))
        .bind(i64::from(song.tempo))
        .bind(thousandths(song.energy))
        .bind(thousandths(song.valence))
        .bind(i64::from(song.preview.pitch))
        .bind(i16::from(song.preview.minor))
        .bind(i64::from(song.preview.seconds))
        .bind(i64::from(song.preview.seed))
        .bind(digest.draw())
        .bind(now)
        .fetch_optional(&mut *connection)
        .await?;
    match written {
        Some(id) => {
            grams::write(connection, &[(id, grams::pieces(&song))]).await?;
            Ok(id)
        }
        // Somebody else named it at the same time, and was first.
        None => known(connection).await?.ok_or(StoreError::Missing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned_and_nothing_is_no_name() {
        let one = NamedSong::new(" White Season ", "Room\u{202e}").unwrap();
        assert_eq!((one.artist.as_str(), one.title.as_str()), ("White Season", "Room"));
        let long = "가".repeat(LONGEST + 1);
        for (artist, title) in [("", "x"), ("x", ""), ("x", "  "), (long.as_str(), "x"), ("x", "\u{200b}")] {
            assert_eq!(NamedSong::new(artist, title), None, "{artist} {title}");
        }
        assert_eq!(one.clone().decade(Some(1987)).decade, Some(1980));
        assert_eq!(one.decade(Some(7)).decade, None);
    }

    #[test]
    fn a_preview_follows_from_the_genre_and_the_name() {
        let of = |title: &str, genre| {
            let named = NamedSong::new("a", title).unwrap().genre(genre);
            named.song(Digest::of(&named.key)).preview
        };
        assert_eq!(of("b", None), of("b", None));
        assert_ne!(of("b", None).seed, of("c", None).seed);
        for number in 0..50 {
            let (ballad, dance) =
                (of(&number.to_string(), Some(Genre::Ballad)), of(&number.to_string(), Some(Genre::Dance)));
            assert!(ballad.tempo < dance.tempo && ballad.energy < dance.energy, "{number}");
            assert!((60..=150).contains(&ballad.seconds));
        }
        let dark = NamedSong::new("a", "b").unwrap().feel(0.9, 0.05);
        let song = dark.song(Digest::of("x"));
        assert!(song.energy > 0.8 && song.valence < 0.2);
    }
}
