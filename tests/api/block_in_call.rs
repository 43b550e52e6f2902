//! A block between people who are in one call: one of them goes, at once.

use moodcall::base::id::RoomId;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::{LeaveReason, ServerMessage};
use reqwest::Method;
use serde_json::json;

use crate::client::{House, Seat, closed, error, eventually, house};
use crate::members::{sit, ticket};
use crate::person::Person;

async fn block(house: &House, who: &Person, whom: &Person) {
    let path = format!("/me/blocks/{}", whom.handle);
    assert_eq!(house.ask(Some(who), Method::PUT, &path, None).await.status(), 204);
}

/// The seat has ended as if the room were gone, and the other goes on.
async fn parted(house: &House, mut gone: Seat, stays: &mut Seat) {
    let (said, code) = gone.socket.rest().await;
    assert_eq!((said.last().and_then(closed), code), (Some((Code::RoomGone, false)), Some(4004)));
    let left = stays.socket.until(|message| match message {
        ServerMessage::Left { participant, reason } if *participant == gone.id => Some(*reason),
        _ => None,
    });
    assert_eq!(left.await, LeaveReason::Left, "nobody is told of a block");
    assert_eq!(stays.socket.ask(ClientMessage::Ping).await, ServerMessage::Pong);
    let state = house.running.app.state.clone();
    eventually("the media ends", || state.tasks.len() < 100).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_room_of_a_third_the_blocked_one_goes() {
    let house = house().await;
    let [ada, eve, host] = [house.person("ada").await, house.person("eve").await, house.person("host").await];
    let room = house.hosted(&host, json!({ "capacity": 8 })).await;
    let (mut one, _) = sit(&house, &ada, room).await;
    let (two, _) = sit(&house, &eve, room).await;
    block(&house, &ada, &eve).await;
    parted(&house, two, &mut one).await;
    assert_eq!(ticket(&house, &eve, json!({ "room": room })).await.expect_err("blocked"), (404, "room-gone".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_room_of_the_blocked_one_the_blocker_goes() {
    let house = house().await;
    let [ada, eve] = [house.person("ada").await, house.person("eve").await];
    let room = house.hosted(&eve, json!({ "capacity": 8 })).await;
    let (one, _) = sit(&house, &ada, room).await;
    let (mut two, _) = sit(&house, &eve, room).await;
    block(&house, &ada, &eve).await;
    parted(&house, one, &mut two).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_who_is_elsewhere_parts_with_whoever_sits_in_their_room() {
    let house = house().await;
    let [ada, eve] = [house.person("ada").await, house.person("eve").await];
    let room = house.hosted(&ada, json!({ "capacity": 8, "visibility": "open" })).await;
    let mut guest = house.join(room, "Guest", None).await;
    let (seat, _) = sit(&house, &eve, room).await;
    block(&house, &ada, &eve).await;
    parted(&house, seat, &mut guest).await;
    assert_eq!(house.look(Some(&eve), room).await.expect_err("blocked"), (404, "room-gone".into()));
    assert_eq!(house.look(Some(&ada), room).await.expect("a room").participants, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_let_the_blocked_one_in_does_not_come_back_with_the_end_of_the_block() {
    let house = house().await;
    let [ada, eve] = [house.person("ada").await, house.person("eve").await];
    let room = house.hosted(&ada, json!({ "capacity": 8, "visibility": "invite" })).await;
    let invite = house.invite(&ada, room, json!({})).await;
    ticket(&house, &eve, json!({ "room": room, "invite": invite.token })).await.expect("a ticket");
    ticket(&house, &eve, json!({ "room": room })).await.expect("admitted for good");
    block(&house, &ada, &eve).await;
    house.ask(Some(&ada), Method::DELETE, "/me/blocks/eve", None).await;
    let told = ticket(&house, &eve, json!({ "room": room })).await.expect_err("no longer admitted");
    assert_eq!(told, (403, "invite-needed".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_join_that_races_a_block_never_leaves_the_two_together() {
    let house = house().await;
    let [ada, eve, host] = [house.person("ada").await, house.person("eve").await, house.person("host").await];
    for round in 0..10 {
        let room: RoomId = house.hosted(&host, json!({ "capacity": 8 })).await;
        let (_one, _) = sit(&house, &ada, room).await;
        let early = ticket(&house, &eve, json!({ "room": room })).await.expect("a ticket");
        let mut socket = house.socket().await;
        socket.hello(&early).await;
        let (_, joined) = tokio::join!(block(&house, &ada, &eve), socket.ask(ClientMessage::Join { room }));
        if error(&joined).is_none() {
            let (said, _) = socket.rest().await;
            assert_eq!(said.last().and_then(closed), Some((Code::RoomGone, false)), "round {round}");
        }
        let live = house.running.app.rooms.clone();
        assert!(live.live().seats_of(room, eve.id).is_empty(), "round {round}: {joined:?}");
        house.ask(Some(&ada), Method::DELETE, "/me/blocks/eve", None).await;
        house.ask(Some(&host), Method::DELETE, &format!("/rooms/{room}"), None).await;
    }
}
