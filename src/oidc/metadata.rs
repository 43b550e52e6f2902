//! What a provider says about itself (OpenID Connect Discovery 1.0).

use serde::Deserialize;

use super::provider::OidcError;
use super::{Fetch, FetchError};

/// The part of the document that is used.
#[derive(Clone, Debug, Deserialize)]
pub struct Metadata {
    issuer: String,
    /// Where people are sent.
    pub authorization_endpoint: String,
    /// Where a code is exchanged.
    pub token_endpoint: String,
    /// Where its keys are.
    pub jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// Whether answers name their issuer (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Reads the document of `issuer` and holds it to what it must be.
    ///
    /// # Errors
    /// No document, one of another issuer, or addresses in it that are refused.
    pub async fn read(fetch: &Fetch, issuer: &str) -> Result<Self, OidcError> {
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let found: Self = fetch.read(&address).await?;
        if found.issuer != issuer {
            return Err(OidcError::Metadata);
        }
        for address in [&found.authorization_endpoint, &found.token_endpoint, &found.jwks_uri] {
            fetch.check(address).map_err(FetchError::from)?;
        }
        Ok(found)
    }

    /// Whether the secret goes into the form rather than into HTTP Basic authentication, which is what a provider that
    /// says nothing takes.
    pub fn secret_in_form(&self) -> bool {
        let methods = self.token_endpoint_auth_methods_supported.as_deref().unwrap_or_default();
        let takes = |name: &str| methods.iter().any(|method| method == name);
        takes("client_secret_post") && !takes("client_secret_basic")
    }
}
