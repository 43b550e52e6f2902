//! What is left of somebody's posts and likes after their account: nothing, and right counts of everybody else's.

use moodcall::base::timestamp::Timestamp;
use moodcall::users::removal;
use reqwest::Method;
use serde_json::json;

use super::client::house;

#[tokio::test]
async fn posts_likes_and_tags_go_with_their_author_and_counts_stay_right() {
    let house = house().await;
    let (ada, bob, eve) = (house.person("ada").await, house.person("bob").await, house.person("eve").await);
    let of_bob = house.post_by(&bob, json!({ "title": "Of bob", "tags": ["rain"] })).await.id;
    for (title, visibility) in [("one", "public"), ("two", "public"), ("three", "private")] {
        house.post_by(&ada, json!({ "title": title, "visibility": visibility, "tags": ["rain", "ada"] })).await;
    }
    let deleted = house.post_by(&ada, json!({ "title": "four", "tags": ["rain"] })).await.id;
    house.ask(Some(&ada), Method::DELETE, &format!("/posts/{deleted}"), None).await;
    for who in [&ada, &eve] {
        for mark in ["like", "bookmark"] {
            house.ask(Some(who), Method::PUT, &format!("/posts/{of_bob}/{mark}"), None).await;
        }
    }
    assert_eq!(house.post_seen(None, of_bob).await.expect("a post").counts.likes, 2);
    assert_eq!(house.tag_counts("/tags").await, [("rain".to_owned(), 3), ("ada".to_owned(), 2)]);
    sqlx::query("UPDATE users SET deletes_at = 1 WHERE id = $1")
        .bind(ada.id)
        .execute(house.running.app.state.store.write())
        .await
        .expect("a farewell");
    assert_eq!(removal::round(&house.running.app.users, Timestamp::now()).await.expect("a round"), 1);
    assert_eq!(house.post_seen(None, of_bob).await.expect("a post").counts.likes, 1);
    assert_eq!(house.tag_counts("/tags").await, [("rain".to_owned(), 1)]);
    assert_eq!(house.number("SELECT COUNT(*) FROM posts").await, 1);
    assert_eq!(house.number("SELECT COUNT(*) FROM post_bookmarks").await, 1);
    house.stop().await;
}
