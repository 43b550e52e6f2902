//! The list of rooms: what is live, for whom it is listed, page by page; and nothing is live after a crash.

use moodcall::base::id::{RoomId, SessionId, UserId};
use moodcall::base::timestamp::Timestamp;
use moodcall::protocol::server::LeaveReason;
use moodcall::rooms::api::ShownRoom;
use moodcall::store::{self, Store};
use moodcall::users::access::AccessTokens;
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::client::{House, house};
use crate::members::sit;
use crate::person::Person;
use crate::profile::FRIENDSHIP;
use crate::program::Program;

async fn page(house: &House, who: Option<&Person>, query: &str) -> Page<ShownRoom> {
    let answer = house.ask(who, Method::GET, &format!("/rooms{query}"), None).await;
    assert_eq!(answer.status(), 200);
    answer.json().await.expect("a page")
}

async fn ids(house: &House, who: Option<&Person>, query: &str) -> Vec<RoomId> {
    page(house, who, query).await.items.into_iter().map(|room| room.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_listed_while_somebody_is_inside_to_whom_it_is_for() {
    let house = house().await;
    let [ada, friend, other] = [house.person("ada").await, house.person("fred").await, house.person("otto").await];
    house.edge(FRIENDSHIP, ada.id.min(friend.id), ada.id.max(friend.id)).await;
    let mut rooms = Vec::new();
    for body in [
        json!({ "visibility": "open", "title": "Open" }),
        json!({ "visibility": "open", "guests": false }),
        json!({ "visibility": "friends" }),
        json!({ "visibility": "invite" }),
        json!({ "visibility": "link" }),
    ] {
        rooms.push(house.hosted(&ada, body).await);
    }
    let link = house.room(2).await;
    let _guest = house.join(link.id, "Guest", None).await;
    for who in [Some(&ada), Some(&friend), Some(&other), None] {
        assert!(ids(&house, who, "").await.is_empty(), "nobody is inside");
    }
    let mut seats = Vec::new();
    for room in &rooms {
        seats.push(sit(&house, &ada, *room).await.0);
    }
    let newest = |all: &[usize]| -> Vec<RoomId> { all.iter().rev().map(|n| rooms[*n]).collect() };
    assert_eq!(ids(&house, Some(&ada), "").await, newest(&[0, 1, 2, 3, 4]));
    assert_eq!(ids(&house, Some(&friend), "").await, newest(&[0, 1, 2]));
    assert_eq!(ids(&house, Some(&other), "").await, newest(&[0, 1]));
    assert_eq!(ids(&house, None, "").await, newest(&[0]));
    let shown = page(&house, None, "").await.items.remove(0);
    assert_eq!((shown.title.as_str(), shown.participants, shown.capacity), ("Open", 1, 2));
    assert_eq!(shown.people[0].user.as_ref().expect("an account").handle, "ada");
    assert!(shown.since.is_some() && shown.host.is_some_and(|host| host.id == ada.id));

    house.told(Some(&ada), Method::PATCH, &format!("/rooms/{}", rooms[0]), Some(json!({ "visibility": "link" }))).await;
    assert!(ids(&house, None, "").await.is_empty(), "a change counts at once");
    house.told(Some(&ada), Method::DELETE, &format!("/rooms/{}/members/otto?ban=true", rooms[1]), None).await;
    assert!(ids(&house, Some(&other), "").await.is_empty(), "not to whoever is banned");
    for seat in seats {
        house.running.app.rooms.leave(seat.id, LeaveReason::Left).await;
    }
    assert!(ids(&house, Some(&ada), "").await.is_empty(), "live no longer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_for_ringing_one_friend_is_listed_to_nobody_else_whatever_its_host_makes_of_it() {
    let house = house().await;
    let (ada, bob) = house.friends("ada", "bob").await;
    let room = house.ring(&ada, &bob).await.room.expect("a room");
    house.told(Some(&ada), Method::PATCH, &format!("/rooms/{room}"), Some(json!({ "visibility": "open" }))).await;
    let _seat = sit(&house, &ada, room).await;
    assert_eq!(ids(&house, Some(&ada), "").await, [room]);
    assert!(ids(&house, Some(&bob), "").await.is_empty() && ids(&house, None, "").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_shown_a_room_where_somebody_is_from_whom_a_block_keeps_them() {
    let house = house().await;
    let [ada, bob, eve] = [house.person("ada").await, house.person("bob").await, house.person("eve").await];
    let room = house.hosted(&ada, json!({ "visibility": "open", "capacity": 8 })).await;
    let (_seat, _) = sit(&house, &bob, room).await;
    for (blocker, blocked) in [("ada", &eve), ("bob", &eve), ("eve", &ada), ("eve", &bob)] {
        let who = [&ada, &bob, &eve].into_iter().find(|who| who.handle == blocker).expect("somebody");
        assert_eq!(ids(&house, Some(&eve), "").await, [room]);
        let path = format!("/me/blocks/{}", blocked.handle);
        house.ask(Some(who), Method::PUT, &path, None).await;
        assert!(ids(&house, Some(&eve), "").await.is_empty(), "{blocker} has blocked {}", blocked.handle);
        house.ask(Some(who), Method::DELETE, &path, None).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_show_every_room_once_and_ones_own_are_there_live_or_not() {
    let house = house().await;
    let ada = house.person("ada").await;
    let mut rooms = Vec::new();
    for _ in 0..7 {
        rooms.push(house.hosted(&ada, json!({ "visibility": "open" })).await);
    }
    for room in &rooms {
        house.join(*room, "Guest", None).await;
    }
    rooms.reverse();
    for (who, query) in [(None, ""), (Some(&ada), "&mine=true")] {
        let mut found = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = page(&house, who, &format!("?limit=3{query}{cursor}")).await;
            found.extend(page.items.into_iter().map(|room| room.id));
            match page.next_cursor {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(found, rooms, "{query}");
    }
    let more = house.hosted(&ada, json!({})).await;
    let mine = page(&house, Some(&ada), "?mine=true").await.items;
    assert_eq!((mine[0].id, mine[0].participants, mine[0].since), (more, 0, None));
    assert_eq!((mine[1].participants, mine[1].yours), (1, true));
    assert_eq!(house.told(None, Method::GET, "/rooms?mine=true", None).await, (401, "login-needed".into()));
}

/// The program itself, killed while people are in a room.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_crash_nothing_is_live_and_every_room_is_there() {
    use futures_util::{SinkExt as _, StreamExt as _};

    let folder = tempfile::tempdir().expect("a folder");
    let (program, line) = Program::start_with(folder.path(), "warn", &[]);
    let url = |line: &str| line.strip_prefix("listening on ").expect("the first line").trim().to_owned();
    let (user, session, now) = (UserId::new(), SessionId::new(), Timestamp::now());
    let store = Store::connect(&store::Options::file(folder.path())).await.expect("the database");
    for (sql, id) in [
        (
            "INSERT INTO users (id, email, email_key, handle, nickname, nickname_key, created_at, updated_at) \
             VALUES ($1, 'a@example.org', 'a@example.org', 'ada', 'Ada', 'ada', $2, $2)",
            user.to_string(),
        ),
        (
            "INSERT INTO sessions (id, user_id, method, created_at, used_at, expires_at) \
             SELECT $1, id, 'password', $2, $2, $2 + 100000000 FROM users",
            session.to_string(),
        ),
    ] {
        sqlx::query(sql).bind(id).bind(now).execute(store.write()).await.expect("a row");
    }
    store.close().await;
    let keys = AccessTokens::open(folder.path(), std::time::Duration::from_secs(60)).expect("the keys of the program");
    let (token, _) = keys.issue(user, session, now).expect("a token");
    let client = reqwest::Client::new();
    let address = url(&line);
    let post = async |path: &str, body: Value| -> Value {
        let request = client.post(format!("{address}/api/v1{path}")).bearer_auth(&token).json(&body);
        request.send().await.expect("an answer").json().await.expect("JSON")
    };
    let list = async |address: &str, query: &str| -> Page<ShownRoom> {
        let request = client.get(format!("{address}/api/v1/rooms{query}")).bearer_auth(&token);
        request.send().await.expect("an answer").json().await.expect("a page")
    };
    let room = post("/rooms", json!({ "visibility": "open" })).await["id"].clone();
    let ticket = post("/socket-tickets", json!({ "room": room })).await["ticket"].clone();
    let socket = format!("{}/api/v1/socket", address.replace("http", "ws"));
    let (mut socket, _) = tokio_tungstenite::connect_async(socket).await.expect("a socket");
    for message in [json!({ "type": "hello", "version": 1, "ticket": ticket }), json!({ "type": "join", "room": room })]
    {
        socket.send(Message::text(message.to_string())).await.expect("sent");
    }
    while let Some(Ok(message)) = socket.next().await {
        if message.to_text().is_ok_and(|text| text.contains("\"roster\"")) {
            break;
        }
    }
    assert_eq!(list(&address, "").await.items.len(), 1);
    // SIGKILL: nothing is tidied up.
    drop(program);
    let (_program, line) = Program::start_with(folder.path(), "warn", &[]);
    let address = url(&line);
    assert!(list(&address, "").await.items.is_empty());
    let mine = list(&address, "?mine=true").await.items;
    assert_eq!((mine.len(), mine[0].participants, mine[0].since), (1, 0, None));
}
