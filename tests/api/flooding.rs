//! One person writes so much an hour and no more, so that nobody fills the feeds alone.

use moodcall::base::id::PostId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{House, house_with};
use crate::person::Person;

/// How often it was done, and whether what was refused says when to come again.
async fn often(house: &House, who: &Person, path: &str, body: Value, times: usize) -> usize {
    let mut done = 0;
    for _ in 0..times {
        let answer = house.ask(Some(who), Method::POST, path, Some(body.clone())).await;
        if answer.status() == 201 {
            done += 1;
            continue;
        }
        assert_eq!(answer.status(), 429, "{path}");
        let wait: u64 = answer.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
        assert!((1..=3600).contains(&wait), "{wait}");
        assert_eq!(answer.json::<Value>().await.expect("a problem")["code"], "too-many");
    }
    done
}

#[tokio::test]
async fn one_person_writes_so_many_posts_and_comments_an_hour_and_others_are_not_in_their_way() {
    let house = house_with(|config| {
        config.accounts.posts_per_hour = 3;
        config.accounts.comments_per_hour = 4;
    })
    .await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    // What is refused for another reason counts for nothing.
    for _ in 0..10 {
        let empty = house.told(Some(&ada), Method::POST, "/posts", Some(json!({ "title": "" }))).await;
        assert_eq!(empty.0, 422);
    }
    let post: PostId = house.post_by(&ada, json!({ "title": "Rain" })).await.id;
    assert_eq!(often(&house, &ada, "/posts", json!({ "title": "Rain" }), 10).await, 2);
    assert_eq!(often(&house, &bob, "/posts", json!({ "title": "Sun" }), 3).await, 3);
    let comments = format!("/posts/{post}/comments");
    for _ in 0..10 {
        assert_eq!(house.told(Some(&ada), Method::POST, &comments, Some(json!({ "body": "" }))).await.0, 422);
    }
    assert_eq!(often(&house, &ada, &comments, json!({ "body": "and on" }), 10).await, 4);
    assert_eq!(often(&house, &bob, &comments, json!({ "body": "and on" }), 4).await, 4);
    let mut edits = Vec::new();
    for number in 0..10 {
        let body = json!({ "title": format!("Rain {number}") });
        edits.push(house.patch_post(&ada, post, None, body).await.status().as_u16());
    }
    assert_eq!(edits, [200, 200, 200, 200, 429, 429, 429, 429, 429, 429]);
    assert_eq!(house.post_seen(None, post).await.expect("a post").title, "Rain 3");
    assert_eq!(house.patch_post(&bob, post, None, json!({ "title": "Sun" })).await.status(), 403, "not theirs");
    assert_eq!(house.number("SELECT COUNT(*) FROM posts").await, 6);
    assert_eq!(house.number("SELECT COUNT(*) FROM comments").await, 8);
}
