//! What a tag is called.

use std::collections::BTreeSet;
use std::fmt;

use crate::base::fold::fold;
use crate::base::text;
use crate::web::error::ApiError;

/// Longest tag, in characters.
pub const LONGEST: usize = 30;
/// Tags of one thing at most.
pub const MOST: usize = 10;

/// The name of a tag: 1 to 30 characters, compatibility forms made one (NFKC), in lower case, without white space and the
/// signs that stand around tags.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagName(String);

impl TagName {
    /// The tag that somebody typed, with a number sign before it or not; none when it is no tag.
    pub fn new(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        let typed = typed.strip_prefix(['#', '＃']).unwrap_or(typed);
        // Here too: a tab between two words is dropped below, as every control character is.
        if typed.chars().count() > LONGEST || typed.chars().any(char::is_whitespace) {
            return None;
        }
        let name = text::line(&fold(typed), LONGEST)?;
        let plain = !name.chars().any(|c| c.is_whitespace() || matches!(c, '#' | '/' | '\\' | ','));
        plain.then_some(Self(name))
    }

    /// The tag that somebody typed.
    ///
    /// # Errors
    /// 422 with `pointer`.
    pub fn parse(typed: &str, pointer: impl Into<String>) -> Result<Self, ApiError> {
        let detail = "A tag must have 1 to 30 characters, without spaces, commas, slashes and number signs.";
        Self::new(typed).ok_or_else(|| ApiError::field(pointer, detail))
    }

    /// All tags of a thing. The same one twice is one.
    ///
    /// # Errors
    /// 422 below `pointer`: one of them is no tag, or there are more than [`MOST`].
    pub fn all(typed: &[String], pointer: &str) -> Result<BTreeSet<Self>, ApiError> {
        if typed.len() > MOST {
            return Err(ApiError::field(pointer, format!("At most {MOST} tags.")));
        }
        typed.iter().enumerate().map(|(at, tag)| Self::parse(tag, format!("{pointer}/{at}"))).collect()
    }

    /// As it stands in a row.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TagName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_one_word_however_it_is_spelled() {
        for (typed, name) in [
            ("Rain", "rain"),
            (" #rain ", "rain"),
            ("＃Ｒain", "rain"),
            ("비오는날", "비오는날"),
            ("\u{1107}\u{1175}", "비"),
            ("r&b", "r&b"),
            ("☔", "☔"),
            ("o'brien", "o'brien"),
        ] {
            assert_eq!(TagName::new(typed).unwrap().as_str(), name, "{typed}");
        }
        let long = "가".repeat(LONGEST);
        assert!(TagName::new(&long).is_some());
        for no in ["", " ", "#", "##a", "two words", "a\tb", "a/b", "a,b", "\u{200b}", &format!("{long}가"), "ﷺﷺ"]
        {
            assert_eq!(TagName::new(no), None, "{no:?}");
        }
    }

    #[test]
    fn a_thing_has_each_tag_once_and_ten_at_most() {
        let all = |tags: &[&str]| TagName::all(&tags.iter().map(ToString::to_string).collect::<Vec<_>>(), "/tags");
        assert_eq!(all(&["Rain", "rain", "#RAIN"]).unwrap().len(), 1);
        assert!(all(&["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]).is_ok());
        assert!(all(&["a"; MOST + 1]).is_err());
        match all(&["a", "b c"]) {
            Err(ApiError::Invalid(fields)) => assert_eq!(fields[0].pointer, "/tags/1"),
            other => panic!("{other:?}"),
        }
    }
}
