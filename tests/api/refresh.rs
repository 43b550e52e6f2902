//! Staying logged in: each refresh token is good for one use, and a second use ends the log-in.

use futures_util::future::join_all;
use reqwest::Response;
use serde_json::json;

use super::account::{PASSWORD, hashed, refusal, said};
use super::client::{House, house};

/// A refresh as a browser sends it.
async fn by_cookie(house: &House, token: &str, origin: Option<&str>) -> Response {
    let mut request = reqwest::Client::new()
        .post(house.url("/api/v1/tokens"))
        .header("cookie", format!("other=1; __Host-session={token}"))
        .json(&json!({ "grant": "refresh" }));
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    request.send().await.expect("an answer")
}

#[tokio::test]
async fn a_refresh_token_is_used_up_by_its_use_and_its_second_use_ends_the_log_in() {
    let house = house().await;
    let ada = house.sign_up("ada").await;
    let next = house.member(&ada.email, house.refresh(&ada.refresh).await).await;
    assert_eq!(next.person.session, ada.person.session, "the log-in goes on");
    assert_ne!(next.refresh, ada.refresh);
    let other = house.member(&ada.email, house.log_in("ada", PASSWORD).await).await;
    assert!(house.knows(&next.person).await);
    assert_eq!(refusal(house.refresh(&ada.refresh).await).await, (401, "session-over".into()));
    assert_eq!(refusal(house.refresh(&next.refresh).await).await, (401, "session-over".into()));
    assert!(!house.knows(&next.person).await && !house.knows(&ada.person).await, "access ends at once too");
    assert!(house.knows(&other.person).await, "another log-in is another family");
    assert_eq!(house.refresh(&other.refresh).await.status(), 201);
    house.stop().await;
}

#[tokio::test]
async fn of_fifty_uses_at_once_one_wins_and_the_family_is_gone() {
    let house = house().await;
    let ada = house.sign_up("ada").await;
    let all = join_all((0..50).map(|_| house.refresh(&ada.refresh))).await;
    let mut won = Vec::new();
    for answer in all {
        match answer.status().as_u16() {
            201 => won.push(said(answer).await["refresh_token"].as_str().expect("a token").to_owned()),
            status => assert_eq!((status, refusal(answer).await.1.as_str()), (401, "session-over")),
        }
    }
    assert!(won.len() <= 1, "{} won", won.len());
    for token in &won {
        assert_eq!(refusal(house.refresh(token).await).await, (401, "session-over".into()));
    }
    let made: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM refresh_tokens")
        .fetch_one(house.running.app.state.store.read())
        .await
        .expect("a count");
    assert_eq!(made, 2, "the first and the one that the winner got");
    assert!(!house.knows(&ada.person).await);
    house.stop().await;
}

#[tokio::test]
async fn a_browser_refreshes_by_its_cookie_from_our_pages_only() {
    let house = house().await;
    let ada = house.sign_up("ada").await;
    let ours = format!("http://{}", house.address);
    let answer = by_cookie(&house, &ada.refresh, Some("https://evil.example")).await;
    assert_eq!(refusal(answer).await, (403, "origin".into()));
    let answer = by_cookie(&house, &ada.refresh, Some(&ours)).await;
    assert_eq!(answer.status(), 201);
    let cookie = answer.headers()["set-cookie"].to_str().expect("text").to_owned();
    let next = cookie.trim_start_matches("__Host-session=").split(';').next().expect("a value").to_owned();
    assert_ne!(next, ada.refresh);
    assert!(said(answer).await.get("refresh_token").is_none(), "a script never sees it");
    assert_eq!(by_cookie(&house, &next, Some(&ours)).await.status(), 201);
    let answer = by_cookie(&house, &next, Some(&ours)).await;
    assert!(answer.headers()["set-cookie"].to_str().expect("text").contains("Max-Age=0"), "a dead cookie is emptied");
    assert_eq!(refusal(answer).await, (401, "session-over".into()));
    house.stop().await;
}

#[tokio::test]
async fn tokens_are_kept_as_hashes_and_end_with_their_log_in() {
    let house = house().await;
    let ada = house.sign_up("ada").await;
    let kept: Vec<String> = sqlx::query_scalar("SELECT hash FROM refresh_tokens")
        .fetch_all(house.running.app.state.store.read())
        .await
        .expect("rows");
    assert_eq!(kept, [hashed(&ada.refresh)]);
    for worthless in ["", "x", &kept[0], &ada.person.token, &ada.person.session.to_string()] {
        assert_eq!(refusal(house.refresh(worthless).await).await, (401, "session-over".into()), "{worthless}");
    }
    assert_eq!(refusal(by_cookie(&house, "", None).await).await, (401, "session-over".into()));
    house.age("UPDATE sessions SET expires_at = expires_at - $1", 31 * 86_400_000).await;
    assert_eq!(refusal(house.refresh(&ada.refresh).await).await, (401, "session-over".into()));
    house.stop().await;
}
