//! The search for videos of YouTube's Data API (`GET …/search`, version 3). One search costs 100 of the 10,000 units that a
//! key has for a day, so whoever asks counts its searches, and every answer is kept.

pub mod quota;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use reqwest::StatusCode;
use serde::Deserialize;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::answer::{OutsideError, Service};
use super::health::Health;
use crate::base::id::SongId;

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

/// The search for videos; clones share its connections.
#[derive(Clone)]
pub struct Videos {
    service: Arc<Service>,
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
    /// [`OutsideError::Unusable`].
    pub fn new(options: &Options) -> Result<Self, OutsideError> {
        Ok(Self {
            service: Arc::new(Service::new(&options.url, "search", TIME, SIZE)?),
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
    /// [`OutsideError`].
    pub async fn search(&self, words: &str) -> Result<Option<String>, OutsideError> {
        let found = self.once(words).await;
        self.health.note(&found);
        if let Err(error) = &found {
            tracing::warn!(%error, "no search for a video");
        }
        found
    }

    async fn once(&self, words: &str) -> Result<Option<String>, OutsideError> {
        let words: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(QUERY).collect();
        let request = self.service.get(&[
            ("part", "snippet"),
            ("type", "video"),
            ("maxResults", "1"),
            ("videoEmbeddable", "true"),
            ("q", words.as_str()),
            ("key", &*self.key),
        ]);
        let answer = self.service.ask(request).await?;
        match answer.status() {
            status @ (StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN) => {
                let body = answer.body().await.unwrap_or_default();
                Err(refusal(status, &body))
            }
            _ => first(&answer.good().await?),
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

fn first(body: &[u8]) -> Result<Option<String>, OutsideError> {
    let found: Found = serde_json::from_slice(body).map_err(|_| OutsideError::Malformed)?;
    let Some(item) = found.items.into_iter().next() else { return Ok(None) };
    let id = item.id.video_id.ok_or(OutsideError::Malformed)?;
    // It becomes part of an address in a page.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if id.len() == 11 && id.bytes().all(plain) { Ok(Some(id)) } else { Err(OutsideError::Malformed) }
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
fn refusal(status: StatusCode, body: &[u8]) -> OutsideError {
    let reasons = serde_json::from_slice::<Refusal>(body).map(|refusal| refusal.error.errors).unwrap_or_default();
    let is = |names: &[&str]| reasons.iter().any(|one| names.contains(&one.reason.as_str()));
    match status {
        _ if is(&["quotaExceeded", "dailyLimitExceeded"]) => OutsideError::Spent,
        _ if is(&["rateLimitExceeded", "userRateLimitExceeded"]) => OutsideError::Limited(None),
        _ if is(&["keyInvalid", "badRequest"]) => OutsideError::Refused,
        StatusCode::FORBIDDEN => OutsideError::Refused,
        status => OutsideError::Status(status.as_u16()),
    }
}
