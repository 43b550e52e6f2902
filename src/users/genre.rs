//! The genres that people like: how many a profile has, and how a row keeps them.

pub use crate::protocol::genre::Genre;

/// Genres of a profile at most.
pub const MOST: usize = 3;

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
