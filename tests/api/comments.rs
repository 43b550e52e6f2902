//! Comments: said by who is logged in, seen by who sees the post, counted exactly, told once, gone without a trace.

use futures_util::future::join_all;
use moodcall::base::id::PostId;
use moodcall::base::timestamp::Timestamp;
use moodcall::comments::row::Comment;
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{House, house};
use crate::following::{counts, refusal};
use crate::person::Person;
use crate::profile::{FOLLOW, FRIENDSHIP};

/// A post, put into its table.
pub async fn post(house: &House, author: &Person, visibility: &str) -> PostId {
    let id = PostId::new();
    sqlx::query("INSERT INTO posts (id, author_id, title, visibility, created_at) VALUES ($1, $2, 'Rain', $3, $4)")
        .bind(id)
        .bind(author.id)
        .bind(visibility)
        .bind(Timestamp::now())
        .execute(house.running.app.state.store.write())
        .await
        .expect("a post");
    id
}

/// Status and body of the answer to saying something under a post, as a reply or not.
pub async fn say(house: &House, who: &Person, post: PostId, body: &str, parent: Option<&Comment>) -> (u16, Value) {
    let mut new = json!({ "body": body });
    if let Some(parent) = parent {
        new["parent_id"] = json!(parent.id);
    }
    let answer = house.ask(Some(who), Method::POST, &format!("/posts/{post}/comments"), Some(new)).await;
    (answer.status().as_u16(), answer.json().await.expect("a body"))
}

/// The same where it must work.
pub async fn said(house: &House, who: &Person, post: PostId, body: &str, parent: Option<&Comment>) -> Comment {
    let (status, value) = say(house, who, post, body, parent).await;
    assert_eq!(status, 201, "{value}");
    serde_json::from_value(value).expect("a comment")
}

/// One page of comments, as somebody sees it; `path` below `/api/v1`.
pub async fn comments(house: &House, who: Option<&Person>, path: &str) -> Page<Comment> {
    let answer = house.ask(who, Method::GET, path, None).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.expect("a page")
}

/// What is said at the top under a post; a dash for a kept place.
pub async fn under(house: &House, who: Option<&Person>, post: PostId) -> Vec<String> {
    let page = comments(house, who, &format!("/posts/{post}/comments")).await;
    page.items.into_iter().map(|comment| comment.body.unwrap_or_else(|| "-".into())).collect()
}

/// How many comments the post's row says that there are, and how many there are.
pub async fn counted(house: &House, post: PostId) -> (i64, i64) {
    sqlx::query_as(
        "SELECT (SELECT comment_count FROM posts WHERE id = $1), \
         (SELECT COUNT(*) FROM comments WHERE post_id = $1 AND deleted_at IS NULL)",
    )
    .bind(post)
    .fetch_one(house.running.app.state.store.read())
    .await
    .expect("counts")
}

pub async fn delete(house: &House, who: &Person, comment: &Comment) -> u16 {
    refusal(house, Some(who), Method::DELETE, &format!("/comments/{}", comment.id)).await.0
}

#[tokio::test]
async fn what_is_said_is_listed_newest_first_counted_and_told_to_the_author_of_the_post() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let post = post(&house, &ada, "public").await;
    let first = said(&house, &bob, post, "  비가 온다 \n", None).await;
    assert_eq!((first.body.as_deref(), first.post_id), (Some("비가 온다"), Some(post)));
    assert_eq!(first.author.as_ref().map(|author| author.handle.as_str()), Some("bob"));
    let own = said(&house, &ada, post, "yes", None).await;
    assert_eq!(under(&house, None, post).await, ["yes", "비가 온다"], "guests see what everybody sees");
    let one = house.ask(None, Method::GET, &format!("/comments/{}", own.id), None).await;
    assert_eq!(one.json::<Comment>().await.expect("a comment"), own);
    assert_eq!(counted(&house, post).await, (2, 2));
    said(&house, &bob, post, "again", None).await;
    assert_eq!(counts(&house, &ada).await.3, 1, "one notice for both of bob's, none for one's own");
    let page: Value = house.ask(Some(&ada), Method::GET, "/notifications", None).await.json().await.expect("a page");
    let told = &page["items"][0];
    assert_eq!((&told["kind"], &told["actor"]["handle"]), (&json!("post-commented"), &json!("bob")));
    assert_eq!(told["subject"], json!(post));

    let (mut seen, mut more) = (Vec::new(), "?limit=1".to_owned());
    loop {
        let page = comments(&house, Some(&bob), &format!("/posts/{post}/comments{more}")).await;
        seen.extend(page.items.into_iter().filter_map(|comment| comment.body));
        let Some(cursor) = page.next_cursor else { break };
        more = format!("?limit=1&cursor={cursor}");
    }
    assert_eq!(seen, ["again", "yes", "비가 온다"]);
}

#[tokio::test]
async fn only_its_author_edits_a_comment_and_an_edit_is_marked() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let post = post(&house, &ada, "public").await;
    let comment = said(&house, &bob, post, "rain", None).await;
    let path = format!("/comments/{}", comment.id);
    let edit = async |who: &Person, body: Value| {
        let answer = house.ask(Some(who), Method::PATCH, &path, Some(body)).await;
        (answer.status().as_u16(), answer.json::<Value>().await.expect("a body"))
    };
    assert_eq!(edit(&bob, json!({ "body": " rain " })).await.1["edited_at"], Value::Null, "nothing has changed");
    let (status, edited) = edit(&bob, json!({ "body": "snow" })).await;
    assert_eq!((status, &edited["body"]), (200, &json!("snow")));
    assert!(edited["edited_at"].is_string());
    assert_eq!(edited["created_at"], json!(comment.created_at));
    assert_eq!(edit(&ada, json!({ "body": "sun" })).await.0, 403, "not even the author of the post");
    for (body, status) in [
        (json!({ "body": "" }), 422),
        (json!({ "body": "a".repeat(501) }), 422),
        (json!({ "body": "sun", "author": ada.id }), 400),
        (json!({ "body": "sun", "post_id": post }), 400),
    ] {
        assert_eq!(edit(&bob, body).await.0, status);
    }
    assert_eq!(under(&house, None, post).await, ["snow"]);
    assert_eq!(delete(&house, &bob, &comment).await, 204);
    assert_eq!(edit(&bob, json!({ "body": "sun" })).await.0, 404);
}

#[tokio::test]
async fn who_speaks_is_who_is_logged_in() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let post = post(&house, &ada, "public").await;
    let path = format!("/posts/{post}/comments");
    for field in ["author", "author_id", "user_id", "post_id", "created_at"] {
        let answer = house.ask(Some(&bob), Method::POST, &path, Some(json!({ "body": "x", field: ada.id }))).await;
        assert_eq!(answer.status(), 400, "{field}");
    }
    for bad in ["", "   ", "\u{200b}", &"가".repeat(501)] {
        assert_eq!(say(&house, &bob, post, bad, None).await.0, 422, "{bad:?}");
    }
    assert_eq!(said(&house, &bob, post, &"가".repeat(500), None).await.author.expect("somebody").id, bob.id);
    let nobody = house.ask(None, Method::POST, &path, Some(json!({ "body": "x" }))).await;
    assert_eq!(nobody.status(), 401);
    assert_eq!(counted(&house, post).await, (1, 1));
}

#[tokio::test]
async fn who_may_not_see_the_post_sees_no_comment_and_says_none() {
    let house = house().await;
    let [ada, fan, friend, eve] =
        [house.person("ada").await, house.person("fan").await, house.person("friend").await, house.person("eve").await];
    house.edge(FOLLOW, fan.id, ada.id).await;
    house.edge(FRIENDSHIP, ada.id.min(friend.id), ada.id.max(friend.id)).await;
    let askers = [Some(&ada), Some(&fan), Some(&friend), Some(&eve), None];
    for (visibility, sees) in [
        ("public", [true, true, true, true, true]),
        ("followers", [true, true, true, false, false]),
        ("friends", [true, false, true, false, false]),
        ("private", [true, false, false, false, false]),
    ] {
        let post = post(&house, &ada, visibility).await;
        let comment = said(&house, &ada, post, "mine", None).await;
        for (who, sees) in askers.iter().zip(sees) {
            let status = if sees { 200 } else { 404 };
            for path in [
                format!("/posts/{post}/comments"),
                format!("/comments/{}", comment.id),
                format!("/comments/{}/replies", comment.id),
            ] {
                assert_eq!(refusal(&house, *who, Method::GET, &path).await.0, status, "{visibility} {path}");
            }
            let Some(who) = who.filter(|_| !sees) else { continue };
            assert_eq!(say(&house, who, post, "let me in", None).await.0, 404, "{visibility}");
            assert_eq!(delete(&house, who, &comment).await, 404, "{visibility}");
            let edit = Some(json!({ "body": "x" }));
            let answer = house.ask(Some(who), Method::PATCH, &format!("/comments/{}", comment.id), edit).await;
            assert_eq!(answer.status(), 404, "{visibility}");
        }
        assert_eq!(counted(&house, post).await, (1, 1));
    }
    let gone = post(&house, &ada, "public").await;
    sqlx::query("UPDATE posts SET deleted_at = 1 WHERE id = $1")
        .bind(gone)
        .execute(house.running.app.state.store.write())
        .await
        .expect("a deletion");
    assert_eq!(say(&house, &eve, gone, "too late", None).await.0, 404);
    for nothing in ["nonsense", "00000000-0000-7000-8000-000000000000", "%00"] {
        for path in [format!("/posts/{nothing}/comments"), format!("/comments/{nothing}/replies")] {
            assert_eq!(refusal(&house, Some(&ada), Method::GET, &path).await.0, 404, "{path}");
        }
    }
}

#[tokio::test]
async fn no_word_goes_across_a_block() {
    let house = house().await;
    let [ada, bob, eve] = [house.person("ada").await, house.person("bob").await, house.person("eve").await];
    let post = post(&house, &ada, "public").await;
    let hers = said(&house, &eve, post, "eve was here", None).await;
    said(&house, &bob, post, "bob was here", None).await;
    house.ask(Some(&bob), Method::PUT, "/me/blocks/eve", None).await;
    assert_eq!(under(&house, Some(&bob), post).await, ["bob was here"]);
    assert_eq!(under(&house, Some(&eve), post).await, ["eve was here"]);
    assert_eq!(under(&house, Some(&ada), post).await.len(), 2);
    for path in [format!("/comments/{}", hers.id), format!("/comments/{}/replies", hers.id)] {
        assert_eq!(refusal(&house, Some(&bob), Method::GET, &path).await.0, 404, "{path}");
    }
    assert_eq!(say(&house, &bob, post, "no you were not", Some(&hers)).await.0, 422);
    house.ask(Some(&ada), Method::PUT, "/me/blocks/eve", None).await;
    assert_eq!(say(&house, &eve, post, "and again", None).await.0, 404, "not under the post of who blocked her");
    assert_eq!(delete(&house, &eve, &hers).await, 204, "what one said oneself can always be taken back");
    assert_eq!(counted(&house, post).await, (1, 1));
}

#[tokio::test]
async fn its_author_and_the_author_of_the_post_delete_a_comment_and_nobody_else() {
    let house = house().await;
    let [ada, bob, eve] = [house.person("ada").await, house.person("bob").await, house.person("eve").await];
    let post = post(&house, &ada, "public").await;
    let (one, two) = (said(&house, &bob, post, "one", None).await, said(&house, &bob, post, "two", None).await);
    assert_eq!(delete(&house, &eve, &one).await, 403);
    assert_eq!(delete(&house, &bob, &one).await, 204);
    assert_eq!(delete(&house, &bob, &one).await, 204, "again");
    assert_eq!(counts(&house, &ada).await.3, 1, "the other one is still a reason");
    assert_eq!(delete(&house, &ada, &two).await, 204);
    assert_eq!(counts(&house, &ada).await.3, 0, "and what was told is taken back");
    assert!(under(&house, Some(&bob), post).await.is_empty());
    assert_eq!(refusal(&house, Some(&bob), Method::GET, &format!("/comments/{}", two.id)).await.0, 404);
    assert_eq!(counted(&house, post).await, (0, 0));
    let bodies: Vec<String> = sqlx::query_scalar("SELECT body FROM comments")
        .fetch_all(house.running.app.state.store.read())
        .await
        .expect("rows");
    assert!(bodies.iter().all(String::is_empty), "nothing is left of what was said: {bodies:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_that_says_and_deletes_at_once_is_counted_exactly() {
    let house = house().await;
    let ada = house.person("ada").await;
    let post = post(&house, &ada, "public").await;
    let mut crowd = Vec::new();
    for number in 0..6 {
        crowd.push(house.person(&format!("person{number}")).await);
    }
    let top = said(&house, &crowd[0], post, "top", None).await;
    let each = join_all(crowd.iter().map(|who| {
        let (house, top) = (&house, &top);
        async move {
            for round in 0..6 {
                let parent = (round % 2 == 0).then_some(top);
                let comment = said(house, who, post, "words", parent).await;
                if round % 3 == 0 {
                    // Twice at once, of which one counts.
                    let (one, other) = tokio::join!(delete(house, who, &comment), delete(house, who, &comment));
                    assert_eq!((one, other), (204, 204));
                }
            }
        }
    }));
    each.await;
    let (counted, there) = counted(&house, post).await;
    assert_eq!((counted, there), (1 + 6 * 4, 1 + 6 * 4));
    let (replies, rows): (i64, i64) = sqlx::query_as(
        "SELECT reply_count, (SELECT COUNT(*) FROM comments r WHERE r.parent_id = $1 AND r.deleted_at IS NULL) \
         FROM comments WHERE id = $1",
    )
    .bind(top.id)
    .fetch_one(house.running.app.state.store.read())
    .await
    .expect("counts");
    assert_eq!((replies, rows), (12, 12));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_with_a_key_says_nothing_twice() {
    let house = house().await;
    let ada = house.person("ada").await;
    let post = post(&house, &ada, "public").await;
    let send = || {
        reqwest::Client::new()
            .post(house.url(&format!("/api/v1/posts/{post}/comments")))
            .bearer_auth(&ada.token)
            .header("idempotency-key", "0b1c3ad6-6d5a-4f7e-9a55-2f1b1d2c3e4f")
            .json(&json!({ "body": "once" }))
            .send()
    };
    let answers = join_all((0..20).map(|_| send())).await;
    for answer in answers {
        assert_eq!(answer.expect("an answer").status(), 201);
    }
    assert_eq!(counted(&house, post).await, (1, 1));
}
