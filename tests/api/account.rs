//! People who came the way that everybody comes: an address, a code out of a letter, a form.

use moodcall::base::token;
use moodcall::users::logged_in::LoggedIn;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::client::House;
use super::person::Person;

/// A password that is strong enough.
pub const PASSWORD: &str = "violet-kettle-27-harbor";

/// Somebody who has signed up, as a client that keeps its refresh token itself.
#[derive(Clone, Debug)]
pub struct Member {
    pub person: Person,
    pub email: String,
    pub refresh: String,
}

/// A complete form for [`PASSWORD`] and `{handle}@example.org`.
pub fn form(handle: &str, proof: &str) -> Value {
    json!({
        "email_proof": proof,
        "password": PASSWORD,
        "handle": handle,
        "nickname": handle,
        "about": "",
        "genres": ["pop"],
        "consents": [{ "purpose": "terms", "granted": true, "version": "2026-11" }],
        "language": "en",
    })
}

impl House {
    /// Signs `handle` up with [`PASSWORD`] and `{handle}@example.org`, through the API alone.
    pub async fn sign_up(&self, handle: &str) -> Member {
        let email = format!("{handle}@example.org");
        let proof = self.prove(&email).await;
        let answer = self.ask(None, Method::POST, "/users", Some(form(handle, &proof))).await;
        self.member(&email, answer).await
    }

    /// What a log-in answered, as somebody.
    pub async fn member(&self, email: &str, answer: Response) -> Member {
        let status = answer.status();
        let body = answer.text().await.expect("a body");
        assert_eq!(status, 201, "{body}");
        let said: LoggedIn = serde_json::from_str(&body).expect("a log-in");
        let claims = self.running.app.users.access.check(&said.access_token).expect("a token of ours");
        assert_eq!(claims.sub, said.user.id);
        Member {
            person: Person { id: claims.sub, handle: said.user.handle, session: claims.sid, token: said.access_token },
            email: email.to_owned(),
            refresh: said.refresh_token.unwrap_or_default(),
        }
    }

    /// Proves an address: has a code sent, reads it from the letter, exchanges it.
    pub async fn prove(&self, email: &str) -> String {
        let id = self.verification(email).await;
        let code = self.code_sent_to(email).await.expect("a code in a letter");
        let answer =
            self.ask(None, Method::PUT, &format!("/email-verifications/{id}"), Some(json!({ "code": code }))).await;
        assert_eq!(answer.status(), 200);
        said(answer).await["proof"].as_str().expect("a proof").to_owned()
    }

    /// Has a code sent; the verification's identifier.
    pub async fn verification(&self, email: &str) -> String {
        let answer = self.ask(None, Method::POST, "/email-verifications", Some(json!({ "email": email }))).await;
        assert_eq!(answer.status(), 202);
        said(answer).await["id"].as_str().expect("an identifier").to_owned()
    }

    /// The letters to an address, newest first.
    pub async fn letters(&self, email: &str) -> Vec<String> {
        sqlx::query_scalar("SELECT body_text FROM mail_outbox WHERE recipient = $1 ORDER BY created_at DESC, id DESC")
            .bind(email)
            .fetch_all(self.running.app.state.store.read())
            .await
            .expect("letters")
    }

    /// The six digits in the newest letter to an address.
    pub async fn code_sent_to(&self, email: &str) -> Option<String> {
        let letter = self.letters(email).await.into_iter().next()?;
        letter.split(|c: char| !c.is_ascii_digit()).find(|word| word.len() == 6).map(str::to_owned)
    }

    /// What follows `/reset/` in the newest letter to an address that has it.
    pub async fn reset_token_sent_to(&self, email: &str) -> Option<String> {
        let letter = self.letters(email).await.into_iter().find(|letter| letter.contains("/reset/"))?;
        let rest = letter.split("/reset/").nth(1)?;
        Some(rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect())
    }

    /// `POST /tokens` with a password.
    pub async fn log_in(&self, login: &str, password: &str) -> Response {
        let body = json!({ "grant": "password", "login": login, "password": password });
        self.ask(None, Method::POST, "/tokens", Some(body)).await
    }

    /// `POST /tokens` with a refresh token in the body.
    pub async fn refresh(&self, token: &str) -> Response {
        self.ask(None, Method::POST, "/tokens", Some(json!({ "grant": "refresh", "refresh_token": token }))).await
    }

    /// Moves a time in a row into the past. `sql` gets the milliseconds as `$1`.
    pub async fn age(&self, sql: &'static str, millis: i64) {
        let done =
            sqlx::query(sql).bind(millis).execute(self.running.app.state.store.write()).await.expect("an update");
        assert!(done.rows_affected() > 0, "no row for {sql}");
    }

    /// Whether an access token opens anything.
    pub async fn knows(&self, person: &Person) -> bool {
        self.ask(Some(person), Method::GET, "/me", None).await.status() == 200
    }
}

/// The body as JSON.
pub async fn said(answer: Response) -> Value {
    answer.json().await.expect("JSON")
}

/// The status and the code of a refusal.
pub async fn refusal(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let body = said(answer).await;
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

/// The field that a refusal points to, and why.
pub async fn fault(answer: Response) -> (u16, String, String) {
    let status = answer.status().as_u16();
    let body = said(answer).await;
    let text = |name: &str| body["errors"][0][name].as_str().unwrap_or_default().to_owned();
    (status, text("pointer"), text("code"))
}

/// How the server keeps a token.
pub fn hashed(token: &str) -> String {
    token::hash(token).to_hex()
}
