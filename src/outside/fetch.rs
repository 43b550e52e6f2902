//! What somebody else's document says where to find: through the guard, without redirects, bounded in time and size.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::Resolve;
use reqwest::{Client, RequestBuilder, Url, header, redirect};
use serde::de::DeserializeOwned;
use thiserror::Error;

use super::answer::{Unread, whole};
use super::guard::{self, GuardedNames, Refused, SystemNames};

/// Longest time for one answer of JSON.
const TIME: Duration = Duration::from_secs(3);
/// Largest answer of JSON, in bytes.
const SIZE: usize = 1 << 20;

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum FetchError {
    /// The guard refuses the address.
    #[error("the address is refused: {0}")]
    Refused(#[from] Refused),
    /// The client cannot be built; the system's certificates cannot be read.
    #[error("HTTPS cannot be used: {0}")]
    Client(String),
    /// No answer, or not in time.
    #[error("no answer: {0}")]
    Network(String),
    /// Another status than 200; a redirect among them.
    #[error("the answer has status {0}")]
    Status(u16),
    /// More than may be.
    #[error("the answer is too large")]
    Size,
    /// Not the JSON that was expected.
    #[error("the answer cannot be read: {0}")]
    Json(String),
}

/// Fetches; clones share connections.
#[derive(Clone)]
pub struct Fetch {
    client: Client,
    /// The one origin that is allowed, without the guard: the development provider's, on this machine.
    own: Option<String>,
}

impl Fetch {
    /// Over https to the internet only.
    ///
    /// # Errors
    /// [`FetchError::Client`].
    pub fn guarded() -> Result<Self, FetchError> {
        Self::guarded_by(Arc::new(SystemNames))
    }

    /// The same with another way to resolve names.
    ///
    /// # Errors
    /// [`FetchError::Client`].
    pub fn guarded_by(names: Arc<dyn Resolve>) -> Result<Self, FetchError> {
        let builder = plain().https_only(true).dns_resolver(Arc::new(GuardedNames(names)));
        Ok(Self { client: built(builder)?, own: None })
    }

    /// To one origin of this machine and nowhere else, such as `http://127.0.0.1:8080`.
    ///
    /// # Errors
    /// [`FetchError::Client`].
    pub fn own(origin: String) -> Result<Self, FetchError> {
        Ok(Self { client: built(plain())?, own: Some(origin) })
    }

    /// Reads a URL and refuses what would not be fetched.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn check(&self, text: &str) -> Result<Url, Refused> {
        match &self.own {
            None => guard::check(text),
            Some(own) => {
                let url = Url::parse(text).map_err(|_| Refused::Unreadable)?;
                if url.origin().ascii_serialization() == *own { Ok(url) } else { Err(Refused::Reserved) }
            }
        }
    }

    /// `GET`.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn read<T: DeserializeOwned>(&self, url: &str) -> Result<T, FetchError> {
        answer(self.client.get(self.check(url)?)).await
    }

    /// `GET` of a file of at most so many bytes, whole within `time`.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn file(&self, url: &str, most: usize, time: Duration) -> Result<Vec<u8>, FetchError> {
        body(self.client.get(self.check(url)?).timeout(time), most).await
    }

    /// `POST` of a form, with HTTP Basic authentication where it is wanted.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn send<T: DeserializeOwned>(
        &self,
        url: &str,
        form: &[(&str, &str)],
        basic: Option<(&str, &str)>,
    ) -> Result<T, FetchError> {
        let request = self.client.post(self.check(url)?).form(form);
        let request = match basic {
            Some((name, secret)) => request.basic_auth(encoded(name), Some(encoded(secret))),
            None => request,
        };
        answer(request).await
    }
}

/// A name or secret as it stands in HTTP Basic authentication of an OAuth client (RFC 6749, section 2.3.1).
fn encoded(text: &str) -> String {
    let mut url = Url::parse("https://x/").ok();
    if let Some(url) = &mut url {
        url.query_pairs_mut().append_pair("", text);
    }
    url.and_then(|url| url.query().map(|query| query.trim_start_matches('=').to_owned())).unwrap_or_default()
}

/// Asks nobody but who it is told to: no proxy, no redirect, no other version of HTTP.
fn plain() -> reqwest::ClientBuilder {
    Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .http1_only()
        .timeout(TIME)
        .connect_timeout(TIME)
        .user_agent(concat!("moodcall/", env!("CARGO_PKG_VERSION")))
}

fn built(builder: reqwest::ClientBuilder) -> Result<Client, FetchError> {
    builder.build().map_err(|error| FetchError::Client(told(&error)))
}

async fn answer<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, FetchError> {
    let body = body(request.header(header::ACCEPT, "application/json"), SIZE).await?;
    serde_json::from_slice(&body).map_err(|error| FetchError::Json(error.to_string()))
}

async fn body(request: RequestBuilder, most: usize) -> Result<Vec<u8>, FetchError> {
    let network = |error: reqwest::Error| FetchError::Network(told(&error.without_url()));
    let response = request.send().await.map_err(network)?;
    if response.status() != reqwest::StatusCode::OK {
        return Err(FetchError::Status(response.status().as_u16()));
    }
    whole(response, most).await.map_err(|unread| match unread {
        Unread::Size => FetchError::Size,
        Unread::Lost(error) => network(error),
    })
}

/// The error with its causes; without them it says only that something went wrong.
fn told(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
