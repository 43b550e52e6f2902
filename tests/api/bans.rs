//! Removed by the host, for now or for good: by the API as on the socket, at once, and with tickets of before.

use moodcall::base::clock;
use moodcall::base::id::RoomId;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::{LeaveReason, ServerMessage};
use moodcall::rooms::members::ban::Banned;
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::json;

use crate::client::{House, error, house, resume};
use crate::members::{sit, ticket};
use crate::person::Person;

async fn join_with(house: &House, ticket: &str, room: RoomId) -> ServerMessage {
    let mut socket = house.socket().await;
    socket.hello(ticket).await;
    socket.ask(ClientMessage::Join { room }).await
}

async fn banned(house: &House, host: &Person, room: RoomId) -> Vec<String> {
    let answer = house.ask(Some(host), Method::GET, &format!("/rooms/{room}/bans"), None).await;
    answer.json::<Page<Banned>>().await.expect("a page").items.into_iter().map(|row| row.user.handle).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_by_the_api_ends_as_one_on_the_socket() {
    let house = house().await;
    let (ada, eve) = (house.person("ada").await, house.person("eve").await);
    let room = house.hosted(&ada, json!({ "capacity": 8 })).await;
    for (host_inside, by_name) in [(false, true), (true, false)] {
        let host = if host_inside { Some(sit(&house, &ada, room).await.0) } else { None };
        let mut watcher = house.join(room, "Watcher", None).await;
        let (one, _) = sit(&house, &eve, room).await;
        let (two, _) = sit(&house, &eve, room).await;
        let who = if by_name { "eve".to_owned() } else { eve.id.to_string() };
        let asked = clock::now();
        let path = format!("/rooms/{room}/members/{who}");
        assert_eq!(house.ask(Some(&ada), Method::DELETE, &path, None).await.status(), 204);
        for mut seat in [one, two] {
            let left = watcher.socket.until(|message| match message {
                ServerMessage::Left { participant, reason } => Some((*participant, *reason)),
                _ => None,
            });
            assert_eq!(left.await, (seat.id, LeaveReason::Kicked));
            let (said, code) = seat.socket.rest().await;
            let by = host.as_ref().map(|host| host.id);
            assert_eq!((said.last(), code), (Some(&ServerMessage::Kicked { by }), Some(4003)));
            let mut again = house.socket().await;
            assert_eq!(error(&again.ask(resume(&seat.resume)).await), Some(Code::Resume));
        }
        assert!(clock::now() - asked < std::time::Duration::from_secs(1), "{:?}", clock::now() - asked);
        watcher.socket.ask(ClientMessage::Leave).await;
    }
    // A guest is named by their seat.
    let mut guest = house.join(room, "Guest", None).await;
    let path = format!("/rooms/{room}/members/{}", guest.id);
    assert_eq!(house.ask(Some(&ada), Method::DELETE, &path, None).await.status(), 204);
    assert_eq!(guest.socket.rest().await.1, Some(4003));
    assert_eq!(house.told(Some(&ada), Method::DELETE, &path, None).await, (404, "not-found".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_host_removes_and_not_themselves() {
    let house = house().await;
    let (ada, bob, eve) = (house.person("ada").await, house.person("bob").await, house.person("eve").await);
    let room = house.hosted(&ada, json!({ "capacity": 8 })).await;
    let (mut seat, _) = sit(&house, &eve, room).await;
    let path = |who: &str| format!("/rooms/{room}/members/{who}?ban=true");
    assert_eq!(house.told(Some(&bob), Method::DELETE, &path("eve"), None).await, (403, "forbidden".into()));
    assert_eq!(house.told(Some(&eve), Method::DELETE, &path("ada"), None).await, (403, "forbidden".into()));
    assert_eq!(house.told(None, Method::DELETE, &path("eve"), None).await, (401, "login-needed".into()));
    assert_eq!(house.told(Some(&ada), Method::DELETE, &path("ada"), None).await, (409, "oneself".into()));
    assert_eq!(house.told(Some(&ada), Method::DELETE, &path("nobody"), None).await, (404, "not-found".into()));
    assert_eq!(seat.socket.ask(ClientMessage::Ping).await, ServerMessage::Pong);
    assert!(banned(&house, &ada, room).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_banned_gets_no_ticket_and_joins_with_none_of_before_until_it_is_taken_back() {
    let house = house().await;
    let (ada, eve) = (house.person("ada").await, house.person("eve").await);
    let room = house.hosted(&ada, json!({ "capacity": 8, "visibility": "open" })).await;
    let early = ticket(&house, &eve, json!({ "room": room })).await.expect("a ticket");
    let greeted = ticket(&house, &eve, json!({ "room": room })).await.expect("a ticket");
    let mut at_the_door = house.socket().await;
    at_the_door.hello(&greeted).await;
    let (mut seat, _) = sit(&house, &eve, room).await;
    let path = format!("/rooms/{room}/members/eve?ban=true");
    for _ in 0..2 {
        assert_eq!(house.ask(Some(&ada), Method::DELETE, &path, None).await.status(), 204);
    }
    assert_eq!(seat.socket.rest().await.1, Some(4003));
    assert_eq!(ticket(&house, &eve, json!({ "room": room })).await.expect_err("banned"), (403, "forbidden".into()));
    assert_eq!(error(&join_with(&house, &early, room).await), Some(Code::Forbidden));
    assert_eq!(error(&at_the_door.ask(ClientMessage::Join { room }).await), Some(Code::Forbidden));
    let members = format!("/rooms/{room}/members/me");
    assert_eq!(house.told(Some(&eve), Method::PUT, &members, Some(json!({}))).await, (403, "forbidden".into()));
    let invite = house.invite(&ada, room, json!({})).await;
    let body = json!({ "room": room, "invite": invite.token });
    assert_eq!(
        ticket(&house, &eve, body).await.expect_err("banned"),
        (403, "forbidden".into()),
        "an invitation or not"
    );
    assert_eq!(house.look(Some(&eve), room).await.expect("a room").needs, Some(Code::Forbidden));
    assert_eq!(banned(&house, &ada, room).await, ["eve"]);
    let back = format!("/rooms/{room}/bans/eve");
    for _ in 0..2 {
        assert_eq!(house.ask(Some(&ada), Method::DELETE, &back, None).await.status(), 204);
    }
    assert!(banned(&house, &ada, room).await.is_empty());
    assert!(matches!(at_the_door.ask(ClientMessage::Join { room }).await, ServerMessage::Roster { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_join_that_races_a_ban_never_leaves_a_seat() {
    let house = house().await;
    let (ada, eve) = (house.person("ada").await, house.person("eve").await);
    for round in 0..20 {
        let room = house.hosted(&ada, json!({ "capacity": 8 })).await;
        let early = ticket(&house, &eve, json!({ "room": room })).await.expect("a ticket");
        let mut socket = house.socket().await;
        socket.hello(&early).await;
        let path = format!("/rooms/{room}/members/eve?ban=true");
        let (banned, joined) =
            tokio::join!(house.ask(Some(&ada), Method::DELETE, &path, None), socket.ask(ClientMessage::Join { room }));
        assert_eq!(banned.status(), 204);
        let inside = house.running.app.rooms.live().seats_of(room, eve.id);
        assert!(inside.is_empty(), "round {round}: {joined:?}");
        house.ask(Some(&ada), Method::DELETE, &format!("/rooms/{room}"), None).await;
    }
}
