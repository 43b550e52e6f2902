//! A provider for trying out the log-in with one, built in: it invents people, speaks the whole protocol, and makes every
//! mistake that it is asked to make. It exists in development mode and for this machine only.

pub mod authorize;
mod mistake;
mod people;
pub mod token;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use axum::Json;
use axum::extract::State;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey};
use parking_lot::Mutex;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::{Value, json};

use super::OnThisMachine;
use crate::app::App;
use crate::base::{clock, token as random};
use crate::protocol::code::Code;
use crate::users::oidc::providers::DEVELOPMENT;
use crate::users::oidc::visit::redirect_uri;
use crate::web::error::ApiError;
use mistake::Mistake;
use people::Somebody;

/// How long a code can be exchanged.
const CODE: Duration = Duration::from_secs(60);
/// Codes that are kept.
const CODES: usize = 1000;
/// Old keys that are still shown.
const KEYS: usize = 5;

/// A key pair with its name.
#[derive(Clone)]
struct Key {
    name: String,
    signing: EncodingKey,
    public: Jwk,
}

impl Key {
    fn fresh() -> anyhow::Result<Self> {
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        let document = document.ok().context("no key for the development provider")?;
        let signing = EncodingKey::from_ec_der(document.as_ref());
        let mut public = Jwk::from_encoding_key(&signing, Algorithm::ES256)?;
        let (name, _) = random::fresh();
        public.common.key_id = Some(name.clone());
        Ok(Self { name, signing, public })
    }
}

/// What a code stands for.
#[derive(Clone)]
struct Granted {
    somebody: Somebody,
    mistake: Option<Mistake>,
    redirect_uri: String,
    nonce: Option<String>,
    challenge: String,
    ends: Instant,
}

/// What the provider remembers.
pub struct DevelopmentProvider {
    codes: Mutex<HashMap<String, Granted>>,
    /// The newest last; it signs.
    keys: Mutex<Vec<Key>>,
}

impl DevelopmentProvider {
    /// With a fresh key.
    ///
    /// # Errors
    /// No key could be made.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self { codes: Mutex::default(), keys: Mutex::new(vec![Key::fresh()?]) })
    }

    fn grant(&self, granted: Granted) -> String {
        let (code, _) = random::fresh();
        let mut codes = self.codes.lock();
        let now = clock::now();
        codes.retain(|_, granted| granted.ends > now);
        if codes.len() < CODES {
            codes.insert(code.clone(), granted);
        }
        code
    }

    /// What a code stands for, once and in time.
    fn redeem(&self, code: &str) -> Option<Granted> {
        self.codes.lock().remove(code).filter(|granted| granted.ends > clock::now())
    }

    fn key(&self) -> Option<Key> {
        self.keys.lock().last().cloned()
    }

    fn rotate(&self) -> anyhow::Result<()> {
        let fresh = Key::fresh()?;
        let mut keys = self.keys.lock();
        keys.push(fresh);
        let surplus = keys.len().saturating_sub(KEYS);
        keys.drain(..surplus);
        Ok(())
    }
}

/// The provider, with what this server's own log-in knows of it.
struct Here<'a> {
    provider: &'a DevelopmentProvider,
    origin: &'a str,
    secret: &'a str,
}

impl<'a> Here<'a> {
    fn of(app: &'a App) -> Result<Self, ApiError> {
        let missing = ApiError::NotFound(Code::NotFound);
        let (origin, secret) = app.users.oidc.development().ok_or(missing.clone())?;
        Ok(Self { provider: app.provider.as_deref().ok_or(missing)?, origin, secret })
    }

    fn issuer(&self) -> String {
        format!("{}/dev/oidc", self.origin)
    }

    /// Whether an address is one that people may be sent back to: registered, to the letter. This machine has three names.
    fn registered(&self, app: &App, address: &str) -> bool {
        let port = self.origin.rsplit(':').next().unwrap_or_default();
        let names = ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("http://{host}:{port}"));
        let public = app.state.config.server.public_origin.iter().map(|origin| origin.trim_end_matches('/').to_owned());
        names.into_iter().chain(public).any(|origin| redirect_uri(&origin, DEVELOPMENT) == address)
    }
}

/// `GET /dev/oidc/.well-known/openid-configuration`.
///
/// # Errors
/// 404 outside of development mode and from elsewhere.
pub async fn discovery(_: OnThisMachine, State(app): State<App>) -> Result<Json<Value>, ApiError> {
    let issuer = Here::of(&app)?.issuer();
    Ok(Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "scopes_supported": ["openid", "email", "profile"],
        "authorization_response_iss_parameter_supported": true,
    })))
}

/// `GET /dev/oidc/jwks`.
///
/// # Errors
/// As [`discovery`].
pub async fn jwks(_: OnThisMachine, State(app): State<App>) -> Result<Json<Value>, ApiError> {
    let here = Here::of(&app)?;
    let keys: Vec<Jwk> = here.provider.keys.lock().iter().map(|key| key.public.clone()).collect();
    Ok(Json(json!({ "keys": keys })))
}
