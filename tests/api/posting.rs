//! Writing a post: what it may hold, who its author is, and once however often it is sent.

use image::ImageFormat;
use moodcall::base::id::PostId;
use moodcall::posts::post::{Post, PostVisibility};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::client::{House, house};
use super::person::Person;
use super::uploads::picture;

impl House {
    /// A post that is taken.
    pub async fn post_by(&self, who: &Person, body: Value) -> Post {
        let answer = self.ask(Some(who), Method::POST, "/posts", Some(body)).await;
        let status = answer.status();
        let text = answer.text().await.expect("text");
        assert_eq!(status, 201, "{text}");
        serde_json::from_str(&text).expect("a post")
    }

    /// A post as somebody sees it; none when they do not.
    pub async fn post_seen(&self, who: Option<&Person>, id: PostId) -> Option<Post> {
        let answer = self.ask(who, Method::GET, &format!("/posts/{id}"), None).await;
        match answer.status().as_u16() {
            200 => Some(answer.json().await.expect("a post")),
            404 => None,
            other => panic!("{other}"),
        }
    }

    /// A count in the database.
    pub async fn number(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.running.app.state.store.read()).await.expect("a count")
    }
}

/// Status, code and the first pointer of an answer.
pub async fn refused(answer: Response) -> (u16, String, String) {
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (status, text(&body["code"]), text(&body["errors"][0]["pointer"]))
}

#[tokio::test]
async fn a_post_is_kept_as_it_was_written_and_its_author_is_who_is_logged_in() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let upload = house.upload(&ada, &picture(30, 20, [1, 2, 3], ImageFormat::Png)).await;
    let playlist = house.playlist(&ada, "Rain songs", false).await;
    let body = json!({
        "title": "  Rain on the e\u{301}tage ", "body": "one\ntwo", "tags": ["Rain", "#rain", "비"], "mood": "sadness",
        "pictures": [{ "upload": upload.id, "description": "a window" }, { "upload": upload.id }],
        "playlist_id": playlist, "visibility": "public",
    });
    let answer = house.ask(Some(&ada), Method::POST, "/posts", Some(body)).await;
    assert_eq!(answer.status(), 201);
    let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
    let (location, tag) = (header("location"), header("etag"));
    let post: Post = answer.json().await.expect("a post");
    assert_eq!((location, tag.as_str()), (format!("/api/v1/posts/{}", post.id), "\"v1\""));
    assert_eq!((post.title.as_str(), post.body.as_str()), ("Rain on the étage", "one\ntwo"));
    assert_eq!((post.author.id, post.mine, post.liked, post.bookmarked), (ada.id, true, false, false));
    assert_eq!(post.tags, ["rain", "비"]);
    assert_eq!(post.playlist.as_ref().map(|one| one.title.as_str()), Some("Rain songs"));
    let pictures: Vec<_> = post.pictures.iter().map(|one| (one.url.as_str(), one.width, one.from_call)).collect();
    assert_eq!(pictures, [(upload.url.as_str(), 30, false); 2]);
    assert_eq!(post.pictures[0].description, "a window");
    assert_eq!(post.pictures[0].upload, Some(upload.id));
    assert_eq!(serde_json::to_value(post.mood).expect("JSON"), "sadness");
    assert_eq!((post.version, post.edited_at), (1, None));

    let seen = house.post_seen(Some(&bob), post.id).await.expect("a post");
    assert_eq!(
        (seen.mine, seen.playlist, seen.pictures[0].upload),
        (false, None, None),
        "a private playlist is nobody's"
    );
    assert_eq!(house.post_seen(None, post.id).await.expect("a post").title, post.title, "guests read what is public");
    let plain = house.post_by(&bob, json!({ "title": "x" })).await;
    assert_eq!((plain.visibility, plain.body.as_str(), plain.mood), (PostVisibility::Public, "", None));
    house.stop().await;
}

#[tokio::test]
async fn what_a_post_may_not_hold_is_refused_by_its_field() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let theirs = house.upload(&bob, &picture(8, 8, [1, 2, 3], ImageFormat::Png)).await;
    let hidden = house.playlist(&bob, "Secret", false).await;
    let nothing = PostId::new();
    let many: Vec<Value> = (0..11).map(|_| json!({ "upload": nothing })).collect();
    let tags: Vec<String> = (0..11).map(|number| format!("t{number}")).collect();
    for (body, pointer) in [
        (json!({ "title": "" }), "/title"),
        (json!({ "title": "\u{200b}" }), "/title"),
        (json!({ "title": "x".repeat(101) }), "/title"),
        (json!({ "title": "x", "body": "x".repeat(2001) }), "/body"),
        (json!({ "title": "x", "tags": ["a", "two words"] }), "/tags/1"),
        (json!({ "title": "x", "tags": tags }), "/tags"),
        (json!({ "title": "x", "pictures": many }), "/pictures"),
        (json!({ "title": "x", "pictures": [{ "upload": theirs.id }] }), "/pictures/0/upload"),
        (json!({ "title": "x", "pictures": [{ "upload": nothing }] }), "/pictures/0/upload"),
        (json!({ "title": "x", "pictures": [{ "still": nothing }] }), "/pictures/0/still"),
        (json!({ "title": "x", "playlist_id": hidden }), "/playlist_id"),
        (json!({ "title": "x", "playlist_id": nothing }), "/playlist_id"),
    ] {
        let answer = house.ask(Some(&ada), Method::POST, "/posts", Some(body.clone())).await;
        assert_eq!(refused(answer).await, (422, "invalid".into(), pointer.into()), "{body}");
    }
    for body in [
        json!({ "title": "x", "author_id": bob.id }),
        json!({ "title": "x", "author": "bob" }),
        json!({ "title": "x", "mood": "unsure" }),
        json!({ "title": "x", "visibility": "everybody" }),
        json!({ "title": "x", "pictures": [{ "upload": theirs.id, "still": nothing }] }),
        json!({ "body": "x" }),
    ] {
        let answer = house.ask(Some(&ada), Method::POST, "/posts", Some(body.clone())).await;
        assert_eq!(refused(answer).await.0, 400, "{body}");
    }
    let answer = house.ask(None, Method::POST, "/posts", Some(json!({ "title": "x" }))).await;
    assert_eq!(refused(answer).await, (401, "login-needed".into(), String::new()));
    assert_eq!(house.number("SELECT COUNT(*) FROM posts").await, 0, "nothing is left of what was refused");
    assert_eq!(house.number("SELECT COUNT(*) FROM post_grams").await, 0);
    house.stop().await;
}

#[tokio::test]
async fn a_post_can_have_every_mood_that_is_clear() {
    let house = house().await;
    let ada = house.person("ada").await;
    let moods: Value = house.ask(None, Method::GET, "/moods", None).await.json().await.expect("moods");
    let labels: Vec<&str> =
        moods["items"].as_array().expect("a list").iter().filter_map(|one| one["label"].as_str()).collect();
    assert!(labels.len() > 7, "{labels:?}");
    for label in labels.into_iter().filter(|label| *label != "unsure") {
        let post = house.post_by(&ada, json!({ "title": "x", "mood": label })).await;
        assert_eq!(serde_json::to_value(post.mood).expect("JSON"), label);
    }
    house.stop().await;
}

async fn send(house: &House, who: &Person, key: &str, title: &str) -> Response {
    let request = reqwest::Client::new().post(house.url("/api/v1/posts")).bearer_auth(&who.token);
    request.header("idempotency-key", key).json(&json!({ "title": title })).send().await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_is_sent_again_is_one_even_if_the_server_died_before_its_answer() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let key = "3f6c2a5e-0d2b-4f57-9a51-6a0d3f1b8c44";
    let first: Post = send(&house, &ada, key, "once").await.json().await.expect("a post");
    let again: Post = send(&house, &ada, key, "once").await.json().await.expect("a post");
    assert_eq!(again, first);
    // As the table is when the server died after the post and before the answer, a while ago.
    sqlx::query("UPDATE idempotency_keys SET answer = NULL, created_at = created_at - 61000")
        .execute(house.running.app.state.store.write())
        .await
        .expect("an unfinished row");
    let answer = send(&house, &ada, key, "once").await;
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.headers()["location"].to_str().expect("text"), format!("/api/v1/posts/{}", first.id));
    let late: Post = answer.json().await.expect("a post");
    assert_eq!(late.id, first.id);
    assert_eq!(house.number("SELECT COUNT(*) FROM posts").await, 1);
    assert_eq!(refused(send(&house, &ada, key, "twice").await).await, (409, "key-reused".into(), String::new()));
    assert_eq!(send(&house, &bob, key, "once").await.status(), 201, "another's key is another key");
    assert_eq!(house.number("SELECT COUNT(*) FROM posts").await, 2);
    house.stop().await;
}
