//! Korean or English: the two languages that every text exists in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A language that texts exist in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Korean.
    Ko,
    /// English, for everybody else.
    En,
}

impl Language {
    /// The preferred of the two in the text of an `Accept-Language`; English when neither is named.
    pub fn accepted(text: &str) -> Self {
        let mut best = (Self::En, 0.0);
        for part in text.split(',').take(20) {
            let mut pieces = part.trim().split(';');
            let tag = pieces.next().unwrap_or_default().trim();
            let weight = pieces.find_map(|piece| piece.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
            let language = match tag.split('-').next() {
                Some("ko" | "KO") => Self::Ko,
                Some("en" | "EN" | "*") => Self::En,
                _ => continue,
            };
            if weight > best.1 {
                best = (language, weight);
            }
        }
        best.0
    }

    /// What a text is written in: Korean if there is any Hangul, English if there are Latin letters and none; none for a text
    /// of signs, digits or other scripts.
    pub fn written(text: &str) -> Option<Self> {
        if text.chars().any(is_hangul) {
            return Some(Self::Ko);
        }
        text.chars().any(is_latin).then_some(Self::En)
    }

    /// From a tag as [`Self::tag`] makes it; English for anything else.
    pub fn from_tag(tag: &str) -> Self {
        if tag == "ko" { Self::Ko } else { Self::En }
    }

    /// The tag for `Content-Language` and for rows.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }
}

/// A syllable or a letter of Hangul (Unicode's blocks of that name, and its half-width letters).
fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}' | '\u{a960}'..='\u{a97c}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{d7b0}'..='\u{d7fb}' | '\u{ffa0}'..='\u{ffdc}')
}

/// A Latin letter: of ASCII, with a mark, or as wide as a syllable of Hangul.
fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || c.is_alphabetic() && matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{ff21}'..='\u{ff5a}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_with_hangul_is_korean_and_one_with_latin_letters_alone_is_english() {
        let (ko, en) = (Some(Language::Ko), Some(Language::En));
        for (text, expected) in [
            ("비 오는 밤", ko),
            ("K-pop 듣고 싶은 밤", ko),
            ("so tired ㅠㅠ", ko),
            ("ㅋㅋ", ko),
            ("\u{1112}\u{1161}\u{11ab}", ko),
            ("a long walk", en),
            ("déjà vu", en),
            ("Ｒａｉｎ", en),
            ("rain, 雨", en),
            ("雨の夜", None),
            ("дождь", None),
            ("100 % × 2", None),
            ("🌧️🌙", None),
            ("", None),
        ] {
            assert_eq!(Language::written(text), expected, "{text}");
        }
    }
}
