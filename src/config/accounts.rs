//! `[accounts]`: who may sign up, how long log-ins last, and how often one person or address may try.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::load::ConfigError;

/// The section `[accounts]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Accounts {
    /// Whether new people may sign up.
    pub sign_up: bool,
    /// How long an access token is valid, in minutes.
    pub access_minutes: u64,
    /// How long a log-in lasts without being used, in days.
    pub session_days: u64,
    /// How long a deleted account can be taken back, in days.
    pub grace_days: u64,
    /// How long a copy of somebody's data is kept, in hours.
    pub export_hours: u64,
    /// Log-ins, codes and links that one address may try a minute.
    pub tries_per_minute: u32,
    /// Log-ins, codes and links that may be tried for one account an hour.
    pub account_tries_per_hour: u32,
    /// Requests of one person, or of one address without a log-in, a minute.
    pub requests_per_minute: u32,
    /// Posts that one person may write an hour, and playlists that they may make by hand.
    pub posts_per_hour: u32,
    /// Comments that one person may write an hour, and covers that they may change.
    pub comments_per_hour: u32,
}

impl Default for Accounts {
    fn default() -> Self {
        Self {
            sign_up: true,
            access_minutes: 15,
            session_days: 30,
            grace_days: 14,
            export_hours: 48,
            tries_per_minute: 20,
            account_tries_per_hour: 30,
            requests_per_minute: 1200,
            posts_per_hour: 30,
            comments_per_hour: 200,
        }
    }
}

impl Accounts {
    /// How long an access token is valid.
    pub fn access(&self) -> Duration {
        Duration::from_secs(self.access_minutes * 60)
    }

    /// How long a log-in lasts without being used.
    pub fn session(&self) -> Duration {
        Duration::from_secs(self.session_days * 86_400)
    }

    /// How long a deleted account can be taken back.
    pub fn grace(&self) -> Duration {
        Duration::from_secs(self.grace_days * 86_400)
    }

    /// How long a copy of somebody's data is kept.
    pub fn export(&self) -> Duration {
        Duration::from_secs(self.export_hours * 3600)
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let ranges = [
            ("accounts.access_minutes", "must be 1 to 1440", (1..=1440).contains(&self.access_minutes)),
            ("accounts.session_days", "must be 1 to 400", (1..=400).contains(&self.session_days)),
            ("accounts.grace_days", "must be at most 90", self.grace_days <= 90),
            ("accounts.export_hours", "must be 1 to 720", (1..=720).contains(&self.export_hours)),
            ("accounts.tries_per_minute", "must be at least 1", self.tries_per_minute >= 1),
            ("accounts.account_tries_per_hour", "must be at least 1", self.account_tries_per_hour >= 1),
            ("accounts.requests_per_minute", "must be at least 1", self.requests_per_minute >= 1),
            ("accounts.posts_per_hour", "must be at least 1", self.posts_per_hour >= 1),
            ("accounts.comments_per_hour", "must be at least 1", self.comments_per_hour >= 1),
        ];
        match ranges.iter().find(|(_, _, fine)| !fine) {
            Some((key, problem, _)) => Err(ConfigError::value(key, problem)),
            None => Ok(()),
        }
    }
}
