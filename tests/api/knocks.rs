//! Knocking: the host hears it at once, on the socket and by notice, and so does whoever knocked of the answer.

use std::time::Duration;

use futures_util::future::join_all;
use moodcall::base::id::RoomId;
use moodcall::base::timestamp::Timestamp;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::knock::KnockStatus;
use moodcall::protocol::notification::NoticeKind;
use moodcall::protocol::server::ServerMessage;
use moodcall::rooms::knocks::Knock;
use moodcall::rooms::sweep;
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::json;

use crate::client::{House, house};
use crate::members::{listen, sit, ticket};
use crate::person::Person;

impl House {
    pub async fn knock(&self, who: &Person, room: RoomId) -> Knock {
        let answer = self.ask(Some(who), Method::POST, &format!("/rooms/{room}/knocks"), None).await;
        assert!([200, 201].contains(&answer.status().as_u16()), "{}", answer.status());
        answer.json().await.expect("a knock")
    }

    async fn answer_knock(&self, who: &Person, knock: &Knock, status: &str) -> (u16, String) {
        let path = format!("/rooms/{}/knocks/{}", knock.room, knock.id);
        self.told(Some(who), Method::PATCH, &path, Some(json!({ "status": status }))).await
    }

    async fn waiting(&self, host: &Person, room: RoomId) -> Vec<String> {
        let answer = self.ask(Some(host), Method::GET, &format!("/rooms/{room}/knocks"), None).await;
        answer.json::<Page<Knock>>().await.expect("a page").items.into_iter().map(|knock| knock.user.handle).collect()
    }
}

/// The kind of the next notification.
fn noticed(message: &ServerMessage) -> Option<NoticeKind> {
    match message {
        ServerMessage::Notification { notification, .. } => Some(notification.kind),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_hears_a_knock_and_the_knocker_the_answer() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let room = house.hosted(&ada, json!({ "visibility": "invite", "capacity": 4 })).await;
    let (mut host, _) = sit(&house, &ada, room).await;
    let mut desk = listen(&house, &ada).await;
    let mut page = listen(&house, &bob).await;
    for (answer, admitted) in [("refused", false), ("admitted", true)] {
        let knock = house.knock(&bob, room).await;
        assert_eq!((knock.status, knock.user.id), (KnockStatus::Pending, bob.id));
        let heard = host.socket.until(|message| match message {
            ServerMessage::Knock { knock, person } => Some((*knock, person.id)),
            _ => None,
        });
        assert_eq!(heard.await, (knock.id, bob.id));
        assert_eq!(desk.until(noticed).await, NoticeKind::RoomKnocked);
        assert_eq!(house.waiting(&ada, room).await, ["bob"]);
        assert_eq!(house.answer_knock(&ada, &knock, answer).await.0, 200);
        let told = page.until(|message| match message {
            ServerMessage::Admitted { knock, room } => Some((true, *knock, *room)),
            ServerMessage::Refused { knock, room } => Some((false, *knock, *room)),
            _ => None,
        });
        assert_eq!(told.await, (admitted, knock.id, room));
        let answered = host.socket.until(|message| match message {
            ServerMessage::Answered { knock, status } => Some((*knock, *status)),
            _ => None,
        });
        let status = if admitted { KnockStatus::Admitted } else { KnockStatus::Refused };
        assert_eq!(answered.await, (knock.id, status));
        let entry = ticket(&house, &bob, json!({ "room": room })).await;
        assert_eq!(entry.is_ok(), admitted, "{entry:?}");
        assert!(house.waiting(&ada, room).await.is_empty());
        if !admitted {
            // Read, so that the second one is news.
            house.ask(Some(&ada), Method::PUT, "/notifications/read-marker", Some(json!({}))).await;
        }
    }
    let (_seat, _) = sit(&house, &bob, room).await;
    assert_eq!(host.socket.ask(ClientMessage::Ping).await, ServerMessage::Pong);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_host_answers_and_once() {
    let house = house().await;
    let (ada, bob, eve) = (house.person("ada").await, house.person("bob").await, house.person("eve").await);
    let room = house.hosted(&ada, json!({ "visibility": "friends" })).await;
    let knock = house.knock(&bob, room).await;
    assert_eq!(house.answer_knock(&eve, &knock, "admitted").await, (404, "not-found".into()));
    assert_eq!(house.answer_knock(&bob, &knock, "admitted").await, (403, "forbidden".into()));
    assert_eq!(house.answer_knock(&ada, &knock, "withdrawn").await, (403, "forbidden".into()));
    let elsewhere = house.hosted(&eve, json!({ "visibility": "invite" })).await;
    let moved = Knock { room: elsewhere, ..knock.clone() };
    assert_eq!(house.answer_knock(&eve, &moved, "admitted").await, (404, "not-found".into()), "a knock elsewhere");
    let answers =
        join_all(["admitted", "refused"].into_iter().cycle().take(20).map(|one| house.answer_knock(&ada, &knock, one)))
            .await;
    assert_eq!(answers.iter().filter(|(status, _)| *status == 200).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|told| told.0 == 200 || *told == (409, "answered".into())), "{answers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_knocks_again_and_again_is_one_knock_and_waits() {
    let house = house().await;
    let (ada, bob, eve) = (house.person("ada").await, house.person("bob").await, house.person("eve").await);
    let room = house.hosted(&ada, json!({ "visibility": "invite" })).await;
    let path = format!("/rooms/{room}/knocks");
    let all = join_all((0..30).map(|_| house.told(Some(&bob), Method::POST, &path, None))).await;
    let count = |wanted: u16| all.iter().filter(|(status, _)| *status == wanted).count();
    assert_eq!((count(201), count(200), count(429)), (1, 9, 20), "{all:?}");
    assert_eq!(house.waiting(&ada, room).await, ["bob"]);
    let knock = house.knock(&eve, room).await;
    assert_eq!(house.answer_knock(&eve, &knock, "withdrawn").await.0, 200);
    assert_eq!(house.waiting(&ada, room).await, ["bob"]);
    assert_eq!(house.answer_knock(&ada, &knock, "admitted").await, (409, "answered".into()));
    let unread: i64 = sqlx::query_scalar("SELECT unread_count FROM users WHERE id = $1")
        .bind(ada.id)
        .fetch_one(house.running.app.state.store.read())
        .await
        .expect("a count");
    assert_eq!(unread, 1, "the notice of a knock that was withdrawn is taken back");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_knocks_where_they_may_come_in_are_banned_or_blocked() {
    let house = house().await;
    let (ada, bob, eve) = (house.person("ada").await, house.person("bob").await, house.person("eve").await);
    let open = house.hosted(&ada, json!({ "visibility": "open" })).await;
    let room = house.hosted(&ada, json!({ "visibility": "invite" })).await;
    let path = |room: RoomId| format!("/rooms/{room}/knocks");
    assert_eq!(house.told(Some(&bob), Method::POST, &path(open), None).await, (409, "already".into()));
    assert_eq!(house.told(Some(&ada), Method::POST, &path(room), None).await, (409, "already".into()));
    assert_eq!(house.told(None, Method::POST, &path(room), None).await, (401, "login-needed".into()));
    let knock = house.knock(&bob, room).await;
    house.ask(Some(&ada), Method::DELETE, &format!("/rooms/{room}/members/bob?ban=true"), None).await;
    assert!(house.waiting(&ada, room).await.is_empty(), "a ban answers the knock");
    assert_eq!(house.answer_knock(&ada, &knock, "admitted").await, (409, "answered".into()));
    assert_eq!(house.told(Some(&bob), Method::POST, &path(room), None).await, (403, "forbidden".into()));
    house.knock(&eve, room).await;
    house.ask(Some(&eve), Method::PUT, "/me/blocks/ada", None).await;
    assert!(house.waiting(&ada, room).await.is_empty(), "so does a block");
    assert_eq!(house.told(Some(&eve), Method::POST, &path(room), None).await, (403, "forbidden".into()));
    house.ask(Some(&eve), Method::DELETE, "/me/blocks/ada", None).await;
    house.ask(Some(&ada), Method::PUT, "/me/blocks/eve", None).await;
    assert_eq!(house.told(Some(&eve), Method::POST, &path(room), None).await, (404, "room-gone".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_kept_for_a_month_and_a_knock_that_waits_is_not_an_answer() {
    let house = house().await;
    let (ada, bob, eve) = (house.person("ada").await, house.person("bob").await, house.person("eve").await);
    let room = house.hosted(&ada, json!({ "visibility": "invite" })).await;
    let knock = house.knock(&bob, room).await;
    assert_eq!(house.answer_knock(&ada, &knock, "admitted").await.0, 200);
    house.knock(&eve, room).await;
    let rooms = &house.running.app.rooms;
    let count = "SELECT COUNT(*) FROM room_knocks";
    let (day, month) = (Duration::from_secs(86_400), Duration::from_secs(30 * 86_400 + 1));
    sweep::round(rooms, Timestamp::now().after(28 * day)).await.expect("a round");
    assert_eq!(house.number(count).await, 2, "nobody answered eve, whose knock is over now");
    assert!(house.waiting(&ada, room).await.is_empty());
    sweep::round(rooms, Timestamp::now().after(month)).await.expect("a round");
    assert_eq!(house.number(count).await, 1);
    sweep::round(rooms, Timestamp::now().after(28 * day).after(month)).await.expect("a round");
    assert_eq!(house.number(count).await, 0);
    assert!(ticket(&house, &bob, json!({ "room": room })).await.is_ok(), "who was let in still is");
}
