//! Notifications lead nowhere while what they are about is deleted, hidden or not for one to see, and lead there again when it
//! is back.

use moodcall::base::id::PostId;
use moodcall::social::notifications::list::Notifications;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{House, house};
use crate::comments::said;
use crate::moderation::act;
use crate::person::Person;

/// Kind and whether it leads anywhere, newest first.
async fn told(house: &House, who: &Person) -> Vec<(String, bool)> {
    let answer = house.ask(Some(who), Method::GET, "/notifications", None).await;
    let page: Notifications = answer.json().await.expect("notifications");
    page.items.into_iter().map(|row| (row.kind.as_str().to_owned(), row.subject.is_some())).collect()
}

async fn lead(house: &House, author: &Person, others: &[&Person], where_to: (bool, bool), what: &str) {
    let (ones, theirs) = where_to;
    let kinds = |kinds: &[&str], leads| kinds.iter().map(|kind| ((*kind).to_owned(), leads)).collect::<Vec<_>>();
    let own = kinds(&["post-commented", "post-liked", "post-commented"], ones);
    assert_eq!(told(house, author).await, own, "{what}");
    for other in others {
        assert_eq!(told(house, other).await, kinds(&["comment-replied"], theirs), "{what}");
    }
}

#[tokio::test]
async fn a_post_that_is_deleted_hidden_or_private_is_no_place_and_is_one_again_afterwards() {
    let house = house().await;
    let [ada, bob, eve, mod_] =
        [house.person("ada").await, house.person("bob").await, house.person("eve").await, house.staff("watch").await];
    let post: PostId = house.post_by(&ada, json!({ "title": "Rain" })).await.id;
    let comment = said(&house, &bob, post, "how long?", None).await;
    let path = format!("/posts/{post}");
    assert_eq!(house.told(Some(&bob), Method::PUT, &format!("{path}/like"), None).await.0, 204);
    said(&house, &eve, post, "three hours", Some(&comment)).await;
    let lead = async |where_to, what: &str| lead(&house, &ada, &[&bob], where_to, what).await;
    lead((true, true), "at first").await;
    assert_eq!(house.told(Some(&ada), Method::DELETE, &path, None).await.0, 204);
    lead((false, false), "deleted").await;
    assert_eq!(house.told(Some(&ada), Method::PUT, &format!("{path}/restoration"), None).await.0, 200);
    lead((true, true), "restored").await;
    assert_eq!(act(&house, &mod_, "ada", json!({ "action": "hide-post", "id": post })).await.0, 201);
    lead((false, false), "hidden by staff").await;
    assert_eq!(act(&house, &mod_, "ada", json!({ "action": "show-post", "id": post })).await.0, 201);
    lead((true, true), "shown by staff").await;
    let visibility = async |visibility: &str| {
        house.told(Some(&ada), Method::PATCH, &path, Some(json!({ "visibility": visibility }))).await.0
    };
    assert_eq!(visibility("private").await, 200);
    lead((true, false), "its author's alone").await;
    assert_eq!(visibility("public").await, 200);
    lead((true, true), "public again").await;
    // One that is marked says the same.
    house.told(Some(&ada), Method::DELETE, &path, None).await;
    let page: Value = house.ask(Some(&bob), Method::GET, "/notifications", None).await.json().await.expect("a page");
    let one = format!("/notifications/{}", page["items"][0]["id"].as_str().expect("an identifier"));
    let marked = house.ask(Some(&bob), Method::PATCH, &one, Some(json!({ "read": true }))).await;
    let marked: Value = marked.json().await.expect("a notification");
    assert!(marked["subject"].is_null() && marked["read_at"].is_string(), "{marked}");
}

#[tokio::test]
async fn a_comment_that_is_deleted_takes_what_was_told_of_it_along() {
    let house = house().await;
    let [ada, bob, eve, mod_] =
        [house.person("ada").await, house.person("bob").await, house.person("eve").await, house.staff("watch").await];
    let post = house.post_by(&ada, json!({ "title": "Rain" })).await.id;
    let comment = said(&house, &bob, post, "how long?", None).await;
    let reply = said(&house, &eve, post, "three hours", Some(&comment)).await;
    assert_eq!((told(&house, &ada).await.len(), told(&house, &bob).await.len()), (2, 1));
    assert_eq!(act(&house, &mod_, "eve", json!({ "action": "remove-comment", "id": reply.id })).await.0, 201);
    assert_eq!((told(&house, &ada).await.len(), told(&house, &bob).await.len()), (1, 0));
    let path = format!("/comments/{}", comment.id);
    assert_eq!(house.told(Some(&bob), Method::DELETE, &path, None).await.0, 204);
    assert!(told(&house, &ada).await.is_empty());
}

#[tokio::test]
async fn a_room_that_is_deleted_is_no_place() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let room = house.hosted(&ada, json!({ "visibility": "invite" })).await;
    let knock = house.knock(&bob, room).await;
    let path = format!("/rooms/{room}/knocks/{}", knock.id);
    let admit = Some(json!({ "status": "admitted" }));
    assert_eq!(house.told(Some(&ada), Method::PATCH, &path, admit).await.0, 200);
    assert_eq!(told(&house, &bob).await, [("room-admitted".to_owned(), true)]);
    assert_eq!(house.told(Some(&ada), Method::DELETE, &format!("/rooms/{room}"), None).await.0, 204);
    assert_eq!(told(&house, &bob).await, [("room-admitted".to_owned(), false)]);
}
