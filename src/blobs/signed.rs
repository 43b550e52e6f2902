//! Addresses that show a file to whoever has them, until a time: HMAC-SHA256 over name and time.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use thiserror::Error;

use super::BlobName;

const KEY_BYTES: usize = 32;

/// Signs addresses and checks them; clones share the key.
#[derive(Clone, Debug)]
pub struct Signer {
    key: Arc<hmac::Key>,
}

/// The two parts of an address that prove it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// When the address ends, in seconds since the epoch.
    pub expires: u64,
    /// The proof, in base64url.
    pub signature: String,
}

/// Why an address shows nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// Its time is over.
    #[error("the address has expired")]
    Expired,
    /// It was not made by us, or was changed.
    #[error("the signature is wrong")]
    Wrong,
}

impl Signer {
    /// Signs with this secret.
    #[must_use]
    pub fn new(secret: &[u8; KEY_BYTES]) -> Self {
        Self { key: Arc::new(hmac::Key::new(hmac::HMAC_SHA256, secret)) }
    }

    /// The proof for an address that works until `now + valid`; both since the epoch.
    #[must_use]
    pub fn sign(&self, name: &BlobName, now: Duration, valid: Duration) -> Signature {
        let expires = (now + valid).as_secs();
        let tag = hmac::sign(&self.key, &message(name, expires));
        Signature { expires, signature: URL_SAFE_NO_PAD.encode(tag) }
    }

    /// Whether an address may show its file at `now` (since the epoch).
    ///
    /// # Errors
    /// [`SignatureError`]; a forged address is wrong, whatever its time.
    pub fn check(&self, name: &BlobName, proof: &Signature, now: Duration) -> Result<(), SignatureError> {
        let tag = URL_SAFE_NO_PAD.decode(&proof.signature).map_err(|_| SignatureError::Wrong)?;
        hmac::verify(&self.key, &message(name, proof.expires), &tag).map_err(|_| SignatureError::Wrong)?;
        if now.as_secs() >= proof.expires { Err(SignatureError::Expired) } else { Ok(()) }
    }
}

/// Names have no line break, so that no two pairs have the same message.
fn message(name: &BlobName, expires: u64) -> Vec<u8> {
    format!("moodcall blob\n{name}\n{expires}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(1_000_000);
    const TEN_MINUTES: Duration = Duration::from_secs(600);

    #[test]
    fn an_address_works_until_its_time_and_for_its_file_only() {
        let signer = Signer::new(&[7; 32]);
        let (name, other): (BlobName, BlobName) = ("a.png".parse().unwrap(), "b.png".parse().unwrap());
        let proof = signer.sign(&name, NOW, TEN_MINUTES);
        assert_eq!(signer.check(&name, &proof, NOW + Duration::from_secs(599)), Ok(()));
        assert_eq!(signer.check(&name, &proof, NOW + TEN_MINUTES), Err(SignatureError::Expired));
        assert_eq!(signer.check(&other, &proof, NOW), Err(SignatureError::Wrong));
        let longer = Signature { expires: proof.expires + 1, ..proof.clone() };
        assert_eq!(signer.check(&name, &longer, NOW), Err(SignatureError::Wrong));
        assert_eq!(Signer::new(&[8; 32]).check(&name, &proof, NOW), Err(SignatureError::Wrong));
        for forged in ["", "AAAA", "not base64!", &proof.signature[1..]] {
            let forged = Signature { signature: forged.into(), ..proof.clone() };
            assert_eq!(signer.check(&name, &forged, NOW), Err(SignatureError::Wrong));
        }
    }
}
