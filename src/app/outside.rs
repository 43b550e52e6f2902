//! The services outside that the settings name.

use anyhow::Context as _;

use crate::config::Config;
use crate::outside::chat::{self, Chat};
use crate::outside::fetch::Fetch;
use crate::outside::images::{self, Images};
use crate::outside::videos::{self, Videos};

/// The model that puts playlists together.
///
/// # Errors
/// The settings name what cannot be used.
pub fn chat(config: &Config) -> anyhow::Result<Option<Chat>> {
    let named = &config.chat_model;
    let (Some(url), Some(model)) = (named.url.clone(), named.model.clone()) else { return Ok(None) };
    let (key, time, at_once) = (named.key.clone(), named.time(), named.at_once as usize);
    let chat = Chat::new(&chat::Options { url, key, model, time, at_once });
    chat.map(Some).context("chat_model.url cannot be used")
}

/// The model that makes covers.
///
/// # Errors
/// The settings name what cannot be used.
pub fn images(config: &Config) -> anyhow::Result<Option<Images>> {
    let named = &config.cover_model;
    let Some(url) = named.url.clone() else { return Ok(None) };
    let options = images::Options {
        url,
        key: named.key.clone(),
        model: named.model.clone(),
        size: named.size.clone(),
        format: named.format.clone(),
        time: named.time(),
        at_once: named.at_once as usize,
    };
    let files = Fetch::guarded().context("HTTPS cannot be used")?;
    Ok(Some(Images::new(options, files).context("cover_model.url cannot be used")?))
}

/// The search for videos.
///
/// # Errors
/// The settings name what cannot be used.
pub fn videos(config: &Config) -> anyhow::Result<Option<Videos>> {
    let named = &config.videos;
    let Some(key) = named.key.clone() else { return Ok(None) };
    let options = videos::Options { url: named.url.clone(), key, per_day: named.per_day };
    Ok(Some(Videos::new(&options).context("videos.url cannot be used")?))
}
