//! The general limit: neither spelling, nor headers, nor the addresses of one network get around it.

use std::time::Duration;

use moodcall::base::clock;
use reqwest::{Client, RequestBuilder};

use super::client::{House, house_with};

const LIMIT: u32 = 60;

async fn limited(trusted: &[&str]) -> House {
    let trusted: Vec<_> = trusted.iter().map(|one| one.parse().expect("a network")).collect();
    house_with(move |config| {
        config.accounts.requests_per_minute = LIMIT;
        config.server.trusted_proxies = trusted;
    })
    .await
}

/// Sends the requests and holds what was let through to the limit.
async fn hold(requests: impl Iterator<Item = RequestBuilder>, what: &str) {
    let started = clock::now();
    let (mut allowed, mut refused) = (0, 0);
    for request in requests {
        let answer = request.send().await.expect("an answer");
        if answer.status() == 429 {
            let wait: u64 = answer.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
            assert!((1..=60).contains(&wait), "{wait}");
            assert_eq!(answer.headers()["content-type"], "application/problem+json");
            refused += 1;
        } else {
            allowed += 1;
        }
    }
    // One a second comes back.
    let most = u64::from(LIMIT) + clock::now().duration_since(started).as_secs() + 1;
    assert!(allowed <= most && refused > 0, "{what}: {allowed} were let through, at most {most} may");
}

#[tokio::test(flavor = "multi_thread")]
async fn spelling_and_forged_headers_make_no_new_caller() {
    let house = limited(&[]).await;
    let client = Client::new();
    let paths = [
        "/api/v1/version",
        "/api/v1/version/",
        "/API/v1/version",
        "/api/v1/Version",
        "/api/v1/moods?x=1",
        "/api/v1//version",
    ];
    let ask = |n: usize| {
        let path = paths[n % paths.len()];
        let forged = format!("10.{}.{}.{}", n % 256, n / 256, n % 13);
        let request = client.get(house.url(path)).header("x-forwarded-for", &forged);
        request.header("forwarded", format!("for={forged}")).header("x-real-ip", forged)
    };
    hold((0..1000).map(ask), "forged headers").await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_one_network_is_one_caller() {
    let house = limited(&["127.0.0.1"]).await;
    let client = Client::new();
    let from = |address: String| client.get(house.url("/api/v1/version")).header("x-forwarded-for", address);
    hold((0..1000).map(|n| from(format!("2001:db8:0:1:{n:x}::{n:x}"))), "a rotating IPv6 address").await;
    hold((0..1000).map(|n| from(format!("198.51.100.{}, 203.0.113.9", n % 250))), "a forged hop before the real one")
        .await;
    let neighbor = from("2001:db8:0:2::1".into()).send().await.expect("an answer");
    assert_eq!(neighbor.status(), 200, "another network is another caller");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_one_caller_wherever_they_are() {
    let house = limited(&["127.0.0.1"]).await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let client = Client::new();
    let ask = |token: &str, n: usize| {
        let address = format!("203.{}.113.{}", n / 250, n % 250);
        client.get(house.url("/api/v1/version")).bearer_auth(token).header("x-forwarded-for", address)
    };
    hold((0..1000).map(|n| ask(&ada.token, n)), "a person who travels").await;
    assert_eq!(ask(&bob.token, 0).send().await.expect("an answer").status(), 200);
    // A token that is none makes nobody a person.
    let forged = |n: usize| client.get(house.url("/api/v1/version")).bearer_auth(format!("x.{n}.y"));
    hold((0..300).map(forged), "forged tokens").await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_the_pages_are_not_counted() {
    let house = limited(&[]).await;
    let started = clock::now();
    for _ in 0..2 * LIMIT {
        assert_eq!(house.get("/static/favicon.svg").await.status(), 200);
    }
    assert!(clock::now().duration_since(started) < Duration::from_secs(60));
    house.stop().await;
}
