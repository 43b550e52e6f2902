//! `[stills]`: screenshots of a call.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::load::ConfigError;

/// The section `[stills]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stills {
    /// Whether people may take them.
    pub enabled: bool,
    /// How long the signed address of a still works, in seconds.
    pub url_seconds: u64,
    /// How long a still's files are kept, in hours.
    pub keep_hours: u64,
    /// Stills that one person may have in their gallery.
    pub per_person: u32,
}

impl Default for Stills {
    fn default() -> Self {
        Self { enabled: true, url_seconds: 600, keep_hours: 24, per_person: 500 }
    }
}

impl Stills {
    /// How long a signed address works.
    pub fn url(&self) -> Duration {
        Duration::from_secs(self.url_seconds)
    }

    /// How long the files are kept.
    pub fn keep(&self) -> Duration {
        Duration::from_secs(self.keep_hours * 3600)
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if !(1..=86_400).contains(&self.url_seconds) {
            return Err(ConfigError::value("stills.url_seconds", "must be 1 to 86400"));
        }
        if self.keep_hours == 0 || self.keep_hours > 24 * 365 {
            return Err(ConfigError::value("stills.keep_hours", "must be 1 to 8760"));
        }
        if self.per_person == 0 {
            return Err(ConfigError::value("stills.per_person", "must be at least 1"));
        }
        Ok(())
    }
}
