//! People with accounts, made in the database without the ways of signing up, which have tests of their own.

use moodcall::base::id::{SessionId, UserId};
use moodcall::base::timestamp::Timestamp;
use reqwest::{Method, Response};
use serde_json::Value;

use super::client::House;

/// Somebody who is logged in.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: UserId,
    pub handle: String,
    pub session: SessionId,
    pub token: String,
}

impl House {
    /// A new account with this handle, which is also the nickname, logged in once.
    pub async fn person(&self, handle: &str) -> Person {
        let state = &self.running.app.state;
        let (id, session, now) = (UserId::new(), SessionId::new(), Timestamp::now());
        sqlx::query(
            "INSERT INTO users (id, email, email_key, handle, nickname, nickname_key, created_at, updated_at) \
             VALUES ($1, $2, $2, $3, $3, $3, $4, $4)",
        )
        .bind(id)
        .bind(format!("{handle}@example.org"))
        .bind(handle)
        .bind(now)
        .execute(state.store.write())
        .await
        .expect("an account");
        sqlx::query(
            "INSERT INTO sessions (id, user_id, method, created_at, used_at, expires_at) \
             VALUES ($1, $2, 'password', $3, $3, $4)",
        )
        .bind(session)
        .bind(id)
        .bind(now)
        .bind(now.after(state.config.accounts.session()))
        .execute(state.store.write())
        .await
        .expect("a log-in");
        let (token, _) = self.running.app.users.access.issue(id, session, now).expect("a token");
        Person { id, handle: handle.to_owned(), session, token }
    }

    /// A request of somebody, or of nobody; `path` below `/api/v1`.
    pub async fn ask(&self, who: Option<&Person>, method: Method, path: &str, body: Option<Value>) -> Response {
        let mut request = reqwest::Client::new().request(method, self.url(&format!("/api/v1{path}")));
        if let Some(person) = who {
            request = request.bearer_auth(&person.token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.expect("an answer")
    }
}
