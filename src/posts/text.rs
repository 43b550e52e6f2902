//! The words of a post: how long they may be, and what is left out of them.

use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::base::text;
use crate::web::error::ApiError;

/// Longest title, in what readers take for characters (grapheme clusters, UAX #29).
pub const TITLE: usize = 100;
/// The same in code points: one cluster may be made of many.
pub const TITLE_CODE_POINTS: usize = 500;
/// Longest text, in code points.
pub const BODY: usize = 2000;
/// Longest description of a picture, in code points.
pub const DESCRIPTION: usize = 300;

/// The title that somebody typed, trimmed, in normal form C.
///
/// # Errors
/// 422: it must have 1 to 100 characters as readers count them.
pub fn title(typed: &str) -> Result<String, ApiError> {
    let composed: String = typed.nfc().take(4 * TITLE_CODE_POINTS).collect();
    text::line(&composed, TITLE_CODE_POINTS)
        .filter(|title| title.graphemes(true).count() <= TITLE)
        .ok_or_else(|| ApiError::field("/title", format!("The title must have 1 to {TITLE} characters.")))
}

/// The text that somebody typed, cleaned; it may be empty.
///
/// # Errors
/// 422: longer than 2,000 characters.
pub fn body(typed: &str) -> Result<String, ApiError> {
    let composed: String = typed.nfc().take(4 * BODY).collect();
    optional(text::lines(&composed, BODY), &composed, || {
        ApiError::field("/body", format!("The text must have at most {BODY} characters."))
    })
}

/// The description of the picture `at`, cleaned; it may be empty.
///
/// # Errors
/// 422: longer than 300 characters.
pub fn description(typed: &str, at: usize) -> Result<String, ApiError> {
    let composed: String = typed.nfc().take(4 * DESCRIPTION).collect();
    optional(text::line(&composed, DESCRIPTION), &composed, || {
        let detail = format!("A description must have at most {DESCRIPTION} characters.");
        ApiError::field(format!("/pictures/{at}/description"), detail)
    })
}

/// What is too long is refused; what shows nothing is nothing.
fn optional(cleaned: Option<String>, typed: &str, refused: impl FnOnce() -> ApiError) -> Result<String, ApiError> {
    match cleaned {
        Some(text) => Ok(text),
        None if text::lines(typed, usize::MAX).is_none() => Ok(String::new()),
        None => Err(refused()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_counted_as_readers_count_and_must_show_something() {
        assert_eq!(title("  e\u{301}t\u{e9} \u{202e}").unwrap(), "été");
        assert!(title(&"👩‍👩‍👧‍👦".repeat(TITLE)).is_err(), "too many code points, however few clusters");
        assert!(title(&"👩‍👩‍👧‍👦".repeat(60)).is_ok());
        assert!(title(&"가".repeat(TITLE)).is_ok());
        for bad in ["", "  ", "\u{200b}", &"가".repeat(TITLE + 1)] {
            assert!(title(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn texts_may_be_empty_and_keep_their_lines() {
        assert_eq!(body(" one\ntwo\u{7} ").unwrap(), "one\ntwo");
        assert_eq!(body("  \u{200b} ").unwrap(), "");
        assert_eq!(body(&"가".repeat(BODY)).unwrap().chars().count(), BODY);
        assert!(body(&"가".repeat(BODY + 1)).is_err());
        assert_eq!(description("a\nb", 0).unwrap(), "ab");
        assert!(description(&"a".repeat(DESCRIPTION + 1), 0).is_err());
    }
}
