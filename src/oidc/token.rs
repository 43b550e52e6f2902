//! The ID token: what a provider says about somebody, signed (OpenID Connect Core 1.0, section 3.1.3.7).

use jsonwebtoken::{Algorithm, Validation};
use serde::Deserialize;
use thiserror::Error;

use super::keys::Key;
use crate::base::timestamp::Timestamp;

/// How far two clocks may differ, in seconds.
const LEEWAY: f64 = 60.0;
/// Age of a token that has just been made, in seconds: a visit lasts ten minutes.
const FRESH: f64 = 900.0;
/// Longest name of a person at their provider (section 2 of the same).
const SUBJECT: usize = 255;

/// Why a token is refused. For the log; nobody outside is told.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    /// Not a token, or one that demands what is not known here.
    #[error("the ID token cannot be read")]
    Unreadable,
    /// Signed in a way that is not taken.
    #[error("the ID token is not signed in a way that is taken")]
    Algorithm,
    /// Signed with a key that the provider does not show.
    #[error("the ID token's key is not known")]
    Key,
    /// The signature does not fit.
    #[error("the ID token's signature is wrong")]
    Signature,
    /// A claim is missing or wrong.
    #[error("the ID token's claim {0} is missing or wrong")]
    Claim(&'static str),
}

/// What the token must be for.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Who issues it.
    pub issuer: &'a str,
    /// Who it is for: our name at the provider.
    pub client: &'a str,
    /// What we sent along with the visitor.
    pub nonce: &'a str,
    /// When it is looked at.
    pub now: Timestamp,
}

/// What the token says about the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Their name at the provider, which never changes.
    pub subject: String,
    /// Their address.
    pub email: Option<String>,
    /// Whether the provider has proved that it is theirs.
    pub email_verified: bool,
    /// What they are called.
    pub name: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: f64,
    iat: f64,
    nbf: Option<f64>,
    azp: Option<String>,
    nonce: Option<String>,
    email: Option<String>,
    email_verified: Option<Truth>,
    nickname: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Some providers write truth as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Truth {
    Plain(bool),
    Text(String),
}

/// The token's algorithm, if it is one that is taken, and the name of its key.
///
/// # Errors
/// [`TokenError::Unreadable`], [`TokenError::Algorithm`].
pub fn header(token: &str) -> Result<(Algorithm, Option<String>), TokenError> {
    // `none` is no algorithm to the library, so such a token cannot be read.
    let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Unreadable)?;
    if header.crit.is_some() {
        return Err(TokenError::Unreadable);
    }
    match header.alg {
        Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA => Ok((header.alg, header.kid)),
        _ => Err(TokenError::Algorithm),
    }
}

/// What the token says, if `key` signed it and it is what is expected.
///
/// # Errors
/// [`TokenError`].
pub fn check(token: &str, key: &Key, expected: &Expected<'_>) -> Result<Said, TokenError> {
    // The signature is the library's part; every claim is looked at here, against the time that was given.
    let mut rules = Validation::new(key.algorithm);
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.required_spec_claims.clear();
    let claims = jsonwebtoken::decode::<Claims>(token, &key.key, &rules).map_err(|error| match error.kind() {
        jsonwebtoken::errors::ErrorKind::InvalidSignature => TokenError::Signature,
        jsonwebtoken::errors::ErrorKind::InvalidAlgorithm => TokenError::Algorithm,
        _ => TokenError::Unreadable,
    })?;
    let claims = claims.claims;
    let now = expected.now.millis() as f64 / 1000.0;
    let holds = |fine: bool, name: &'static str| if fine { Ok(()) } else { Err(TokenError::Claim(name)) };
    holds(claims.iss == expected.issuer, "iss")?;
    let (ours, several) = match &claims.aud {
        Audience::One(one) => (one == expected.client, false),
        Audience::Several(all) => (all.iter().any(|one| one == expected.client), all.len() > 1),
    };
    holds(ours, "aud")?;
    holds(claims.azp.as_deref().map_or(!several, |azp| azp == expected.client), "azp")?;
    holds(claims.exp.is_finite() && now < claims.exp + LEEWAY, "exp")?;
    holds(claims.iat <= now + LEEWAY && now - claims.iat <= FRESH + LEEWAY, "iat")?;
    holds(claims.nbf.is_none_or(|nbf| nbf <= now + LEEWAY), "nbf")?;
    holds(claims.nonce.as_deref() == Some(expected.nonce), "nonce")?;
    holds(!claims.sub.is_empty() && claims.sub.len() <= SUBJECT && claims.sub.is_ascii(), "sub")?;
    let email_verified = match claims.email_verified {
        Some(Truth::Plain(truth)) => truth,
        Some(Truth::Text(text)) => text == "true",
        None => false,
    };
    let email = claims.email.filter(|email| !email.is_empty());
    Ok(Said {
        email_verified: email_verified && email.is_some(),
        subject: claims.sub,
        email,
        name: claims.nickname.or(claims.name),
    })
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
