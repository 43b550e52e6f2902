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
