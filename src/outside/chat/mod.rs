//! Any chat model behind an OpenAI-compatible endpoint (`POST …/chat/completions` with `response_format: json_schema`).
//!
//! What this sends and reads is bounded, and nothing of it is logged: not the words, not the key. The address comes from the
//! operator, so it may be one of the local network; a redirect would come from the endpoint, so none is followed.

pub(super) mod exchange;
pub mod wire;

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use serde_json::Value;
use thiserror::Error;
use tokio::sync::Semaphore;

use self::exchange::{Exchange, Outcome};
use self::wire::Turn;
use super::health::Health;
use crate::base::clock;

/// Longest wait that an endpoint may ask for and get, when it has had enough.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longest time for which an endpoint that asked for more is left alone.
const REST: Duration = Duration::from_secs(600);
/// Pause before what failed on the endpoint's side is asked once more.
const AGAIN: Duration = Duration::from_millis(250);

/// Where the model is, and how much of it to use.
#[derive(Clone)]
pub struct Options {
    /// Base address, such as `https://api.example.org/v1`.
    pub url: String,
    /// What it knows us by.
    pub key: Option<String>,
    /// The model's name at the endpoint.
    pub model: String,
    /// Longest time for one question, with whatever is asked once more.
    pub time: Duration,
    /// Questions at once; others wait for their turn, within their time.
    pub at_once: usize,
}

/// What a model is asked.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// What was said so far, the rules first.
    pub turns: &'a [Turn],
    /// A name for the form of the answer: letters, digits, `_` and `-`.
    pub name: &'static str,
    /// The form of the answer (JSON Schema).
    pub schema: &'a Value,
}

/// Why there is no answer. None of them holds anything that somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ChatError {
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
    /// More than the largest answer.
    #[error("the answer is too large")]
    Size,
    /// Not what the protocol says, or cut short.
    #[error("the answer cannot be read")]
    Malformed,
    /// The model would rather not.
    #[error("the model refuses")]
    Refused,
}

impl ChatError {
    /// A word for staff and for figures.
    pub fn word(&self) -> &'static str {
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
            Self::Refused => "refused",
        }
    }
}

/// A chat model; clones share its connections and its limits.
#[derive(Clone)]
pub struct Chat {
    exchange: Arc<Exchange>,
    model: Arc<str>,
    time: Duration,
    turns: Arc<Semaphore>,
    resting: Arc<Mutex<Option<Instant>>>,
    /// How it is doing.
    pub health: Health,
}

impl Chat {
    /// Connects to nobody yet.
    ///
    /// # Errors
    /// [`ChatError::Unusable`].
    pub fn new(options: &Options) -> Result<Self, ChatError> {
        Ok(Self {
            exchange: Arc::new(Exchange::new(&options.url, options.key.as_deref(), options.time)?),
            model: options.model.as_str().into(),
            time: options.time,
            turns: Arc::new(Semaphore::new(options.at_once.max(1))),
            resting: Arc::default(),
            health: Health::default(),
        })
    }

    /// The model's name.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// Asks, and returns the text of the answer, which is meant to be JSON of the wanted form and is not looked at here.
    /// Whoever drops this drops the request.
    ///
    /// What fails on the endpoint's side is asked once more, and what comes too early once after a short wait; one that wants
    /// a longer one is left alone until then.
    ///
    /// # Errors
    /// [`ChatError`].
    pub async fn ask(&self, question: &Question<'_>) -> Result<String, ChatError> {
        let answer = match tokio::time::timeout(self.time, self.within(question)).await {
            Ok(answer) => answer,
            Err(_) => Err(ChatError::Time),
        };
        let outcome = match &answer {
            Ok(_) => {
                self.health.succeeded();
                "ok"
            }
            Err(error) => {
                tracing::warn!(%error, "the chat model did not answer");
                self.health.failed(error.word());
                error.word()
            }
        };
        metrics::counter!("moodcall_chat_model_questions_total", "outcome" => outcome).increment(1);
        answer
    }

    async fn within(&self, question: &Question<'_>) -> Result<String, ChatError> {
        let _turn = self.turns.acquire().await.map_err(|_| ChatError::Unusable)?;
        if self.resting.lock().is_some_and(|until| clock::now() < until) {
            return Err(ChatError::Limited);
        }
        let body = wire::request(&self.model, question);
        let mut again = true;
        loop {
            match self.exchange.once(&body).await? {
                Outcome::Answer(bytes) => return wire::read(&bytes),
                Outcome::Failed(_) if again => tokio::time::sleep(AGAIN).await,
                Outcome::Failed(status) => return Err(ChatError::Status(status)),
                Outcome::TooEarly(Some(wait)) if again && wait <= PATIENCE => tokio::time::sleep(wait).await,
                Outcome::TooEarly(wait) => {
                    let rest = wait.unwrap_or(PATIENCE).min(REST);
                    *self.resting.lock() = Some(clock::now() + rest);
                    return Err(ChatError::Limited);
                }
            }
            again = false;
        }
    }
}
