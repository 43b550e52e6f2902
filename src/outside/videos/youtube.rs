//! The search for videos of YouTube's Data API (`GET …/search`, version 3). One search costs 100 of the 10,000 units that a
//! key has for a day, so whoever asks counts its searches, and every answer is kept.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::StatusCode;
use serde::Deserialize;

use super::Videos;
use crate::outside::answer::{OutsideError, Service};
use crate::outside::health::Health;

/// Largest answer, in bytes.
pub(super) const SIZE: usize = 256 * 1024;
/// Longest time for one search.
const TIME: Duration = Duration::from_secs(5);
/// Longest text that is searched for, in characters.
const QUERY: usize = 150;

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

/// The search.
pub struct YouTube {
    service: Service,
    options: Options,
    health: Health,
}

impl YouTube {
    /// Connects to nobody yet.
    ///
    /// # Errors
    /// [`OutsideError::Unusable`].
    pub fn new(options: Options) -> Result<Self, OutsideError> {
        Ok(Self { service: Service::new(&options.url, "search", TIME, SIZE)?, options, health: Health::on() })
    }

    async fn once(&self, words: &str) -> Result<Option<String>, OutsideError> {
        let words: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(QUERY).collect();
        let request = self.service.get(&[
            ("part", "snippet"),
            ("type", "video"),
            ("maxResults", "1"),
            ("videoEmbeddable", "true"),
            ("q", words.as_str()),
            ("key", self.options.key.as_str()),
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

#[async_trait]
impl Videos for YouTube {
    fn per_day(&self) -> u32 {
        self.options.per_day
    }

    async fn search(&self, words: &str) -> Result<Option<String>, OutsideError> {
        let found = self.once(words).await;
        self.health.note(&found);
        if let Err(error) = &found {
            tracing::warn!(%error, "no search for a video");
        }
        found
    }

    fn health(&self) -> &Health {
        &self.health
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
