//! The words of a playlist: how long they may be, and what is left out of them.

use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::base::text;
use crate::web::error::ApiError;

/// Longest title, in what readers take for characters (grapheme clusters, UAX #29).
pub const TITLE: usize = 50;
/// Longest description, in the same.
pub const DESCRIPTION: usize = 150;
/// Code points for each of these at most: one cluster may be made of many.
const CODE_POINTS: usize = 5;

/// The title that somebody typed, trimmed, in normal form C.
///
/// # Errors
/// 422: it must have 1 to 50 characters as readers count them.
pub fn title(typed: &str) -> Result<String, ApiError> {
    line(typed, TITLE).ok_or_else(|| ApiError::field("/title", format!("The title must have 1 to {TITLE} characters.")))
}

/// The description that somebody typed, cleaned; it may be empty.
///
/// # Errors
/// 422: longer than 150 characters as readers count them.
pub fn description(typed: &str) -> Result<String, ApiError> {
    let nothing = text::lines(typed, usize::MAX).is_none();
    let cleaned = if nothing { Some(String::new()) } else { lines(typed, DESCRIPTION) };
    let detail = format!("The description must have at most {DESCRIPTION} characters.");
    cleaned.ok_or_else(|| ApiError::field("/description", detail))
}

fn line(typed: &str, most: usize) -> Option<String> {
    fits(text::line(&composed(typed, most), most * CODE_POINTS)?, most)
}

fn lines(typed: &str, most: usize) -> Option<String> {
    fits(text::lines(&composed(typed, most), most * CODE_POINTS)?, most)
}

/// No more of it is looked at than could be allowed.
fn composed(typed: &str, most: usize) -> String {
    typed.nfc().take(4 * most * CODE_POINTS).collect()
}

fn fits(text: String, most: usize) -> Option<String> {
    (text.graphemes(true).count() <= most).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_counted_as_readers_count_and_must_show_something() {
        assert_eq!(title("  e\u{301}t\u{e9} \u{202e}").unwrap(), "été");
        assert!(title(&"가".repeat(TITLE)).is_ok());
        assert!(title(&"👍🏽".repeat(TITLE)).is_ok());
        for bad in ["", "  ", "\u{200b}", &"가".repeat(TITLE + 1), &"👩‍👩‍👧‍👦".repeat(TITLE)] {
            assert!(title(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn descriptions_may_be_empty_and_keep_their_lines() {
        assert_eq!(description(" one\ntwo\u{7} ").unwrap(), "one\ntwo");
        assert_eq!(description("  \u{200b} ").unwrap(), "");
        assert!(description(&"가".repeat(DESCRIPTION)).is_ok());
        assert!(description(&"가".repeat(DESCRIPTION + 1)).is_err());
    }
}
