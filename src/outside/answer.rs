//! A question to a service outside and its answer: bounded in time and size, without redirects; and why there is none.
//!
//! The address comes from the operator, so it may be one of the local network. A redirect would come from the service, so
//! none is followed.

use std::time::Duration;

use reqwest::{Body, Client, RequestBuilder, Response, StatusCode, Url, header, redirect};
use thiserror::Error;
use time::PrimitiveDateTime;
use time::macros::format_description;

use crate::base::timestamp::Timestamp;

/// Longest time until the connection stands.
const CONNECT: Duration = Duration::from_secs(5);

/// Why a service outside gave nothing that can be used. None of them holds anything that somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OutsideError {
    /// HTTPS cannot be used, or the address is none.
    #[error("the service cannot be used")]
    Unusable,
    /// 401 or 403.
    #[error("the service refuses the key")]
    Refused,
    /// 429, now or a while ago; the wait that is asked for.
    #[error("the service has had enough for now")]
    Limited(Option<Duration>),
    /// What it gives for a day is used up.
    #[error("the service gives no more today")]
    Spent,
    /// 5xx.
    #[error("the service is down, with status {0}")]
    Down(u16),
    /// Any other status than 200; a redirect among them.
    #[error("the service answers with status {0}")]
    Status(u16),
    /// No answer in time, or no turn in time.
    #[error("no answer in time")]
    Time,
    /// The connection failed.
    #[error("the service cannot be reached")]
    Network,
    /// More than the largest answer.
    #[error("the answer is too large")]
    Size,
    /// Not what the protocol says, or cut short.
    #[error("the answer cannot be read")]
    Malformed,
    /// A model would rather not.
    #[error("the model declines")]
    Declined,
    /// The answer names an address where nothing is fetched from.
    #[error("the answer names an address that is refused")]
    Address,
    /// What came is no picture within bounds.
    #[error("what came is no picture")]
    Picture,
}

impl OutsideError {
    /// A word for staff and for figures.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Unusable => "unusable",
            Self::Refused => "key-refused",
            Self::Limited(_) => "limited",
            Self::Spent => "quota",
            Self::Down(_) => "server-error",
            Self::Status(_) => "status",
            Self::Time => "timeout",
            Self::Network => "unreachable",
            Self::Size => "too-large",
            Self::Malformed => "malformed",
            Self::Declined => "refused",
            Self::Address => "address-refused",
            Self::Picture => "no-picture",
        }
    }
}

/// The way to one service.
pub(super) struct Service {
    client: Client,
    url: Url,
    key: Option<String>,
    most: usize,
}

impl Service {
    /// At the address `path` below `base`, whose answers are whole within `time` and have at most so many bytes. Connects to
    /// nobody yet.
    pub(super) fn new(base: &str, path: &str, time: Duration, most: usize) -> Result<Self, OutsideError> {
        let url = Url::parse(&format!("{}/{path}", base.trim_end_matches('/'))).ok();
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .http1_only()
            .timeout(time)
            .connect_timeout(CONNECT.min(time))
            .user_agent(concat!("moodcall/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self {
            client: client.map_err(|_| OutsideError::Unusable)?,
            url: url.filter(|url| matches!(url.scheme(), "http" | "https")).ok_or(OutsideError::Unusable)?,
            key: None,
            most,
        })
    }

    /// Shows this key with what it posts.
    pub(super) fn with_key(self, key: Option<&str>) -> Self {
        Self { key: key.map(str::to_owned), ..self }
    }

    /// A request with a body of JSON.
    pub(super) fn post(&self, json: impl Into<Body>) -> RequestBuilder {
        let request = self.client.post(self.url.clone()).header(header::CONTENT_TYPE, "application/json").body(json);
        match &self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }

    /// A request with these in its address.
    pub(super) fn get(&self, query: &[(&str, &str)]) -> RequestBuilder {
        let mut url = self.url.clone();
        url.query_pairs_mut().extend_pairs(query);
        self.client.get(url)
    }

    /// Sends a request.
    pub(super) async fn ask(&self, request: RequestBuilder) -> Result<Answer, OutsideError> {
        let sent = request.header(header::ACCEPT, "application/json").send().await;
        Ok(Answer { response: sent.map_err(|error| lost(&error))?, most: self.most })
    }
}

/// An answer whose body is not read yet.
pub(super) struct Answer {
    response: Response,
    most: usize,
}

impl Answer {
    pub(super) fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// Its body, if its status is 200.
    pub(super) async fn good(self) -> Result<Vec<u8>, OutsideError> {
        match self.status() {
            StatusCode::OK => self.body().await,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(OutsideError::Refused),
            StatusCode::TOO_MANY_REQUESTS => {
                let wait = self.response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
                Err(OutsideError::Limited(wait.and_then(|text| retry_after(text, Timestamp::now()))))
            }
            status if status.is_server_error() => Err(OutsideError::Down(status.as_u16())),
            status => Err(OutsideError::Status(status.as_u16())),
        }
    }

    /// Its body, whatever its status is.
    pub(super) async fn body(self) -> Result<Vec<u8>, OutsideError> {
        whole(self.response, self.most).await.map_err(|unread| match unread {
            Unread::Size => OutsideError::Size,
            Unread::Lost(error) => lost(&error),
        })
    }
}

/// Why a body is not there.
pub(super) enum Unread {
    /// It is larger than it may be.
    Size,
    /// The connection or the time ended before it did.
    Lost(reqwest::Error),
}

/// The body of an answer, of at most so many bytes, within the time of its request.
pub(super) async fn whole(mut response: Response, most: usize) -> Result<Vec<u8>, Unread> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Unread::Lost)? {
        if body.len() + chunk.len() > most {
            return Err(Unread::Size);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn lost(error: &reqwest::Error) -> OutsideError {
    if error.is_timeout() { OutsideError::Time } else { OutsideError::Network }
}

/// The wait of a `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3).
fn retry_after(text: &str, now: Timestamp) -> Option<Duration> {
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
    use std::net::SocketAddr;

    use axum::Router;
    use axum::response::{IntoResponse as _, Response as Answered};
    use tokio::net::TcpListener;

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
        let url =
            |base: &str| Service::new(base, "chat/completions", CONNECT, 1).map(|service| service.url.to_string());
        for base in ["http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1/"] {
            assert_eq!(url(base).as_deref(), Ok("http://127.0.0.1:8000/v1/chat/completions"));
        }
        for base in ["", "nowhere", "file:///etc", "ftp://127.0.0.1/v1"] {
            assert_eq!(url(base), Err(OutsideError::Unusable), "{base}");
        }
    }

    async fn answering(answer: impl Fn() -> Answered + Clone + Send + Sync + 'static) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let routes = Router::new().fallback(async move || answer());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        address
    }

    /// What comes of a question to a service whose answers have at most ten bytes, within `time`.
    async fn asked(address: SocketAddr, time: Duration) -> Result<Vec<u8>, OutsideError> {
        let service = Service::new(&format!("http://{address}"), "x", time, 10).unwrap();
        service.ask(service.get(&[])).await?.good().await
    }

    #[tokio::test]
    async fn every_status_is_an_answer_or_a_reason() {
        for (status, expected) in [
            (200, Ok(b"ten bytes.".to_vec())),
            (204, Err(OutsideError::Status(204))),
            (302, Err(OutsideError::Status(302))),
            (400, Err(OutsideError::Status(400))),
            (401, Err(OutsideError::Refused)),
            (403, Err(OutsideError::Refused)),
            (429, Err(OutsideError::Limited(Some(Duration::from_secs(7))))),
            (500, Err(OutsideError::Down(500))),
            (503, Err(OutsideError::Down(503))),
        ] {
            let answer = move || {
                let status = StatusCode::from_u16(status).unwrap();
                let headers = [(header::RETRY_AFTER, "7"), (header::LOCATION, "/y")];
                (status, headers, "ten bytes.").into_response()
            };
            assert_eq!(asked(answering(answer).await, CONNECT).await, expected, "{status}");
        }
    }

    #[tokio::test]
    async fn a_body_is_read_within_its_bounds_alone() {
        let large = answering(|| "eleven byte".into_response()).await;
        assert_eq!(asked(large, CONNECT).await, Err(OutsideError::Size));
        // The head of the answer comes at once, and its body never.
        let endless = answering(|| {
            let never = futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>();
            axum::body::Body::from_stream(never).into_response()
        });
        assert_eq!(asked(endless.await, Duration::from_millis(200)).await, Err(OutsideError::Time));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let gone = listener.local_addr().unwrap();
        drop(listener);
        assert_eq!(asked(gone, CONNECT).await, Err(OutsideError::Network));
    }
}
