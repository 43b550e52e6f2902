//! Access tokens: short-lived JWTs (RFC 7519) signed with Ed25519.
//!
//! The library's defaults accept a missing `aud`, a future `nbf` and a minute's leeway, so everything is set here: one
//! algorithm, five required claims, five seconds. A key is found by its `kid` in a map that is fixed at start; what a
//! token says about itself never chooses anything else.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::base::id::{SessionId, UserId};
use crate::base::keyfile::{self, KeyError};
use crate::base::timestamp::Timestamp;

/// Who issues access tokens.
pub const ISSUER: &str = "moodcall";
/// What access tokens are for. A token for anything else opens nothing here.
pub const AUDIENCE: &str = "moodcall:api";
/// How far two clocks may differ.
pub const LEEWAY: Duration = Duration::from_secs(5);
/// Folder of the keys, in the data folder.
pub const FOLDER: &str = "access-keys";

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    iss: String,
    aud: String,
    /// The person.
    pub sub: UserId,
    iat: u64,
    nbf: u64,
    exp: u64,
    /// The log-in.
    pub sid: SessionId,
}

/// Why there are no keys.
#[derive(Debug, Error)]
pub enum KeysError {
    /// A key file is unusable.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The folder cannot be made or read.
    #[error("the folder of keys {} cannot be used: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The library refuses the key.
    #[error("the key {0} is not usable")]
    Unusable(String),
}

/// The token is refused. Nobody outside is told why.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct AccessError(String);

/// Signs with the newest key, checks with every key in the folder.
pub struct AccessTokens {
    signing: EncodingKey,
    kid: String,
    checking: HashMap<String, DecodingKey>,
    rules: Validation,
    valid: Duration,
}

impl AccessTokens {
    /// Reads the keys in `access-keys/` of the data folder (`NAME.key`, 32 bytes each, readable by their owner only);
    /// makes the first. The one whose name sorts last signs, so a new key is put beside the old one, and the old one is
    /// removed when the tokens that it signed are over.
    ///
    /// # Errors
    /// [`KeysError`].
    pub fn open(data: &Path, valid: Duration) -> Result<Self, KeysError> {
        let folder = data.join(FOLDER);
        let broken = |source| KeysError::Folder { path: folder.clone(), source };
        std::fs::create_dir_all(&folder).map_err(broken)?;
        let mut names: Vec<String> = std::fs::read_dir(&folder)
            .map_err(broken)?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.ends_with(".key"))
            .collect();
        if names.is_empty() {
            names.push("0001.key".to_owned());
        }
        names.sort();
        let mut checking = HashMap::new();
        let mut newest = None;
        for name in names {
            let seed = keyfile::open(&folder, &name)?;
            let (kid, signing, public) = pair(&seed).ok_or(KeysError::Unusable(name))?;
            checking.insert(kid.clone(), public);
            newest = Some((kid, signing));
        }
        let (kid, signing) = newest.ok_or_else(|| KeysError::Unusable(FOLDER.to_owned()))?;
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.leeway = LEEWAY.as_secs();
        rules.validate_exp = true;
        rules.validate_nbf = true;
        rules.validate_aud = true;
        rules.set_audience(&[AUDIENCE]);
        rules.set_issuer(&[ISSUER]);
        rules.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        Ok(Self { signing, kid, checking, rules, valid })
    }

    /// A token for a log-in, and when it ends.
    ///
    /// # Errors
    /// The library could not sign; practically never.
    pub fn issue(&self, user: UserId, session: SessionId, now: Timestamp) -> Result<(String, Timestamp), AccessError> {
        let ends = now.after(self.valid);
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: user,
            iat: now.seconds(),
            nbf: now.seconds(),
            exp: ends.seconds(),
            sid: session,
        };
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        let token = jsonwebtoken::encode(&header, &claims, &self.signing).map_err(|e| AccessError(e.to_string()))?;
        Ok((token, ends))
    }

    /// What a token says, if one of our keys signed it and its time is now.
    ///
    /// # Errors
    /// [`AccessError`], with a reason for the log.
    pub fn check(&self, token: &str) -> Result<Claims, AccessError> {
        let refuse = |error: jsonwebtoken::errors::Error| AccessError(error.to_string());
        let kid = jsonwebtoken::decode_header(token).map_err(refuse)?.kid;
        let key = kid.and_then(|kid| self.checking.get(&kid)).ok_or_else(|| AccessError("unknown key".into()))?;
        jsonwebtoken::decode::<Claims>(token, key, &self.rules).map(|token| token.claims).map_err(refuse)
    }
}

/// Puts a new key beside those in `access-keys/` of the data folder; its name sorts last, so it signs from the next start
/// of the server on. Says where it is.
///
/// # Errors
/// [`KeysError`].
pub fn rotate(data: &Path) -> Result<PathBuf, KeysError> {
    let folder = data.join(FOLDER);
    let broken = |source| KeysError::Folder { path: folder.clone(), source };
    std::fs::create_dir_all(&folder).map_err(broken)?;
    let newest = std::fs::read_dir(&folder)
        .map_err(broken)?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".key")?.parse::<u32>().ok())
        .max();
    let name = format!("{:04}.key", newest.unwrap_or(0).saturating_add(1));
    keyfile::open(&folder, &name)?;
    Ok(folder.join(name))
}

/// Name and halves of the key pair of a seed (RFC 8032). The name is made of the public half.
fn pair(seed: &[u8; 32]) -> Option<(String, EncodingKey, DecodingKey)> {
    /// PKCS #8 (RFC 8410) up to the seed.
    const PREFIX: [u8; 16] =
        [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
    let public = Ed25519KeyPair::from_seed_unchecked(seed).ok()?.public_key().as_ref().to_vec();
    let kid = hex::encode(&Sha256::digest(&public)[..8]);
    let document = [&PREFIX[..], seed].concat();
    Some((kid, EncodingKey::from_ed_der(&document), DecodingKey::from_ed_der(&public)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_who_and_a_new_key_leaves_the_old_tokens_valid() {
        let folder = tempfile::tempdir().unwrap();
        let tokens = AccessTokens::open(folder.path(), Duration::from_secs(60)).unwrap();
        let (user, session, now) = (UserId::new(), SessionId::new(), Timestamp::now());
        let (token, ends) = tokens.issue(user, session, now).unwrap();
        assert_eq!(ends, now.after(Duration::from_secs(60)));
        assert_eq!(rotate(folder.path()).unwrap(), folder.path().join(FOLDER).join("0002.key"));
        let rotated = AccessTokens::open(folder.path(), Duration::from_secs(60)).unwrap();
        assert_ne!(rotated.kid, tokens.kid);
        let claims = rotated.check(&token).unwrap();
        assert_eq!((claims.sub, claims.sid), (user, session));
        assert!(tokens.check(&rotated.issue(user, session, now).unwrap().0).is_err(), "an unknown key");
        assert!(tokens.check(&tokens.issue(user, session, now.before(Duration::from_secs(66))).unwrap().0).is_err());
    }
}
