//! Pictures from a model behind an OpenAI-compatible endpoint (`POST …/images/generations`).
//!
//! The endpoint is told a mood, a genre and three keywords, and never the words that a person wrote. Its address comes from
//! the operator, so it may be one of the local network; an address in its *answer* comes from somebody else, so it is fetched
//! through the guard alone. What it sends is bytes and no picture yet: whoever asks reads them with a picture's limits.

pub mod subject;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::json;

pub use self::subject::Subject;
use super::answer::{OutsideError, Service};
use super::fetch::{Fetch, FetchError};
use super::health::Health;
use super::turns::Turns;

/// Largest picture, in bytes.
pub const LARGEST: usize = 10 * 1024 * 1024;
/// Largest answer: such a picture in base64, and what stands around it.
const ANSWER: usize = LARGEST / 3 * 4 + 64 * 1024;
/// Longest time for fetching a picture that the answer names.
const FETCHING: Duration = Duration::from_secs(10);
/// For how long an endpoint that has had enough is left alone when it does not say.
const REST: Duration = Duration::from_secs(30);
/// The same at most.
const LONGEST_REST: Duration = Duration::from_secs(3600);

/// Where the model is, and how it is asked.
#[derive(Clone)]
pub struct Options {
    /// Base address, such as `https://api.openai.com/v1`.
    pub url: String,
    /// What it knows us by.
    pub key: Option<String>,
    /// The model's name at the endpoint.
    pub model: Option<String>,
    /// Size of the picture in its words, such as `1024x1024`.
    pub size: String,
    /// How it gives the picture, for those that want to be told: `b64_json` or `url`.
    pub format: Option<String>,
    /// Longest time for one picture.
    pub time: Duration,
    /// Pictures at once.
    pub at_once: usize,
}

/// A model that makes pictures; clones share its connections and its limits.
#[derive(Clone)]
pub struct Images {
    service: Arc<Service>,
    options: Arc<Options>,
    files: Fetch,
    turns: Arc<Turns>,
    /// How it is doing.
    pub health: Health,
}

impl Images {
    /// Connects to nobody yet. What its answers name is fetched by `files`.
    ///
    /// # Errors
    /// [`OutsideError::Unusable`].
    pub fn new(options: Options, files: Fetch) -> Result<Self, OutsideError> {
        let service = Service::new(&options.url, "images/generations", options.time, ANSWER)?;
        Ok(Self {
            service: Arc::new(service.with_key(options.key.as_deref())),
            files,
            turns: Arc::new(Turns::new(options.at_once, REST, LONGEST_REST)),
            options: Arc::new(options),
            health: Health::default(),
        })
    }

    /// Asks for a picture. Returns its bytes, whatever they are; whoever can read them says so by [`Images::judge`].
    ///
    /// # Errors
    /// [`OutsideError`].
    pub async fn paint(&self, subject: &Subject<'_>) -> Result<Vec<u8>, OutsideError> {
        let painted = tokio::time::timeout(self.options.time, self.within(subject)).await;
        let painted = painted.unwrap_or(Err(OutsideError::Time));
        if let Err(error) = &painted {
            tracing::warn!(%error, "no picture from the model");
            self.health.failed(error.word());
        }
        painted
    }

    /// Whether what came was a picture after all.
    pub fn judge(&self, usable: bool) {
        self.health.note(&if usable { Ok(()) } else { Err(OutsideError::Picture) });
    }

    async fn within(&self, subject: &Subject<'_>) -> Result<Vec<u8>, OutsideError> {
        let _turn = self.turns.take().await?;
        let Options { model, size, format, .. } = &*self.options;
        let mut body = json!({ "prompt": subject.prompt(), "n": 1, "size": size });
        if let Some(model) = model {
            body["model"] = model.as_str().into();
        }
        if let Some(format) = format {
            body["response_format"] = format.as_str().into();
        }
        let answer = self.service.ask(self.service.post(body.to_string())).await?.good().await;
        if let Err(OutsideError::Limited(wait)) = answer {
            self.turns.rest(wait);
        }
        match first(&answer?)? {
            Made { b64_json: Some(text), .. } => {
                let bytes = BASE64_STANDARD.decode(text.trim()).map_err(|_| OutsideError::Malformed)?;
                if bytes.len() > LARGEST { Err(OutsideError::Size) } else { Ok(bytes) }
            }
            Made { url: Some(url), .. } => self.files.file(&url, LARGEST, FETCHING).await.map_err(not_fetched),
            Made { .. } => Err(OutsideError::Malformed),
        }
    }
}

/// As much of an answer as is read.
#[derive(Deserialize)]
struct Answer {
    data: Vec<Made>,
}

#[derive(Deserialize)]
struct Made {
    #[serde(default)]
    b64_json: Option<String>,
    #[serde(default)]
    url: Option<String>,
}

fn first(body: &[u8]) -> Result<Made, OutsideError> {
    let answer: Answer = serde_json::from_slice(body).map_err(|_| OutsideError::Malformed)?;
    answer.data.into_iter().next().ok_or(OutsideError::Malformed)
}

fn not_fetched(error: FetchError) -> OutsideError {
    match error {
        FetchError::Refused(_) => OutsideError::Address,
        FetchError::Client(_) => OutsideError::Unusable,
        FetchError::Network(_) => OutsideError::Network,
        FetchError::Status(status @ 500..) => OutsideError::Down(status),
        FetchError::Status(status) => OutsideError::Status(status),
        FetchError::Size => OutsideError::Size,
        FetchError::Json(_) => OutsideError::Malformed,
    }
}
