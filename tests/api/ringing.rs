//! Ringing a friend: every page of theirs rings, the first answer counts, and however it ends, it ends for both.

use futures_util::future::join_all;
use moodcall::base::id::{CallId, RoomId};
use moodcall::protocol::call::CallStatus;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::notification::NoticeKind;
use moodcall::protocol::server::ServerMessage;
use moodcall::rooms::calls::call::Call;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{House, Socket, house, house_in, house_with};
use crate::members::{listen, sit};
use crate::person::Person;
use crate::profile::FRIENDSHIP;

impl House {
    /// Two people who are friends.
    pub async fn friends(&self, one: &str, other: &str) -> (Person, Person) {
        let (one, other) = (self.person(one).await, self.person(other).await);
        self.befriend(&one, &other).await;
        (one, other)
    }

    pub async fn befriend(&self, one: &Person, other: &Person) {
        self.edge(FRIENDSHIP, one.id.min(other.id), one.id.max(other.id)).await;
    }

    /// Rings somebody: status and body.
    pub async fn try_ring(&self, who: &Person, body: Value) -> (u16, Value) {
        let answer = self.ask(Some(who), Method::POST, "/calls", Some(body)).await;
        (answer.status().as_u16(), answer.json().await.expect("a body"))
    }

    pub async fn ring(&self, who: &Person, whom: &Person) -> Call {
        let (status, body) = self.try_ring(who, json!({ "user": whom.handle })).await;
        assert_eq!(status, 201, "{body}");
        serde_json::from_value(body).expect("a call")
    }

    /// Answers a call, gives it up or hangs up: status and body.
    pub async fn answer_call(&self, who: &Person, call: CallId, status: &str) -> (u16, Value) {
        let body = json!({ "status": status });
        let answer = self.ask(Some(who), Method::PATCH, &format!("/calls/{call}"), Some(body)).await;
        (answer.status().as_u16(), answer.json().await.expect("a body"))
    }

    /// A call as somebody sees it.
    pub async fn call(&self, who: &Person, call: CallId) -> Call {
        let answer = self.ask(Some(who), Method::GET, &format!("/calls/{call}"), None).await;
        assert_eq!(answer.status(), 200);
        answer.json().await.expect("a call")
    }
}

/// Waits until a socket hears that it rings.
pub async fn rings(socket: &mut Socket) -> (CallId, String, RoomId, bool) {
    let pick = |message: &ServerMessage| match message {
        ServerMessage::Ringing { call, from, room, video } => Some((*call, from.handle.clone(), *room, *video)),
        _ => None,
    };
    socket.until(pick).await
}

/// Waits until a socket hears that a call stands so.
pub async fn stands(socket: &mut Socket, call: CallId, status: CallStatus) {
    let pick = |message: &ServerMessage| match message {
        ServerMessage::Call { call: one, status: now } if *one == call && *now == status => Some(()),
        _ => None,
    };
    socket.until(pick).await;
}

/// Waits until a socket hears of a missed call, and whose.
pub async fn missed(socket: &mut Socket, call: CallId) {
    let pick = |message: &ServerMessage| match message {
        ServerMessage::Notification { notification, .. } if notification.kind == NoticeKind::CallMissed => {
            Some(notification.subject.clone())
        }
        _ => None,
    };
    assert_eq!(socket.until(pick).await, Some(call.to_string()));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_callee_rings_and_the_first_answer_silences_the_others() {
    let house = house().await;
    let (ada, bob) = house.friends("ada", "bob").await;
    let mut pages = [listen(&house, &bob).await, listen(&house, &bob).await];
    let mut caller = listen(&house, &ada).await;
    let call = house.ring(&ada, &bob).await;
    assert_eq!((call.status, call.video, call.answered_at), (CallStatus::Ringing, true, None));
    let room = call.room.expect("a room");
    for page in &mut pages {
        assert_eq!(rings(page).await, (call.id, "ada".into(), room, true));
    }
    let mut late = listen(&house, &bob).await;
    assert_eq!(rings(&mut late).await.0, call.id, "a page that is opened while it rings");

    let answers = join_all((0..10).map(|_| house.answer_call(&bob, call.id, "accepted"))).await;
    let won: Vec<&(u16, Value)> = answers.iter().filter(|(status, _)| *status == 200).collect();
    assert_eq!(won.len(), 1, "{answers:?}");
    assert_eq!(won[0].1["room"], room.to_string());
    assert!(answers.iter().all(|(status, body)| *status == 200 || body["code"] == "answered"), "{answers:?}");
    for page in pages.iter_mut().chain([&mut late, &mut caller]) {
        stands(page, call.id, CallStatus::Accepted).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_meet_in_a_room_for_the_two_and_hanging_up_ends_it_for_both() {
    let house = house().await;
    let (ada, bob) = house.friends("ada", "bob").await;
    let mut page = listen(&house, &bob).await;
    let call = house.ring(&ada, &bob).await;
    let room = call.room.expect("a room");
    let (mut caller, _) = sit(&house, &ada, room).await;
    assert_eq!(house.answer_call(&bob, call.id, "accepted").await.0, 200);
    let (mut callee, _) = sit(&house, &bob, room).await;
    for socket in [&mut caller.socket, &mut page] {
        stands(socket, call.id, CallStatus::Accepted).await;
    }
    callee.socket.ask(ClientMessage::Leave).await;
    stands(&mut caller.socket, call.id, CallStatus::Ended).await;
    stands(&mut page, call.id, CallStatus::Ended).await;
    let kept = house.call(&ada, call.id).await;
    assert_eq!(kept.status, CallStatus::Ended);
    assert!(kept.answered_at.is_some() && kept.ended_at.is_some() && kept.seconds.is_some(), "{kept:?}");
    caller.socket.ask(ClientMessage::Leave).await;

    // The next time they meet in the same place.
    let again = house.ring(&ada, &bob).await;
    assert_eq!(again.room, Some(room));
    assert_ne!(again.id, call.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn declining_giving_up_and_no_answer_end_it_on_every_page() {
    let house = house_with(|config| config.rooms.ring_seconds = 1).await;
    let (ada, bob) = house.friends("ada", "bob").await;
    let (mut caller, mut callee) = (listen(&house, &ada).await, listen(&house, &bob).await);
    let table = [
        (Some((&bob, "declined")), CallStatus::Declined),
        (Some((&ada, "canceled")), CallStatus::Canceled),
        (None, CallStatus::Missed),
    ];
    for (act, status) in table {
        let call = house.ring(&ada, &bob).await;
        assert_eq!(rings(&mut callee).await.0, call.id);
        if let Some((who, word)) = act {
            let (code, body) = house.answer_call(who, call.id, word).await;
            assert_eq!((code, &body["status"]), (200, &json!(word)));
            assert_eq!(house.answer_call(who, call.id, word).await.0, 200, "again");
        }
        stands(&mut caller, call.id, status).await;
        stands(&mut callee, call.id, status).await;
        if status != CallStatus::Declined {
            missed(&mut callee, call.id).await;
        }
        let kept = house.call(&ada, call.id).await;
        assert_eq!((kept.status, kept.seconds), (status, None));
        assert!(kept.ended_at.is_some());
        let (code, body) = house.answer_call(&bob, call.id, "accepted").await;
        assert_eq!((code, &body["code"]), (409, &json!("answered")));
    }
    let unread: i64 = sqlx::query_scalar("SELECT unread_count FROM users WHERE id = $1")
        .bind(bob.id)
        .fetch_one(house.running.app.state.store.read())
        .await
        .expect("a count");
    assert_eq!(unread, 2, "what was declined was not missed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_closes_their_last_page_gives_up_and_a_reload_does_not() {
    let house = house().await;
    let (ada, bob) = house.friends("ada", "bob").await;
    let mut callee = listen(&house, &bob).await;
    let caller = listen(&house, &ada).await;
    let call = house.ring(&ada, &bob).await;
    rings(&mut callee).await;
    drop(caller);
    let caller = listen(&house, &ada).await;
    assert_eq!(house.call(&ada, call.id).await.status, CallStatus::Ringing);
    drop(caller);
    stands(&mut callee, call.id, CallStatus::Canceled).await;
    missed(&mut callee, call.id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_ring_each_other_at_once_are_in_one_call() {
    let house = house().await;
    for round in 0..10 {
        let (ada, bob) = house.friends(&format!("ada{round}"), &format!("bob{round}")).await;
        let (mut one, mut other) = (listen(&house, &ada).await, listen(&house, &bob).await);
        let (first, second) = tokio::join!(
            house.try_ring(&ada, json!({ "user": bob.handle })),
            house.try_ring(&bob, json!({ "user": ada.handle })),
        );
        let mut statuses = [first.0, second.0];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 201], "round {round}: {first:?} {second:?}");
        assert_eq!((&first.1["id"], &first.1["room"]), (&second.1["id"], &second.1["room"]), "round {round}");
        let call = serde_json::from_value(first.1["id"].clone()).expect("a call");
        for socket in [&mut one, &mut other] {
            stands(socket, call, CallStatus::Accepted).await;
        }
        let room = serde_json::from_value(first.1["room"].clone()).expect("a room");
        let (_one, _) = sit(&house, &ada, room).await;
        let (_other, roster) = sit(&house, &bob, room).await;
        assert_eq!(roster.len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_friends_ring_and_only_the_two_know_of_it() {
    let house = house().await;
    let (ada, bob) = house.friends("ada", "bob").await;
    let (eve, zed) = (house.person("eve").await, house.person("zed").await);
    let mut page = listen(&house, &bob).await;
    assert_eq!(house.try_ring(&eve, json!({ "user": "bob" })).await.0, 403);
    assert_eq!(house.try_ring(&ada, json!({ "user": "ada" })).await.1["code"], "oneself");
    assert_eq!(house.try_ring(&ada, json!({ "user": "nobody" })).await.0, 404);
    house.ask(Some(&bob), Method::PUT, "/me/blocks/zed", None).await;
    assert_eq!(house.try_ring(&zed, json!({ "user": "bob" })).await.0, 404, "blocked");
    let none = RoomId::new();
    assert_eq!(house.try_ring(&ada, json!({ "user": "bob", "room": none })).await.1["code"], "room-gone");

    let call = house.ring(&ada, &bob).await;
    assert_eq!(rings(&mut page).await.0, call.id, "the first that was heard");
    for status in ["accepted", "declined", "canceled", "ended"] {
        assert_eq!(house.answer_call(&eve, call.id, status).await.0, 404, "{status}");
    }
    assert_eq!(house.ask(Some(&eve), Method::GET, &format!("/calls/{}", call.id), None).await.status(), 404);
    for (who, status) in [(&ada, "accepted"), (&ada, "declined"), (&bob, "canceled")] {
        assert_eq!(house.answer_call(who, call.id, status).await.0, 403, "{status}");
    }
    assert_eq!(house.call(&bob, call.id).await.status, CallStatus::Ringing);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_friend_is_rung_three_times_a_minute_and_ringing_on_is_no_second_call() {
    let house = house().await;
    let (ada, bob) = house.friends("ada", "bob").await;
    let first = house.ring(&ada, &bob).await;
    let (status, again) = house.try_ring(&ada, json!({ "user": bob.id })).await;
    assert_eq!((status, &again["id"]), (200, &json!(first.id)));
    house.answer_call(&bob, first.id, "declined").await;
    house.ring(&ada, &bob).await;
    let answer = house.ask(Some(&ada), Method::POST, "/calls", Some(json!({ "user": "bob" }))).await;
    assert_eq!(answer.status(), 429);
    let wait: u64 = answer.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((10..=20).contains(&wait), "{wait}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_ends_what_rings() {
    let house = house().await;
    let (ada, bob) = house.friends("ada", "bob").await;
    let (mut caller, mut callee) = (listen(&house, &ada).await, listen(&house, &bob).await);
    let call = house.ring(&ada, &bob).await;
    rings(&mut callee).await;
    house.ask(Some(&bob), Method::PUT, "/me/blocks/ada", None).await;
    for socket in [&mut caller, &mut callee] {
        stands(socket, call.id, CallStatus::Canceled).await;
    }
    assert_eq!(house.answer_call(&bob, call.id, "accepted").await.0, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_crash_nothing_rings_and_nobody_talks() {
    let first = house().await;
    let (ada, bob) = first.friends("ada", "bob").await;
    let mut calls = Vec::new();
    for (n, status) in ["ringing", "accepted"].into_iter().enumerate() {
        let call = CallId::new();
        sqlx::query(
            "INSERT INTO calls (id, caller_id, callee_id, status, created_at, answered_at) VALUES ($1, $2, $3, $4, $5, $5)",
        )
        .bind(call)
        .bind(ada.id)
        .bind(bob.id)
        .bind(status)
        .bind(n as i64)
        .execute(first.running.app.state.store.write())
        .await
        .expect("a call");
        calls.push(call);
    }
    let url = first.running.app.state.config.database.url.clone();
    let folder = first.stop().await;
    let second = house_in(folder, |config| config.database.url = url).await;
    let mut page = listen(&second, &bob).await;
    stands_by_asking(&second, &bob, calls[0], CallStatus::Missed).await;
    stands_by_asking(&second, &ada, calls[1], CallStatus::Ended).await;
    assert_eq!(second.call(&ada, calls[1]).await.seconds, None, "nobody knows for how long");
    let call = second.ring(&ada, &bob).await;
    assert_eq!(rings(&mut page).await.0, call.id);
}

/// Waits until a call stands so, by asking again and again.
async fn stands_by_asking(house: &House, who: &Person, call: CallId, status: CallStatus) {
    let waiting = async {
        while house.call(who, call).await.status != status {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::client::SOON, waiting).await.expect("the call is over in time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_leaves_no_call_open() {
    let first = house_with(|config| config.server.drain_seconds = 0).await;
    let (ada, bob) = first.friends("ada", "bob").await;
    let call = first.ring(&ada, &bob).await;
    let url = first.running.app.state.config.database.url.clone();
    let folder = first.stop().await;
    let second = house_in(folder, |config| config.database.url = url).await;
    stands_by_asking(&second, &ada, call.id, CallStatus::Canceled).await;
}
