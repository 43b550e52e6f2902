//! People: accounts, log-ins, profiles. Owns [`CurrentUser`], the answer to "who asks".

pub mod access;
pub mod card;
pub mod consent;
pub mod create;
pub mod current;
pub mod email;
pub mod genre;
pub mod grams;
pub mod live;
pub mod me;
pub mod name;
pub mod picture;
pub mod profile;
pub mod theme;
pub mod upload;

use std::sync::Arc;

use crate::state::AppState;
use access::{AccessTokens, KeysError};
pub use current::{CurrentUser, MaybeUser};
use live::LiveSessions;
use upload::Uploads;

/// Handle on everything that log-ins need; clones share it.
#[derive(Clone)]
pub struct Users {
    /// The handles that every feature may reach.
    pub state: AppState,
    /// Signs and checks access tokens.
    pub access: Arc<AccessTokens>,
    /// Which log-ins still hold.
    pub live: LiveSessions,
    /// Pictures that people upload.
    pub uploads: Uploads,
}

impl Users {
    /// Reads or makes the signing keys.
    ///
    /// # Errors
    /// [`KeysError`].
    pub fn start(state: AppState) -> Result<Self, KeysError> {
        let access = Arc::new(AccessTokens::open(&state.config.server.data_dir, state.config.accounts.access())?);
        let live = LiveSessions::new(state.store.clone());
        let uploads = Uploads::new(state.store.clone(), state.uploads.clone());
        Ok(Self { state, access, live, uploads })
    }
}
