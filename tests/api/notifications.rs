//! Notifications: one for each thing, read one by one or up to a point, and seen by their owner alone.

use moodcall::protocol::notification::{NoticeKind, Notification};
use moodcall::social::notifications::list::Notifications;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{House, house};
use crate::following::counts;
use crate::friendship::{answer, ask};
use crate::person::Person;

async fn list(house: &House, who: &Person, query: &str) -> Notifications {
    let answer = house.ask(Some(who), Method::GET, &format!("/notifications{query}"), None).await;
    answer.json().await.expect("a page")
}

fn told(page: &Notifications) -> Vec<(NoticeKind, &str, bool)> {
    fn actor(row: &Notification) -> &str {
        row.actor.as_ref().map_or("", |actor| &actor.handle)
    }
    page.items.iter().map(|row| (row.kind, actor(row), row.read_at.is_some())).collect()
}

async fn put(house: &House, who: &Person, path: &str, body: Option<Value>) -> (u16, Value) {
    let answer = house.ask(Some(who), Method::PUT, path, body).await;
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

async fn mark(house: &House, who: &Person, notification: &Notification, read: bool) -> (u16, Value) {
    let path = format!("/notifications/{}", notification.id);
    let answer = house.ask(Some(who), Method::PATCH, &path, Some(json!({ "read": read }))).await;
    (answer.status().as_u16(), answer.json().await.expect("a body"))
}

#[tokio::test]
async fn each_thing_is_told_once_newest_first() {
    let house = house().await;
    let [ada, bob] = [house.person("ada").await, house.person("bob").await];
    for _ in 0..3 {
        put(&house, &bob, "/me/following/ada", None).await;
        house.ask(Some(&bob), Method::DELETE, "/me/following/ada", None).await;
    }
    let (_, request) = ask(&house, &bob, "ada").await;
    let page = list(&house, &ada, "").await;
    assert_eq!(told(&page), [(NoticeKind::FriendRequested, "bob", false), (NoticeKind::Followed, "bob", false)]);
    assert_eq!(page.unread, 2);
    assert_eq!(page.items[0].subject.as_deref(), request["id"].as_str());
    answer(&house, &ada, &request["id"], "accepted").await;
    assert_eq!(told(&list(&house, &bob, "").await), [(NoticeKind::FriendAccepted, "ada", false)]);
    let first = list(&house, &ada, "?limit=1").await;
    let rest = list(&house, &ada, &format!("?limit=1&cursor={}", first.next_cursor.expect("more"))).await;
    assert_eq!((told(&rest).len(), rest.next_cursor), (1, None));
}

#[tokio::test]
async fn a_request_that_comes_again_is_new_again() {
    let house = house().await;
    let [ada, bob] = [house.person("ada").await, house.person("bob").await];
    for round in 0..2 {
        let (_, request) = ask(&house, &bob, "ada").await;
        let page = list(&house, &ada, "").await;
        assert_eq!(told(&page), [(NoticeKind::FriendRequested, "bob", false)], "round {round}");
        assert_eq!(page.items[0].subject.as_deref(), request["id"].as_str());
        assert_eq!(mark(&house, &ada, &page.items[0], true).await.0, 200);
        answer(&house, &ada, &request["id"], "rejected").await;
    }
    assert_eq!(counts(&house, &ada).await.3, 0);
}

#[tokio::test]
async fn one_is_read_and_new_again_and_counted_once() {
    let house = house().await;
    let [ada, bob] = [house.person("ada").await, house.person("bob").await];
    put(&house, &bob, "/me/following/ada", None).await;
    let notification = list(&house, &ada, "").await.items.remove(0);
    for (read, unread) in [(true, 0), (true, 0), (false, 1), (false, 1), (true, 0)] {
        let (status, shown) = mark(&house, &ada, &notification, read).await;
        assert_eq!((status, shown["read_at"].is_null()), (200, !read));
        assert_eq!(list(&house, &ada, "").await.unread, unread);
    }
    assert_eq!(mark(&house, &bob, &notification, false).await.0, 404, "it is not theirs");
    assert_eq!(list(&house, &ada, "").await.unread, 0);
}

#[tokio::test]
async fn the_read_marker_reads_up_to_a_point_and_nothing_after_it() {
    let house = house().await;
    let ada = house.person("ada").await;
    for number in 0..5 {
        let fan = house.person(&format!("fan{number}")).await;
        put(&house, &fan, "/me/following/ada", None).await;
    }
    // One moment for all, so that the identifier decides.
    let store = &house.running.app.state.store;
    sqlx::query("UPDATE notifications SET created_at = 1000").execute(store.write()).await.expect("rows");
    let page = list(&house, &ada, "").await;
    let stranger = house.person("stranger").await;
    let marker = |at: usize| Some(json!({ "last": page.items[at].id }));
    assert_eq!(put(&house, &stranger, "/notifications/read-marker", marker(0)).await.0, 404);
    assert_eq!(put(&house, &ada, "/notifications/read-marker", marker(2)).await, (200, json!({ "unread": 2 })));
    assert_eq!(put(&house, &ada, "/notifications/read-marker", marker(4)).await, (200, json!({ "unread": 2 })));
    let read: Vec<bool> = list(&house, &ada, "").await.items.iter().map(|row| row.read_at.is_some()).collect();
    assert_eq!(read, [false, false, true, true, true]);
    assert_eq!(put(&house, &ada, "/notifications/read-marker", marker(0)).await, (200, json!({ "unread": 0 })));
    assert_eq!(counts(&house, &ada).await.3, 0);
}

#[tokio::test]
async fn whoever_leaves_is_not_named() {
    let house = house().await;
    let [ada, bob] = [house.person("ada").await, house.person("bob").await];
    put(&house, &bob, "/me/following/ada", None).await;
    let store = &house.running.app.state.store;
    sqlx::query("UPDATE users SET deletes_at = 1 WHERE id = $1")
        .bind(bob.id)
        .execute(store.write())
        .await
        .expect("a row");
    let page = list(&house, &ada, "").await;
    assert_eq!((page.items.len(), &page.items[0].actor), (1, &None));
    let answer = house.ask(None, Method::GET, "/notifications", None).await;
    assert_eq!(answer.status(), 401);
}
