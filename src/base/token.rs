//! Random tokens that the server hands out and keeps only as hashes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::RngCore as _;
use sha2::{Digest, Sha256};

/// What is kept of a token: enough to know it again, useless to whoever reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// As text, for a file.
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }

    /// From that text.
    pub fn from_hex(text: &str) -> Option<Self> {
        hex::decode(text).ok()?.try_into().ok().map(Self)
    }
}

/// A fresh token of 256 random bits, as text for its owner, and its hash for us.
pub fn fresh() -> (String, TokenHash) {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    let text = URL_SAFE_NO_PAD.encode(bytes);
    let hash = hash(&text);
    (text, hash)
}

/// A fresh token of 128 random bits, short enough for a link that is read aloud or drawn, and its hash for us.
pub fn short() -> (String, TokenHash) {
    let mut bytes = [0; 16];
    rand::rng().fill_bytes(&mut bytes);
    let text = URL_SAFE_NO_PAD.encode(bytes);
    let hash = hash(&text);
    (text, hash)
}

/// The hash of what somebody claims to be a token. Tokens are random, so no salt and no slow hash is needed.
pub fn hash(text: &str) -> TokenHash {
    TokenHash(Sha256::digest(text).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_different_and_known_again() {
        let ((one, hashed), (two, _)) = (fresh(), fresh());
        assert_eq!(one.len(), 43);
        assert_ne!(one, two);
        assert_eq!(hash(&one), hashed);
        assert_ne!(hash(&two), hashed);
        assert_eq!(TokenHash::from_hex(&hashed.to_hex()), Some(hashed));
        assert_eq!(TokenHash::from_hex("00"), None);
    }
}
