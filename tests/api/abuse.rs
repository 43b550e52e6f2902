//! Bad messages cost their sender an error, floods the socket, and nobody else anything.

use std::time::Duration;

use futures_util::SinkExt as _;
use futures_util::future::join_all;
use moodcall::base::clock;
use moodcall::protocol::MAX_MESSAGE_BYTES;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::ServerMessage;
use tokio_tungstenite::tungstenite::{self, Message};

use crate::client::{Came, error, eventually, house, house_with};

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_message_is_answered_with_a_code_and_the_call_goes_on() {
    let house = house().await;
    let room = house.room(2).await.id;
    let mut ada = house.join(room, "Ada", None).await;
    let mut grace = house.join(room, "Grace", None).await;
    let huge = format!(r#"{{"type":"chat","text":"{}"}}"#, "x".repeat(MAX_MESSAGE_BYTES));
    let table = [
        ("nonsense", Code::Malformed),
        ("{}", Code::Malformed),
        (r#"{"type":"fly"}"#, Code::Malformed),
        (r#"{"type":"mute","track":"not-an-id","muted":true}"#, Code::Malformed),
        (r#"{"type":"publish","mid":"0","kind":"audio","source":"camera"}"#, Code::Invalid),
        (r#"{"type":"publish","mid":"0","kind":"video","source":"camera"}"#, Code::Sdp),
        (r#"{"type":"offer","sdp":"v=0"}"#, Code::Sdp),
        (r#"{"type":"quality","bars":9}"#, Code::Invalid),
        (r#"{"type":"chat","text":"  "}"#, Code::Invalid),
        (r#"{"type":"reaction","emoji":"a long text"}"#, Code::Invalid),
        (r#"{"type":"effects","effects":{"mode":"mood"}}"#, Code::Consent),
        (r#"{"type":"effects","effects":{"mode":"scene","scene":"unsure"}}"#, Code::Invalid),
        (r#"{"type":"unpublish","track":"01a20008-2233-705d-bbd0-02dbde753fd2"}"#, Code::Track),
        (huge.as_str(), Code::TooLarge),
    ];
    for (text, code) in table {
        grace.socket.send(text).await;
        assert_eq!(grace.socket.until(error).await, code, "{}", &text[..text.len().min(80)]);
    }
    grace.socket.stream.send(Message::binary(vec![0; 10])).await.expect("sent");
    assert_eq!(grace.socket.until(error).await, Code::Malformed);
    let line = ServerMessage::Pong;
    assert_eq!(grace.socket.ask(ClientMessage::Ping).await, line);
    assert_eq!(ada.socket.ask(ClientMessage::Ping).await, line);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_far_above_the_limit_ends_the_socket_with_a_code() {
    let house = house().await;
    let room = house.room(2).await.id;
    let mut ada = house.join(room, "Ada", None).await;
    ada.socket.send("x".repeat(1024 * 1024)).await;
    let (said, code) = ada.socket.rest().await;
    // The kernel may drop our side while we still write; then only the seat tells.
    if code.is_some() {
        assert!(said.iter().any(|message| error(message) == Some(Code::TooLarge)), "{said:?}");
        assert_eq!(code, Some(1009));
    }
    let rooms = house.running.app.rooms.clone();
    eventually("the seat is away", || rooms.live().seat(ada.id).is_some_and(|seat| seat.away())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_ends_its_own_socket_and_nobody_elses() {
    let house = house().await;
    let room = house.room(2).await.id;
    let mut calm = house.join(room, "Ada", None).await;
    let floods = join_all((0..50).map(async |number| {
        let room = house.room(2).await.id;
        let mut seat = house.join(room, &format!("Eve {number}"), None).await;
        for _ in 0..500 {
            seat.socket.send(r#"{"type":"ping"}"#).await;
        }
        loop {
            match seat.socket.next().await {
                Came::Said(_) => {}
                Came::Closed(code) => return code,
            }
        }
    }));
    let calm = async {
        let mut worst = Duration::ZERO;
        for _ in 0..50 {
            let asked = clock::now();
            assert_eq!(calm.socket.ask(ClientMessage::Ping).await, ServerMessage::Pong);
            worst = worst.max(clock::now() - asked);
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
        worst
    };
    let (codes, worst) = tokio::join!(floods, calm);
    for code in codes {
        // Nothing when our own writing met the closed connection first.
        assert!(matches!(code, Some(1008 | 1013) | None), "{code:?}");
    }
    assert!(worst < Duration::from_secs(2), "the calm one waited {worst:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_holds_only_so_many_sockets() {
    let house = house_with(|config| config.rooms.per_address_sockets = 3).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(house.socket().await);
    }
    match house.socket_from(None).await {
        Err(tungstenite::Error::Http(answer)) => {
            assert_eq!(answer.status(), 429);
            assert!(answer.headers().contains_key("retry-after"));
        }
        other => panic!("{:?}", other.map(|_| "a socket")),
    }
    held.clear();
    let signal = house.running.app.signal.clone();
    eventually("the sockets are given back", || signal.holders() == (0, 0)).await;
    house.socket().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_makes_only_so_many_rooms_and_tickets() {
    let house = house_with(|config| {
        config.rooms.creates_per_minute = 5;
        config.rooms.tickets_per_minute = 5;
    })
    .await;
    let room = house.room(2).await.id;
    for (path, body) in [
        ("/api/v1/rooms", serde_json::json!({})),
        ("/api/v1/socket-tickets", serde_json::json!({ "room": room, "name": "Ada" })),
    ] {
        let mut refused = 0;
        for number in 0..20 {
            let request = reqwest::Client::new().post(house.url(path)).json(&body);
            // Whatever a client claims about itself changes nothing.
            let answer = request.header("x-forwarded-for", format!("203.0.113.{number}")).send().await.expect("sent");
            if answer.status() == 429 {
                assert!(answer.headers()["retry-after"].to_str().expect("text").parse::<u64>().expect("seconds") >= 1);
                refused += 1;
            }
        }
        assert!(refused >= 15, "{path}: {refused}");
    }
}
