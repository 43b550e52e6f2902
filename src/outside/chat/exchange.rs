//! One request and its answer over HTTP: bounded in time and size, without redirects.

use std::time::Duration;

use bytes::Bytes;
use reqwest::{Client, Response, StatusCode, Url, header, redirect};
use time::PrimitiveDateTime;
use time::macros::format_description;

use super::ChatError;
use crate::base::timestamp::Timestamp;

/// Largest answer, in bytes.
pub(super) const SIZE: usize = 256 * 1024;
/// Longest time until the connection stands.
const CONNECT: Duration = Duration::from_secs(5);

/// The way to one endpoint.
pub(super) struct Exchange {
    client: Client,
    url: Url,
    key: Option<String>,
}

/// What came of a request that was answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// 200, with this.
    Answer(Vec<u8>),
    /// 5xx: it may work a moment later.
    Failed(u16),
    /// 429, with the wait that the answer asks for.
    TooEarly(Option<Duration>),
}

impl Exchange {
    pub(super) fn new(base: &str, key: Option<&str>, time: Duration) -> Result<Self, ChatError> {
        let url = format!("{}/chat/completions", base.trim_end_matches('/'));
        let url = Url::parse(&url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .http1_only()
            .timeout(time)
            .connect_timeout(CONNECT.min(time))
            .user_agent(concat!("moodcall/", env!("CARGO_PKG_VERSION")))
            .build();
        let client = client.map_err(|_| ChatError::Unusable)?;
        Ok(Self { client, url: url.ok_or(ChatError::Unusable)?, key: key.map(str::to_owned) })
    }

    pub(super) async fn once(&self, body: &Bytes) -> Result<Outcome, ChatError> {
        let request = self.client.post(self.url.clone());
        let request =
            request.header(header::CONTENT_TYPE, "application/json").header(header::ACCEPT, "application/json");
        let request = match &self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        };
        let response = request.body(body.clone()).send().await.map_err(|error| lost(&error))?;
        match response.status() {
            StatusCode::OK => whole(response).await.map(Outcome::Answer),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(ChatError::Key),
            StatusCode::TOO_MANY_REQUESTS => {
                let wait = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
                Ok(Outcome::TooEarly(wait.and_then(|text| retry_after(text, Timestamp::now()))))
            }
            status if status.is_server_error() => Ok(Outcome::Failed(status.as_u16())),
            status => Err(ChatError::Status(status.as_u16())),
        }
    }
}

async fn whole(mut response: Response) -> Result<Vec<u8>, ChatError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| lost(&error))? {
        if body.len() + chunk.len() > SIZE {
            return Err(ChatError::Size);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn lost(error: &reqwest::Error) -> ChatError {
    if error.is_timeout() { ChatError::Time } else { ChatError::Network }
}

/// The wait of a `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3).
pub(in crate::outside) fn retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let form =
        format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
    let at = PrimitiveDateTime::parse(text, form).ok()?.assume_utc();
    let millis = i64::try_from(at.unix_timestamp_nanos() / 1_000_000).ok()?;
    Some(Timestamp::from_millis(millis).since(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_in_seconds_or_as_a_date() {
        let now = Timestamp::from_millis(784_111_777_000);
        let table = [
            ("7", Some(7)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(0)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
            ("", None),
        ];
        for (text, seconds) in table {
            assert_eq!(retry_after(text, now), seconds.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn an_address_is_one_of_the_web_or_none() {
        let time = Duration::from_secs(1);
        let url = |base: &str| Exchange::new(base, None, time).map(|exchange| exchange.url.to_string());
        for base in ["http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1/"] {
            assert_eq!(url(base).as_deref(), Ok("http://127.0.0.1:8000/v1/chat/completions"));
        }
        for base in ["", "nowhere", "file:///etc", "ftp://127.0.0.1/v1"] {
            assert_eq!(url(base), Err(ChatError::Unusable), "{base}");
        }
    }
}
