//! Somebody who is in a call, or whom somebody rings, is busy; and is not any more once they have hung up.

use futures_util::future::join_all;
use moodcall::base::id::CallId;
use moodcall::protocol::call::CallStatus;
use moodcall::protocol::client::ClientMessage;
use moodcall::rooms::calls::call::Call;
use serde_json::json;

use crate::client::{Came, house};
use crate::members::{listen, sit};
use crate::ringing::{missed, rings, stands};

#[tokio::test(flavor = "multi_thread")]
async fn who_sits_in_a_call_is_busy_and_learns_of_it_as_a_missed_call() {
    let house = house().await;
    let (ada, bob) = house.friends("ada", "bob").await;
    let room = house.room(2).await.id;
    let (mut seat, _) = sit(&house, &bob, room).await;
    let call = house.ring(&ada, &bob).await;
    assert_eq!((call.status, call.room), (CallStatus::Busy, None));
    assert!(call.ended_at.is_some());
    missed(&mut seat.socket, call.id).await;
    assert_eq!(house.call(&bob, call.id).await.status, CallStatus::Missed);
    seat.socket.send(r#"{"type":"ping"}"#).await;
    assert!(matches!(seat.socket.next().await, Came::Said(_)), "and nothing rings");

    seat.socket.ask(ClientMessage::Leave).await;
    assert_eq!(house.ring(&ada, &bob).await.status, CallStatus::Ringing);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_ring_somebody_at_once_one_rings() {
    let house = house().await;
    let bob = house.person("bob").await;
    let mut page = listen(&house, &bob).await;
    let mut callers = Vec::new();
    for n in 0..8 {
        let caller = house.person(&format!("caller{n}")).await;
        house.befriend(&caller, &bob).await;
        callers.push(caller);
    }
    let calls = join_all(callers.iter().map(|caller| house.ring(caller, &bob))).await;
    let ringing: Vec<&Call> = calls.iter().filter(|call| call.status == CallStatus::Ringing).collect();
    assert_eq!(ringing.len(), 1, "{calls:?}");
    assert_eq!(calls.iter().filter(|call| call.status == CallStatus::Busy).count(), 7);
    assert_eq!(rings(&mut page).await.0, ringing[0].id);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_rings_somebody_else_is_busy_until_that_is_over() {
    let house = house().await;
    let (ada, bob) = house.friends("ada", "bob").await;
    let zed = house.person("zed").await;
    house.befriend(&ada, &zed).await;
    let mut page = listen(&house, &ada).await;
    let call = house.ring(&ada, &bob).await;
    assert_eq!(house.ring(&zed, &ada).await.status, CallStatus::Busy);
    assert_eq!(house.answer_call(&ada, call.id, "ended").await.1["status"], "canceled");
    stands(&mut page, call.id, CallStatus::Canceled).await;
    assert_eq!(house.ring(&zed, &ada).await.status, CallStatus::Ringing);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hangs_up_can_be_rung_at_once() {
    let house = house().await;
    let (ada, bob) = house.friends("ada", "bob").await;
    let mut before: Option<CallId> = None;
    for _ in 0..3 {
        let call = house.ring(&ada, &bob).await;
        assert_eq!(call.status, CallStatus::Ringing);
        assert_ne!(Some(call.id), before.replace(call.id));
        house.answer_call(&bob, call.id, "accepted").await;
        let room = call.room.expect("a room");
        let (mut one, _) = sit(&house, &ada, room).await;
        let (mut other, _) = sit(&house, &bob, room).await;
        one.socket.ask(ClientMessage::Leave).await;
        other.socket.ask(ClientMessage::Leave).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_of_ones_own_takes_a_friend_in_while_there_is_a_seat() {
    let house = house().await;
    let (ada, bob) = house.friends("ada", "bob").await;
    let first = house.ring(&ada, &bob).await;
    let room = first.room.expect("a room");
    house.answer_call(&bob, first.id, "accepted").await;
    let (_one, _) = sit(&house, &ada, room).await;
    let (mut other, _) = sit(&house, &bob, room).await;
    let zed = house.person("zed").await;
    house.befriend(&ada, &zed).await;
    let into = json!({ "user": "bob", "room": room });
    assert_eq!(house.try_ring(&ada, into).await.1["code"], "already", "they are there");
    let into = json!({ "user": "zed", "room": room });
    assert_eq!(house.try_ring(&ada, into.clone()).await.1["code"], "room-full");
    other.socket.ask(ClientMessage::Leave).await;
    let (status, call) = house.try_ring(&ada, into).await;
    assert_eq!((status, &call["status"], &call["room"]), (201, &json!("ringing"), &json!(room)));
    assert_eq!(house.try_ring(&bob, json!({ "user": "ada", "room": room })).await.1["code"], "room-gone", "not theirs");
}
