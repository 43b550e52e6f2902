//! `[cover_model]` and `[videos]`: services elsewhere, off by default.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::load::ConfigError;

/// The section `[cover_model]`: an OpenAI-compatible endpoint for pictures. Off without an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CoverModel {
    /// Base address, to which `/images/generations` is added. Unset: covers are drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The key, where the endpoint wants one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The model's name at the endpoint, where it wants one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Size of a picture in the endpoint's words.
    pub size: String,
    /// How the endpoint is told to give pictures: `b64_json` or `url`. Unset: it is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Longest time for one picture, in seconds.
    pub seconds: u64,
    /// Pictures at once.
    pub at_once: u32,
}

impl Default for CoverModel {
    fn default() -> Self {
        Self { url: None, key: None, model: None, size: "1024x1024".into(), format: None, seconds: 60, at_once: 2 }
    }
}

impl CoverModel {
    /// Longest time for one picture.
    pub fn time(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.url.as_ref().is_some_and(|url| !web(url)) {
            return Err(ConfigError::value("cover_model.url", "must begin with https:// or http://"));
        }
        if self.format.as_ref().is_some_and(|format| format != "b64_json" && format != "url") {
            return Err(ConfigError::value("cover_model.format", "must be b64_json or url"));
        }
        if !(1..=20).contains(&self.size.len()) {
            return Err(ConfigError::value("cover_model.size", "must be such as 1024x1024"));
        }
        if !(1..=300).contains(&self.seconds) {
            return Err(ConfigError::value("cover_model.seconds", "must be 1 to 300"));
        }
        if !(1..=16).contains(&self.at_once) {
            return Err(ConfigError::value("cover_model.at_once", "must be 1 to 16"));
        }
        Ok(())
    }
}

/// The section `[videos]`: YouTube's search. Off without a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Videos {
    /// The key of the YouTube Data API, version 3. Unset: songs are played from their previews alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Base address of the API.
    pub url: String,
    /// Searches a day: what the service gives.
    pub per_day: u32,
    /// Searches a day that one person may cause.
    pub per_person: u32,
}

impl Default for Videos {
    fn default() -> Self {
        Self { key: None, url: "https://www.googleapis.com/youtube/v3".into(), per_day: 100, per_person: 25 }
    }
}

impl Videos {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if !web(&self.url) {
            return Err(ConfigError::value("videos.url", "must begin with https:// or http://"));
        }
        if self.key.as_ref().is_some_and(|key| key.trim().is_empty()) {
            return Err(ConfigError::value("videos.key", "must not be empty"));
        }
        if self.per_day == 0 {
            return Err(ConfigError::value("videos.per_day", "must be at least 1"));
        }
        if self.per_person == 0 {
            return Err(ConfigError::value("videos.per_person", "must be at least 1"));
        }
        Ok(())
    }
}

fn web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}
