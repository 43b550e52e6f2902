//! `[media]`: the one port of all media and the addresses that clients are told.

use std::net::IpAddr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

use super::load::ConfigError;

/// The section `[media]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Media {
    /// UDP port of all media; ICE-TCP listens on the same number. 0 picks one on which both bind.
    pub udp_port: u16,
    /// Addresses that clients are told to send to. Empty: loopback and every interface's.
    #[serde(deserialize_with = "one_or_many")]
    pub public_address: Vec<IpAddr>,
    /// Silence of a participant's media after which it ends, in seconds.
    pub silence_seconds: u64,
}

impl Default for Media {
    fn default() -> Self {
        Self { udp_port: 0, public_address: Vec::new(), silence_seconds: 30 }
    }
}

impl Media {
    /// Silence after which a participant's media ends.
    pub fn silence(&self) -> Duration {
        Duration::from_secs(self.silence_seconds)
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.silence_seconds < 10 {
            return Err(ConfigError::value("media.silence_seconds", "must be at least 10"));
        }
        if self.public_address.iter().any(|address| address.is_unspecified() || address.is_multicast()) {
            return Err(ConfigError::value("media.public_address", "must be addresses that a client can send to"));
        }
        Ok(())
    }
}

/// A list, or one string with commas: flags and variables have no lists.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpAddr>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Many(Vec<IpAddr>),
        One(String),
    }
    match Either::deserialize(deserializer)? {
        Either::Many(list) => Ok(list),
        Either::One(text) => text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| part.parse().map_err(serde::de::Error::custom))
            .collect(),
    }
}
