//! What people are called: a handle, which is unique and stands in addresses, and a nickname, which is shown; and what
//! they say about themselves.

use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::base::text;
use crate::web::error::ApiError;

/// Characters of a handle.
pub const HANDLE: std::ops::RangeInclusive<usize> = 3..=20;
/// Longest nickname, in what readers take for characters (grapheme clusters, UAX #29).
pub const NICKNAME: usize = 8;
/// The same in code points: one cluster may be made of many.
pub const NICKNAME_CODE_POINTS: usize = 40;

/// Longest text about oneself, in code points.
pub const ABOUT: usize = 200;

/// Handles that would be taken for the house, or for a part of an address.
const RESERVED: &[&str] = &[
    "about",
    "account",
    "accounts",
    "admin",
    "administrator",
    "api",
    "auth",
    "billing",
    "blog",
    "call",
    "calls",
    "contact",
    "dev",
    "docs",
    "explore",
    "feed",
    "feeds",
    "friends",
    "health",
    "help",
    "home",
    "info",
    "legal",
    "login",
    "logout",
    "mail",
    "me",
    "metrics",
    "mod",
    "moderation",
    "moderator",
    "moodcall",
    "news",
    "nobody",
    "noreply",
    "notifications",
    "null",
    "official",
    "playlists",
    "postmaster",
    "posts",
    "privacy",
    "problems",
    "profile",
    "reset",
    "room",
    "rooms",
    "root",
    "search",
    "security",
    "server",
    "settings",
    "signup",
    "sign_up",
    "staff",
    "static",
    "status",
    "support",
    "system",
    "tags",
    "team",
    "terms",
    "undefined",
    "user",
    "users",
    "vendor",
    "webmaster",
    "www",
];

/// The handle that somebody typed, in lower case.
///
/// # Errors
/// 422 with `pointer`: it must be 3 to 20 of a-z, 0-9 and `_`, begin with a letter, and not be reserved.
pub fn handle(typed: &str, pointer: &'static str) -> Result<String, ApiError> {
    let handle = typed.trim().to_ascii_lowercase();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let formed = HANDLE.contains(&handle.len())
        && handle.chars().all(plain)
        && handle.starts_with(|c: char| c.is_ascii_lowercase());
    if !formed {
        let detail = "The handle must have 3 to 20 of a-z, 0-9 and _, and begin with a letter.";
        return Err(ApiError::field(pointer, detail));
    }
    if RESERVED.contains(&handle.as_str()) {
        return Err(ApiError::field(pointer, "This handle is reserved."));
    }
    Ok(handle)
}

/// The nickname that somebody typed, trimmed, in normal form C.
///
/// # Errors
/// 422 with `pointer`: it must have 1 to 8 characters as readers count them.
pub fn nickname(typed: &str, pointer: &'static str) -> Result<String, ApiError> {
    let composed: String = typed.nfc().take(4 * NICKNAME_CODE_POINTS).collect();
    text::line(&composed, NICKNAME_CODE_POINTS)
        .filter(|name| name.graphemes(true).count() <= NICKNAME)
        .ok_or_else(|| ApiError::field(pointer, format!("The nickname must have 1 to {NICKNAME} characters.")))
}

/// What somebody typed about themselves, cleaned; it may be empty.
///
/// # Errors
/// 422 with `pointer`: longer than 200 characters.
pub fn about(typed: &str, pointer: &'static str) -> Result<String, ApiError> {
    if typed.trim().is_empty() {
        return Ok(String::new());
    }
    let composed: String = typed.nfc().take(4 * ABOUT).collect();
    text::lines(&composed, ABOUT)
        .ok_or_else(|| ApiError::field(pointer, format!("This must have at most {ABOUT} characters.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_plain_and_not_reserved() {
        assert_eq!(handle(" Ada_99 ", "/handle").unwrap(), "ada_99");
        for bad in ["", "ab", "a234567890123456789_1", "9ada", "_ada", "ada-l", "ada l", "아다다", "admin", "ME", "Api"]
        {
            assert!(handle(bad, "/handle").is_err(), "{bad}");
        }
        for reserved in RESERVED {
            let own = reserved.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            assert!(own, "{reserved} could never be asked for as it stands here");
        }
    }

    #[test]
    fn nicknames_are_counted_as_readers_count() {
        assert_eq!(nickname(" 김나무 ", "/nickname").unwrap(), "김나무");
        assert_eq!(nickname(&"👩‍👩‍👧‍👦".repeat(5), "/nickname").unwrap().graphemes(true).count(), 5);
        assert_eq!(nickname("e\u{301}", "/nickname").unwrap(), "é");
        for bad in ["", "  ", "123456789", &format!("a{}", "\u{301}".repeat(100))] {
            assert!(nickname(bad, "/nickname").is_err(), "{bad:?}");
        }
    }
}
