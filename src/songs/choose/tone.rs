//! How a text is written: loud, or trailing off. It says a little where the words say something, and all that there is to know
//! where they do not.

/// What the marks of a text say.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Tone {
    /// How strong it sounds, 0 to 1; none where it is written plainly.
    pub energy: Option<f32>,
    /// How bright.
    pub valence: Option<f32>,
}

/// How much a tone counts, beside a feeling's 1.
pub(super) const WEIGHT: f32 = 0.12;

/// The tone of a text as somebody wrote it.
pub(super) fn tone(text: &str) -> Tone {
    let exclaims = text.chars().filter(|c| matches!(c, '!' | '！')).count();
    let shouted =
        text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 2 && all_capitals(word)).count();
    let end = text.trim_end_matches(|c: char| {
        c.is_whitespace() || !(c.is_alphanumeric() || c.is_ascii_punctuation() || c == '…')
    });
    let trails = end.ends_with("..") || end.ends_with('…');
    let sighs = text.matches("..").count() + text.matches('…').count();
    if exclaims > 0 || shouted > 1 {
        let loud = 0.7 + 0.05 * (exclaims.min(4) + shouted.min(2)) as f32;
        return Tone { energy: Some(loud.min(0.9)), valence: (exclaims > 0).then_some(0.62) };
    }
    if trails || sighs > 0 {
        return Tone { energy: Some(0.22), valence: Some(0.38) };
    }
    Tone::default()
}

fn all_capitals(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_capitals_are_loud_and_dots_are_low() {
        assert!(tone("ㄱㅈㄱ!!!").energy > Some(0.7));
        assert!(tone("WHAT IS THIS").energy > Some(0.7));
        assert!(tone("그렇게 됐다...").energy < Some(0.3) && tone("그렇게 됐다...").valence < Some(0.5));
        assert_eq!(tone("그렇게 됐다"), Tone::default());
        assert_eq!(tone("I live in the USA"), Tone::default());
    }
}
