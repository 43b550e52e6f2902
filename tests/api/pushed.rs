//! Notifications reach every open socket of a person at once, in a call too, and nobody else's.

use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::notification::{NoticeKind, Notification};
use moodcall::protocol::server::ServerMessage;
use reqwest::Method;

use crate::client::{Came, Socket, eventually, house};
use crate::friendship::{answer, ask};
use crate::members::{listen, sit};

async fn told(socket: &mut Socket) -> (Notification, i64) {
    let pick = |message: &ServerMessage| match message {
        ServerMessage::Notification { notification, unread } => Some((notification.clone(), *unread)),
        _ => None,
    };
    socket.until(pick).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_socket_of_a_person_is_told_once_of_each_thing() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let room = house.room(2).await.id;
    let mut page = listen(&house, &ada).await;
    let (mut call, _) = sit(&house, &ada, room).await;
    let mut other = listen(&house, &bob).await;
    for _ in 0..2 {
        house.ask(Some(&bob), Method::PUT, "/me/following/ada", None).await;
        house.ask(Some(&bob), Method::DELETE, "/me/following/ada", None).await;
    }
    let (_, request) = ask(&house, &bob, "ada").await;
    for socket in [&mut page, &mut call.socket] {
        let (first, unread) = told(socket).await;
        assert_eq!((first.kind, unread), (NoticeKind::Followed, 1));
        assert_eq!(first.actor.expect("somebody").handle, "bob");
        let (second, unread) = told(socket).await;
        assert_eq!(
            (second.kind, second.subject.as_deref(), unread),
            (NoticeKind::FriendRequested, request["id"].as_str(), 2)
        );
    }
    answer(&house, &ada, &request["id"], "accepted").await;
    assert_eq!(told(&mut other).await.0.kind, NoticeKind::FriendAccepted);
    page.ask(ClientMessage::Ping).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_is_not_told_and_ends_what_would_be() {
    let house = house().await;
    let (ada, eve) = (house.person("ada").await, house.person("eve").await);
    let (mut one, mut other) = (listen(&house, &ada).await, listen(&house, &eve).await);
    house.ask(Some(&ada), Method::PUT, "/me/blocks/eve", None).await;
    house.ask(Some(&eve), Method::PUT, "/me/following/ada", None).await;
    ask(&house, &eve, "ada").await;
    for socket in [&mut one, &mut other] {
        socket.send(r#"{"type":"ping"}"#).await;
        match socket.next().await {
            Came::Said(reply) => assert_eq!(reply.message, ServerMessage::Pong),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_sockets_that_are_gone() {
    let house = house().await;
    let ada = house.person("ada").await;
    let sockets = [listen(&house, &ada).await, listen(&house, &ada).await];
    assert_eq!(house.running.app.state.notices.counts(), (1, 1));
    drop(sockets);
    let notices = house.running.app.state.notices.clone();
    eventually("nobody listens", || notices.counts() == (0, 0)).await;
}
