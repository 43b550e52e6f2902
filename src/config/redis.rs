//! `[redis]`: what several nodes share. Without it one node needs no service.

use serde::{Deserialize, Serialize};

use super::load::ConfigError;

/// The section `[redis]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Redis {
    /// Such as `redis://127.0.0.1:6379/0`. Unset: everything stays in this process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Longest wait for one command, in milliseconds; after it the answer is a refusal.
    pub timeout_ms: u64,
}

impl Default for Redis {
    fn default() -> Self {
        Self { url: None, timeout_ms: 250 }
    }
}

impl Redis {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if !(10..=10_000).contains(&self.timeout_ms) {
            return Err(ConfigError::value("redis.timeout_ms", "must be 10 to 10000"));
        }
        match &self.url {
            Some(url) if !url.starts_with("redis://") && !url.starts_with("unix://") => {
                Err(ConfigError::value("redis.url", "must begin with redis:// or unix://"))
            }
            _ => Ok(()),
        }
    }
}
