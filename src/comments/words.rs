//! What may be said.

use unicode_normalization::UnicodeNormalization as _;

use crate::base::text;
use crate::web::error::ApiError;

/// Longest comment, in code points.
pub const LONGEST: usize = 500;

/// The comment that somebody typed: trimmed, in normal form C, without characters that steer.
///
/// # Errors
/// 422 for `/body`: 1 to 500 characters.
pub fn body(typed: &str) -> Result<String, ApiError> {
    let composed: String = typed.nfc().take(4 * LONGEST).collect();
    text::lines(&composed, LONGEST)
        .ok_or_else(|| ApiError::field("/body", format!("A comment has 1 to {LONGEST} characters.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_trimmed_and_bounded() {
        assert_eq!(body("  비가 온다\n그래도 \u{202e}좋다 ").unwrap(), "비가 온다\n그래도 좋다");
        assert!(body(&"가".repeat(LONGEST)).is_ok());
        for bad in ["", " \n ", "\u{200b}", &"가".repeat(LONGEST + 1)] {
            assert!(body(bad).is_err(), "{bad:?}");
        }
    }
}
