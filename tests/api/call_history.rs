//! The list of calls: one's own, newest first, each once, with the other one as far as they are to be seen.

use moodcall::base::id::CallId;
use moodcall::protocol::call::CallStatus;
use moodcall::rooms::calls::call::{Call, CallDirection};
use moodcall::web::page::Page;
use reqwest::Method;

use crate::client::{House, house};
use crate::person::Person;

async fn page(house: &House, who: &Person, query: &str) -> Page<Call> {
    let answer = house.ask(Some(who), Method::GET, &format!("/me/calls{query}"), None).await;
    assert_eq!(answer.status(), 200);
    answer.json().await.expect("a page")
}

async fn past(house: &House, from: &Person, to: &Person, status: &str, at: i64) -> CallId {
    let id = CallId::new();
    sqlx::query(
        "INSERT INTO calls (id, caller_id, callee_id, status, video, created_at, answered_at, ended_at) \
         VALUES ($1, $2, $3, $4, 0, $5, $6, $7)",
    )
    .bind(id)
    .bind(from.id)
    .bind(to.id)
    .bind(status)
    .bind(at)
    .bind((status == "ended").then_some(at + 5_000))
    .bind(at + 95_500)
    .execute(house.running.app.state.store.write())
    .await
    .expect("a call");
    id
}

#[tokio::test]
async fn each_sees_their_own_calls_in_order_and_each_once() {
    let house = house().await;
    let (ada, bob) = house.friends("ada", "bob").await;
    let eve = house.person("eve").await;
    let mut calls = Vec::new();
    for n in 0..25 {
        // Two at a time began in the same millisecond.
        let at = 1_000_000 + n / 2;
        let (from, to) = if n % 3 == 0 { (&ada, &bob) } else { (&bob, &ada) };
        calls.push((at, past(&house, from, to, ["ended", "busy", "declined"][n as usize % 3], at).await));
    }
    past(&house, &bob, &eve, "missed", 1_000_007).await;
    calls.sort_by_key(|(at, id)| (*at, id.to_string()));
    let expected: Vec<CallId> = calls.iter().rev().map(|(_, id)| *id).collect();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let found = page(&house, &ada, &format!("?limit=4{cursor}")).await;
        for call in &found.items {
            assert_eq!(call.user.as_ref().map(|card| card.handle.as_str()), Some("bob"));
            let outgoing = call.direction == CallDirection::Outgoing;
            let status = if outgoing { CallStatus::Ended } else { call.status };
            assert_eq!((call.status, call.video), (status, false));
            assert_ne!(call.status, CallStatus::Busy, "who was busy missed it");
            assert_eq!(call.seconds, (call.status == CallStatus::Ended).then_some(90));
        }
        seen.extend(found.items.iter().map(|call| call.id));
        match found.next_cursor {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, expected);
    assert_eq!(page(&house, &bob, "?limit=100").await.items.len(), 26);
    assert_eq!(page(&house, &eve, "").await.items.len(), 1);
    assert_eq!(house.ask(None, Method::GET, "/me/calls", None).await.status(), 401);
}

#[tokio::test]
async fn a_call_with_somebody_who_is_not_to_be_seen_names_nobody() {
    let house = house().await;
    let (ada, bob) = house.friends("ada", "bob").await;
    past(&house, &ada, &bob, "ended", 1_000).await;
    house.ask(Some(&bob), Method::PUT, "/me/blocks/ada", None).await;
    for who in [&ada, &bob] {
        let found = page(&house, who, "").await;
        assert_eq!((found.items.len(), found.items[0].user.clone()), (1, None));
    }
    sqlx::query("DELETE FROM users WHERE id = $1")
        .bind(bob.id)
        .execute(house.running.app.state.store.write())
        .await
        .expect("a deletion");
    assert!(page(&house, &ada, "").await.items.is_empty(), "a deleted account is in nobody's history");
}
