//! Pictures from a model behind an OpenAI-compatible endpoint (`POST …/images/generations`).
//!
//! The endpoint is told a mood, a genre and three keywords, and never the words that a person wrote. Its address comes from
//! the operator, so it may be one of the local network; an address in its *answer* comes from somebody else, so it is fetched
//! through the guard alone. What it sends is bytes and no picture yet: whoever asks reads them with a picture's limits.

pub mod subject;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use parking_lot::Mutex;
use reqwest::{Client, Response, StatusCode, Url, header, redirect};
use serde::Deserialize;
use serde_json::json;
use thiserror::Error;
use tokio::sync::Semaphore;

pub use self::subject::Subject;
use super::chat::exchange::retry_after;
use super::fetch::{Fetch, FetchError};
use super::health::Health;
use crate::base::clock;
use crate::base::timestamp::Timestamp;

/// Largest picture, in bytes.
pub const LARGEST: usize = 10 * 1024 * 1024;
/// Largest answer: such a picture in base64, and what stands around it.
const ANSWER: usize = LARGEST / 3 * 4 + 64 * 1024;
/// Longest time for fetching a picture that the answer names.
const FETCHING: Duration = Duration::from_secs(10);
/// Longest time until the connection stands.
const CONNECT: Duration = Duration::from_secs(5);
/// For how long an endpoint that has had enough is left alone when it does not say, and at most.
const REST: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(3600));

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

/// Why there is no picture. None of them holds anything that somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ImageError {
    /// HTTPS cannot be used, or the address is none.
    #[error("the endpoint cannot be used")]
    Unusable,
    /// 401 or 403.
    #[error("the endpoint refuses the key")]
    Key,
    /// 429, now or a while ago.
    #[error("the endpoint has had enough for now")]
    Limited,
    /// Any other status than 200; a redirect among them.
    #[error("the endpoint answers with status {0}")]
    Status(u16),
    /// No answer in time, or no turn in time.
    #[error("no answer in time")]
    Time,
    /// The connection failed.
    #[error("the endpoint cannot be reached")]
    Network,
    /// More than the largest answer or picture.
    #[error("the answer is too large")]
    Size,
    /// Not what the protocol says.
    #[error("the answer cannot be read")]
    Malformed,
    /// It names an address where nothing is fetched from.
    #[error("the answer names an address that is refused")]
    Address,
    /// What it sent is no picture within bounds. Told by whoever reads it.
    #[error("what came is no picture")]
    Picture,
}

impl ImageError {
    /// A word for staff and for figures.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Unusable => "unusable",
            Self::Key => "key-refused",
            Self::Limited => "limited",
            Self::Status(500..) => "server-error",
            Self::Status(_) => "status",
            Self::Time => "timeout",
            Self::Network => "unreachable",
            Self::Size => "too-large",
            Self::Malformed => "malformed",
            Self::Address => "address-refused",
            Self::Picture => "no-picture",
        }
    }
}

/// A model that makes pictures; clones share its connections and its limits.
#[derive(Clone)]
pub struct Images {
    client: Client,
    url: Url,
    options: Arc<Options>,
    files: Fetch,
    turns: Arc<Semaphore>,
    resting: Arc<Mutex<Option<Instant>>>,
    /// How it is doing.
    pub health: Health,
}

impl Images {
    /// Connects to nobody yet. What its answers name is fetched by `files`.
    ///
    /// # Errors
    /// [`ImageError::Unusable`].
    pub fn new(options: Options, files: Fetch) -> Result<Self, ImageError> {
        let url = format!("{}/images/generations", options.url.trim_end_matches('/'));
        let url = Url::parse(&url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .http1_only()
            .timeout(options.time)
            .connect_timeout(CONNECT.min(options.time))
            .user_agent(concat!("moodcall/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self {
            client: client.map_err(|_| ImageError::Unusable)?,
            url: url.ok_or(ImageError::Unusable)?,
            files,
            turns: Arc::new(Semaphore::new(options.at_once.max(1))),
            options: Arc::new(options),
            resting: Arc::default(),
            health: Health::default(),
        })
    }

    /// Asks for a picture. Returns its bytes, whatever they are; whoever can read them says so by [`Images::judge`].
    ///
    /// # Errors
    /// [`ImageError`].
    pub async fn paint(&self, subject: &Subject<'_>) -> Result<Vec<u8>, ImageError> {
        let painted = tokio::time::timeout(self.options.time, self.within(subject)).await;
        let painted = painted.unwrap_or(Err(ImageError::Time));
        if let Err(error) = &painted {
            tracing::warn!(%error, "no picture from the model");
            self.health.failed(error.word());
        }
        painted
    }

    /// Whether what came was a picture after all.
    pub fn judge(&self, usable: bool) {
        if usable { self.health.succeeded() } else { self.health.failed(ImageError::Picture.word()) }
    }

    async fn within(&self, subject: &Subject<'_>) -> Result<Vec<u8>, ImageError> {
        let _turn = self.turns.acquire().await.map_err(|_| ImageError::Unusable)?;
        if self.resting.lock().is_some_and(|until| clock::now() < until) {
            return Err(ImageError::Limited);
        }
        let Options { key, model, size, format, .. } = &*self.options;
        let mut body = json!({ "prompt": subject.prompt(), "n": 1, "size": size });
        if let Some(model) = model {
            body["model"] = model.as_str().into();
        }
        if let Some(format) = format {
            body["response_format"] = format.as_str().into();
        }
        let request = self.client.post(self.url.clone()).header(header::ACCEPT, "application/json").json(&body);
        let request = match key {
            Some(key) => request.bearer_auth(key),
            None => request,
        };
        let response = request.send().await.map_err(|error| lost(&error))?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return Err(ImageError::Key),
            StatusCode::TOO_MANY_REQUESTS => {
                let wait = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
                let wait = wait.and_then(|text| retry_after(text, Timestamp::now())).unwrap_or(REST.0).min(REST.1);
                *self.resting.lock() = Some(clock::now() + wait);
                return Err(ImageError::Limited);
            }
            status => return Err(ImageError::Status(status.as_u16())),
        }
        match first(&whole(response).await?)? {
            Made { b64_json: Some(text), .. } => {
                let bytes = BASE64_STANDARD.decode(text.trim()).map_err(|_| ImageError::Malformed)?;
                if bytes.len() > LARGEST { Err(ImageError::Size) } else { Ok(bytes) }
            }
            Made { url: Some(url), .. } => self.files.file(&url, LARGEST, FETCHING).await.map_err(not_fetched),
            Made { .. } => Err(ImageError::Malformed),
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

fn first(body: &[u8]) -> Result<Made, ImageError> {
    let answer: Answer = serde_json::from_slice(body).map_err(|_| ImageError::Malformed)?;
    answer.data.into_iter().next().ok_or(ImageError::Malformed)
}

async fn whole(mut response: Response) -> Result<Vec<u8>, ImageError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| lost(&error))? {
        if body.len() + chunk.len() > ANSWER {
            return Err(ImageError::Size);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn lost(error: &reqwest::Error) -> ImageError {
    if error.is_timeout() { ImageError::Time } else { ImageError::Network }
}

fn not_fetched(error: FetchError) -> ImageError {
    match error {
        FetchError::Refused(_) => ImageError::Address,
        FetchError::Client(_) => ImageError::Unusable,
        FetchError::Network(_) => ImageError::Network,
        FetchError::Status(status) => ImageError::Status(status),
        FetchError::Size => ImageError::Size,
        FetchError::Json(_) => ImageError::Malformed,
    }
}
