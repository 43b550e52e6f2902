//! A provider's keys (RFC 7517): kept for an hour, read again when a token names one that is not known, but not for every
//! token that does.

use std::time::{Duration, Instant};

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::{Fetch, FetchError};
use crate::base::clock;

/// How long keys are believed.
const FRESH: Duration = Duration::from_secs(3600);
/// Shortest time between two readings because of an unknown name.
const AGAIN: Duration = Duration::from_secs(10);
/// Keys that are looked at; nobody has more.
const MOST: usize = 100;

/// A key for signatures, and the one algorithm that goes with it.
#[derive(Clone)]
pub struct Key {
    name: Option<String>,
    /// The algorithm.
    pub algorithm: Algorithm,
    /// The public half.
    pub key: DecodingKey,
}

#[derive(Default)]
struct Kept {
    keys: Vec<Key>,
    read_at: Option<Instant>,
    searched_at: Option<Instant>,
}

/// The keys of one provider.
#[derive(Default)]
pub(super) struct Keys(Mutex<Kept>);

#[derive(Deserialize)]
struct Document {
    keys: Vec<serde_json::Value>,
}

impl Keys {
    /// The key of that name; the only one that fits when a token names none.
    ///
    /// # Errors
    /// The keys cannot be read.
    pub(super) async fn find(
        &self,
        fetch: &Fetch,
        address: &str,
        name: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<Option<Key>, FetchError> {
        let mut kept = self.0.lock().await;
        let now = clock::now();
        let mut just_read = false;
        if kept.read_at.is_none_or(|at| now.duration_since(at) > FRESH) {
            kept.keys = read(fetch, address).await?;
            kept.read_at = Some(now);
            just_read = true;
        }
        let found = pick(&kept.keys, name, algorithm);
        let rested = kept.searched_at.is_none_or(|at| now.duration_since(at) > AGAIN);
        if found.is_some() || just_read || !rested {
            return Ok(found);
        }
        kept.searched_at = Some(now);
        kept.keys = read(fetch, address).await?;
        kept.read_at = Some(now);
        Ok(pick(&kept.keys, name, algorithm))
    }
}

async fn read(fetch: &Fetch, address: &str) -> Result<Vec<Key>, FetchError> {
    let document: Document = fetch.read(address).await?;
    // A key that is not understood is somebody else's business; the others still count.
    let keys = document.keys.into_iter().take(MOST).filter_map(|key| usable(&serde_json::from_value(key).ok()?));
    Ok(keys.collect())
}

pub(super) fn usable(jwk: &Jwk) -> Option<Key> {
    if jwk.common.public_key_use.as_ref().is_some_and(|purpose| *purpose != PublicKeyUse::Signature) {
        return None;
    }
    let algorithm = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => Algorithm::RS256,
        AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256 => Algorithm::ES256,
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => Algorithm::EdDSA,
        _ => return None,
    };
    let said = jwk.common.key_algorithm.map(|said| said.to_string());
    if said.is_some_and(|said| said != format!("{algorithm:?}")) {
        return None;
    }
    let key = DecodingKey::from_jwk(jwk).ok()?;
    Some(Key { name: jwk.common.key_id.clone(), algorithm, key })
}

fn pick(keys: &[Key], name: Option<&str>, algorithm: Algorithm) -> Option<Key> {
    let mut fitting = keys.iter().filter(|key| key.algorithm == algorithm);
    match name {
        Some(name) => fitting.find(|key| key.name.as_deref() == Some(name)).cloned(),
        None => fitting.next().filter(|_| fitting.next().is_none()).cloned(),
    }
}
