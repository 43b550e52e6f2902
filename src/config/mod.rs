//! Settings: built-in defaults, then a TOML file, then `MOODCALL_…` variables, then flags; later ones win.
//!
//! One file per section. An unknown key anywhere is refused, so that a typing mistake is not a silent default.
//! `config.sample.toml` documents every key and a test holds it equal to the defaults.

pub mod accounts;
pub mod database;
pub mod filter;
pub mod flags;
pub mod generation;
pub mod load;
pub mod logs;
pub mod mail;
pub mod media;
pub mod oidc;
pub mod outside;
pub mod print;
pub mod redis;
pub mod rooms;
pub mod server;
pub mod stills;

use serde::{Deserialize, Serialize};

pub use accounts::Accounts;
pub use database::Database;
pub use filter::Filter;
pub use flags::Flags;
pub use generation::{ChatModel, Generation};
pub use load::{ConfigError, Loaded, load};
pub use logs::Logs;
pub use mail::Mail;
pub use media::Media;
pub use oidc::Oidc;
pub use outside::{CoverModel, Videos};
pub use redis::Redis;
pub use rooms::Rooms;
pub use server::Server;
pub use stills::Stills;

/// Every setting of the server, checked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// HTTP, the data folder, shutdown.
    pub server: Server,
    /// Where rows are kept.
    pub database: Database,
    /// Sign-up, log-ins, and their limits.
    pub accounts: Accounts,
    /// How letters leave.
    pub mail: Mail,
    /// Providers that people may log in with.
    pub oidc: Oidc,
    /// Ports and addresses of the media.
    pub media: Media,
    /// Rooms, seats, and the limits of signaling.
    pub rooms: Rooms,
    /// The mood filter.
    pub filter: Filter,
    /// Screenshots.
    pub stills: Stills,
    /// The model that may make covers.
    pub cover_model: CoverModel,
    /// The search for videos.
    pub videos: Videos,
    /// Playlists that are made of a mood.
    pub generation: Generation,
    /// The model that may put them together.
    pub chat_model: ChatModel,
    /// What is written to standard error.
    pub logs: Logs,
    /// The bus between several nodes.
    pub redis: Redis,
}
