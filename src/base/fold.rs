//! What texts are compared by, so that people find what they typed another way.

use unicode_normalization::UnicodeNormalization as _;

/// What names are compared by, and search looks for: compatibility forms made one (NFKC), then lower case. So `Ａda`, `ada`
/// and `ADA` are the same name.
pub fn fold(text: &str) -> String {
    text.nfkc().collect::<String>().to_lowercase().nfkc().collect()
}

/// The same with one space between words, whatever was there, and nothing that cannot be seen.
pub fn plain(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split_whitespace().map(|word| word.chars().filter(|c| !c.is_control()).collect::<String>());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_to_unicode_are_one() {
        for (one, other) in [("Ada", "aDA"), ("Ａda", "ada"), ("e\u{301}", "É"), ("\u{1112}\u{1161}\u{11ab}", "한")]
        {
            assert_eq!(fold(one), fold(other), "{one} {other}");
        }
        assert_ne!(fold("ada"), fold("adá"));
    }

    #[test]
    fn words_stand_one_space_apart() {
        assert_eq!(plain(" Rain\t on\n\nthe\u{7} \u{7} window "), "rain on the window");
        assert_eq!(plain("\u{7}"), "");
    }
}
