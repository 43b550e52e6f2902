//! A suspension ends calls: seats, what rings, and whatever is asked by a seat that is there for a moment more.

use moodcall::base::id::{RoomId, TrackId};
use moodcall::base::timestamp::Timestamp;
use moodcall::protocol::call::CallStatus;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::{LeaveReason, ServerMessage};
use moodcall::protocol::{Effects, Kind, Source};
use reqwest::Method;
use serde_json::{Value, json};

use crate::chat_history::say;
use crate::client::{House, closed, error, house, resume};
use crate::members::{listen, sit, ticket};
use crate::moderation::act;
use crate::person::Person;
use crate::profile::FRIENDSHIP;
use crate::ringing::{rings, stands};

async fn suspend(house: &House, mod_: &Person, whom: &Person) {
    let body = json!({ "action": "suspend", "days": 7, "note": "spam" });
    assert_eq!(act(house, mod_, &whom.handle, body).await.0, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_suspended_loses_every_seat_at_once_and_gets_none_by_an_older_ticket() {
    let house = house().await;
    let [ada, eve, mod_] = [house.person("ada").await, house.person("eve").await, house.staff("watch").await];
    let (room, own) = (house.room_of(&ada, "open").await, house.room_of(&eve, "open").await);
    let (mut host, _) = sit(&house, &ada, room).await;
    let (one, _) = sit(&house, &eve, room).await;
    let (two, _) = sit(&house, &eve, own).await;
    let mut guest = house.join(own, "Guest", None).await;
    let early = ticket(&house, &eve, json!({ "room": room })).await.expect("a ticket");
    let mut page = listen(&house, &eve).await;
    suspend(&house, &mod_, &eve).await;
    let left = |id| {
        move |message: &ServerMessage| match message {
            ServerMessage::Left { participant, reason: LeaveReason::Left } if *participant == id => Some(()),
            _ => None,
        }
    };
    host.socket.until(left(one.id)).await;
    guest.socket.until(left(two.id)).await;
    assert_eq!(guest.socket.ask(ClientMessage::Ping).await, ServerMessage::Pong, "her room goes on without her");
    for mut seat in [one, two] {
        let (said, code) = seat.socket.rest().await;
        assert_eq!((said.last().and_then(closed), code), (Some((Code::Suspended, false)), Some(4004)));
        let mut again = house.socket().await;
        assert_eq!(error(&again.ask(resume(&seat.resume)).await), Some(Code::Resume));
    }
    let mut late = house.socket().await;
    late.hello(&early).await;
    assert_eq!(error(&late.ask(ClientMessage::Join { room }).await), Some(Code::Suspended));
    assert_eq!(ticket(&house, &eve, json!({ "room": room })).await, Err((403, "suspended".into())));
    assert_eq!(page.ask(ClientMessage::Ping).await, ServerMessage::Pong, "she looks, and hears of what she is told");
    assert_eq!(act(&house, &mod_, "eve", json!({ "action": "unsuspend" })).await.0, 201);
    sit(&house, &eve, room).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_rings_stops_when_they_are_suspended() {
    let house = house().await;
    let [ada, eve, mod_] = [house.person("ada").await, house.person("eve").await, house.staff("watch").await];
    house.edge(FRIENDSHIP, ada.id.min(eve.id), ada.id.max(eve.id)).await;
    let (mut hers, mut _caller) = (listen(&house, &ada).await, listen(&house, &eve).await);
    let call = house.ring(&eve, &ada).await;
    assert_eq!(rings(&mut hers).await.0, call.id);
    suspend(&house, &mod_, &eve).await;
    stands(&mut hers, call.id, CallStatus::Canceled).await;
}

/// Suspended in the database only: as it is in the moment before the seat ends.
async fn quietly(house: &House, who: &Person) {
    sqlx::query("UPDATE users SET suspended_until = $2 WHERE id = $1")
        .bind(who.id)
        .bind(Timestamp::from_millis(i64::MAX))
        .execute(house.running.app.state.store.write())
        .await
        .expect("a suspension");
    house.running.app.users.live.forget_all(who.id).await.expect("forgotten");
}

async fn by_seat(house: &House, seat: &str, method: Method, path: &str, body: Value) -> (u16, Value) {
    let request = reqwest::Client::new().request(method, house.url(&format!("/api/v1{path}"))).bearer_auth(seat);
    let answer = request.json(&body).send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_is_no_way_around_a_suspension() {
    let house = house().await;
    let (ada, eve) = (house.person("ada").await, house.person("eve").await);
    let room: RoomId = house.room_of(&ada, "open").await;
    let (mut seat, _) = sit(&house, &eve, room).await;
    let (_, line) = say(&mut seat, "before").await;
    quietly(&house, &eve).await;
    let some = TrackId::new();
    for message in [
        ClientMessage::Chat { text: "after".into() },
        ClientMessage::Reaction { emoji: "👏".into() },
        ClientMessage::Publish { mid: "0".into(), kind: Kind::Audio, source: Source::Microphone, muted: false },
        ClientMessage::Mute { track: some, muted: false },
        ClientMessage::Effects { effects: Effects::Blur, consent: false },
        ClientMessage::Mood { share: true },
        ClientMessage::Still { names: false, time: false },
    ] {
        assert_eq!(error(&seat.socket.ask(message.clone()).await), Some(Code::Suspended), "{message:?}");
    }
    for (method, path, body) in [
        (Method::POST, format!("/rooms/{room}/stills"), json!({})),
        (Method::PATCH, format!("/messages/{line}"), json!({ "text": "after" })),
    ] {
        for token in [&seat.resume, &eve.token] {
            let (status, problem) = by_seat(&house, token, method.clone(), &path, body.clone()).await;
            assert_eq!((status, &problem["code"]), (403, &json!("suspended")), "{path}");
        }
    }
    let (status, _) = by_seat(&house, &seat.resume, Method::DELETE, &format!("/messages/{line}"), json!(null)).await;
    assert_eq!(status, 204, "taking back is always allowed");
    assert_eq!(error(&seat.socket.ask(ClientMessage::Mute { track: some, muted: true }).await), Some(Code::Track));
    assert!(matches!(seat.socket.ask(ClientMessage::Leave).await, ServerMessage::Left { .. }));
}
