//! `[database]`: where rows are kept.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::load::ConfigError;

/// The section `[database]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// Such as `postgres://moodcall@localhost/moodcall`. Unset: SQLite, in `moodcall.db` of the data folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Connections at most.
    pub connections: u32,
    /// Longest wait for a free connection, in milliseconds; after it the answer is 503.
    pub wait_ms: u64,
    /// Whether the server brings the schema up to date when it starts. Without it, `moodcall migrate` does.
    pub migrate: bool,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: None, connections: 8, wait_ms: 2000, migrate: true }
    }
}

impl Database {
    /// Longest wait for a free connection.
    pub fn wait(&self) -> Duration {
        Duration::from_millis(self.wait_ms)
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if !(1..=500).contains(&self.connections) {
            return Err(ConfigError::value("database.connections", "must be 1 to 500"));
        }
        if !(10..=60_000).contains(&self.wait_ms) {
            return Err(ConfigError::value("database.wait_ms", "must be 10 to 60000"));
        }
        match &self.url {
            Some(url) if !url.starts_with("postgres://") && !url.starts_with("postgresql://") => {
                Err(ConfigError::value("database.url", "must begin with postgres://"))
            }
            _ => Ok(()),
        }
    }
}
