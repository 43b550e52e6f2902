//! Replies: one level of them, under the same thing, told to who is replied to; and what stays when somebody goes.

use moodcall::base::id::CommentId;
use moodcall::base::timestamp::Timestamp;
use moodcall::comments::row::Comment;
use moodcall::comments::target::Target;
use moodcall::comments::write::{self, NewComment};
use moodcall::users::removal;
use reqwest::Method;
use serde_json::json;

use crate::client::{House, house};
use crate::comments::{comments, counted, delete, post, said, say, under};
use crate::following::counts;
use crate::person::Person;

async fn replies(house: &House, who: Option<&Person>, parent: &Comment) -> Vec<String> {
    let page = comments(house, who, &format!("/comments/{}/replies", parent.id)).await;
    page.items.into_iter().map(|reply| reply.body.unwrap_or_else(|| "-".into())).collect()
}

/// Kinds of what somebody was told and has not read.
async fn told(house: &House, who: &Person) -> Vec<String> {
    let page = house.ask(Some(who), Method::GET, "/notifications", None).await;
    let page: serde_json::Value = page.json().await.expect("a page");
    let items = page["items"].as_array().expect("items").iter();
    items.map(|one| format!("{} {}", one["actor"]["handle"], one["kind"]).replace('"', "")).collect()
}

#[tokio::test]
async fn a_reply_stands_under_a_comment_of_the_same_post_and_under_no_reply() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let (here, elsewhere) = (post(&house, &ada, "public").await, post(&house, &ada, "public").await);
    let hidden = post(&house, &ada, "private").await;
    let top = said(&house, &ada, here, "top", None).await;
    let reply = said(&house, &bob, here, "reply", Some(&top)).await;
    assert_eq!(reply.parent_id, Some(top.id));
    let foreign = said(&house, &ada, elsewhere, "elsewhere", None).await;
    let secret = said(&house, &ada, hidden, "secret", None).await;
    let gone = said(&house, &ada, here, "gone", None).await;
    delete(&house, &ada, &gone).await;
    for (name, parent) in [("reply", &reply), ("foreign", &foreign), ("secret", &secret), ("gone", &gone)] {
        let (status, problem) = say(&house, &bob, here, "no", Some(parent)).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/parent_id")), "{name}");
    }
    for parent in [json!("nonsense"), json!(7)] {
        let new = json!({ "body": "no", "parent_id": parent });
        let answer = house.ask(Some(&bob), Method::POST, &format!("/posts/{here}/comments"), Some(new)).await;
        assert_eq!(answer.status(), 400);
    }
    let nobody = json!({ "body": "no", "parent_id": CommentId::new() });
    let answer = house.ask(Some(&bob), Method::POST, &format!("/posts/{here}/comments"), Some(nobody)).await;
    assert_eq!(answer.status(), 422);
    let null = json!({ "body": "at the top", "parent_id": null });
    let answer = house.ask(Some(&bob), Method::POST, &format!("/posts/{here}/comments"), Some(null)).await;
    assert_eq!(answer.status(), 201);
    assert_eq!((counted(&house, here).await, counted(&house, elsewhere).await), ((3, 3), (1, 1)));
    assert_eq!(under(&house, None, here).await, ["at the top", "top"], "replies are listed under what they reply to");
}

#[tokio::test]
async fn a_reply_never_crosses_between_a_post_and_a_playlist() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let (list, other) = (house.playlist(&ada, "Rain", true).await, house.playlist(&ada, "Sun", true).await);
    let secret = house.playlist(&ada, "Mine", false).await;
    let on_post = said(&house, &ada, post(&house, &ada, "public").await, "post", None).await;
    let new = |parent_id| NewComment { body: "words".into(), parent_id };
    let top =
        write::write(&house.running.app.users, bob.id, Target::Playlist(list), &new(None)).await.expect("a comment");
    assert_eq!((top.playlist_id, top.post_id), (Some(list), None));
    write::write(&house.running.app.users, ada.id, Target::Playlist(list), &new(Some(top.id))).await.expect("a reply");
    for (target, parent) in [
        (Target::Playlist(list), Some(on_post.id)),
        (Target::Playlist(other), Some(top.id)),
        (Target::Post(on_post.post_id.expect("a post")), Some(top.id)),
        (Target::Playlist(secret), None),
    ] {
        write::write(&house.running.app.users, bob.id, target, &new(parent)).await.expect_err("a refusal");
    }
    assert_eq!(told(&house, &bob).await, ["ada playlist-replied"]);
    assert_eq!(told(&house, &ada).await, ["bob playlist-commented"]);
    assert_eq!(replies(&house, None, &top).await, ["words"]);
}

#[tokio::test]
async fn replies_come_oldest_first_page_by_page() {
    let house = house().await;
    let ada = house.person("ada").await;
    let post = post(&house, &ada, "public").await;
    let top = said(&house, &ada, post, "top", None).await;
    for number in 0..5 {
        said(&house, &ada, post, &number.to_string(), Some(&top)).await;
    }
    let (mut seen, mut more) = (Vec::new(), "?limit=2".to_owned());
    loop {
        let page = comments(&house, None, &format!("/comments/{}/replies{more}", top.id)).await;
        seen.extend(page.items.into_iter().filter_map(|comment| comment.body));
        let Some(cursor) = page.next_cursor else { break };
        more = format!("?limit=2&cursor={cursor}");
        said(&house, &ada, post, "late", Some(&top)).await;
    }
    assert_eq!(seen[..5], ["0", "1", "2", "3", "4"]);
    assert!(seen[5..].iter().all(|late| late == "late"));
}

#[tokio::test]
async fn who_is_replied_to_is_told_once_and_nobody_of_what_they_did_themselves() {
    let house = house().await;
    let [ada, bob, eve] = [house.person("ada").await, house.person("bob").await, house.person("eve").await];
    let post = post(&house, &ada, "public").await;
    let top = said(&house, &bob, post, "top", None).await;
    let own = said(&house, &bob, post, "to myself", Some(&top)).await;
    assert_eq!(told(&house, &bob).await, [""; 0]);
    let reply = said(&house, &eve, post, "to bob", Some(&top)).await;
    assert_eq!(told(&house, &bob).await, ["eve comment-replied"]);
    assert_eq!(told(&house, &ada).await, ["eve post-commented", "bob post-commented"]);
    let mine = said(&house, &ada, post, "mine", None).await;
    let to_ada = said(&house, &eve, post, "to ada", Some(&mine)).await;
    assert_eq!(told(&house, &ada).await.iter().filter(|one| one.starts_with("eve")).count(), 2);
    // Each comment takes back what it alone was the reason for.
    delete(&house, &eve, &reply).await;
    assert_eq!(told(&house, &bob).await, [""; 0]);
    delete(&house, &eve, &to_ada).await;
    assert_eq!(told(&house, &ada).await, ["bob post-commented"]);
    delete(&house, &bob, &own).await;
    assert_eq!(told(&house, &ada).await, ["bob post-commented"], "his first comment is still there");
    assert_eq!(counts(&house, &ada).await.3, 1);
}

#[tokio::test]
async fn who_may_not_see_the_post_any_more_is_not_told_of_a_reply() {
    let house = house().await;
    let [ada, bob, eve] = [house.person("ada").await, house.person("bob").await, house.person("eve").await];
    let post = post(&house, &ada, "public").await;
    let top = said(&house, &bob, post, "top", None).await;
    house.ask(Some(&ada), Method::PUT, "/me/blocks/bob", None).await;
    assert_eq!(say(&house, &eve, post, "hi bob", Some(&top)).await.0, 201, "eve has no quarrel with either");
    assert_eq!(told(&house, &bob).await, [""; 0]);
}

#[tokio::test]
async fn a_deleted_comment_keeps_its_place_for_its_replies_and_vanishes_with_the_last() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let post = post(&house, &ada, "public").await;
    let top = said(&house, &ada, post, "top", None).await;
    let reply = said(&house, &bob, post, "reply", Some(&top)).await;
    assert_eq!(delete(&house, &ada, &top).await, 204);
    let page = comments(&house, None, &format!("/posts/{post}/comments")).await;
    let [place] = &page.items[..] else { panic!("{page:?}") };
    assert_eq!((place.deleted, &place.body, &place.author, place.reply_count), (true, &None, &None, 1));
    let text = serde_json::to_value(place).expect("JSON");
    assert_eq!((&text["deleted"], &text["body"], &text["author"]), (&json!(true), &json!(null), &json!(null)));
    assert_eq!(replies(&house, Some(&bob), &top).await, ["reply"]);
    assert_eq!(say(&house, &bob, post, "more", Some(&top)).await.0, 422, "but nothing more is said there");
    assert_eq!(counted(&house, post).await, (1, 1));
    assert_eq!(delete(&house, &bob, &reply).await, 204);
    assert!(under(&house, None, post).await.is_empty());
    assert_eq!(counted(&house, post).await, (0, 0));
}

#[tokio::test]
async fn what_others_replied_stays_when_somebody_is_gone_for_good() {
    let house = house().await;
    let [ada, bob, eve] = [house.person("ada").await, house.person("bob").await, house.person("eve").await];
    let post = post(&house, &ada, "public").await;
    let his = said(&house, &bob, post, "bob says", None).await;
    said(&house, &bob, post, "bob alone", None).await;
    said(&house, &eve, post, "eve to bob", Some(&his)).await;
    let hers = said(&house, &eve, post, "eve says", None).await;
    said(&house, &bob, post, "bob to eve", Some(&hers)).await;
    assert_eq!(counted(&house, post).await, (5, 5));
    let write = house.running.app.state.store.write();
    let leave = sqlx::query("UPDATE users SET deletes_at = $1 WHERE id = $2").bind(Timestamp::now()).bind(bob.id);
    leave.execute(write).await.expect("a farewell");
    assert_eq!(under(&house, None, post).await, ["eve says", "-"], "hidden before it is deleted");
    removal::round(&house.running.app.users, Timestamp::now()).await.expect("a round");
    assert_eq!(under(&house, None, post).await, ["eve says", "-"]);
    assert_eq!(replies(&house, None, &his).await, ["eve to bob"]);
    assert!(replies(&house, None, &hers).await.is_empty());
    assert_eq!(counted(&house, post).await, (2, 2));
    let page = comments(&house, None, &format!("/posts/{post}/comments")).await;
    assert_eq!(page.items.iter().map(|one| one.reply_count).collect::<Vec<_>>(), [0, 1]);
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM comments WHERE body LIKE 'bob%'")
        .fetch_one(house.running.app.state.store.read())
        .await
        .expect("a count");
    assert_eq!(left, 0);
}
