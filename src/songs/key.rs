//! What makes two songs the same: artist and title, however somebody spells, capitalizes and spaces them.

use sha2::{Digest as _, Sha256};
use uuid::Builder;

use crate::base::fold::fold;
use crate::base::id::SongId;

/// Artist and title, folded and without white space; a line break between them, which neither has.
pub fn song_key(artist: &str, title: &str) -> String {
    let plain =
        |text: &str| -> String { fold(text).chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect() };
    format!("{}\n{}", plain(artist), plain(title))
}

/// Numbers that follow from a key, and are as good as random.
#[derive(Clone, Copy, Debug)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Of a key.
    pub fn of(key: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"moodcall song\n");
        hash.update(key);
        Self(hash.finalize().into())
    }

    /// The identifier that a song of the catalogue has in every database (a UUID of version 8, RFC 9562).
    pub fn id(self) -> Option<SongId> {
        let bytes: [u8; 16] = self.0.first_chunk().copied()?;
        Builder::from_custom_bytes(bytes).into_uuid().to_string().parse().ok()
    }

    /// Its place in the order that means nothing: 0 to 2⁶² − 1.
    pub fn draw(self) -> i64 {
        (self.number(2) >> 2) as i64
    }

    /// Another number below `most`; there are eight, `at` 0 to 7.
    pub fn below(self, at: usize, most: u64) -> u64 {
        let four = self.0.chunks_exact(4).nth(at % 8).unwrap_or_default();
        four.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)) % most.max(1)
    }

    fn number(self, at: usize) -> u64 {
        let eight = self.0.chunks_exact(8).nth(at % 4).unwrap_or_default();
        eight.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_spaces_and_compatible_forms_make_no_other_song() {
        let key = song_key("White  Season", "Ａ Room");
        for (artist, title) in [("white season", "a room"), ("WhiteSeason", "ARoom"), (" White Season ", "A\u{a0}room")]
        {
            assert_eq!(song_key(artist, title), key, "{artist} {title}");
        }
        assert_eq!(song_key("정하연", "보고 싶다는 말"), song_key("정하연", "보고싶다는 말"));
        assert_ne!(song_key("ab", "c"), song_key("a", "bc"));
        assert_ne!(song_key("a", "b"), song_key("b", "a"));
    }

    #[test]
    fn a_key_always_has_the_same_numbers() {
        let one = Digest::of("a\nb");
        assert_eq!(one.id(), Digest::of("a\nb").id());
        assert_ne!(one.id(), Digest::of("a\nc").id());
        assert_eq!(one.id().map(|id| id.to_string()).as_deref(), Some(KNOWN), "identifiers may never change");
        assert!((0..1 << 62).contains(&one.draw()));
        assert!(one.below(7, 12) < 12);
    }

    const KNOWN: &str = "d779f72a-3454-8bef-82e3-1fdb2bb538ef";
}
