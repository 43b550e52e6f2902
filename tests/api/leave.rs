//! Leaving: by whoever means it, hidden at once, undone by a log-in; also for people who have no password.

use std::time::Duration;

use moodcall::base::timestamp::Timestamp;
use moodcall::users::me::leave::Leaving;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::client::{House, house};
use super::person::Person;

const PASSWORD: &str = "violet-kettle-27-harbor";

impl House {
    async fn leave(&self, who: &Person, proof: Value) -> (u16, Value) {
        let answer = self.ask(Some(who), Method::DELETE, "/me", Some(proof)).await;
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    async fn give_password(&self, who: &Person) {
        let hash = self.running.app.users.passwords.hash(PASSWORD).await.expect("a hash");
        sqlx::query("UPDATE users SET password_hash = $1 WHERE id = $2")
            .bind(hash)
            .bind(who.id)
            .execute(self.running.app.state.store.write())
            .await
            .expect("a password");
    }

    async fn status(&self, who: Option<&Person>, path: &str) -> StatusCode {
        self.ask(who, Method::GET, path, None).await.status()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_is_hidden_and_logged_out_at_once_and_gets_a_letter() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    house.give_password(&ada).await;
    assert_eq!(house.status(Some(&ada), "/me").await, 200);
    let before = Timestamp::now();
    let (status, body) = house.leave(&ada, json!({ "password": PASSWORD })).await;
    assert_eq!(status, 200, "{body}");
    let leaving: Leaving = serde_json::from_value(body).expect("a time");
    let grace = house.running.app.state.config.accounts.grace();
    assert!(leaving.deletes_at >= before.after(grace) && leaving.deletes_at <= Timestamp::now().after(grace));
    assert_eq!(house.status(Some(&ada), "/me").await, 401);
    assert_eq!(house.status(Some(&bob), "/users/ada").await, 404);
    let letters: Vec<String> =
        sqlx::query_scalar("SELECT body_text FROM mail_outbox WHERE recipient = 'ada@example.org'")
            .fetch_all(house.running.app.state.store.read())
            .await
            .expect("letters");
    assert_eq!(letters.len(), 1);
    // A log-in within the grace takes it all back.
    let login = json!({ "grant": "password", "login": "ada", "password": PASSWORD });
    let answer = house.ask(None, Method::POST, "/tokens", Some(login)).await;
    assert_eq!(answer.status(), 201);
    assert_eq!(house.status(Some(&bob), "/users/ada").await, 200);
    assert_eq!(house.status(Some(&ada), "/me").await, 401, "the log-ins of before stay ended");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_alone_deletes_nothing() {
    let house = house().await;
    let ada = house.person("ada").await;
    house.give_password(&ada).await;
    for (proof, status, code) in [
        (json!({}), 422, "invalid"),
        (json!({ "confirm": "ada" }), 422, "invalid"),
        (json!({ "password": null }), 422, "invalid"),
        (json!({ "password": "violet-kettle-27-harbour" }), 403, "credentials"),
        (json!({ "password": PASSWORD, "user_id": ada.id }), 400, "malformed"),
    ] {
        let (answered, problem) = house.leave(&ada, proof.clone()).await;
        assert_eq!((answered, problem["code"].as_str()), (status, Some(code)), "{proof}");
    }
    assert_eq!(house.status(Some(&ada), "/me").await, 200);
    house.stop().await;
}

#[tokio::test]
async fn who_has_no_password_leaves_by_their_handle_soon_after_a_log_in() {
    let house = house().await;
    let ada = house.person("ada").await;
    for proof in [json!({}), json!({ "confirm": "bob" }), json!({ "password": "anything at all" })] {
        assert_eq!(house.leave(&ada, proof.clone()).await.0, 422, "{proof}");
    }
    sqlx::query("UPDATE sessions SET created_at = $1 WHERE id = $2")
        .bind(Timestamp::now().before(Duration::from_secs(601)))
        .bind(ada.session)
        .execute(house.running.app.state.store.write())
        .await
        .expect("an old log-in");
    let (status, problem) = house.leave(&ada, json!({ "confirm": "ada" })).await;
    assert_eq!((status, problem["code"].as_str()), (403, Some("login-needed")));
    sqlx::query("UPDATE sessions SET created_at = $1 WHERE id = $2")
        .bind(Timestamp::now().before(Duration::from_secs(590)))
        .bind(ada.session)
        .execute(house.running.app.state.store.write())
        .await
        .expect("a recent log-in");
    assert_eq!(house.leave(&ada, json!({ "confirm": "Ada " })).await.0, 200);
    assert_eq!(house.status(Some(&ada), "/me").await, 401);
    house.stop().await;
}
