//! Any chat model behind an OpenAI-compatible endpoint (`POST …/chat/completions` with `response_format: json_schema`).
//!
//! What this sends and reads is bounded, and nothing of it is logged: not the words, not the key.

pub mod wire;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

use self::wire::Turn;
use super::answer::{OutsideError, Service};
use super::health::Health;
use super::turns::Turns;

/// Largest answer, in bytes.
const SIZE: usize = 256 * 1024;
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

/// A chat model; clones share its connections and its limits.
#[derive(Clone)]
pub struct Chat {
    service: Arc<Service>,
    model: Arc<str>,
    time: Duration,
    turns: Arc<Turns>,
    /// How it is doing.
    pub health: Health,
}

impl Chat {
    /// Connects to nobody yet.
    ///
    /// # Errors
    /// [`OutsideError::Unusable`].
    pub fn new(options: &Options) -> Result<Self, OutsideError> {
        let service = Service::new(&options.url, "chat/completions", options.time, SIZE)?;
        Ok(Self {
            service: Arc::new(service.with_key(options.key.as_deref())),
            model: options.model.as_str().into(),
            time: options.time,
            turns: Arc::new(Turns::new(options.at_once, PATIENCE, REST)),
            health: Health::on(),
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
    /// [`OutsideError`].
    pub async fn ask(&self, question: &Question<'_>) -> Result<String, OutsideError> {
        let answer = tokio::time::timeout(self.time, self.within(question)).await;
        let answer = answer.unwrap_or(Err(OutsideError::Time));
        self.health.note(&answer);
        if let Err(error) = &answer {
            tracing::warn!(%error, "the chat model did not answer");
        }
        let outcome = answer.as_ref().map_or_else(OutsideError::word, |_| "ok");
        metrics::counter!("moodcall_chat_model_questions_total", "outcome" => outcome).increment(1);
        answer
    }

    async fn within(&self, question: &Question<'_>) -> Result<String, OutsideError> {
        let _turn = self.turns.take().await?;
        let body = wire::request(&self.model, question);
        let mut again = true;
        loop {
            match self.once(&body).await {
                Err(OutsideError::Down(_)) if again => tokio::time::sleep(AGAIN).await,
                Err(OutsideError::Limited(Some(wait))) if again && wait <= PATIENCE => tokio::time::sleep(wait).await,
                Err(OutsideError::Limited(wait)) => {
                    self.turns.rest(wait);
                    return Err(OutsideError::Limited(wait));
                }
                answer => return wire::read(&answer?),
            }
            again = false;
        }
    }

    async fn once(&self, body: &Bytes) -> Result<Vec<u8>, OutsideError> {
        self.service.ask(self.service.post(body.clone())).await?.good().await
    }
}
