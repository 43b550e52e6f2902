//! People with accounts in a room: they are who they are, and end with their log-in.

use std::time::Duration;

use futures_util::future::join_all;
use moodcall::base::clock;
use moodcall::base::id::RoomId;
use moodcall::base::timestamp::Timestamp;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::{Participant, ServerMessage};
use moodcall::rooms::api::CreatedTicket;
use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite;

use crate::client::{House, Seat, Socket, closed, error, hello, house, house_with, resume};
use crate::person::Person;

/// A ticket of somebody who is logged in, or why there is none.
pub async fn ticket(house: &House, who: &Person, body: Value) -> Result<String, (u16, String)> {
    let answer = house.ask(Some(who), Method::POST, "/socket-tickets", Some(body)).await;
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.expect("a body");
    if status == 201 {
        return Ok(serde_json::from_value::<CreatedTicket>(body).expect("a ticket").ticket);
    }
    Err((status, body["code"].as_str().unwrap_or_default().to_owned()))
}

/// A socket that only hears of notifications.
pub async fn listen(house: &House, who: &Person) -> Socket {
    let mut socket = house.socket().await;
    let ticket = ticket(house, who, json!({})).await.expect("a ticket");
    assert_eq!(socket.ask(hello(&ticket)).await, ServerMessage::Listening { version: 1, user: who.id });
    socket
}

/// Somebody with an account, seated; and the roster that they got.
pub async fn sit(house: &House, who: &Person, room: RoomId) -> (Seat, Vec<Participant>) {
    let ticket = ticket(house, who, json!({ "room": room, "name": "Somebody Else" })).await.expect("a ticket");
    let mut socket = house.socket().await;
    let (id, resume) = socket.hello(&ticket).await;
    match socket.ask(ClientMessage::Join { room }).await {
        ServerMessage::Roster { participants, .. } => (Seat { id, resume, socket }, participants),
        other => panic!("no roster but {other:?}"),
    }
}

/// Ends somebody's log-in, as every way of logging out does.
async fn log_out(house: &House, who: &Person) {
    let app = &house.running.app;
    sqlx::query("UPDATE sessions SET revoked_at = $2 WHERE id = $1")
        .bind(who.session)
        .bind(Timestamp::now())
        .execute(app.state.store.write())
        .await
        .expect("a row");
    app.users.live.forget(who.session).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_room_sees_whose_account_it_is_and_who_is_a_guest() {
    let house = house().await;
    let ada = house.person("ada").await;
    let room = house.room(8).await.id;
    let mut guest = house.join(room, "ada", None).await;
    let (_seat, roster) = sit(&house, &ada, room).await;
    assert_eq!((roster[0].name.as_str(), roster[0].guest, &roster[0].user), ("ada", true, &None), "a guest is marked");
    let user = roster[1].user.as_ref().expect("an account");
    assert_eq!((roster[1].name.as_str(), roster[1].guest, user.id), ("ada", false, ada.id), "not what the body said");
    let joined = guest.socket.until(|message| match message {
        ServerMessage::Joined { participant } => Some(participant.clone()),
        _ => None,
    });
    assert_eq!(joined.await, roster[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_of_a_person_opens_one_socket_however_many_try_at_once() {
    let house = house_with(|config| config.rooms.per_user_sockets = 50).await;
    let ada = house.person("ada").await;
    let room = house.room(2).await.id;
    for body in [json!({ "room": room }), json!({})] {
        let ticket = ticket(&house, &ada, body.clone()).await.expect("a ticket");
        let tries = join_all((0..50).map(async |_| {
            let mut socket = house.socket().await;
            let won = !matches!(socket.ask(hello(&ticket)).await, ServerMessage::Error { code: Code::Ticket, .. });
            (won, socket)
        }))
        .await;
        assert_eq!(tries.iter().filter(|(won, _)| *won).count(), 1, "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_origins_get_no_socket_with_a_persons_ticket() {
    let house = house_with(|config| config.server.public_origin = Some("https://call.example.org".into())).await;
    let ada = house.person("ada").await;
    let here = format!("http://{}", house.address);
    let suffix = format!("http://{}.evil.example", house.address);
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
        let ticket = ticket(&house, &ada, json!({})).await.expect("a ticket");
        match house.socket_from(origin).await {
            Ok(mut socket) => {
                assert!(allowed, "{origin:?}");
                assert!(matches!(socket.ask(hello(&ticket)).await, ServerMessage::Listening { .. }), "{origin:?}");
            }
            Err(tungstenite::Error::Http(answer)) => assert!(!allowed && answer.status() == 403, "{origin:?}"),
            Err(other) => panic!("{origin:?}: {other}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_is_no_ticket_and_a_ticket_is_no_access_token() {
    let house = house().await;
    let mut ada = house.person("ada").await;
    let ticket = ticket(&house, &ada, json!({})).await.expect("a ticket");
    let mut socket = house.socket().await;
    assert_eq!(error(&socket.ask(hello(&ada.token)).await), Some(Code::Ticket));
    let mut socket = house.socket().await;
    assert_eq!(error(&socket.ask(resume(&ada.token)).await), Some(Code::Resume));
    ada.token = ticket;
    assert_eq!(house.ask(Some(&ada), Method::GET, "/notifications", None).await.status(), 401);
    let wrong = self::ticket(&house, &ada, json!({})).await.expect_err("a wrong token is not taken for a guest's");
    assert_eq!(wrong, (401, "login-needed".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_without_a_room_may_only_ping() {
    let house = house().await;
    let ada = house.person("ada").await;
    let room = house.room(2).await.id;
    let mut socket = listen(&house, &ada).await;
    assert_eq!(socket.ask(ClientMessage::Ping).await, ServerMessage::Pong);
    assert_eq!(error(&socket.ask(ClientMessage::Join { room }).await), Some(Code::NotJoined));
    assert_eq!(error(&socket.ask(ClientMessage::Chat { text: "hi".into() }).await), Some(Code::NotJoined));
    let answer = house.post("/api/v1/socket-tickets", json!({ "name": "Guest" })).await;
    assert_eq!(answer.status(), 401, "a guest has nothing to hear of");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_log_in_ends_its_sockets_within_a_second_and_its_seat() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let room = house.room(8).await.id;
    let (mut other, _) = sit(&house, &bob, room).await;
    let (mut seat, _) = sit(&house, &ada, room).await;
    let mut listening = listen(&house, &ada).await;
    let unused = ticket(&house, &ada, json!({ "room": room })).await.expect("a ticket");
    let started = clock::now();
    log_out(&house, &ada).await;
    for socket in [&mut seat.socket, &mut listening] {
        let (said, code) = socket.rest().await;
        assert_eq!(said.iter().find_map(closed), Some((Code::SessionOver, false)));
        assert_eq!(code, Some(1008));
    }
    assert!(clock::now() - started < Duration::from_secs(1), "{:?}", clock::now() - started);
    let left =
        |message: &ServerMessage| matches!(message, ServerMessage::Left { participant, .. } if *participant == seat.id);
    other.socket.until(|message| left(message).then_some(())).await;
    let mut late = house.socket().await;
    assert_eq!(error(&late.ask(hello(&unused)).await), Some(Code::SessionOver), "a ticket of before is worth nothing");
    let mut back = house.socket().await;
    assert_eq!(error(&back.ask(resume(&seat.resume)).await), Some(Code::Resume));
    assert_eq!(other.socket.ask(ClientMessage::Ping).await, ServerMessage::Pong, "nobody else's");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_whose_log_in_ended_meanwhile_is_not_taken_back() {
    let house = house().await;
    let ada = house.person("ada").await;
    let room = house.room(2).await.id;
    let (Seat { resume: token, socket, .. }, _) = sit(&house, &ada, room).await;
    drop(socket);
    log_out(&house, &ada).await;
    let mut back = house.socket().await;
    let answer = back.ask(resume(&token)).await;
    assert!(matches!(error(&answer), Some(Code::SessionOver | Code::Resume)), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_are_counted_by_person() {
    let house = house_with(|config| config.rooms.per_user_sockets = 2).await;
    let ada = house.person("ada").await;
    let room = house.room(8).await.id;
    let _one = listen(&house, &ada).await;
    let _two = sit(&house, &ada, room).await;
    let mut third = house.socket().await;
    let ticket = ticket(&house, &ada, json!({})).await.expect("a ticket");
    assert_eq!(error(&third.ask(hello(&ticket)).await), Some(Code::TooMany));
    house.join(room, "a guest", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_guests_may_not_people_may() {
    let house = house_with(|config| config.rooms.guests = false).await;
    let ada = house.person("ada").await;
    assert_eq!(house.post("/api/v1/rooms", json!({})).await.status(), 403);
    let made = house.ask(Some(&ada), Method::POST, "/rooms", Some(json!({}))).await;
    assert_eq!(made.status(), 201);
    let room: moodcall::rooms::api::CreatedRoom = made.json().await.expect("a room");
    assert_eq!(house.post("/api/v1/socket-tickets", json!({ "room": room.id, "name": "x" })).await.status(), 403);
    sit(&house, &ada, room.id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_keeps_two_out_of_one_room_at_the_ticket_and_at_the_join() {
    let house = house().await;
    let (ada, eve) = (house.person("ada").await, house.person("eve").await);
    let (here, there) = (house.room(8).await.id, house.room(8).await.id);
    // Tickets of before the block, and of an empty room.
    let early = ticket(&house, &eve, json!({ "room": here })).await.expect("a ticket");
    let _seated = sit(&house, &ada, here).await;
    let _alone = sit(&house, &eve, there).await;
    let blocker = ticket(&house, &ada, json!({ "room": there })).await.expect("a ticket");
    assert_eq!(house.ask(Some(&ada), Method::PUT, "/me/blocks/eve", None).await.status(), 204);

    let unknown = ticket(&house, &eve, json!({ "room": RoomId::new() })).await.expect_err("no room");
    assert_eq!(unknown, (404, "room-gone".into()));
    assert_eq!(ticket(&house, &eve, json!({ "room": here })).await.expect_err("blocked"), unknown);
    let forbidden = ticket(&house, &ada, json!({ "room": there })).await.expect_err("a blocker");
    assert_eq!(forbidden, (403, "forbidden".into()));
    for (ticket, room, code) in [(early, here, Code::RoomGone), (blocker, there, Code::Forbidden)] {
        let mut socket = house.socket().await;
        socket.hello(&ticket).await;
        assert_eq!(error(&socket.ask(ClientMessage::Join { room }).await), Some(code));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_divided_by_a_block_who_join_at_once_one_gets_in() {
    let house = house().await;
    let (ada, eve) = (house.person("ada").await, house.person("eve").await);
    house.ask(Some(&ada), Method::PUT, "/me/blocks/eve", None).await;
    for round in 0..10 {
        let room = house.room(8).await.id;
        let mut sockets = Vec::new();
        for who in [&ada, &eve] {
            let ticket = ticket(&house, who, json!({ "room": room })).await.expect("a ticket of an empty room");
            let mut socket = house.socket().await;
            socket.hello(&ticket).await;
            sockets.push(socket);
        }
        let answers = join_all(sockets.iter_mut().map(|socket| socket.ask(ClientMessage::Join { room }))).await;
        let inside = answers.iter().filter(|answer| matches!(answer, ServerMessage::Roster { .. })).count();
        assert_eq!(inside, 1, "round {round}: {answers:?}");
    }
}
