//! Text that people type and others read: trimmed, without characters that steer a terminal or hide direction, bounded.

/// Longest shown name, in characters.
pub const NAME: usize = 40;

/// Longest line of chat, in characters.
pub const CHAT: usize = 1000;

/// Longest reaction, in characters: one emoji may be a family of several.
pub const REACTION: usize = 12;

/// `text` trimmed and cleaned for one line, or nothing when it is empty or longer than `most` characters.
pub fn line(text: &str, most: usize) -> Option<String> {
    let cleaned: String = text.trim().chars().filter(|c| !c.is_control() && !steers(*c)).collect();
    fits(cleaned, most)
}

/// The same for several lines: line breaks and tabs stay.
pub fn lines(text: &str, most: usize) -> Option<String> {
    let cleaned: String =
        text.trim().chars().filter(|c| matches!(c, '\n' | '\t') || (!c.is_control() && !steers(*c))).collect();
    fits(cleaned, most)
}

/// One reaction: short, and none of its characters a letter or a digit of plain text.
pub fn reaction(text: &str) -> Option<String> {
    let reaction = line(text, REACTION)?;
    (!reaction.chars().any(|c| c.is_ascii_alphanumeric() || c.is_whitespace())).then_some(reaction)
}

fn fits(text: String, most: usize) -> Option<String> {
    let text = text.trim();
    let visible = text.chars().any(|c| !c.is_whitespace() && c != '\u{200d}' && c != '\u{200b}');
    (visible && text.chars().count() <= most).then(|| text.to_owned())
}

/// Marks that turn the direction of the text around them.
fn steers(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_cleaned_and_bounded() {
        assert_eq!(line("  Ada \u{202e}Lovelace\n", NAME).as_deref(), Some("Ada Lovelace"));
        assert_eq!(line("김나무", NAME).as_deref(), Some("김나무"));
        for bad in ["", "   ", "\u{200b}\u{200d}", "\u{0}\u{1b}"] {
            assert_eq!(line(bad, NAME), None, "{bad:?}");
        }
        assert!(line(&"가".repeat(NAME), NAME).is_some());
        assert!(line(&"가".repeat(NAME + 1), NAME).is_none());
    }

    #[test]
    fn chat_keeps_its_line_breaks() {
        assert_eq!(lines("one\ntwo\u{7}", CHAT).as_deref(), Some("one\ntwo"));
    }

    #[test]
    fn a_reaction_is_an_emoji_and_no_message() {
        assert_eq!(reaction("👩‍👩‍👧‍👦").as_deref(), Some("👩‍👩‍👧‍👦"));
        assert_eq!(reaction("👍").as_deref(), Some("👍"));
        assert_eq!(reaction("buy now"), None);
        assert_eq!(reaction(""), None);
    }
}
