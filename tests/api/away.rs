//! A lost socket: away at once, the seat kept for its time, then free.

use std::time::Duration;

use moodcall::base::clock;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::{LeaveReason, ServerMessage};

use crate::client::{error, house, house_with, resume};

#[tokio::test(flavor = "multi_thread")]
async fn somebody_whose_socket_is_lost_is_away_within_three_seconds_and_keeps_the_seat() {
    let house = house().await;
    let room = house.room(2).await.id;
    let mut ada = house.join(room, "Ada", None).await;
    let grace = house.join(room, "Grace", None).await;
    let lost = clock::now();
    // The process is killed: the system closes the connection, nobody says goodbye.
    drop(grace.socket);
    let away = ada.socket.until(|message| match message {
        ServerMessage::Presence { participant, away } => Some((*participant, *away)),
        _ => None,
    });
    assert_eq!(away.await, (grace.id, true));
    assert!(clock::now() - lost < Duration::from_secs(3));

    let mut third = house.socket().await;
    third.hello(&house.ticket(room, "Eve", None).await).await;
    assert_eq!(error(&third.ask(ClientMessage::Join { room }).await), Some(Code::RoomFull), "a kept seat is taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_stops_answering_is_away_within_three_seconds_and_back_when_they_answer() {
    let house = house().await;
    let room = house.room(2).await.id;
    let mut ada = house.join(room, "Ada", None).await;
    let mut grace = house.join(room, "Grace", None).await;
    // Grace's end reads nothing from here on, so no ping is answered: her network is gone without a word.
    let silent = clock::now();
    let presence = |message: &ServerMessage| match message {
        ServerMessage::Presence { participant, away } => Some((*participant, *away)),
        _ => None,
    };
    assert_eq!(ada.socket.until(presence).await, (grace.id, true));
    let waited = clock::now() - silent;
    assert!(waited < Duration::from_millis(4500), "{waited:?}");
    assert_eq!(grace.socket.ask(ClientMessage::Ping).await, ServerMessage::Pong);
    // Reading has answered the pings too.
    assert_eq!(ada.socket.until(presence).await, (grace.id, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_that_nobody_comes_back_to_is_free_after_its_time() {
    let house = house_with(|config| config.rooms.seat_seconds = 1).await;
    let room = house.room(2).await.id;
    let mut ada = house.join(room, "Ada", None).await;
    let grace = house.join(room, "Grace", None).await;
    drop(grace.socket);
    let left = ada.socket.until(|message| match message {
        ServerMessage::Left { participant, reason } => Some((*participant, *reason)),
        _ => None,
    });
    assert_eq!(left.await, (grace.id, LeaveReason::Expired));
    let mut late = house.socket().await;
    assert_eq!(error(&late.ask(resume(&grace.resume)).await), Some(Code::Resume));
    house.join(room, "Eve", None).await;
}
