//! What somebody asked for, as a row keeps it until the playlist is there.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::base::language::Language;
use crate::base::text;
use crate::protocol::mood::ClearMood;
use crate::users::genre::Genre;
use crate::web::error::ApiError;

/// Longest text about a mood, in what readers take for characters (grapheme clusters, UAX #29).
pub const MOOD_TEXT: usize = 100;
/// The same in code points: one cluster may be made of many.
pub const MOOD_TEXT_CODE_POINTS: usize = 500;
/// First years of the decades that can be asked for.
pub const DECADES: [u16; 5] = [1980, 1990, 2000, 2010, 2020];

/// What is wanted. Kept as JSON, and wiped when the work ends; it prints none of its words, so that no log can have them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// What the person wrote about their mood.
    pub text: Option<String>,
    /// Of this genre, if of any.
    pub genre: Option<Genre>,
    /// Of the decade that begins with this year, if of any.
    pub decade: Option<u16>,
    /// The mood that they chose.
    pub mood: Option<ClearMood>,
    /// The language of title, description and keywords.
    pub language: Language,
    /// Whether everybody sees the playlist from the start.
    pub is_public: bool,
}

impl fmt::Debug for Wish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wish").field("genre", &self.genre).field("decade", &self.decade).finish_non_exhaustive()
    }
}

/// What somebody wrote about their mood, trimmed, in normal form C.
///
/// # Errors
/// 422: it must have 1 to 100 characters as readers count them.
pub fn mood_text(typed: &str) -> Result<String, ApiError> {
    let composed: String = typed.nfc().take(4 * MOOD_TEXT_CODE_POINTS).collect();
    text::line(&composed, MOOD_TEXT_CODE_POINTS)
        .filter(|text| text.graphemes(true).count() <= MOOD_TEXT)
        .ok_or_else(|| ApiError::field("/mood_text", format!("The text must have 1 to {MOOD_TEXT} characters.")))
}

/// A decade by its first year.
///
/// # Errors
/// 422: it must be one of [`DECADES`].
pub fn decade(year: u16) -> Result<u16, ApiError> {
    if DECADES.contains(&year) {
        return Ok(year);
    }
    Err(ApiError::field("/decade", "The decade must be 1980, 1990, 2000, 2010 or 2020."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_counted_as_readers_count_and_must_show_something() {
        assert_eq!(mood_text("  비가 와서 \u{202e}조용히 ").unwrap(), "비가 와서 조용히");
        assert!(mood_text(&"가".repeat(MOOD_TEXT)).is_ok());
        assert!(mood_text(&"👩‍👩‍👧‍👦".repeat(60)).is_ok());
        for bad in ["", "  ", "\u{200b}", &"가".repeat(MOOD_TEXT + 1), &format!("a{}", "\u{301}".repeat(600))] {
            assert!(mood_text(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn what_is_printed_for_a_log_holds_no_word() {
        let wish = Wish {
            text: Some("a very private line".into()),
            genre: Some(Genre::Pop),
            decade: None,
            mood: Some(ClearMood::Sadness),
            language: Language::En,
            is_public: false,
        };
        let printed = format!("{wish:?}").to_lowercase();
        assert!(!printed.contains("private line") && !printed.contains("sadness"), "{printed}");
        let kept = serde_json::to_string(&wish).unwrap();
        assert_eq!(serde_json::from_str::<Wish>(&kept).unwrap(), wish);
    }
}
