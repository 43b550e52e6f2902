//! Likes and bookmarks: once however often they are asked for, counted exactly, and told to the author once.

use futures_util::future::join_all;
use moodcall::posts::post::Post;
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::json;

use super::client::house;
use super::following::counts;

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_like_and_bookmark_once_and_take_it_back_once() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let post = house.post_by(&ada, json!({ "title": "Rain" })).await;
    for mark in ["like", "bookmark"] {
        for (method, there) in [(Method::PUT, true), (Method::DELETE, false), (Method::PUT, true)] {
            let answers = join_all((0..50).map(|_| {
                let (house, bob, method) = (&house, &bob, method.clone());
                let path = format!("/posts/{}/{mark}", post.id);
                async move { house.ask(Some(bob), method, &path, None).await.status().as_u16() }
            }))
            .await;
            assert!(answers.iter().all(|status| *status == 204), "{mark} {method}: {answers:?}");
            let seen = house.post_seen(Some(&bob), post.id).await.expect("a post");
            let now = if mark == "like" { seen.liked } else { seen.bookmarked };
            assert_eq!(now, there, "{mark} {method}");
            if mark == "like" {
                assert_eq!(seen.counts.likes, i64::from(there), "{method}");
                assert_eq!(counts(&house, &ada).await.3, i64::from(there), "{method}: told once, and not any more");
            }
        }
    }
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_that_likes_leaves_right_counts() {
    let house = house().await;
    let ada = house.person("ada").await;
    let mut crowd = vec![ada.clone()];
    for number in 0..5 {
        crowd.push(house.person(&format!("fan{number}")).await);
    }
    let mut posts = Vec::new();
    for author in &crowd[..3] {
        posts.push(house.post_by(author, json!({ "title": "Rain" })).await.id);
    }
    // Authors like each other's posts at the same time, so that whoever locks in two orders meets a deadlock here.
    let mut asks = Vec::new();
    for (number, who) in crowd.iter().enumerate() {
        for post in &posts {
            for round in 0..3 {
                let method = if round == 1 { Method::DELETE } else { Method::PUT };
                let (house, path) = (&house, format!("/posts/{post}/like"));
                let last = number % 2 == 0;
                asks.push(async move {
                    let status = house.ask(Some(who), method, &path, None).await.status().as_u16();
                    if last {
                        house.ask(Some(who), Method::GET, "/feeds/popular", None).await.status().as_u16()
                    } else {
                        status
                    }
                });
            }
        }
    }
    let answers = join_all(asks).await;
    assert!(answers.iter().all(|status| [200, 204].contains(status)), "{answers:?}");
    let wrong = "SELECT COUNT(*) FROM posts p \
                 WHERE like_count <> (SELECT COUNT(*) FROM post_likes l WHERE l.post_id = p.id)";
    assert_eq!(house.number(wrong).await, 0);
    house.stop().await;
}

#[tokio::test]
async fn ones_own_like_is_no_news_and_a_block_hides_what_was_liked() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let post = house.post_by(&ada, json!({ "title": "Rain" })).await;
    let like = format!("/posts/{}/like", post.id);
    assert_eq!(house.ask(Some(&ada), Method::PUT, &like, None).await.status(), 204);
    assert_eq!(counts(&house, &ada).await.3, 0);
    assert_eq!(house.ask(Some(&bob), Method::PUT, &like, None).await.status(), 204);
    let page: serde_json::Value =
        house.ask(Some(&ada), Method::GET, "/notifications", None).await.json().await.expect("a page");
    assert_eq!(page["items"][0]["kind"], "post-liked");
    assert_eq!(page["items"][0]["subject"], json!(post.id));
    house.ask(Some(&ada), Method::PUT, "/me/blocks/bob", None).await;
    for method in [Method::PUT, Method::DELETE] {
        assert_eq!(house.ask(Some(&bob), method, &like, None).await.status(), 404);
    }
    house.stop().await;
}

#[tokio::test]
async fn bookmarks_are_listed_last_first_and_are_nobody_elses() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let mut posts = Vec::new();
    for title in ["one", "two", "three"] {
        posts.push(house.post_by(&ada, json!({ "title": title })).await.id);
    }
    for at in [2, 0, 1, 2] {
        house.ask(Some(&bob), Method::PUT, &format!("/posts/{}/bookmark", posts[at]), None).await;
    }
    sqlx::query("UPDATE post_bookmarks SET created_at = 1000")
        .execute(house.running.app.state.store.write())
        .await
        .expect("all at one time");
    let list = async |who, path: &str| -> Page<Post> {
        house.ask(Some(who), Method::GET, path, None).await.json().await.expect("a page")
    };
    let mut seen = Vec::new();
    let mut path = "/me/bookmarks?limit=2".to_owned();
    loop {
        let page = list(&bob, &path).await;
        assert!(page.items.iter().all(|post| post.bookmarked && !post.mine));
        seen.extend(page.items.iter().map(|post| post.id));
        let Some(cursor) = page.next_cursor else { break };
        path = format!("/me/bookmarks?limit=2&cursor={cursor}");
    }
    posts.sort();
    posts.reverse();
    assert_eq!(seen, posts);
    assert!(list(&ada, "/me/bookmarks").await.items.is_empty());
    house.patch_post(&ada, posts[0], None, json!({ "visibility": "private" })).await;
    assert_eq!(list(&bob, "/me/bookmarks").await.items.len(), 2, "what is not shown any more is left out");
    house.stop().await;
}
