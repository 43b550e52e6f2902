//! The first message: tickets, versions, origins, time.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use moodcall::base::clock;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::ServerMessage;
use tokio_tungstenite::tungstenite;

use crate::client::{Came, closed, error, hello, house, house_with, resume};

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_opens_one_socket_however_many_try_at_once() {
    let house = house().await;
    let room = house.room(2).await.id;
    let ticket = house.ticket(room, "Ada", None).await;
    let tries = join_all((0..50).map(async |_| {
        let mut socket = house.socket().await;
        let answer = socket.ask(hello(&ticket)).await;
        match answer {
            ServerMessage::Welcome { .. } => true,
            ServerMessage::Error { code: Code::Ticket, .. } => {
                let (said, code) = socket.rest().await;
                assert_eq!(said.iter().find_map(closed), Some((Code::Ticket, false)));
                assert_eq!(code, Some(1008));
                false
            }
            other => panic!("{other:?}"),
        }
    }))
    .await;
    assert_eq!(tries.iter().filter(|won| **won).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_ticket_is_refused_and_the_socket_ends() {
    let house = house().await;
    let room = house.room(2).await.id;
    let good = house.ticket(room, "Ada", None).await;
    let version = |ticket: &str| ClientMessage::Hello { version: 2, ticket: Some(ticket.into()), resume: None };
    let both = ClientMessage::Hello { version: 1, ticket: Some(good.clone()), resume: Some("x".into()) };
    let neither = ClientMessage::Hello { version: 1, ticket: None, resume: None };
    let table = [
        (hello("nonsense"), Code::Ticket),
        (hello(&format!("{good}x")), Code::Ticket),
        (resume("nonsense"), Code::Resume),
        (version(&good), Code::Version),
        (both, Code::Malformed),
        (neither, Code::Malformed),
        (ClientMessage::Ping, Code::HelloExpected),
        (ClientMessage::Join { room }, Code::HelloExpected),
    ];
    for (message, code) in table {
        let mut socket = house.socket().await;
        assert_eq!(error(&socket.ask(message.clone()).await), Some(code), "{message:?}");
        assert_eq!(socket.rest().await.1, Some(1008), "{message:?}");
    }
    // None of that has spent the ticket.
    house.socket().await.hello(&good).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_opens_its_own_room_only() {
    let house = house().await;
    let (mine, other) = (house.room(2).await.id, house.room(2).await.id);
    let mut socket = house.socket().await;
    socket.hello(&house.ticket(mine, "Ada", None).await).await;
    assert_eq!(error(&socket.ask(ClientMessage::Join { room: other }).await), Some(Code::Ticket));
    assert_eq!(error(&socket.ask(ClientMessage::Chat { text: "hi".into() }).await), Some(Code::NotJoined));
    assert!(matches!(socket.ask(ClientMessage::Join { room: mine }).await, ServerMessage::Roster { .. }));
    assert_eq!(error(&socket.ask(ClientMessage::Join { room: mine }).await), Some(Code::AlreadyJoined));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_says_nothing_is_closed_after_its_time() {
    let house = house_with(|config| config.rooms.hello_seconds = 1).await;
    let mut socket = house.socket().await;
    let started: Instant = clock::now();
    let (said, code) = socket.rest().await;
    let waited = clock::now() - started;
    assert!(said.iter().any(|message| error(message) == Some(Code::HelloExpected)), "{said:?}");
    assert_eq!(code, Some(1008));
    assert!(waited > Duration::from_millis(800) && waited < Duration::from_secs(3), "{waited:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_origins_get_no_socket() {
    let house = house_with(|config| config.server.public_origin = Some("https://call.example.org".into())).await;
    let host = house.address.to_string();
    let here = format!("http://{host}");
    let suffix = format!("http://{host}.evil.example");
    let table = [
        (None, true),
        (Some(here.as_str()), true),
        (Some("https://call.example.org"), true),
        (Some("null"), false),
        (Some("https://evil.example"), false),
        (Some("https://call.example.org.evil.example"), false),
        (Some("https://evilcall.example.org"), false),
        (Some("http://call.example.org"), false),
        (Some("http://127.0.0.1"), false),
        (Some(suffix.as_str()), false),
    ];
    for (origin, allowed) in table {
        match house.socket_from(origin).await {
            Ok(mut socket) => {
                assert!(allowed, "{origin:?}");
                socket.send("x").await;
                assert!(matches!(socket.next().await, Came::Said(_)));
            }
            Err(tungstenite::Error::Http(answer)) => {
                assert!(!allowed, "{origin:?}");
                assert_eq!(answer.status(), 403);
                let body = answer.body().as_deref().unwrap_or_default();
                assert!(String::from_utf8_lossy(body).contains(r#""code":"origin""#), "{origin:?}");
            }
            Err(other) => panic!("{origin:?}: {other}"),
        }
    }
}
