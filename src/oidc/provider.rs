//! One provider: sending somebody there, and learning who came back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Url;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use thiserror::Error;
use tokio::sync::Mutex;

use super::keys::Keys;
use super::metadata::Metadata;
use super::token::{self, Expected, TokenError};
use super::{Fetch, FetchError};
use crate::base::timestamp::Timestamp;
use crate::base::{clock, token as random};

/// How long a provider's document is believed.
const FRESH: Duration = Duration::from_secs(3600);

/// What a provider knows us by.
#[derive(Clone)]
pub struct Settings {
    /// Who it says that it is, exactly.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// The secret that it gave us.
    pub client_secret: Option<String>,
    /// What is asked for.
    pub scopes: Vec<String>,
}

/// Why somebody did not come back as anybody.
#[derive(Debug, Error)]
pub enum OidcError {
    /// The provider cannot be asked.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// Its document is another provider's.
    #[error("the provider's document names another issuer")]
    Metadata,
    /// The answer comes from another provider than the one that was asked (RFC 9207).
    #[error("the answer comes from another issuer")]
    Issuer,
    /// The ID token is refused.
    #[error(transparent)]
    Token(#[from] TokenError),
}

/// Somebody on the way to a provider. All but the URL stays here until they come back.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Where to send the browser.
    pub url: String,
    /// Comes back with them.
    pub state: String,
    /// Comes back in the ID token.
    pub nonce: String,
    /// Shows that who exchanges the code is who asked for it (RFC 7636).
    pub verifier: String,
}

/// Somebody, as a provider knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// Their name there. Only both together name somebody.
    pub subject: String,
    /// Their address.
    pub email: Option<String>,
    /// Whether the provider has proved that it is theirs.
    pub email_verified: bool,
    /// What they are called.
    pub name: Option<String>,
}

/// A provider and what is known of it.
pub struct Provider {
    settings: Settings,
    fetch: Fetch,
    metadata: Mutex<Option<(Arc<Metadata>, Instant)>>,
    keys: Keys,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

impl Provider {
    /// Asks nothing yet.
    pub fn new(settings: Settings, fetch: Fetch) -> Self {
        Self { settings, fetch, metadata: Mutex::new(None), keys: Keys::default() }
    }

    /// Who it says that it is.
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Begins a visit that comes back to `redirect_uri`.
    ///
    /// # Errors
    /// The provider's document cannot be had.
    pub async fn begin(&self, redirect_uri: &str) -> Result<Visit, OidcError> {
        let metadata = self.metadata().await?;
        let ((state, _), (nonce, _), (verifier, _)) = (random::fresh(), random::fresh(), random::fresh());
        let mut url: Url = self.fetch.check(&metadata.authorization_endpoint).map_err(FetchError::from)?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("scope", &self.settings.scopes.join(" "))
            .append_pair("state", &state)
            .append_pair("nonce", &nonce)
            .append_pair("code_challenge", &challenge(&verifier))
            .append_pair("code_challenge_method", "S256");
        Ok(Visit { url: url.into(), state, nonce, verifier })
    }

    /// Exchanges the code that somebody brought and learns who they are. `issuer` is what the answer says about where it
    /// comes from.
    ///
    /// # Errors
    /// [`OidcError`].
    pub async fn finish(
        &self,
        code: &str,
        issuer: Option<&str>,
        redirect_uri: &str,
        verifier: &str,
        nonce: &str,
    ) -> Result<Identity, OidcError> {
        let metadata = self.metadata().await?;
        let said = issuer
            .map_or(!metadata.authorization_response_iss_parameter_supported, |issuer| issuer == self.settings.issuer);
        if !said {
            return Err(OidcError::Issuer);
        }
        let tokens = self.exchange(&metadata, code, redirect_uri, verifier).await?;
        let (algorithm, name) = token::header(&tokens.id_token)?;
        let key = self.keys.find(&self.fetch, &metadata.jwks_uri, name.as_deref(), algorithm).await?;
        let expected =
            Expected { issuer: &self.settings.issuer, client: &self.settings.client_id, nonce, now: Timestamp::now() };
        let said = token::check(&tokens.id_token, &key.ok_or(TokenError::Key)?, &expected)?;
        Ok(Identity {
            issuer: self.settings.issuer.clone(),
            subject: said.subject,
            email: said.email,
            email_verified: said.email_verified,
            name: said.name,
        })
    }

    async fn exchange(
        &self,
        metadata: &Metadata,
        code: &str,
        redirect_uri: &str,
        verifier: &str,
    ) -> Result<Tokens, FetchError> {
        let client = self.settings.client_id.as_str();
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier),
        ];
        let basic = match self.settings.client_secret.as_deref() {
            Some(secret) if !metadata.secret_in_form() => Some((client, secret)),
            Some(secret) => {
                form.extend([("client_id", client), ("client_secret", secret)]);
                None
            }
            None => {
                form.push(("client_id", client));
                None
            }
        };
        self.fetch.send(&metadata.token_endpoint, &form, basic).await
    }

    async fn metadata(&self) -> Result<Arc<Metadata>, OidcError> {
        let mut kept = self.metadata.lock().await;
        let now = clock::now();
        if let Some((metadata, read_at)) = &*kept
            && now.duration_since(*read_at) <= FRESH
        {
            return Ok(metadata.clone());
        }
        let metadata = Arc::new(Metadata::read(&self.fetch, &self.settings.issuer).await?);
        *kept = Some((metadata.clone(), now));
        Ok(metadata)
    }
}

/// What the provider is told of the verifier: its hash.
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}
