//! What somebody typed, as a search looks for it.

use crate::base::fold::fold;

/// Longest query in characters.
pub const LONGEST: usize = 64;
/// Most pieces that are weighed against each other.
const PIECES: usize = 12;

/// A query that can be searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// As names are compared.
    folded: String,
}

impl Query {
    /// What to look for, or nothing when nothing is left of `text` or it is too long. An `@` before a handle is no part
    /// of it.
    pub fn new(text: &str) -> Option<Self> {
        let spaced = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
        let text: String = spaced.filter(|c| !c.is_control()).collect();
        let text = text.trim();
        let text = text.strip_prefix('@').unwrap_or(text);
        if text.is_empty() || text.chars().count() > LONGEST {
            return None;
        }
        let folded = fold(text).trim().to_owned();
        (!folded.is_empty()).then_some(Self { folded })
    }

    /// The whole, as names are compared.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// Whether it is one character, which is a part of too much.
    pub fn is_short(&self) -> bool {
        self.folded.chars().nth(1).is_none()
    }

    /// Pieces that every name with the query in it has: each two characters that stand together, or the only one.
    pub fn pieces(&self) -> Vec<String> {
        let characters: Vec<char> = self.folded.chars().collect();
        if let [only] = characters[..] {
            return vec![only.to_string()];
        }
        let mut pieces: Vec<String> = characters.windows(2).map(|pair| pair.iter().collect()).collect();
        pieces.sort();
        pieces.dedup();
        pieces.truncate(PIECES);
        pieces
    }

    /// The query anywhere in a text, for `LIKE … ESCAPE '!'`.
    pub fn pattern(&self) -> String {
        let mut pattern = String::from("%");
        for c in self.folded.chars() {
            if matches!(c, '%' | '_' | '!') {
                pattern.push('!');
            }
            pattern.push(c);
        }
        pattern.push('%');
        pattern
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::users::grams;

    #[test]
    fn a_query_is_folded_and_its_wild_cards_are_not_wild() {
        let query = Query::new(" @Ａda_% ").unwrap();
        assert_eq!((query.folded(), query.pattern().as_str()), ("ada_%", "%ada!_!%%"));
        assert_eq!(Query::new("rain\tand\nsnow").unwrap().folded(), "rain and snow");
        for nothing in ["", "  ", "@", "\0", "\u{7}"] {
            assert_eq!(Query::new(nothing), None, "{nothing:?}");
        }
        assert!(Query::new(&"가".repeat(LONGEST)).is_some());
        assert!(Query::new(&"가".repeat(LONGEST + 1)).is_none());
    }

    #[test]
    fn every_part_of_a_name_has_pieces_of_the_name_only() {
        for name in ["김나무", "Ada Lovelace", "aaaa", "É", "한 글"] {
            let kept = grams::pieces(name);
            let characters: Vec<char> = name.chars().collect();
            for from in 0..characters.len() {
                for to in from + 1..=characters.len() {
                    let part: String = characters[from..to].iter().collect();
                    let Some(query) = Query::new(&part) else { continue };
                    assert!(query.pieces().iter().all(|piece| kept.contains(piece)), "{part:?} of {name:?}");
                }
            }
        }
    }
}
