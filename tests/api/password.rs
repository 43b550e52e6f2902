//! Another password: by a link when the old one is forgotten, or by whoever knows it.

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::{Method, Response};
use serde_json::json;

use super::account::{PASSWORD, fault, refusal};
use super::client::{House, SOON, house};
use super::person::Person;

const OTHER: &str = "copper-lantern-83-orchard";

async fn forget(house: &House, email: &str) -> Response {
    house.ask(None, Method::POST, "/password-resets", Some(json!({ "email": email }))).await
}

async fn reset(house: &House, token: &str, password: &str) -> Response {
    house.ask(None, Method::PUT, &format!("/password-resets/{token}"), Some(json!({ "password": password }))).await
}

/// The link's token, once the letter is written; it is written after the answer.
async fn link(house: &House, email: &str) -> String {
    let waiting = async {
        loop {
            if let Some(token) = house.reset_token_sent_to(email).await {
                return token;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(SOON, waiting).await.expect("a letter in time")
}

#[tokio::test]
async fn a_link_sets_a_password_once_ends_every_log_in_and_is_no_key_to_anything_else() {
    let house = house().await;
    let ada = house.sign_up("ada").await;
    assert_eq!(forget(&house, "ADA@example.org").await.status(), 202);
    let token = link(&house, &ada.email).await;
    let bearer = Person { token: token.clone(), ..ada.person.clone() };
    assert!(!house.knows(&bearer).await, "a link is no access token");
    assert_eq!(house.refresh(&token).await.status(), 401, "and no refresh token");
    assert_eq!(
        fault(reset(&house, &token, "password1").await).await,
        (422, "/password".into(), "weak-password".into())
    );
    assert_eq!(reset(&house, &token, OTHER).await.status(), 204);
    assert!(!house.knows(&ada.person).await);
    assert_eq!(house.refresh(&ada.refresh).await.status(), 401);
    assert_eq!(house.log_in("ada", PASSWORD).await.status(), 401);
    assert_eq!(house.log_in("ada", OTHER).await.status(), 201);
    assert_eq!(refusal(reset(&house, &token, PASSWORD).await).await, (403, "link".into()));
    let letters = house.letters(&ada.email).await;
    assert_eq!(letters.len(), 3, "a code, a link, and word of the change: {letters:#?}");
    house.stop().await;
}

#[tokio::test]
async fn of_many_uses_of_a_link_at_once_one_counts_and_the_others_links_die() {
    let house = house().await;
    let ada = house.sign_up("ada").await;
    forget(&house, &ada.email).await;
    let token = link(&house, &ada.email).await;
    forget(&house, &ada.email).await;
    let count = async || house.letters(&ada.email).await.iter().filter(|letter| letter.contains("/reset/")).count();
    tokio::time::timeout(SOON, async {
        while count().await < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .expect("a second letter");
    let second = link(&house, &ada.email).await;
    assert_ne!(token, second);
    let all = join_all((0..8).map(|_| reset(&house, &token, OTHER))).await;
    assert_eq!(all.iter().filter(|answer| answer.status() == 204).count(), 1);
    assert_eq!(refusal(reset(&house, &second, OTHER).await).await, (403, "link".into()));
    house.stop().await;
}

#[tokio::test]
async fn a_link_ends_after_half_an_hour_and_is_kept_as_a_hash() {
    let house = house().await;
    let ada = house.sign_up("ada").await;
    forget(&house, &ada.email).await;
    let token = link(&house, &ada.email).await;
    let kept: String = sqlx::query_scalar("SELECT hash FROM password_resets")
        .fetch_one(house.running.app.state.store.read())
        .await
        .expect("the row");
    for worthless in [kept.as_str(), "x", &"x".repeat(5000)] {
        assert_eq!(refusal(reset(&house, worthless, OTHER).await).await, (403, "link".into()), "{worthless}");
    }
    house.age("UPDATE password_resets SET expires_at = expires_at - $1", 1_800_000).await;
    assert_eq!(refusal(reset(&house, &token, OTHER).await).await, (403, "link".into()));
    house.stop().await;
}

#[tokio::test]
async fn an_unknown_address_gets_the_same_answer_and_no_letter() {
    let house = house().await;
    house.sign_up("ada").await;
    let mut answers = Vec::new();
    for email in ["nobody@example.org", "ada@example.org"] {
        let answer = forget(&house, email).await;
        let mut names: Vec<String> = answer.headers().keys().map(ToString::to_string).collect();
        names.sort();
        answers.push((answer.status(), names, answer.text().await.expect("a body")));
    }
    assert_eq!(answers[0], answers[1]);
    // Asked for before hers, and hers is written.
    link(&house, "ada@example.org").await;
    assert!(house.letters("nobody@example.org").await.is_empty());
    house.stop().await;
}

#[tokio::test]
async fn whoever_knows_the_password_changes_it_and_stays_logged_in_alone() {
    let house = house().await;
    let ada = house.sign_up("ada").await;
    let other = house.member(&ada.email, house.log_in("ada", PASSWORD).await).await;
    let change = async |current: &str, new: &str| {
        let body = json!({ "current": current, "new": new });
        house.ask(Some(&ada.person), Method::PUT, "/me/password", Some(body)).await
    };
    assert_eq!(refusal(change("wrong", OTHER).await).await, (403, "credentials".into()));
    assert_eq!(fault(change(PASSWORD, "ada12345").await).await, (422, "/new".into(), "weak-password".into()));
    assert!(house.knows(&other.person).await);
    assert_eq!(change(PASSWORD, OTHER).await.status(), 204);
    assert!(house.knows(&ada.person).await, "this log-in stays");
    assert_eq!(house.refresh(&ada.refresh).await.status(), 201);
    assert!(!house.knows(&other.person).await, "the other one ends");
    assert_eq!(house.refresh(&other.refresh).await.status(), 401);
    assert_eq!(house.log_in("ada", PASSWORD).await.status(), 401);
    assert_eq!(house.log_in("ada", OTHER).await.status(), 201);
    assert_eq!(house.letters(&ada.email).await.len(), 2, "word of the change");
    assert_eq!(
        house.ask(None, Method::PUT, "/me/password", Some(json!({ "current": "a", "new": "b" }))).await.status(),
        401
    );
    house.stop().await;
}

#[tokio::test]
async fn whoever_has_no_password_gets_one_by_a_link_only() {
    let house = house().await;
    let ada = house.person("ada").await;
    let body = json!({ "current": "", "new": OTHER });
    let answer = house.ask(Some(&ada), Method::PUT, "/me/password", Some(body)).await;
    assert_eq!(refusal(answer).await, (403, "credentials".into()));
    house.stop().await;
}
