//! Pictures from a model behind an OpenAI-compatible endpoint (`POST …/images/generations`).
//!
//! The endpoint is told a mood, a genre and three keywords, and never the words that a person wrote. Its address comes from
//! the operator, so it may be one of the local network; an address in its *answer* comes from somebody else, so it is fetched
//! through the guard alone. What it sends is bytes and no picture until they are read with the limits of every picture.

mod subject;
#[cfg(test)]
mod tests;

use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::json;

use super::answer::{OutsideError, Service};
use super::fetch::{Fetch, FetchError};
use super::health::Health;
use super::pictures::{Drawn, PaintError, Painting, Pictures, Subject};
use super::turns::Turns;
use crate::base::processors::Processors;
use crate::covers::mark::Origin;

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

/// Makes a cover (JPEG, square, written anew) of what a model sent; none when that is no picture within bounds.
pub type Reader = fn(&[u8]) -> Option<Vec<u8>>;

/// A model that makes pictures. Where it makes none, they are drawn.
pub struct Images {
    service: Service,
    options: Options,
    files: Fetch,
    turns: Turns,
    reader: Reader,
    processors: Processors,
    drawn: Drawn,
    health: Health,
}

impl Images {
    /// Connects to nobody yet. What its answers name is fetched by `files`, and what it sends is read by `reader` when a
    /// processor is free.
    ///
    /// # Errors
    /// [`OutsideError::Unusable`].
    pub fn new(options: Options, files: Fetch, reader: Reader, processors: Processors) -> Result<Self, OutsideError> {
        let service = Service::new(&options.url, "images/generations", options.time, ANSWER)?;
        Ok(Self {
            service: service.with_key(options.key.as_deref()),
            files,
            turns: Turns::new(options.at_once, REST, LONGEST_REST),
            options,
            reader,
            drawn: Drawn::new(processors.clone()),
            processors,
            health: Health::on(),
        })
    }

    /// A cover by the model.
    async fn made(&self, subject: &Subject<'_>) -> Result<Vec<u8>, OutsideError> {
        let sent = tokio::time::timeout(self.options.time, self.sent(subject)).await;
        let sent = sent.unwrap_or(Err(OutsideError::Time))?;
        let reader = self.reader;
        // A decoder that panics is a mistake in the decoder; the file that did it is still no picture for us.
        let read = self.processors.work(move || reader(&sent)).await.ok().flatten();
        read.map(|bytes| Origin::Model.mark_jpeg(&bytes)).ok_or(OutsideError::Picture)
    }

    /// What the model sends, whatever it is.
    async fn sent(&self, subject: &Subject<'_>) -> Result<Vec<u8>, OutsideError> {
        let _turn = self.turns.take().await?;
        let Options { model, size, format, .. } = &self.options;
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

#[async_trait]
impl Pictures for Images {
    async fn paint(&self, subject: &Subject<'_>) -> Result<Painting, PaintError> {
        let made = self.made(subject).await;
        self.health.note(&made);
        match made {
            Ok(bytes) => Ok(Painting { bytes, origin: Origin::Model }),
            Err(error) => {
                tracing::warn!(%error, "no picture from the model");
                self.drawn.paint(subject).await
            }
        }
    }

    fn health(&self) -> &Health {
        &self.health
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
