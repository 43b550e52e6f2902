//! The genres that people like and playlists have: one closed list.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Genres of a profile at most.
pub const MOST: usize = 3;

/// A genre of music.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Genre {
    /// Pop.
    Pop,
    /// Korean pop.
    KPop,
    /// Japanese pop.
    JPop,
    /// Hip-hop.
    HipHop,
    /// R&B.
    #[serde(rename = "rnb")]
    RhythmAndBlues,
    /// Ballads.
    Ballad,
    /// Dance.
    Dance,
    /// Indie.
    Indie,
    /// Music of films and games.
    Ost,
}

impl Genre {
    /// Every one.
    pub const ALL: [Self; 9] = [
        Self::Pop,
        Self::KPop,
        Self::JPop,
        Self::HipHop,
        Self::RhythmAndBlues,
        Self::Ballad,
        Self::Dance,
        Self::Indie,
        Self::Ost,
    ];

    /// As it stands in a row and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pop => "pop",
            Self::KPop => "k-pop",
            Self::JPop => "j-pop",
            Self::HipHop => "hip-hop",
            Self::RhythmAndBlues => "rnb",
            Self::Ballad => "ballad",
            Self::Dance => "dance",
            Self::Indie => "indie",
            Self::Ost => "ost",
        }
    }

    /// From a row or a request; none for what is no genre.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// Whether a profile may have these: one to [`MOST`], each once; or none yet.
pub fn fit(genres: &[Genre]) -> bool {
    genres.len() <= MOST && genres.iter().enumerate().all(|(at, genre)| !genres[..at].contains(genre))
}

/// As a row keeps them: a JSON array.
pub fn to_row(genres: &[Genre]) -> String {
    serde_json::to_string(genres).unwrap_or_else(|_| "[]".into())
}

/// From a row. What an earlier program knew and this one does not is left out.
pub fn from_row(text: &str) -> Vec<Genre> {
    let values: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    values.into_iter().filter_map(|value| serde_json::from_value(value).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn genres_come_back_from_a_row_and_strangers_are_left_out() {
        let three = [Genre::KPop, Genre::RhythmAndBlues, Genre::Ost];
        assert_eq!(to_row(&three), r#"["k-pop","rnb","ost"]"#);
        assert_eq!(from_row(&to_row(&three)), three);
        assert_eq!(from_row(r#"["polka","hip-hop",7]"#), [Genre::HipHop]);
        assert_eq!(from_row("nonsense"), []);
        for genre in Genre::ALL {
            assert_eq!(serde_json::to_value(genre).unwrap(), genre.as_str());
            assert_eq!(Genre::of(genre.as_str()), Some(genre));
        }
        assert_eq!(Genre::of("polka"), None);
    }

    #[test]
    fn a_profile_has_up_to_three_different_ones() {
        assert!(fit(&[]) && fit(&[Genre::Pop, Genre::KPop, Genre::JPop]));
        assert!(!fit(&[Genre::Pop, Genre::Pop]));
        assert!(!fit(&[Genre::Pop, Genre::KPop, Genre::JPop, Genre::Ost]));
    }
}
