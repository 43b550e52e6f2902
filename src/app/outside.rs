//! The services outside that the settings name.

use std::sync::Arc;

use anyhow::Context as _;

use crate::base::processors::Processors;
use crate::config::Config;
use crate::outside::chat::{self, Chat};
use crate::outside::fetch::Fetch;
use crate::outside::images::{self, Images};
use crate::outside::pictures::{Drawn, Pictures};
use crate::outside::videos::youtube::{self, YouTube};
use crate::outside::videos::{NoVideos, Videos};
use crate::users::picture::{self, Shape};

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

/// What makes covers: the model, or else a drawing.
///
/// # Errors
/// The settings name what cannot be used.
pub fn pictures(config: &Config, processors: &Processors) -> anyhow::Result<Arc<dyn Pictures>> {
    let named = &config.cover_model;
    let Some(url) = named.url.clone() else { return Ok(Arc::new(Drawn::new(processors.clone()))) };
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
    let images = Images::new(options, files, cover, processors.clone());
    Ok(Arc::new(images.context("cover_model.url cannot be used")?))
}

/// A cover of what a model sent: read with the limits of every picture, and written anew.
fn cover(bytes: &[u8]) -> Option<Vec<u8>> {
    let made = picture::make(bytes, Shape::Cover).inspect_err(|error| tracing::debug!(%error, "picture refused"));
    made.ok().filter(|picture| picture.media_type == "image/jpeg").map(|picture| picture.bytes)
}

/// The search for videos, or else none.
///
/// # Errors
/// The settings name what cannot be used.
pub fn videos(config: &Config) -> anyhow::Result<Arc<dyn Videos>> {
    let named = &config.videos;
    let Some(key) = named.key.clone() else { return Ok(Arc::new(NoVideos::default())) };
    let options = youtube::Options { url: named.url.clone(), key, per_day: named.per_day };
    Ok(Arc::new(YouTube::new(options).context("videos.url cannot be used")?))
}
