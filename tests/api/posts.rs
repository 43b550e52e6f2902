//! A post is changed by its author alone, one version at a time; deleted for everybody; and back within ten minutes.

use std::time::Duration;

use image::ImageFormat;
use moodcall::base::id::PostId;
use moodcall::base::timestamp::Timestamp;
use moodcall::posts::post::Post;
use moodcall::posts::sweep;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::client::{House, house};
use super::person::Person;
use super::posting::refused;
use super::uploads::picture;

impl House {
    pub async fn patch_post(&self, who: &Person, id: PostId, tag: Option<&str>, body: Value) -> Response {
        let request = reqwest::Client::new().patch(self.url(&format!("/api/v1/posts/{id}"))).bearer_auth(&who.token);
        let request = tag.into_iter().fold(request, |request, tag| request.header("if-match", tag));
        request.json(&body).send().await.expect("an answer")
    }
}

/// Everything about a post that an edit could change.
fn fields(post: &Post) -> Value {
    let mut value = serde_json::to_value(post).expect("JSON");
    for changing in ["version", "edited_at", "counts"] {
        value.as_object_mut().expect("an object").remove(changing);
    }
    value
}

#[tokio::test]
async fn a_change_changes_what_it_names_and_nothing_else() {
    let house = house().await;
    let ada = house.person("ada").await;
    let upload = house.upload(&ada, &picture(8, 8, [1, 2, 3], ImageFormat::Png)).await;
    let playlist = house.playlist(&ada, "Rain songs", true).await;
    let mut before = house
        .post_by(
            &ada,
            json!({ "title": "Rain", "body": "drops", "tags": ["rain"], "mood": "sadness", "playlist_id": playlist,
                "pictures": [{ "upload": upload.id, "description": "a window" }], "visibility": "followers" }),
        )
        .await;
    for (edit, field, value) in [
        (json!({ "title": "Snow" }), "title", json!("Snow")),
        (json!({ "body": "" }), "body", json!("")),
        (json!({ "tags": ["snow", "ice"] }), "tags", json!(["ice", "snow"])),
        (json!({ "mood": "surprise" }), "mood", json!("surprise")),
        (json!({ "mood": null }), "mood", Value::Null),
        (json!({ "playlist_id": null }), "playlist", Value::Null),
        (json!({ "visibility": "public" }), "visibility", json!("public")),
        (json!({ "pictures": [] }), "pictures", json!([])),
        (json!({ "tags": [] }), "tags", json!([])),
    ] {
        let answer = house.patch_post(&ada, before.id, None, edit.clone()).await;
        assert_eq!(answer.status(), 200, "{edit}");
        let tag = answer.headers()["etag"].to_str().expect("text").to_owned();
        let after: Post = answer.json().await.expect("a post");
        assert_eq!(after.version, before.version + 1, "{edit}");
        assert_eq!(tag, format!("\"v{}\"", after.version));
        let mut expected = fields(&before);
        expected[field] = value;
        assert_eq!(fields(&after), expected, "{edit}");
        before = after;
    }
    let same: Post = house.patch_post(&ada, before.id, None, json!({})).await.json().await.expect("a post");
    assert_eq!(same, before, "nothing named, nothing changed");
    for wrong in
        [json!({ "title": null }), json!({ "author_id": ada.id }), json!({ "like_count": 7 }), json!({ "version": 9 })]
    {
        assert_eq!(house.patch_post(&ada, before.id, None, wrong.clone()).await.status(), 400, "{wrong}");
    }
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_change_one_version_one_wins() {
    let house = house().await;
    let ada = house.person("ada").await;
    let post = house.post_by(&ada, json!({ "title": "Rain" })).await;
    let answers = futures_util::future::join_all((0..20).map(|number| {
        let (house, ada) = (&house, &ada);
        async move {
            let edit = json!({ "title": format!("Rain {number}") });
            house.patch_post(ada, post.id, Some("\"v1\""), edit).await.status().as_u16()
        }
    }))
    .await;
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 412).count(), 19, "{answers:?}");
    let stale = house.patch_post(&ada, post.id, Some("\"v1\""), json!({ "body": "late" })).await;
    assert_eq!(refused(stale).await, (412, "changed".into(), String::new()));
    let stale = reqwest::Client::new().delete(house.url(&format!("/api/v1/posts/{}", post.id)));
    let stale = stale.bearer_auth(&ada.token).header("if-match", "\"v1\"").send().await.expect("an answer");
    assert_eq!(refused(stale).await.0, 412);
    for tag in ["\"v2\"", "*", "\"v1\", \"v4\"", "\"v5\""] {
        assert_eq!(house.patch_post(&ada, post.id, Some(tag), json!({ "body": tag })).await.status(), 200, "{tag}");
    }
    house.stop().await;
}

#[tokio::test]
async fn only_its_author_changes_a_post_and_who_does_not_see_it_learns_nothing() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let open = house.post_by(&ada, json!({ "title": "x" })).await.id;
    let hidden = house.post_by(&ada, json!({ "title": "x", "visibility": "private" })).await.id;
    for (id, status) in [(open, 403), (hidden, 404), (PostId::new(), 404)] {
        assert_eq!(house.patch_post(&bob, id, None, json!({ "title": "mine" })).await.status(), status);
        for (method, path) in [
            (Method::DELETE, format!("/posts/{id}")),
            (Method::PUT, format!("/posts/{id}/restoration")),
            (Method::PUT, format!("/posts/{id}/tags/mine")),
            (Method::DELETE, format!("/posts/{id}/tags/mine")),
        ] {
            assert_eq!(house.ask(Some(&bob), method.clone(), &path, None).await.status(), status, "{method} {path}");
        }
    }
    assert_eq!(house.post_seen(Some(&ada), open).await.expect("a post").version, 1);
    house.stop().await;
}

#[tokio::test]
async fn a_deleted_post_is_gone_for_everybody_and_back_within_ten_minutes() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let post = house.post_by(&ada, json!({ "title": "Rain", "tags": ["rain"] })).await;
    let at = |end: &str| format!("/posts/{}{end}", post.id);
    house.ask(Some(&bob), Method::PUT, &at("/like"), None).await;
    house.ask(Some(&bob), Method::PUT, &at("/bookmark"), None).await;
    assert_eq!(house.ask(Some(&ada), Method::DELETE, &at(""), None).await.status(), 204);
    for who in [Some(&ada), Some(&bob), None] {
        assert!(house.post_seen(who, post.id).await.is_none());
        for list in ["/posts", "/feeds/latest", "/feeds/popular", "/users/ada/posts", "/tags/rain/items"] {
            let page: Value = house.ask(who, Method::GET, list, None).await.json().await.expect("a page");
            assert_eq!(page["items"], json!([]), "{list}");
        }
    }
    let page: Value = house.ask(Some(&bob), Method::GET, "/me/bookmarks", None).await.json().await.expect("a page");
    assert_eq!(page["items"], json!([]));
    assert!(house.tag_counts("/tags").await.is_empty());
    for (method, path) in [(Method::PUT, at("/like")), (Method::DELETE, at("/like")), (Method::DELETE, at(""))] {
        assert_eq!(house.ask(Some(&bob), method, &path, None).await.status(), 404);
    }
    assert_eq!(house.ask(Some(&bob), Method::PUT, &at("/restoration"), None).await.status(), 404);
    let users = &house.running.app.users;
    assert_eq!(sweep::round(users, Timestamp::now()).await.expect("a round"), 0);
    let back = house.ask(Some(&ada), Method::PUT, &at("/restoration"), None).await;
    assert_eq!(back.status(), 200);
    let back: Post = back.json().await.expect("a post");
    assert_eq!((back.title.as_str(), back.counts.likes, &back.tags), ("Rain", 1, &vec!["rain".to_owned()]));
    assert_eq!(house.tag_counts("/tags").await, [("rain".to_owned(), 1)]);
    assert_eq!(house.ask(Some(&ada), Method::PUT, &at("/restoration"), None).await.status(), 200, "as it is");

    house.ask(Some(&ada), Method::DELETE, &at(""), None).await;
    let write = house.running.app.state.store.write();
    sqlx::query("UPDATE posts SET taken_down = 1").execute(write).await.expect("what staff does");
    assert_eq!(house.ask(Some(&ada), Method::PUT, &at("/restoration"), None).await.status(), 404, "down stays down");
    let late = Timestamp::now().after(Duration::from_secs(601));
    assert_eq!(sweep::round(users, late).await.expect("a round"), 0, "and is kept for who looks at it again");
    assert!(
        !sweep::remove(users, post.id, late).await.expect("a look"),
        "also when that came after the sweep had looked"
    );
    assert_eq!(house.number("SELECT COUNT(*) FROM posts").await, 1);
    sqlx::query("UPDATE posts SET taken_down = 0, deleted_at = deleted_at - 600001")
        .execute(write)
        .await
        .expect("a row");
    assert_eq!(house.ask(Some(&ada), Method::PUT, &at("/restoration"), None).await.status(), 404, "too late");
    assert_eq!(sweep::round(users, Timestamp::now()).await.expect("a round"), 1);
    for left in ["SELECT COUNT(*) FROM posts", "SELECT COUNT(*) FROM post_grams", "SELECT COUNT(*) FROM post_likes"] {
        assert_eq!(house.number(left).await, 0, "{left}");
    }
    house.stop().await;
}

#[tokio::test]
async fn a_tag_is_put_on_and_taken_off_and_ten_are_the_most() {
    let house = house().await;
    let ada = house.person("ada").await;
    let post =
        house.post_by(&ada, json!({ "title": "Rain", "tags": ["a", "b", "c", "d", "e", "f", "g", "h", "i"] })).await;
    let change = async |method: Method, tag: &str| {
        house.ask(Some(&ada), method, &format!("/posts/{}/tags/{tag}", post.id), None).await.status().as_u16()
    };
    assert_eq!(change(Method::PUT, "%EB%B9%84").await, 204);
    assert_eq!(change(Method::PUT, "%23A").await, 204, "it is there");
    assert_eq!(change(Method::PUT, "more").await, 422);
    assert_eq!(change(Method::PUT, "two%20words").await, 422);
    assert_eq!(change(Method::DELETE, "two%20words").await, 404);
    assert_eq!(change(Method::DELETE, "b").await, 204);
    assert_eq!(change(Method::DELETE, "b").await, 204);
    let seen = house.post_seen(Some(&ada), post.id).await.expect("a post");
    assert_eq!(seen.tags, ["a", "c", "d", "e", "f", "g", "h", "i", "비"]);
    assert_eq!((seen.version, seen.edited_at), (3, None), "words are as they were");
    assert_eq!(house.tag_counts("/tags").await.len(), 9);
    house.stop().await;
}

#[tokio::test]
async fn the_pieces_of_a_post_follow_its_words() {
    let house = house().await;
    let ada = house.person("ada").await;
    let grams = async || -> Vec<String> {
        let rows = sqlx::query_scalar("SELECT gram FROM post_grams").fetch_all(house.running.app.state.store.read());
        let mut rows: Vec<String> = rows.await.expect("rows");
        rows.sort();
        rows
    };
    let post = house.post_by(&ada, json!({ "title": "Ab", "body": "나무" })).await;
    assert_eq!(grams().await, ["ab", "ab ", "b ", "나무", "나무 ", "무 "]);
    house.patch_post(&ada, post.id, None, json!({ "body": "Ｃ" })).await;
    assert_eq!(grams().await, ["ab", "ab ", "b ", "c "]);
    house.patch_post(&ada, post.id, None, json!({ "tags": ["x"] })).await;
    assert_eq!(grams().await, ["ab", "ab ", "b ", "c "]);
    // More pieces than one statement writes.
    let long: String = (0..1900_u32).filter_map(|n| char::from_u32(0xac00 + n)).collect();
    house.patch_post(&ada, post.id, None, json!({ "title": "x", "body": long })).await;
    assert_eq!(grams().await.len(), 1901 + 1899 + 1898, "of two, of three and of four");
    house.stop().await;
}

#[tokio::test]
async fn a_picture_leaves_its_posts_with_its_upload() {
    let house = house().await;
    let ada = house.person("ada").await;
    let upload = house.upload(&ada, &picture(8, 8, [1, 2, 3], ImageFormat::Png)).await;
    let other = house.upload(&ada, &picture(9, 9, [1, 2, 3], ImageFormat::Png)).await;
    let pictures = json!([{ "upload": upload.id }, { "upload": other.id }]);
    let post = house.post_by(&ada, json!({ "title": "x", "pictures": pictures })).await;
    assert_eq!(house.ask(Some(&ada), Method::DELETE, &format!("/uploads/{}", upload.id), None).await.status(), 204);
    let seen = house.post_seen(None, post.id).await.expect("a post");
    assert_eq!(seen.pictures.iter().map(|one| one.url.as_str()).collect::<Vec<_>>(), [other.url]);
    house.stop().await;
}
