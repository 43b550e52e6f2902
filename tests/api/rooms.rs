//! Rooms as resources: made, shown, changed, deleted, and gone when they should be.

use std::time::Duration;

use futures_util::future::join_all;
use moodcall::base::id::RoomId;
use moodcall::base::timestamp::Timestamp;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::ServerMessage;
use moodcall::rooms::api::{CreatedRoom, ShownRoom};
use moodcall::rooms::create::MOST;
use moodcall::rooms::row::Visibility;
use moodcall::rooms::sweep;
use moodcall::users::removal;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Came, House, closed, error, house, house_with};
use crate::members::{sit, ticket};
use crate::person::Person;

impl House {
    /// A room of somebody with an account.
    pub async fn hosted(&self, host: &Person, body: Value) -> RoomId {
        let answer = self.ask(Some(host), Method::POST, "/rooms", Some(body)).await;
        assert_eq!(answer.status(), 201);
        answer.json::<CreatedRoom>().await.expect("a room").id
    }

    /// The room as somebody, or a guest, sees it.
    pub async fn look(&self, who: Option<&Person>, room: RoomId) -> Result<ShownRoom, (u16, String)> {
        let answer = self.ask(who, Method::GET, &format!("/rooms/{room}"), None).await;
        if answer.status() == 200 {
            return Ok(answer.json().await.expect("a room"));
        }
        Err(refused(answer).await)
    }

    /// Status and code of an answer to a request about rooms.
    pub async fn told(&self, who: Option<&Person>, method: Method, path: &str, body: Option<Value>) -> (u16, String) {
        refused(self.ask(who, method, path, body).await).await
    }
}

async fn refused(answer: reqwest::Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap_or_default();
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn who_is_logged_in_makes_a_room_that_stays_and_needs_no_key() {
    let house = house().await;
    let ada = house.person("ada").await;
    let body = json!({ "title": " Tea \u{202e}at five ", "description": "one\ntwo", "visibility": "friends", "guests": false,
        "capacity": 5 });
    let made: Value = house.ask(Some(&ada), Method::POST, "/rooms", Some(body)).await.json().await.expect("a room");
    assert!(made.get("host_key").is_none() && made["expires_at"].is_null(), "{made}");
    let id: RoomId = made["id"].as_str().expect("an id").parse().expect("an id");
    let shown = house.look(Some(&ada), id).await.expect("a room");
    assert_eq!((shown.title.as_str(), shown.description.as_str()), ("Tea at five", "one\ntwo"));
    assert_eq!((shown.visibility, shown.guests, shown.capacity), (Visibility::Friends, false, 5));
    assert_eq!((shown.yours, shown.needs, shown.participants, shown.since), (true, None, 0, None));
    assert_eq!(shown.host.expect("a host").id, ada.id);
    let (_seat, roster) = sit(&house, &ada, id).await;
    assert!(roster[0].host, "by the account, without a key");
    let guest = house.look(None, id).await.expect("a room");
    assert_eq!((guest.yours, guest.needs, guest.participants), (false, Some(Code::LoginNeeded), 1));
    assert!(guest.people.is_empty(), "who is inside is for whoever may come in");
    let hers = house.look(Some(&ada), id).await.expect("a room");
    assert_eq!(hers.people[0].user.as_ref().expect("an account").id, ada.id);
    assert!(hers.since.is_some());
}

#[tokio::test]
async fn a_guest_makes_links_only_and_each_text_has_a_limit() {
    let house = house().await;
    let ada = house.person("ada").await;
    for visibility in ["open", "friends", "invite"] {
        let body = Some(json!({ "visibility": visibility }));
        let told = house.told(None, Method::POST, "/rooms", body).await;
        assert_eq!(told, (401, "login-needed".into()), "{visibility}");
    }
    let made = house.room(2).await;
    assert!(made.host_key.is_some() && made.expires_at.is_some() && made.visibility == Visibility::Link);
    let room = house.hosted(&ada, json!({})).await;
    let long = [
        ("/title", json!({ "title": "가".repeat(61) })),
        ("/description", json!({ "description": "x".repeat(501) })),
        ("/capacity", json!({ "capacity": 9 })),
        ("/capacity", json!({ "capacity": 0 })),
    ];
    for (pointer, body) in long {
        for (method, path) in [(Method::POST, "/rooms".to_owned()), (Method::PATCH, format!("/rooms/{room}"))] {
            let answer = house.ask(Some(&ada), method, &path, Some(body.clone())).await;
            assert_eq!(answer.status(), 422, "{path} {body}");
            let problem: Value = answer.json().await.expect("a problem");
            assert_eq!(problem["errors"][0]["pointer"], pointer);
        }
    }
}

#[tokio::test]
async fn a_change_changes_what_it_names_and_nothing_else() {
    let house = house().await;
    let ada = house.person("ada").await;
    let room = house.hosted(&ada, json!({ "title": "Tea", "description": "Mugs", "visibility": "open" })).await;
    let path = format!("/rooms/{room}");
    let changes = [
        json!({ "title": "" }),
        json!({ "description": "Cups" }),
        json!({ "visibility": "invite" }),
        json!({ "guests": false }),
        json!({ "capacity": 7 }),
        json!({}),
    ];
    let mut expected = serde_json::to_value(house.look(Some(&ada), room).await.expect("a room")).expect("JSON");
    for change in changes {
        let answer = house.ask(Some(&ada), Method::PATCH, &path, Some(change.clone())).await;
        assert_eq!(answer.status(), 200, "{change}");
        for (key, value) in change.as_object().expect("an object") {
            expected[key] = value.clone();
        }
        assert_eq!(answer.json::<Value>().await.expect("a room"), expected, "{change}");
        let shown = serde_json::to_value(house.look(Some(&ada), room).await.expect("a room")).expect("JSON");
        assert_eq!(shown, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_smaller_room_is_smaller_for_newcomers_and_nobody_is_sent_away() {
    let house = house().await;
    let (ada, bob, eve) = (house.person("ada").await, house.person("bob").await, house.person("eve").await);
    let room = house.hosted(&ada, json!({ "capacity": 3 })).await;
    let (mut one, _) = sit(&house, &ada, room).await;
    let (mut two, _) = sit(&house, &bob, room).await;
    let early = ticket(&house, &eve, json!({ "room": room })).await.expect("a ticket");
    let path = format!("/rooms/{room}");
    assert_eq!(house.told(Some(&ada), Method::PATCH, &path, Some(json!({ "capacity": 1 }))).await.0, 200);
    let mut socket = house.socket().await;
    socket.hello(&early).await;
    assert_eq!(error(&socket.ask(ClientMessage::Join { room }).await), Some(Code::RoomFull), "by the newest terms");
    let members = format!("{path}/members/me");
    assert_eq!(house.told(Some(&eve), Method::PUT, &members, Some(json!({}))).await, (409, "room-full".into()));
    for seat in [&mut one, &mut two] {
        assert_eq!(seat.socket.ask(ClientMessage::Ping).await, ServerMessage::Pong);
    }
    assert_eq!(house.told(Some(&ada), Method::PATCH, &path, Some(json!({ "capacity": 3 }))).await.0, 200);
    assert!(matches!(socket.ask(ClientMessage::Join { room }).await, ServerMessage::Roster { capacity: 3, .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_room_is_over_for_everybody_inside_and_for_tickets_of_before() {
    let house = house().await;
    let (ada, bob, eve) = (house.person("ada").await, house.person("bob").await, house.person("eve").await);
    let room = house.hosted(&ada, json!({ "capacity": 4 })).await;
    let (one, _) = sit(&house, &ada, room).await;
    let (two, _) = sit(&house, &bob, room).await;
    let guest = house.join(room, "Guest", None).await;
    let early = ticket(&house, &eve, json!({ "room": room })).await.expect("a ticket");
    let path = format!("/rooms/{room}");
    assert_eq!(house.told(Some(&bob), Method::DELETE, &path, None).await, (403, "forbidden".into()));
    assert_eq!(house.ask(Some(&ada), Method::DELETE, &path, None).await.status(), 204);
    for mut seat in [one, two, guest] {
        let (said, code) = seat.socket.rest().await;
        assert_eq!((said.last().and_then(closed), code), (Some((Code::RoomGone, false)), Some(4004)));
        let mut again = house.socket().await;
        assert_eq!(error(&again.ask(crate::client::resume(&seat.resume)).await), Some(Code::Resume));
    }
    let mut socket = house.socket().await;
    socket.hello(&early).await;
    assert_eq!(error(&socket.ask(ClientMessage::Join { room }).await), Some(Code::RoomGone));
    for who in [Some(&ada), None] {
        assert_eq!(house.look(who, room).await.expect_err("gone"), (404, "room-gone".into()));
    }
    assert_eq!(house.told(Some(&ada), Method::DELETE, &path, None).await, (404, "room-gone".into()));
    assert_eq!(house.running.app.rooms.live().counts(), (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_so_many_rooms_however_many_are_asked_for_at_once() {
    let house = house().await;
    let ada = house.person("ada").await;
    let all = join_all((0..MOST + 10).map(|_| house.told(Some(&ada), Method::POST, "/rooms", Some(json!({}))))).await;
    assert_eq!(all.iter().filter(|(status, _)| *status == 201).count() as i64, MOST);
    assert_eq!(all.iter().filter(|told| **told == (409, "too-many".into())).count(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guests_link_ends_unless_somebody_is_inside_and_the_server_has_only_so_many() {
    let house = house_with(|config| config.rooms.max_rooms = 2).await;
    let (empty, used) = (house.room(2).await, house.room(2).await);
    assert_eq!(house.told(None, Method::POST, "/rooms", Some(json!({}))).await.0, 429);
    let mut seat = house.join(used.id, "Ada", None).await;
    let state = &house.running.app.state;
    sqlx::query("UPDATE rooms SET expires_at = $1")
        .bind(Timestamp::now())
        .execute(state.store.write())
        .await
        .expect("an old link");
    assert_eq!(house.look(None, empty.id).await.expect_err("over"), (404, "room-gone".into()), "before it is swept");
    assert!(house.look(None, used.id).await.is_ok());
    let rooms = &house.running.app.rooms;
    assert_eq!(sweep::round(rooms, Timestamp::now().after(Duration::from_secs(1))).await.expect("a round"), 1);
    house.room(2).await;
    house.join(used.id, "Grace", None).await;
    seat.socket.ask(ClientMessage::Leave).await;
    // Grace's socket is closed, her seat is kept: the link still works.
    assert!(house.look(None, used.id).await.is_ok());
    let left = rooms.live().everybody();
    for participant in left {
        rooms.leave(participant, moodcall::protocol::server::LeaveReason::Left).await;
    }
    assert_eq!(house.look(None, used.id).await.expect_err("over").0, 404);
    assert_eq!(sweep::round(rooms, Timestamp::now().after(Duration::from_secs(1))).await.expect("a round"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_hosts_account_ends_their_rooms_while_people_are_inside() {
    for at_once in [true, false] {
        let house = house().await;
        let (ada, bob) = (house.person("ada").await, house.person("bob").await);
        let room = house.hosted(&ada, json!({})).await;
        let (mut seat, _) = sit(&house, &bob, room).await;
        if at_once {
            let body = json!({ "confirm": "ada" });
            assert_eq!(house.ask(Some(&ada), Method::DELETE, "/me", Some(body)).await.status(), 200);
        } else {
            sqlx::query("UPDATE users SET deletes_at = 1 WHERE id = $1")
                .bind(ada.id)
                .execute(house.running.app.state.store.write())
                .await
                .expect("an end");
            assert_eq!(removal::round(&house.running.app.users, Timestamp::now()).await.expect("a round"), 1);
        }
        let (said, code) = seat.socket.rest().await;
        assert_eq!((said.last().and_then(closed), code), (Some((Code::RoomGone, false)), Some(4004)));
        assert_eq!(house.look(Some(&bob), room).await.expect_err("gone").0, 404);
        assert_eq!(ticket(&house, &bob, json!({ "room": room })).await.expect_err("gone").0, 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_by_the_api_leaves_with_every_socket() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let room = house.hosted(&ada, json!({ "capacity": 4 })).await;
    let (mut host, _) = sit(&house, &ada, room).await;
    let (one, _) = sit(&house, &bob, room).await;
    let (two, _) = sit(&house, &bob, room).await;
    let path = format!("/rooms/{room}/members/me");
    for _ in 0..2 {
        assert_eq!(house.ask(Some(&bob), Method::DELETE, &path, None).await.status(), 204);
    }
    let mut gone = Vec::new();
    while gone.len() < 2 {
        if let Came::Said(reply) = host.socket.next().await
            && let ServerMessage::Left { participant, .. } = reply.message
        {
            gone.push(participant);
        }
    }
    assert_eq!(gone, [one.id, two.id]);
}
