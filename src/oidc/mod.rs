//! Log-in with a provider that people have an account at (OpenID Connect Core 1.0): a small client of our own.
//!
//! Authorization code with PKCE S256, state and nonce; discovery and keys are read through a guard, because the
//! addresses stand in documents that others write.

mod keys;
pub mod metadata;
pub mod provider;
pub mod token;

pub use crate::outside::fetch::{Fetch, FetchError};
pub use provider::{Identity, OidcError, Provider, Settings, Visit};
