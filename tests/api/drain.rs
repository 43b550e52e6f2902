//! A shutdown: nobody new, time for those inside, then the end.

use std::time::Duration;

use moodcall::base::clock;
use moodcall::base::shutdown::Phase;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::ServerMessage;
use serde_json::json;

use crate::client::{SOON, closed, error, hello, house, house_with, resume};

#[tokio::test(flavor = "multi_thread")]
async fn a_drain_refuses_newcomers_and_lets_the_call_end_by_itself() {
    let house = house().await;
    let room = house.room(3).await.id;
    let mut ada = house.join(room, "Ada", None).await;
    let early = house.ticket(room, "Grace", None).await;
    let (address, app) = (house.address, house.running.app.clone());
    let url = |path: &str| format!("http://{address}{path}");
    assert_eq!(reqwest::get(url("/health/ready")).await.expect("an answer").status(), 200);

    let mut newcomer = house.socket().await;
    let mut returning = house.socket().await;
    let stopping = tokio::spawn(house.running.stop());
    app.state.shutdown.reached(Phase::Draining).await;
    assert_eq!(ada.socket.until(error).await, Code::Draining);

    assert_eq!(reqwest::get(url("/health/ready")).await.expect("an answer").status(), 503);
    assert_eq!(reqwest::get(url("/health/live")).await.expect("an answer").status(), 200);
    let client = reqwest::Client::new();
    let answer = client.post(url("/api/v1/rooms")).json(&json!({})).send().await.expect("an answer");
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.json::<serde_json::Value>().await.expect("a problem")["code"], "draining");
    assert_eq!(error(&newcomer.ask(hello(&early)).await), Some(Code::Draining));
    assert_eq!(newcomer.rest().await.0.iter().find_map(closed), Some((Code::Draining, true)));

    // Whoever is inside goes on, and may even come back.
    assert_eq!(ada.socket.ask(ClientMessage::Ping).await, ServerMessage::Pong);
    assert!(matches!(returning.ask(resume(&ada.resume)).await, ServerMessage::Welcome { resumed: true, .. }));
    returning.ask(ClientMessage::Leave).await;
    tokio::time::timeout(SOON, stopping).await.expect("ends when the last has left").expect("no panic");
    assert!(reqwest::get(url("/health/live")).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_time_is_over_everybody_is_told_to_come_back() {
    let house = house_with(|config| config.server.drain_seconds = 1).await;
    let room = house.room(2).await.id;
    let mut ada = house.join(room, "Ada", None).await;
    let started = clock::now();
    let stopping = tokio::spawn(house.running.stop());
    let (said, code) = ada.socket.rest().await;
    assert_eq!(said.iter().find_map(closed), Some((Code::Draining, true)));
    assert_eq!(code, Some(1012));
    tokio::time::timeout(SOON, stopping).await.expect("ends").expect("no panic");
    let took = clock::now() - started;
    assert!(took > Duration::from_millis(900) && took < Duration::from_secs(4), "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_within_a_second() {
    let house = house().await;
    let room = house.room(2).await.id;
    let mut ada = house.join(room, "Ada", None).await;
    let shutdown = house.running.app.state.shutdown.clone();
    let stopping = tokio::spawn(house.running.stop());
    shutdown.reached(Phase::Draining).await;
    let forced = clock::now();
    shutdown.advance(Phase::Stopping);
    tokio::time::timeout(SOON, stopping).await.expect("ends").expect("no panic");
    assert!(clock::now() - forced < Duration::from_millis(1500), "{:?}", clock::now() - forced);
    assert_eq!(ada.socket.rest().await.1, Some(1012));
}
