//! `[oidc.NAME]`: a provider that people may log in with. The name is part of the callback's address.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::load::ConfigError;

/// The sections `[oidc.NAME]` by name.
pub type Oidc = BTreeMap<String, Provider>;

/// One provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Its issuer, such as `https://accounts.google.com`; discovery is read from there.
    pub issuer: String,
    /// What it knows us by.
    pub client_id: String,
    /// The secret it gave us.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    /// What the button says; the name with a capital when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What is asked for.
    #[serde(default = "scopes")]
    pub scopes: Vec<String>,
}

fn scopes() -> Vec<String> {
    ["openid", "email"].map(str::to_owned).to_vec()
}

/// Checks every provider.
pub(super) fn check(providers: &Oidc) -> Result<(), ConfigError> {
    for (name, provider) in providers {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name.len() > 20 || !name.chars().all(plain) {
            return Err(ConfigError::value("oidc.NAME", "must be 1 to 20 of a-z, 0-9 and -"));
        }
        if !provider.issuer.starts_with("https://") {
            return Err(ConfigError::value("oidc.NAME.issuer", "must begin with https://"));
        }
        if !provider.scopes.iter().any(|scope| scope == "openid") {
            return Err(ConfigError::value("oidc.NAME.scopes", "must contain openid"));
        }
    }
    Ok(())
}
