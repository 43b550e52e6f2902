//! Following: once however often it is asked, with counts that are right, by identifier or handle.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use moodcall::social::lists::Acquaintance;
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::Value;

use crate::client::{House, house};
use crate::person::Person;

/// Followers, following, friends, unread, as they stand in the row.
pub async fn counts(house: &House, who: &Person) -> (i64, i64, i64, i64) {
    sqlx::query_as("SELECT follower_count, following_count, friend_count, unread_count FROM users WHERE id = $1")
        .bind(who.id)
        .fetch_one(house.running.app.state.store.read())
        .await
        .expect("the row")
}

/// Status and code of an answer.
pub async fn refusal(house: &House, who: Option<&Person>, method: Method, path: &str) -> (u16, String) {
    let answer = house.ask(who, method, path, None).await;
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap_or_default();
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

/// A list of people as `who` sees it.
pub async fn people(house: &House, who: &Person, path: &str) -> Page<Acquaintance> {
    let answer = house.ask(Some(who), Method::GET, path, None).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.expect("a page")
}

/// The handles of a list.
pub fn handles(page: &Page<Acquaintance>) -> Vec<&str> {
    page.items.iter().map(|row| row.user.handle.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_follow_once_and_unfollow_once() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    for (method, count) in [(Method::PUT, 1), (Method::DELETE, 0)] {
        let answers = join_all((0..50).map(|number| {
            // Half of them by the other name, so that both ways to it meet.
            let path = if number % 2 == 0 { "/me/following/bob".into() } else { format!("/me/following/{}", bob.id) };
            let (house, ada, method) = (&house, &ada, method.clone());
            async move { house.ask(Some(ada), method, &path, None).await.status().as_u16() }
        }))
        .await;
        assert!(answers.iter().all(|status| *status == 204), "{method}: {answers:?}");
        assert_eq!(counts(&house, &ada).await, (0, count, 0, 0), "{method}");
        assert_eq!(counts(&house, &bob).await, (count, 0, 0, 1), "{method}: told once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_that_follows_and_unfollows_each_other_leaves_right_counts() {
    let house = house().await;
    let mut crowd = Vec::new();
    for number in 0..5 {
        crowd.push(house.person(&format!("person{number}")).await);
    }
    // Everybody does everything to everybody at once: whoever locks in two orders would meet a deadlock here.
    let mut asks = Vec::new();
    for one in &crowd {
        for other in crowd.iter().filter(|other| other.id != one.id) {
            for round in 0..3 {
                let method = if round == 1 { Method::DELETE } else { Method::PUT };
                let path = format!("/me/following/{}", other.handle);
                let house = &house;
                asks.push(async move { house.ask(Some(one), method, &path, None).await.status().as_u16() });
            }
        }
    }
    let answers = join_all(asks).await;
    assert!(answers.iter().all(|status| *status == 204), "{answers:?}");
    for one in &crowd {
        let store = &house.running.app.state.store;
        let rows: (i64, i64) = sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM follows WHERE followee_id = $1), \
             (SELECT COUNT(*) FROM follows WHERE follower_id = $1)",
        )
        .bind(one.id)
        .fetch_one(store.read())
        .await
        .expect("rows");
        let (followers, following, ..) = counts(&house, one).await;
        assert_eq!((followers, following), rows, "{}", one.handle);
    }
}

#[tokio::test]
async fn oneself_strangers_and_nobody_are_refused() {
    let house = house().await;
    let ada = house.person("ada").await;
    let gone = house.person("gone").await;
    sqlx::query("UPDATE users SET deletes_at = 1 WHERE id = $1")
        .bind(gone.id)
        .execute(house.running.app.state.store.write())
        .await
        .expect("an account that is being deleted");
    for method in [Method::PUT, Method::DELETE] {
        let ask = async |who, name: &str| refusal(&house, who, method.clone(), &format!("/me/following/{name}")).await;
        assert_eq!(ask(Some(&ada), "ada").await, (409, "oneself".into()));
        assert_eq!(ask(Some(&ada), &ada.id.to_string()).await, (409, "oneself".into()));
        for nobody in ["nobody", "gone", "not-an-id", "00000000-0000-7000-8000-000000000000", "%00", "%ED%95%9C"] {
            assert_eq!(ask(Some(&ada), nobody).await, (404, "not-found".into()), "{nobody}");
        }
        assert_eq!(ask(None, "ada").await, (401, "login-needed".into()));
    }
}

#[tokio::test]
async fn lists_are_paged_newest_first_and_stay_in_place_while_people_come() {
    let house = house().await;
    let ada = house.person("ada").await;
    for number in 0..7 {
        let fan = house.person(&format!("fan{number}")).await;
        assert_eq!(house.ask(Some(&fan), Method::PUT, "/me/following/ada", None).await.status(), 204);
    }
    // All in one millisecond: only the identifier decides.
    sqlx::query("UPDATE follows SET created_at = 1000")
        .execute(house.running.app.state.store.write())
        .await
        .expect("rows");
    let first = people(&house, &ada, "/users/ada/followers?limit=3").await;
    let late = house.person("late").await;
    house.ask(Some(&late), Method::PUT, "/me/following/ada", None).await;
    let mut seen: Vec<String> = handles(&first).into_iter().map(str::to_owned).collect();
    let mut cursor = first.next_cursor;
    while let Some(at) = cursor {
        let page = people(&house, &ada, &format!("/users/{}/followers?limit=3&cursor={at}", ada.id)).await;
        seen.extend(handles(&page).into_iter().map(str::to_owned));
        cursor = page.next_cursor;
    }
    assert_eq!(seen.len(), 7);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 7, "nobody twice: {seen:?}");
    assert!(!seen.contains(&"late".to_owned()), "who comes later moves nothing");
    assert_eq!(people(&house, &ada, "/users/ada/followers?limit=1").await.items[0].user.handle, "late");
    assert_eq!(handles(&people(&house, &late, "/users/late/following").await), ["ada"]);
}

#[tokio::test]
async fn a_list_says_how_the_viewer_stands_to_each() {
    let house = house().await;
    let [ada, bob, cy] = [house.person("ada").await, house.person("bob").await, house.person("cy").await];
    for (who, whom) in [(&bob, "ada"), (&cy, "ada"), (&ada, "bob")] {
        house.ask(Some(who), Method::PUT, &format!("/me/following/{whom}"), None).await;
    }
    let page = people(&house, &ada, "/users/ada/followers").await;
    let flags: Vec<_> = page.items.iter().map(|row| (row.user.handle.as_str(), row.following, row.friends)).collect();
    assert_eq!(flags, [("cy", false, false), ("bob", true, false)]);
    assert_eq!(refusal(&house, None, Method::GET, "/users/ada/followers").await, (401, "login-needed".into()));
}
