//! An OpenAI-compatible endpoint on this machine that does what a test wants, and remembers what it was asked.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use moodcall::config::Config;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// One request, as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Asked {
    /// The content of the message `at`.
    pub fn message(&self, at: usize) -> &str {
        self.body["messages"][at]["content"].as_str().unwrap_or_default()
    }

    /// What the person wrote.
    pub fn mood_text(&self) -> String {
        let told: Value = serde_json::from_str(self.message(1)).expect("JSON");
        told["mood_text"].as_str().unwrap_or_default().to_owned()
    }
}

pub type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// The endpoint.
#[derive(Clone)]
pub struct Endpoint {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    open: Arc<AtomicUsize>,
    dropped: Arc<AtomicUsize>,
}

/// Counts a request as open until it is answered, or as dropped when its future is.
struct Open(Endpoint, bool);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
        if !self.1 {
            self.0.dropped.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Endpoint {
    /// Answers the request number `n`, from 0 on, with `answer(n, request)`.
    pub async fn start(answer: impl Fn(usize, Asked) -> Answering + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let endpoint = Self {
            url: format!("http://{address}/v1"),
            asked: Arc::default(),
            open: Arc::default(),
            dropped: Arc::default(),
        };
        let (this, answer) = (endpoint.clone(), Arc::new(answer));
        let routes = Router::new().fallback(any(move |request: axum::extract::Request| {
            let (this, answer) = (this.clone(), answer.clone());
            async move {
                let (parts, body) = request.into_parts();
                let body = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
                let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
                let asked = Asked { path: parts.uri.path().to_owned(), headers: parts.headers, body };
                let number = {
                    let mut all = this.asked.lock();
                    all.push(asked.clone());
                    all.len() - 1
                };
                this.open.fetch_add(1, Ordering::SeqCst);
                let mut open = Open(this.clone(), false);
                let response = answer(number, asked).await;
                open.1 = true;
                response
            }
        }));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        endpoint
    }

    /// Always answers so.
    pub async fn answering(status: u16, headers: &'static [(&'static str, &'static str)], body: String) -> Self {
        Self::start(move |_, _| {
            let response = plain(status, headers, body.clone());
            Box::pin(async move { response })
        })
        .await
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().clone()
    }

    /// Requests that wait for their answer.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    /// Requests that their client has dropped.
    pub fn dropped(&self) -> usize {
        self.dropped.load(Ordering::SeqCst)
    }

    /// Settings that name it.
    pub fn configured(&self, config: &mut Config) {
        config.chat_model.url = Some(self.url.clone());
        config.chat_model.key = Some("sk-a-canary-of-a-key".into());
        config.chat_model.model = Some("small-model".into());
        config.chat_model.seconds = 20;
    }
}

/// An answer with these parts.
pub fn plain(status: u16, headers: &[(&str, &str)], body: String) -> Response {
    let mut response = (StatusCode::from_u16(status).expect("a status"), Body::from(body)).into_response();
    for (name, value) in headers {
        let name = header::HeaderName::from_bytes(name.as_bytes()).expect("a name");
        response.headers_mut().insert(name, value.parse().expect("a value"));
    }
    response
}

/// What the protocol wraps around the text of an answer.
pub fn said(text: &str) -> String {
    let message = json!({ "role": "assistant", "content": text, "refusal": null });
    json!({ "id": "chatcmpl-1", "object": "chat.completion", "model": "small-model",
            "choices": [{ "index": 0, "message": message, "finish_reason": "stop" }] })
    .to_string()
}

/// A playlist that can be used, with this title.
pub fn playlist(title: &str) -> Value {
    let songs: Vec<Value> = (1..=8).map(|n| json!({ "title": format!("{title} {n}"), "artist": "Somebody" })).collect();
    json!({ "title": title, "description": "Songs for a test", "keywords": ["one", "two", "three"],
            "mood": "neutral", "songs": songs })
}

/// Answers nothing for a long time.
pub async fn silent() -> Endpoint {
    Endpoint::start(|_, _| {
        Box::pin(async {
            tokio::time::sleep(Duration::from_secs(600)).await;
            plain(200, &[], said("too late"))
        })
    })
    .await
}
