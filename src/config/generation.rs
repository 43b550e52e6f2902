//! `[generation]`: playlists that are made of a mood, and the model that may put them together.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::load::ConfigError;

/// The section `[generation]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Generation {
    /// Playlists that are made at once.
    pub at_once: u32,
    /// Playlists that one person may have in the making.
    pub open_per_person: u32,
    /// Playlists that one person may ask for an hour.
    pub per_hour: u32,
}

impl Default for Generation {
    fn default() -> Self {
        Self { at_once: 4, open_per_person: 3, per_hour: 30 }
    }
}

impl Generation {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if !(1..=64).contains(&self.at_once) {
            return Err(ConfigError::value("generation.at_once", "must be 1 to 64"));
        }
        if !(1..=100).contains(&self.open_per_person) {
            return Err(ConfigError::value("generation.open_per_person", "must be 1 to 100"));
        }
        if self.per_hour == 0 {
            return Err(ConfigError::value("generation.per_hour", "must be at least 1"));
        }
        Ok(())
    }
}

/// The section `[chat_model]`: an OpenAI-compatible endpoint. Off without an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChatModel {
    /// Base address, to which `/chat/completions` is added. Unset: no model is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The key, where the endpoint wants one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The model's name at the endpoint; it is shown with what the model makes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Longest time for one answer, in seconds.
    pub seconds: u64,
    /// Questions at once.
    pub at_once: u32,
}

impl Default for ChatModel {
    fn default() -> Self {
        Self { url: None, key: None, model: None, seconds: 30, at_once: 4 }
    }
}

impl ChatModel {
    /// Longest time for one answer.
    pub fn time(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let web = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        if self.url.as_ref().is_some_and(|url| !web(url)) {
            return Err(ConfigError::value("chat_model.url", "must begin with https:// or http://"));
        }
        let named = self.model.as_deref().is_some_and(|name| (1..=100).contains(&name.trim().len()));
        if self.url.is_some() && !named {
            return Err(ConfigError::value("chat_model.model", "must name a model, in 1 to 100 bytes"));
        }
        if self.model.as_deref() == Some("catalog") {
            return Err(ConfigError::value("chat_model.model", "must not be catalog, which is the scorer inside"));
        }
        if !(1..=120).contains(&self.seconds) {
            return Err(ConfigError::value("chat_model.seconds", "must be 1 to 120"));
        }
        if !(1..=64).contains(&self.at_once) {
            return Err(ConfigError::value("chat_model.at_once", "must be 1 to 64"));
        }
        Ok(())
    }
}
