//! An English text as words: contractions made one, and the forms that a word may be listed under.

/// A word with what stands behind it.
pub(super) struct Token {
    pub text: String,
    /// A mark that ends a clause.
    pub ends: bool,
}

/// Verbs that `not` is written together with.
const AUXILIARY: &[&str] =
    &["do", "does", "did", "is", "are", "was", "were", "can", "could", "would", "have", "has", "had", "should", "am"];

/// Cuts a text in lower case into words. `can not`, `cannot`, `can't` and `cant` become one word, so that everybody's spelling is
/// found.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut word = String::new();
    for c in text.replace(['’', '`'], "'").chars().chain([' ']) {
        if c.is_ascii_alphanumeric() || c == '\'' || c == '&' {
            word.push(c);
            continue;
        }
        let bare = word.trim_matches('\'');
        if !bare.is_empty() {
            match found.last_mut() {
                Some(last) if bare == "not" && !last.ends && AUXILIARY.contains(&last.text.as_str()) => {
                    last.text.push_str(if last.text.ends_with('n') { "t" } else { "nt" });
                }
                _ => found.push(Token { text: spelled(bare), ends: false }),
            }
        }
        word.clear();
        if matches!(c, ',' | '.' | ';' | '!' | '?' | ':' | '(' | ')' | '…')
            && let Some(last) = found.last_mut()
        {
            last.ends = true;
        }
    }
    found
}

/// One spelling for words that have several.
fn spelled(word: &str) -> String {
    let word = drawn_out(word);
    match word.as_str() {
        "cannot" => return "cant".to_owned(),
        "i'm" => return "im".to_owned(),
        "gonna" => return "going".to_owned(),
        "ur" => return "your".to_owned(),
        "u" => return "you".to_owned(),
        "mum" | "mam" | "mommy" | "mummy" | "mama" => return "mom".to_owned(),
        _ => {}
    }
    match word.strip_suffix("n't") {
        Some(stem) => format!("{stem}nt"),
        None => word.trim_end_matches("'s").to_owned(),
    }
}

/// `sooooo` is `so`, `yesss` is `yes`: no English word has a letter three times in a row.
fn drawn_out(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < letters.len() {
        let run = letters[at..].iter().take_while(|letter| **letter == letters[at]).count();
        let kept = if run >= 3 && letters[at].is_ascii_alphabetic() { 1 } else { run };
        out.extend(std::iter::repeat_n(letters[at], kept));
        at += run;
    }
    out
}

/// A word without its doubled letters, which are what people get wrong most.
pub(super) fn squeezed(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    letters.dedup();
    letters.into_iter().collect()
}

/// The forms that a word may be listed under: itself, and without the endings that it may have.
pub(super) fn forms(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    for ending in ["s", "es", "ed", "ing", "er", "ers", "est", "ly", "ness", "y", "in", "d"] {
        let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() >= 3) else { continue };
        forms.push(stem.to_owned());
        forms.push(format!("{stem}e"));
        if let Some(stem) = stem.strip_suffix('i') {
            forms.push(format!("{stem}y"));
        }
        let mut last = stem.chars().rev();
        if let (Some(one), Some(two)) = (last.next(), last.next())
            && one == two
        {
            forms.push(stem[..stem.len() - one.len_utf8()].to_owned());
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_become_one() {
        let words = |text: &str| tokens(text).into_iter().map(|token| token.text).collect::<Vec<_>>().join(" ");
        for text in ["i can't sleep", "i cant sleep", "i cannot sleep", "i can not sleep", "i can’t sleep"] {
            assert_eq!(words(text), "i cant sleep", "{text}");
        }
        assert_eq!(words("i'm sooo tired, mum"), "im so tired mom");
        assert_eq!(squeezed("dissapointed"), squeezed("disappointed"));
    }
}
