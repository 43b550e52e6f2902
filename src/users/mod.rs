//! People: accounts, log-ins, profiles. Owns [`CurrentUser`], the answer to "who asks".

pub mod access;
pub mod active;
pub mod asker;
pub mod card;
pub mod change_password;
pub mod codes;
pub mod consent;
pub mod cookie;
pub mod create;
pub mod current;
pub mod email;
pub mod export;
pub mod genre;
pub mod grams;
pub mod limits;
pub mod live;
pub mod log_in;
pub mod log_out;
pub mod logged_in;
pub mod me;
pub mod name;
pub mod new_password;
pub mod nickname;
pub mod oidc;
pub mod pace;
pub mod passwords;
pub mod picture;
pub mod profile;
pub mod refresh;
pub mod removal;
pub mod reset;
pub mod session;
pub mod sessions;
pub mod sign_up;
pub mod sweep;
pub mod theme;
pub mod tokens;
pub mod upload;
pub mod verification;
pub mod visitor;

use std::ops::Deref;
use std::sync::Arc;

use crate::base::id::SongId;
use crate::base::keyfile;
use crate::base::locks::Locks;
use crate::state::AppState;
use access::{AccessTokens, KeysError};
pub use active::ActiveUser;
use codes::Codes;
pub use current::{CurrentUser, MaybeUser};
use export::Exports;
use limits::Limits;
use live::LiveSessions;
use oidc::Providers;
use pace::Pace;
use passwords::Passwords;
use upload::Uploads;
use visitor::Visitors;

/// Handle on everything that log-ins need; clones share it, as those of [`AppState`] do.
#[derive(Clone)]
pub struct Users(Arc<Parts>);

impl Deref for Users {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// What [`Users`] leads to.
pub struct Parts {
    /// The handles that every feature may reach.
    pub state: AppState,
    /// Signs and checks access tokens.
    pub access: Arc<AccessTokens>,
    /// Which log-ins still hold.
    pub live: LiveSessions,
    /// Pictures that people upload.
    pub uploads: Uploads,
    /// Whose turn it is to look for the video of a song.
    pub video_turns: Locks<SongId>,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Makes the codes that prove an address.
    pub codes: Codes,
    /// Names who looks at something.
    pub visitors: Visitors,
    /// How often guessers may guess.
    pub limits: Arc<Limits>,
    /// How much one person may write and have looked for.
    pub pace: Arc<Pace>,
    /// Copies of people's data.
    pub exports: Exports,
    /// Providers that one may log in with.
    pub oidc: Providers,
}

impl Users {
    /// Reads or makes the keys, and begins to throw away what is over.
    ///
    /// # Errors
    /// [`KeysError`].
    pub fn start(state: AppState) -> Result<Self, KeysError> {
        let (data, config) = (&state.config.server.data_dir, &state.config.accounts);
        let access = Arc::new(AccessTokens::open(data, config.access())?);
        let codes = Codes::new(&keyfile::open(data, "codes.key")?);
        let visitors = Visitors::new(&keyfile::open(data, "visitors.key")?);
        let limits = Arc::new(Limits::new(config.tries_per_minute, config.account_tries_per_hour));
        let videos = state.config.videos.per_person;
        let pace = Arc::new(Pace::new(config.posts_per_hour, config.comments_per_hour, videos));
        let oidc = Providers::new(&state)?;
        let live = LiveSessions::new(state.store.clone(), state.notices.clone());
        let uploads = Uploads::new(state.store.clone(), state.uploads.clone(), state.processors.clone());
        let exports = Exports::new(state.exports.clone());
        let passwords = Passwords::default();
        let video_turns = Locks::default();
        let parts = Parts {
            state,
            access,
            live,
            uploads,
            video_turns,
            exports,
            passwords,
            codes,
            visitors,
            limits,
            pace,
            oidc,
        };
        let users = Self(Arc::new(parts));
        users.state.tasks.spawn(sweep::run(users.clone()));
        users.state.tasks.spawn(export::work::run(users.clone()));
        users.state.tasks.spawn(removal::run(users.clone()));
        Ok(users)
    }
}
