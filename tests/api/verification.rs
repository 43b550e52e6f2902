//! Proving an address: the code is in no answer, guesses are counted, and nobody learns who has an account.

use std::collections::HashMap;

use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use reqwest::Method;
use serde_json::json;

use super::account::{form, refusal, said};
use super::client::{House, house, house_with};

async fn show(house: &House, id: &str, code: &str) -> reqwest::Response {
    house.ask(None, Method::PUT, &format!("/email-verifications/{id}"), Some(json!({ "code": code }))).await
}

async fn tries(house: &House, id: &str) -> i16 {
    sqlx::query_scalar("SELECT tries FROM email_verifications WHERE id = $1")
        .bind(id)
        .fetch_one(house.running.app.state.store.read())
        .await
        .expect("the verification")
}

/// Another code than this one.
fn wrong(code: &str) -> String {
    if code == "000000" { "000001".into() } else { "000000".into() }
}

#[tokio::test]
async fn the_code_is_in_the_letter_and_in_no_answer() {
    let house = house().await;
    let asked = json!({ "email": "ada@example.org" });
    let answer = house.ask(None, Method::POST, "/email-verifications", Some(asked.clone())).await;
    assert_eq!(answer.status(), 202);
    let headers = format!("{:?}", answer.headers());
    let body = answer.text().await.expect("a body");
    let code = house.code_sent_to("ada@example.org").await.expect("a letter with a code");
    // Identifiers and times hold digits too, but not these six together except by a chance that the test would show.
    let id = serde_json::from_str::<serde_json::Value>(&body).expect("JSON")["id"].as_str().expect("an id").to_owned();
    assert!(!body.replace(&id, "").contains(&code) && !headers.contains(&code), "{headers} {body}");
    let refused = show(&house, &id, &wrong(&code)).await.text().await.expect("a body");
    assert!(!refused.replace(&id, "").contains(&code), "{refused}");
    let answer = show(&house, &id, &code).await;
    assert_eq!(answer.status(), 200);
    assert!(!answer.text().await.expect("a body").contains(&code));
    let kept: String = sqlx::query_scalar("SELECT code_hash FROM email_verifications")
        .fetch_one(house.running.app.state.store.read())
        .await
        .expect("the row");
    assert!(!kept.contains(&code));
    house.stop().await;
}

#[tokio::test]
async fn five_wrong_tries_lock_the_code_and_the_right_one_comes_too_late() {
    let house = house().await;
    let id = house.verification("ada@example.org").await;
    let code = house.code_sent_to("ada@example.org").await.expect("a code");
    for _ in 0..5 {
        assert_eq!(refusal(show(&house, &id, &wrong(&code)).await).await, (403, "verification".into()));
    }
    assert_eq!(refusal(show(&house, &id, &code).await).await, (403, "verification".into()));
    assert_eq!(tries(&house, &id).await, 5);
    house.stop().await;
}

#[tokio::test]
async fn of_a_thousand_guesses_in_fifty_streams_five_are_looked_at() {
    let house = house().await;
    let id = house.verification("ada@example.org").await;
    let code = house.code_sent_to("ada@example.org").await.expect("a code");
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let client = reqwest::Client::new();
    let url = house.url(&format!("/api/v1/email-verifications/{id}"));
    let streams = (0..50).map(|stream| {
        let (client, url, code) = (client.clone(), url.clone(), code.clone());
        let mut random = StdRng::seed_from_u64(seed + stream);
        async move {
            for _ in 0..20 {
                let guess = format!("{:06}", random.random_range(0..1_000_000));
                let guess = if guess == code { wrong(&code) } else { guess };
                let answer = client.put(&url).json(&json!({ "code": guess })).send().await.expect("an answer");
                assert_eq!(answer.status(), 403);
            }
        }
    });
    join_all(streams).await;
    // Every look is counted in the same step that allows it.
    assert_eq!(tries(&house, &id).await, 5);
    assert_eq!(refusal(show(&house, &id, &code).await).await, (403, "verification".into()));
    house.stop().await;
}

#[tokio::test]
async fn of_fifty_right_codes_at_once_one_is_exchanged() {
    let house = house().await;
    let id = house.verification("ada@example.org").await;
    let code = house.code_sent_to("ada@example.org").await.expect("a code");
    let all = join_all((0..50).map(|_| show(&house, &id, &code))).await;
    assert_eq!(all.iter().filter(|answer| answer.status() == 200).count(), 1);
    house.stop().await;
}

#[tokio::test]
async fn a_code_ends_after_ten_minutes_and_a_proof_after_thirty() {
    let house = house().await;
    let id = house.verification("ada@example.org").await;
    let code = house.code_sent_to("ada@example.org").await.expect("a code");
    house.age("UPDATE email_verifications SET expires_at = expires_at - $1", 600_000).await;
    assert_eq!(refusal(show(&house, &id, &code).await).await, (403, "verification".into()));
    let proof = house.prove("bob@example.org").await;
    house
        .age("UPDATE email_verifications SET expires_at = expires_at - $1 WHERE proof_hash IS NOT NULL", 1_800_000)
        .await;
    let answer = house.ask(None, Method::POST, "/users", Some(form("bob", &proof))).await;
    assert_eq!(refusal(answer).await, (403, "verification".into()));
    house.stop().await;
}

#[tokio::test]
async fn a_new_code_can_be_had_after_a_minute_and_replaces_the_old_one() {
    let house = house().await;
    let first = house.verification("ada@example.org").await;
    let old = house.code_sent_to("ada@example.org").await.expect("a code");
    let asked = || house.ask(None, Method::POST, "/email-verifications", Some(json!({ "email": "ADA@example.org" })));
    let early = join_all((0..20).map(|_| asked())).await;
    for answer in early {
        assert_eq!(answer.status(), 429);
        let wait: u64 = answer.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
        assert!((1..=60).contains(&wait), "{wait}");
    }
    house.age("UPDATE email_verifications SET created_at = created_at - $1", 60_001).await;
    let at_once = join_all((0..20).map(|_| asked())).await;
    assert_eq!(at_once.iter().filter(|answer| answer.status() == 202).count(), 1, "a race has one winner");
    assert_eq!(house.letters("ada@example.org").await.len() + house.letters("ADA@example.org").await.len(), 2);
    assert_eq!(refusal(show(&house, &first, &old).await).await, (403, "verification".into()));
    house.stop().await;
}

#[tokio::test]
async fn an_address_with_an_account_is_answered_like_any_other_and_gets_another_letter() {
    let house = house().await;
    house.sign_up("ada").await;
    house.age("UPDATE email_verifications SET created_at = created_at - $1", 60_001).await;
    let mut answers = HashMap::new();
    for email in ["ada@example.org", "bob@example.org"] {
        let answer = house.ask(None, Method::POST, "/email-verifications", Some(json!({ "email": email }))).await;
        let status = answer.status();
        let mut names: Vec<String> = answer.headers().keys().map(ToString::to_string).collect();
        names.sort();
        let mut fields: Vec<String> = said(answer).await.as_object().expect("an object").keys().cloned().collect();
        fields.sort();
        let again = house.ask(None, Method::POST, "/email-verifications", Some(json!({ "email": email }))).await;
        answers.insert(email, (status, names, fields, again.status()));
    }
    assert_eq!(answers["ada@example.org"], answers["bob@example.org"]);
    assert_eq!(answers["ada@example.org"].3, 429);
    assert!(house.code_sent_to("ada@example.org").await.is_none(), "no code for whoever has an account");
    assert!(house.letters("ada@example.org").await[0].contains("/login"));
    house.stop().await;
}

#[tokio::test]
async fn an_address_may_ask_only_so_often_for_one_account_and_for_all() {
    let house = house_with(|config| {
        config.accounts.tries_per_minute = 3;
    })
    .await;
    let ask = async |email: &str| {
        house.ask(None, Method::POST, "/email-verifications", Some(json!({ "email": email }))).await.status().as_u16()
    };
    let mut all = Vec::new();
    for n in 0..5 {
        all.push(ask(&format!("ada{n}@example.org")).await);
    }
    assert_eq!(all, [202, 202, 202, 429, 429]);
    house.stop().await;
}

#[tokio::test]
async fn nobody_gets_a_code_where_nobody_may_sign_up() {
    let house = house_with(|config| config.accounts.sign_up = false).await;
    let answer = house.ask(None, Method::POST, "/email-verifications", Some(json!({ "email": "a@example.org" }))).await;
    assert_eq!(refusal(answer).await, (403, "forbidden".into()));
    let answer = house.ask(None, Method::POST, "/users", Some(form("ada", "x"))).await;
    assert_eq!(refusal(answer).await, (403, "forbidden".into()));
    house.stop().await;
}
