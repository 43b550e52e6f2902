//! What a room is called and what it is for, as people type it.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::base::text;
use crate::web::error::ApiError;

/// Longest title, in what readers take for characters (grapheme clusters, UAX #29).
pub const TITLE: usize = 60;
/// The same in code points: one cluster may be made of many.
pub const TITLE_CODE_POINTS: usize = 240;
/// Longest description, in code points.
pub const DESCRIPTION: usize = 500;

/// The title, cleaned; empty for none.
///
/// # Errors
/// 422.
pub fn title(typed: &str) -> Result<String, ApiError> {
    if typed.trim().is_empty() {
        return Ok(String::new());
    }
    let title = text::line(typed, TITLE_CODE_POINTS).filter(|title| title.graphemes(true).count() <= TITLE);
    title.ok_or_else(|| ApiError::field("/title", format!("The title has at most {TITLE} characters that show.")))
}

/// The description, cleaned; empty for none.
///
/// # Errors
/// 422.
pub fn description(typed: &str) -> Result<String, ApiError> {
    if typed.trim().is_empty() {
        return Ok(String::new());
    }
    let wrong = || format!("The description has at most {DESCRIPTION} characters that show.");
    text::lines(typed, DESCRIPTION).ok_or_else(|| ApiError::field("/description", wrong()))
}

/// The seats, within what the server allows.
///
/// # Errors
/// 422.
pub fn capacity(asked: u32, most: u32) -> Result<u32, ApiError> {
    if (1..=most).contains(&asked) {
        return Ok(asked);
    }
    Err(ApiError::field("/capacity", format!("The capacity must be 1 to {most}.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_counted_as_people_read_it() {
        let family = "👩‍👩‍👧";
        assert_eq!(title(" Tea \u{202e}time\n").unwrap(), "Tea time");
        assert_eq!(title("  ").unwrap(), "");
        assert!(title(&"가".repeat(TITLE)).is_ok() && title(&"가".repeat(TITLE + 1)).is_err());
        assert!(title(&family.repeat(48)).is_ok(), "48 characters of five code points");
        assert!(title(&family.repeat(49)).is_err(), "more code points than are stored");
        assert!(title("\u{200b}").is_err(), "nothing of it shows");
    }

    #[test]
    fn a_description_keeps_its_lines() {
        assert_eq!(description("one\ntwo\u{7}").unwrap(), "one\ntwo");
        assert_eq!(description("").unwrap(), "");
        assert!(description(&"x".repeat(DESCRIPTION)).is_ok() && description(&"x".repeat(DESCRIPTION + 1)).is_err());
    }
}
