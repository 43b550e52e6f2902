//! The search for videos of YouTube's Data API (`GET …/search`, version 3). One search costs 100 of the 10,000 units that a
//! key has for a day, so whoever asks counts its searches, and every answer is kept.

pub mod quota;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use reqwest::{Client, Response, StatusCode, Url, header, redirect};
use serde::Deserialize;
use thiserror::Error;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::chat::exchange::retry_after;
use super::health::Health;
use crate::base::id::SongId;
use crate::base::timestamp::Timestamp;

/// Largest answer, in bytes.
const SIZE: usize = 256 * 1024;
/// Longest time for one search.
const TIME: Duration = Duration::from_secs(5);
/// Longest text that is searched for, in characters.
const QUERY: usize = 150;
/// How long a song's turn is remembered after it was last waited for.
const TURN: Duration = Duration::from_secs(60);

/// Where the service is.
#[derive(Clone)]
pub struct Options {
    /// Base address, such as `https://www.googleapis.com/youtube/v3`.
    pub url: String,
    /// What it knows us by.
    pub key: String,
    /// Searches a day.
    pub per_day: u32,
}

/// Why there is no answer. None of them holds anything that somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum VideoError {
    /// HTTPS cannot be used, or the address is none.
    #[error("the service cannot be used")]
    Unusable,
    /// 400, 401 or 403 for the key.
    #[error("the service refuses the key")]
    Key,
    /// The searches of the day are used up.
    #[error("the searches of the day are used up")]
    Quota,
    /// Too many in a short time; the wait that is asked for.
    #[error("the service has had enough for now")]
    Limited(Option<Duration>),
    /// Any other status than 200; a redirect among them.
    #[error("the service answers with status {0}")]
    Status(u16),
    /// No answer in time.
    #[error("no answer in time")]
    Time,
    /// The connection failed.
    #[error("the service cannot be reached")]
    Network,
    /// More than the largest answer.
    #[error("the answer is too large")]
    Size,
    /// Not what the service says that it answers.
    #[error("the answer cannot be read")]
    Malformed,
}

impl VideoError {
    /// A word for staff and for figures.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Unusable => "unusable",
            Self::Key => "key-refused",
            Self::Quota => "quota",
            Self::Limited(_) => "limited",
            Self::Status(500..) => "server-error",
            Self::Status(_) => "status",
            Self::Time => "timeout",
            Self::Network => "unreachable",
            Self::Size => "too-large",
            Self::Malformed => "malformed",
        }
    }
}

/// The search for videos; clones share its connections.
#[derive(Clone)]
pub struct Videos {
    client: Client,
    url: Url,
    key: Arc<str>,
    /// Searches a day.
    pub per_day: u32,
    turns: Cache<SongId, Arc<Mutex<()>>>,
    /// How it is doing.
    pub health: Health,
}

impl Videos {
    /// Connects to nobody yet.
    ///
    /// # Errors
    /// [`VideoError::Unusable`].
    pub fn new(options: &Options) -> Result<Self, VideoError> {
        let url = format!("{}/search", options.url.trim_end_matches('/'));
        let url = Url::parse(&url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .http1_only()
            .timeout(TIME)
            .user_agent(concat!("moodcall/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self {
            client: client.map_err(|_| VideoError::Unusable)?,
            url: url.ok_or(VideoError::Unusable)?,
            key: options.key.as_str().into(),
            per_day: options.per_day,
            turns: Cache::builder().time_to_idle(TURN).build(),
            health: Health::default(),
        })
    }

    /// Waits until nobody else of this process looks for the video of this song.
    pub async fn turn(&self, song: SongId) -> OwnedMutexGuard<()> {
        self.turns.get_with(song, async { Arc::default() }).await.lock_owned().await
    }

    /// The first video for some words that may be embedded; none when nothing fits.
    ///
    /// # Errors
    /// [`VideoError`].
    pub async fn search(&self, words: &str) -> Result<Option<String>, VideoError> {
        let found = self.once(words).await;
        match &found {
            Ok(_) => self.health.succeeded(),
            Err(error) => {
                tracing::warn!(%error, "no search for a video");
                self.health.failed(error.word());
            }
        }
        found
    }

    async fn once(&self, words: &str) -> Result<Option<String>, VideoError> {
        let words: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(QUERY).collect();
        let mut url = self.url.clone();
        url.query_pairs_mut()
            .append_pair("part", "snippet")
            .append_pair("type", "video")
            .append_pair("maxResults", "1")
            .append_pair("videoEmbeddable", "true")
            .append_pair("q", &words)
            .append_pair("key", &self.key);
        let request = self.client.get(url).header(header::ACCEPT, "application/json");
        let response = request.send().await.map_err(|error| lost(&error))?;
        let status = response.status();
        let wait = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
        let wait = wait.and_then(|text| retry_after(text, Timestamp::now()));
        match status {
            StatusCode::OK => first(&whole(response).await?),
            StatusCode::UNAUTHORIZED => Err(VideoError::Key),
            StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN => {
                let body = whole(response).await.unwrap_or_default();
                Err(refusal(status, &body))
            }
            StatusCode::TOO_MANY_REQUESTS => Err(VideoError::Limited(wait)),
            status => Err(VideoError::Status(status.as_u16())),
        }
    }
}

/// As much of an answer as is read.
#[derive(Deserialize)]
struct Found {
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    id: ItemId,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ItemId {
    #[serde(default)]
    video_id: Option<String>,
}

fn first(body: &[u8]) -> Result<Option<String>, VideoError> {
    let found: Found = serde_json::from_slice(body).map_err(|_| VideoError::Malformed)?;
    let Some(item) = found.items.into_iter().next() else { return Ok(None) };
    let id = item.id.video_id.ok_or(VideoError::Malformed)?;
    // It becomes part of an address in a page.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if id.len() == 11 && id.bytes().all(plain) { Ok(Some(id)) } else { Err(VideoError::Malformed) }
}

/// As much of a refusal as is read.
#[derive(Deserialize)]
struct Refusal {
    error: Reasons,
}

#[derive(Deserialize)]
struct Reasons {
    #[serde(default)]
    errors: Vec<Reason>,
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    reason: String,
}

/// What a 400 or 403 means, by the reasons that it gives.
fn refusal(status: StatusCode, body: &[u8]) -> VideoError {
    let reasons = serde_json::from_slice::<Refusal>(body).map(|refusal| refusal.error.errors).unwrap_or_default();
    let is = |names: &[&str]| reasons.iter().any(|one| names.contains(&one.reason.as_str()));
    match status {
        _ if is(&["quotaExceeded", "dailyLimitExceeded"]) => VideoError::Quota,
        _ if is(&["rateLimitExceeded", "userRateLimitExceeded"]) => VideoError::Limited(None),
        _ if is(&["keyInvalid", "badRequest"]) => VideoError::Key,
        StatusCode::FORBIDDEN => VideoError::Key,
        status => VideoError::Status(status.as_u16()),
    }
}

async fn whole(mut response: Response) -> Result<Vec<u8>, VideoError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| lost(&error))? {
        if body.len() + chunk.len() > SIZE {
            return Err(VideoError::Size);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn lost(error: &reqwest::Error) -> VideoError {
    if error.is_timeout() { VideoError::Time } else { VideoError::Network }
}
