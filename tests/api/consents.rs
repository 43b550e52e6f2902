//! What people agree to: each purpose by itself, with the version that they saw; the terms hold as long as the account.

use reqwest::Method;
use serde_json::{Value, json};

use super::client::house;

#[tokio::test]
async fn a_consent_is_given_and_withdrawn_with_the_version_that_was_seen() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let path = "/me/consents/expression";
    assert_eq!(house.ask(Some(&ada), Method::GET, path, None).await.status(), 404);
    for granted in [true, false, true] {
        let decision = json!({ "granted": granted, "version": "2026-11" });
        let answer = house.ask(Some(&ada), Method::PUT, path, Some(decision)).await;
        assert_eq!(answer.status(), 200);
        let shown: Value = house.ask(Some(&ada), Method::GET, path, None).await.json().await.expect("JSON");
        assert_eq!(shown, answer.json::<Value>().await.expect("JSON"));
        assert_eq!((&shown["granted"], &shown["version"]), (&json!(granted), &json!("2026-11")));
    }
    assert_eq!(house.ask(Some(&bob), Method::GET, path, None).await.status(), 404);
    house.stop().await;
}

#[tokio::test]
async fn the_terms_are_withdrawn_by_leaving_only() {
    let house = house().await;
    let ada = house.person("ada").await;
    let decide = async |purpose: &str, body: Value| {
        house.ask(Some(&ada), Method::PUT, &format!("/me/consents/{purpose}"), Some(body)).await.status().as_u16()
    };
    assert_eq!(decide("terms", json!({ "granted": true, "version": "1" })).await, 200);
    assert_eq!(decide("terms", json!({ "granted": false, "version": "1" })).await, 422);
    assert_eq!(decide("news", json!({ "granted": true, "version": "" })).await, 422);
    assert_eq!(decide("news", json!({ "granted": true, "version": "x".repeat(41) })).await, 422);
    assert_eq!(decide("news", json!({ "granted": 1, "version": "1" })).await, 400);
    assert_eq!(decide("everything", json!({ "granted": true, "version": "1" })).await, 404);
    house.stop().await;
}
