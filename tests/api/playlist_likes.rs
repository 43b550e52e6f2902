//! Likes and bookmarks of playlists: once however often they are asked for, counted exactly, and told to the owner once.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use super::client::house;
use super::following::counts;

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_like_and_bookmark_a_playlist_once_and_take_it_back_once() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let list = house.playlist_by(&ada, json!({ "title": "Rain" })).await.id;
    for mark in ["like", "bookmark"] {
        for (method, there) in [(Method::PUT, true), (Method::DELETE, false), (Method::PUT, true)] {
            let answers = join_all((0..50).map(|_| {
                let (house, bob, method) = (&house, &bob, method.clone());
                let path = format!("/playlists/{list}/{mark}");
                async move { house.ask(Some(bob), method, &path, None).await.status().as_u16() }
            }))
            .await;
            assert!(answers.iter().all(|status| *status == 204), "{mark} {method}: {answers:?}");
            let seen = house.playlist_seen(Some(&bob), list).await.expect("a playlist").playlist;
            let now = if mark == "like" { seen.liked } else { seen.bookmarked };
            assert_eq!(now, there, "{mark} {method}");
            if mark == "like" {
                assert_eq!(seen.like_count, i64::from(there), "{method}");
                assert_eq!(counts(&house, &ada).await.3, i64::from(there), "{method}: told once, and not any more");
            }
        }
    }
    assert_eq!(house.playlist_seen(Some(&ada), list).await.map(|one| one.playlist.bookmarked), Some(false));
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_that_likes_and_comments_leaves_right_counts_and_heat() {
    let house = house().await;
    let mut crowd = Vec::new();
    for number in 0..6 {
        crowd.push(house.person(&format!("fan{number}")).await);
    }
    let mut lists = Vec::new();
    for owner in &crowd[..3] {
        lists.push(house.playlist_by(owner, json!({ "title": "Rain" })).await.id);
    }
    // Owners like each other's playlists at the same time, so that whoever locks in two orders meets a deadlock here.
    let mut asks = Vec::new();
    for who in &crowd {
        for list in &lists {
            for round in 0..3 {
                let (house, like) = (&house, format!("/playlists/{list}/like"));
                asks.push(async move {
                    let method = if round == 1 { Method::DELETE } else { Method::PUT };
                    house.ask(Some(who), method, &like, None).await.status().as_u16()
                });
            }
        }
    }
    let answers = join_all(asks).await;
    assert!(answers.iter().all(|status| *status == 204), "{answers:?}");
    for wrong in [
        "SELECT COUNT(*) FROM playlists p \
         WHERE like_count <> (SELECT COUNT(*) FROM playlist_likes l WHERE l.playlist_id = p.id)",
        "SELECT COUNT(*) FROM playlists WHERE heat <> created_at + CAST(604800000 AS BIGINT) \
         * (like_count + 2 * comment_count) / (like_count + 2 * comment_count + 30)",
    ] {
        assert_eq!(house.number(wrong).await, 0, "{wrong}");
    }
    house.stop().await;
}
