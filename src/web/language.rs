//! Korean or English, by `Accept-Language`.

use axum::http::{HeaderMap, header};

pub use crate::base::language::Language;

impl Language {
    /// The preferred of the two; English when neither is named.
    pub fn of(headers: &HeaderMap) -> Self {
        let text = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        text.map_or(Self::En, Self::accepted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heavier_of_the_two_languages_wins() {
        let table = [
            ("", Language::En),
            ("ko", Language::Ko),
            ("ko-KR,ko;q=0.9,en;q=0.8", Language::Ko),
            ("en-US,en;q=0.9,ko;q=0.8", Language::En),
            ("fr, ko;q=0.3, en;q=0.2", Language::Ko),
            ("ko;q=oops, en", Language::Ko),
            ("de", Language::En),
        ];
        for (value, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, value.parse().unwrap());
            assert_eq!(Language::of(&headers), expected, "{value}");
        }
    }
}
