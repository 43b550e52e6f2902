//! The six digits that prove an e-mail address, and the keyed hash that is kept of them.

use rand::Rng as _;
use ring::hmac;

use crate::base::id::VerificationId;

/// Digits of a code.
pub const DIGITS: usize = 6;

/// Makes codes and knows them again. Six digits are guessed in no time by whoever reads the table, so the hash has a key
/// that is not in the database.
#[derive(Clone)]
pub struct Codes(hmac::Key);

impl Codes {
    /// With the key of the data folder.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// A fresh code, evenly among all.
    pub fn fresh() -> String {
        format!("{:06}", rand::rng().random_range(0..1_000_000))
    }

    /// What is kept of `code`; the same code of another verification gives another hash.
    pub fn hash(&self, verification: VerificationId, code: &str) -> String {
        hex::encode(hmac::sign(&self.0, format!("{verification} {code}").as_bytes()))
    }

    /// Whether `code` is the one, in a time that tells nothing.
    pub fn matches(&self, verification: VerificationId, code: &str, kept: &str) -> bool {
        let text = format!("{verification} {code}");
        hex::decode(kept).is_ok_and(|kept| hmac::verify(&self.0, text.as_bytes(), &kept).is_ok())
    }
}

/// The digits that somebody typed, without the spaces around and between; none when they are no code.
pub fn typed(text: &str) -> Option<String> {
    let code: String = text.chars().filter(|c| !c.is_whitespace()).take(DIGITS + 1).collect();
    (code.len() == DIGITS && code.bytes().all(|b| b.is_ascii_digit())).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_again_for_its_own_verification_and_key() {
        let (codes, id) = (Codes::new(&[7; 32]), VerificationId::new());
        let code = Codes::fresh();
        assert_eq!(typed(&code).as_deref(), Some(code.as_str()));
        let kept = codes.hash(id, &code);
        assert!(codes.matches(id, &code, &kept));
        assert!(!codes.matches(VerificationId::new(), &code, &kept));
        assert!(!Codes::new(&[8; 32]).matches(id, &code, &kept));
        assert!(!codes.matches(id, &code, "") && !codes.matches(id, &code, "nothex"));
    }

    #[test]
    fn what_is_no_code_is_no_guess() {
        assert_eq!(typed(" 012 345 ").as_deref(), Some("012345"));
        for bad in ["", "12345", "1234567", "12345a", "１２３４５６", "-12345"] {
            assert_eq!(typed(bad), None, "{bad}");
        }
    }
}
