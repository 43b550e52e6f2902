//! `GET /oidc/providers`, and the providers themselves: those of the settings, and in development mode one of our own.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::pending::Seal;
use crate::base::keyfile::KeyError;
use crate::base::token;
use crate::oidc::{Fetch, FetchError};
use crate::oidc::{Provider, Settings};
use crate::state::AppState;
use crate::users::Users;

/// Name of the provider that is built in.
pub const DEVELOPMENT: &str = "development";
/// What the provider that is built in knows us by.
pub const DEVELOPMENT_CLIENT: &str = "moodcall";

/// A provider with its button.
pub struct Known {
    /// Its name in addresses and rows.
    pub name: String,
    /// What its button says.
    pub label: String,
    /// The way to ask it.
    pub client: Provider,
}

/// The built-in provider, as this server's other half needs to know it.
pub struct Development {
    /// What it knows us by, beside the name.
    pub secret: String,
    bound: OnceLock<(String, Arc<Known>)>,
}

/// The providers; clones share them.
#[derive(Clone)]
pub struct Providers {
    known: Arc<BTreeMap<String, Arc<Known>>>,
    development: Option<Arc<Development>>,
    /// Signs who somebody is while they sign up.
    pub(super) seal: Arc<Seal>,
}

impl Providers {
    /// Those of the settings; none is asked yet.
    ///
    /// # Errors
    /// The key for pending identities cannot be read or made.
    pub fn new(state: &AppState) -> Result<Self, KeyError> {
        let config = &state.config;
        let seal = Arc::new(Seal::open(&config.server.data_dir)?);
        let known = from_settings(state).unwrap_or_else(|error| {
            tracing::error!(%error, "nobody can log in with a provider");
            BTreeMap::new()
        });
        let development = config.server.development.then(|| {
            let (secret, _) = token::fresh();
            Arc::new(Development { secret, bound: OnceLock::new() })
        });
        Ok(Self { known: Arc::new(known), development, seal })
    }

    /// Tells where the server listens, which is where the built-in provider is.
    pub fn bind(&self, address: SocketAddr) {
        let Some(development) = &self.development else { return };
        let ip = match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
            ip => ip,
        };
        let origin = format!("http://{}", SocketAddr::new(ip, address.port()));
        let settings = Settings {
            issuer: format!("{origin}/dev/oidc"),
            client_id: DEVELOPMENT_CLIENT.to_owned(),
            client_secret: Some(development.secret.clone()),
            scopes: ["openid", "email", "profile"].map(str::to_owned).to_vec(),
        };
        match Fetch::own(origin.clone()) {
            Ok(fetch) => {
                let client = Provider::new(settings, fetch);
                let known = Known { name: DEVELOPMENT.to_owned(), label: "Development".to_owned(), client };
                // A server listens once.
                let _ = development.bound.set((origin, Arc::new(known)));
            }
            Err(error) => tracing::error!(%error, "the development provider cannot be used"),
        }
    }

    /// The provider of that name.
    pub fn find(&self, name: &str) -> Option<Arc<Known>> {
        self.built_in().filter(|known| known.name == name).or_else(|| self.known.get(name)).cloned()
    }

    /// All of them, the built-in one last.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Known>> {
        self.known.values().chain(self.built_in())
    }

    /// The built-in provider's origin and our secret there; none outside of development mode.
    pub fn development(&self) -> Option<(&str, &str)> {
        let development = self.development.as_ref()?;
        let (origin, _) = development.bound.get()?;
        Some((origin, &development.secret))
    }

    fn built_in(&self) -> Option<&Arc<Known>> {
        self.development.as_ref()?.bound.get().map(|(_, known)| known)
    }
}

fn from_settings(state: &AppState) -> Result<BTreeMap<String, Arc<Known>>, FetchError> {
    let providers = &state.config.oidc;
    if providers.is_empty() {
        return Ok(BTreeMap::new());
    }
    let fetch = Fetch::guarded()?;
    let known = providers.iter().map(|(name, provider)| {
        let settings = Settings {
            issuer: provider.issuer.clone(),
            client_id: provider.client_id.clone(),
            client_secret: provider.client_secret.clone(),
            scopes: provider.scopes.clone(),
        };
        let label = provider.label.clone().unwrap_or_else(|| {
            let (first, rest) = name.split_at(1.min(name.len()));
            first.to_uppercase() + rest
        });
        let known = Known { name: name.clone(), label, client: Provider::new(settings, fetch.clone()) };
        (name.clone(), Arc::new(known))
    });
    Ok(known.collect())
}

/// A provider that one may log in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Button {
    /// Its name in addresses.
    #[schema(examples("google"))]
    pub id: String,
    /// Its name for people.
    #[schema(examples("Google"))]
    pub name: String,
}

/// The providers of this server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Buttons {
    /// One for each button.
    pub items: Vec<Button>,
}

/// List the providers that one may log in with
#[utoipa::path(
    get, path = "/oidc/providers", tag = "auth", operation_id = "listProviders",
    responses((status = 200, description = "The providers; often none", body = Buttons))
)]
pub async fn list(State(users): State<Users>) -> Json<Buttons> {
    let button = |known: &Arc<Known>| Button { id: known.name.clone(), name: known.label.clone() };
    Json(Buttons { items: users.oidc.all().map(button).collect() })
}
