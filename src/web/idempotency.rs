//! `Idempotency-Key`: a request that makes something can be sent again without making it twice.
//!
//! The first request with a key does the work; every other one with that key, at the same time or within a day, gets the
//! same answer, and another request with it is refused. Answers hold what only their asker may see, so they are kept
//! sealed with the client's key, of which the table has the hash only.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rand::RngCore as _;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tracing::Instrument as _;

use super::error::ApiError;
use super::rate::Caller;
use crate::base::shutdown::{Phase, Shutdown};
use crate::base::timestamp::Timestamp;
use crate::base::token;
use crate::protocol::code::Code;
use crate::store::{Store, StoreError};

/// Routes whose POST makes something and takes a key.
pub const ROUTES: &[&str] = &[
    "/api/v1/calls",
    "/api/v1/friend-requests",
    "/api/v1/me/exports",
    "/api/v1/playlist-generations",
    "/api/v1/playlists",
    "/api/v1/playlists/{id}/comments",
    "/api/v1/playlists/{id}/songs",
    "/api/v1/posts",
    "/api/v1/posts/{id}/comments",
    "/api/v1/reports",
    "/api/v1/rooms",
    "/api/v1/rooms/{id}/invites",
    "/api/v1/rooms/{id}/knocks",
    "/api/v1/uploads",
];

/// The header.
pub const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// Shortest and longest key, in bytes. Too short a one would be easy to guess.
pub const LENGTH: (usize, usize) = (16, 128);

/// On an answer that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// How long an answer is kept.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// After this the first request is taken for lost, by a crash of the server.
const LOST: Duration = Duration::from_secs(60);
/// How long another request waits for the first one's answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often old answers are looked for.
const SWEEP: Duration = Duration::from_secs(1800);
/// Largest body of somebody who is logged in: a picture and what multipart adds.
const BODY: usize = 12 * 1024 * 1024;
/// Largest body of anybody else.
const GUEST_BODY: usize = 64 * 1024;
/// Time for a body to arrive.
const ARRIVAL: Duration = Duration::from_secs(30);
/// Largest answer that is kept.
const ANSWER: usize = 256 * 1024;

/// Stands for one request and its retries: a hash of the key and of what is asked for. In the extensions of a request that
/// has a key. A handler that keeps it in the row that it makes finds the row again when the server died between the row and
/// its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once(pub String);

/// What is kept of an answer, before it is sealed.
#[derive(Serialize, Deserialize)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// One client's use of one key.
#[derive(Clone)]
struct Use {
    store: Store,
    owner: String,
    key: String,
    /// Hash of the key: its name in the table.
    name: String,
    request: String,
}

/// Layer: see the module.
///
/// # Errors
/// 422 for a key that is none, 409 `key-reused`, 413, 503 when the first request takes too long.
pub async fn once(State(store): State<Store>, request: Request, next: Next) -> Result<Response, ApiError> {
    let applies = request.method() == Method::POST
        && request.extensions().get::<MatchedPath>().is_some_and(|path| ROUTES.contains(&path.as_str()));
    let key = request.headers().get(HEADER).filter(|_| applies).cloned();
    let caller = request.extensions().get::<Caller>().copied();
    let (Some(key), Some(caller)) = (key, caller) else { return Ok(next.run(request).await) };
    let key = valid(&key)?;
    let most = if matches!(caller, Caller::Person(_)) { BODY } else { GUEST_BODY };
    let (parts, body) = request.into_parts();
    let Ok(body) = tokio::time::timeout(ARRIVAL, to_bytes(body, most)).await else {
        return Err(ApiError::BadRequest(Code::Malformed, "The body took too long.".into()));
    };
    let body = body.map_err(|_| ApiError::TooLarge)?;
    let owner = match caller {
        Caller::Person(user) => user.to_string(),
        Caller::Address(address) => token::hash(&address.to_string()).to_hex(),
    };
    let name = token::hash(&key).to_hex();
    let request = digest(&parts.method, parts.uri.path(), &parts.headers, &body);
    let used = Use { store, owner, key, name, request };
    if used.begin().await? {
        let mut request = Request::from_parts(parts, Body::from(body));
        request.extensions_mut().insert(Once(token::hash(&format!("{} {}", used.name, used.request)).to_hex()));
        // A client that goes away must not leave the work half done and the key taken.
        let work = async move { used.end(next.run(request).await).await };
        let span = tracing::Span::current();
        return tokio::spawn(work.instrument(span)).await.map_err(|_| ApiError::Internal)?;
    }
    used.wait().await
}

fn valid(key: &HeaderValue) -> Result<String, ApiError> {
    let key = key
        .to_str()
        .ok()
        .filter(|key| (LENGTH.0..=LENGTH.1).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()));
    let (least, most) = LENGTH;
    let wrong = || ApiError::field("Idempotency-Key", format!("The key must be {least} to {most} visible characters."));
    key.map(str::to_owned).ok_or_else(wrong)
}

impl Use {
    /// Whether this request is the first with its key, or the first after one that was lost or forgotten.
    async fn begin(&self) -> Result<bool, StoreError> {
        let now = Timestamp::now();
        let done = sqlx::query(
            "INSERT INTO idempotency_keys (owner, name, request_hash, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (owner, name) DO UPDATE \
             SET request_hash = excluded.request_hash, answer = NULL, created_at = excluded.created_at \
             WHERE (idempotency_keys.answer IS NULL AND idempotency_keys.created_at < $5) \
             OR idempotency_keys.created_at < $6",
        )
        .bind(&self.owner)
        .bind(&self.name)
        .bind(&self.request)
        .bind(now)
        .bind(now.before(LOST))
        .bind(now.before(KEPT))
        .execute(self.store.write())
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Keeps the answer when something was made. Anything else can be tried again with the same key.
    async fn end(&self, response: Response) -> Result<Response, ApiError> {
        if !response.status().is_success() {
            self.forget().await?;
            return Ok(response);
        }
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, ANSWER).await.map_err(|_| ApiError::Internal)?;
        let named = [header::CONTENT_TYPE, header::LOCATION, header::CACHE_CONTROL, header::ETAG];
        let kept = named.iter().filter_map(|name| {
            let value = parts.headers.get(name)?.to_str().ok()?;
            Some((name.to_string(), value.to_owned()))
        });
        let answer = Answer {
            status: parts.status.as_u16(),
            headers: kept.collect(),
            body: String::from_utf8_lossy(&body).into_owned(),
        };
        sqlx::query("UPDATE idempotency_keys SET answer = $3 WHERE owner = $1 AND name = $2")
            .bind(&self.owner)
            .bind(&self.name)
            .bind(self.seal(&answer)?)
            .execute(self.store.write())
            .await?;
        Ok(Response::from_parts(parts, Body::from(body)))
    }

    async fn forget(&self) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM idempotency_keys WHERE owner = $1 AND name = $2 AND answer IS NULL")
            .bind(&self.owner)
            .bind(&self.name)
            .execute(self.store.write())
            .await?;
        Ok(())
    }

    /// The first request's answer.
    async fn wait(&self) -> Result<Response, ApiError> {
        let wait = async {
            let mut pause = Duration::from_millis(10);
            loop {
                let row: Option<(String, Option<String>)> =
                    sqlx::query_as("SELECT request_hash, answer FROM idempotency_keys WHERE owner = $1 AND name = $2")
                        .bind(&self.owner)
                        .bind(&self.name)
                        .fetch_optional(self.store.read())
                        .await?;
                match row {
                    Some((request, _)) if request != self.request => return Err(ApiError::Conflict(Code::KeyReused)),
                    Some((_, Some(answer))) => return self.open(&answer),
                    Some((_, None)) => {}
                    // The first one was refused; this one may try.
                    None => return Err(ApiError::Unavailable(Code::Unavailable)),
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_millis(500));
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap_or(Err(ApiError::Unavailable(Code::Unavailable)))
    }

    fn cipher(&self) -> Result<LessSafeKey, ApiError> {
        let mut hash = Sha256::new();
        hash.update(b"moodcall: answer of an idempotent request\0");
        hash.update(self.key.as_bytes());
        let key = UnboundKey::new(&CHACHA20_POLY1305, &hash.finalize()).map_err(|_| ApiError::Internal)?;
        Ok(LessSafeKey::new(key))
    }

    fn seal(&self, answer: &Answer) -> Result<String, ApiError> {
        let mut nonce = [0; NONCE_LEN];
        rand::rng().fill_bytes(&mut nonce);
        let mut sealed = serde_json::to_vec(answer).map_err(|_| ApiError::Internal)?;
        self.cipher()?
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(self.owner.as_bytes()),
                &mut sealed,
            )
            .map_err(|_| ApiError::Internal)?;
        Ok(STANDARD_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    fn open(&self, sealed: &str) -> Result<Response, ApiError> {
        let broken = || {
            tracing::error!("a kept answer cannot be opened");
            ApiError::Internal
        };
        let sealed = STANDARD_NO_PAD.decode(sealed).map_err(|_| broken())?;
        let (nonce, body) = sealed.split_first_chunk::<NONCE_LEN>().ok_or_else(broken)?;
        let mut body = body.to_vec();
        let (nonce, owner) = (Nonce::assume_unique_for_key(*nonce), Aad::from(self.owner.as_bytes()));
        let plain = self.cipher()?.open_in_place(nonce, owner, &mut body).map_err(|_| broken())?;
        let answer: Answer = serde_json::from_slice(plain).map_err(|_| broken())?;
        let mut response = Response::new(Body::from(answer.body));
        *response.status_mut() = StatusCode::from_u16(answer.status).map_err(|_| broken())?;
        for (name, value) in &answer.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                response.headers_mut().insert(name, value);
            }
        }
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        Ok(response)
    }
}

/// What makes two requests the same. A browser draws a new boundary for the same form each time, so that does not count.
fn digest(method: &Method, path: &str, headers: &HeaderMap, body: &Bytes) -> String {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let boundary =
        kind.split_once("boundary=").map(|(_, rest)| rest.split(';').next().unwrap_or(rest).trim_matches('"'));
    let mut hash = Sha256::new();
    for part in [method.as_str(), path, kind.split(';').next().unwrap_or_default().trim()] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let mut rest = body.as_ref();
    if let Some(boundary) = boundary.map(str::as_bytes).filter(|boundary| !boundary.is_empty()) {
        while let Some(at) = rest.windows(boundary.len()).position(|window| window == boundary) {
            hash.update(&rest[..at]);
            rest = &rest[at + boundary.len()..];
        }
    }
    hash.update(rest);
    hex::encode(hash.finalize())
}

/// Forgets answers that are a day old.
///
/// # Errors
/// The database does not answer.
pub async fn sweep(store: &Store) -> Result<u64, StoreError> {
    let swept = sqlx::query("DELETE FROM idempotency_keys WHERE created_at < $1")
        .bind(Timestamp::now().before(KEPT))
        .execute(store.write())
        .await?;
    Ok(swept.rows_affected())
}

/// Does so now and then, until the shutdown stops everything.
pub async fn expire(store: Store, shutdown: Shutdown) {
    let work = async {
        loop {
            if let Err(error) = sweep(&store).await {
                tracing::warn!(%error, "old answers cannot be forgotten");
            }
            tokio::time::sleep(SWEEP).await;
        }
    };
    tokio::select! { () = work => {} () = shutdown.reached(Phase::Stopping) => {} }
}
