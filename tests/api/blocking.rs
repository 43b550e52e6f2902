//! A block: everything between the two ends, and neither is there for the other.

use futures_util::future::join_all;
use moodcall::social::blocks::Blocked;
use moodcall::web::page::Page;
use reqwest::Method;

use crate::client::{House, house};
use crate::following::{counts, handles, people, refusal};
use crate::friendship::{answer, ask};
use crate::person::Person;

async fn put(house: &House, who: &Person, path: &str) -> u16 {
    house.ask(Some(who), Method::PUT, path, None).await.status().as_u16()
}

async fn blocked(house: &House, who: &Person) -> Vec<String> {
    let answer = house.ask(Some(who), Method::GET, "/me/blocks", None).await;
    let page: Page<Blocked> = answer.json().await.expect("a page");
    page.items.into_iter().map(|row| row.user.handle).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_blocks_at_once_end_follow_friendship_and_requests_both_ways() {
    let house = house().await;
    let [ada, eve] = [house.person("ada").await, house.person("eve").await];
    put(&house, &ada, "/me/following/eve").await;
    put(&house, &eve, "/me/following/ada").await;
    let (_, request) = ask(&house, &eve, "ada").await;
    answer(&house, &ada, &request["id"], "accepted").await;
    assert_eq!(counts(&house, &eve).await, (1, 1, 1, 2));
    let answers = join_all((0..50).map(|_| put(&house, &ada, "/me/blocks/eve"))).await;
    assert!(answers.iter().all(|status| *status == 204), "{answers:?}");
    for who in [&ada, &eve] {
        assert_eq!(counts(&house, who).await, (0, 0, 0, 0), "{}", who.handle);
    }
    assert_eq!(blocked(&house, &ada).await, ["eve"]);
    assert!(blocked(&house, &eve).await.is_empty());
}

#[tokio::test]
async fn an_open_request_is_withdrawn_by_a_block_of_either() {
    let house = house().await;
    let [ada, bob] = [house.person("ada").await, house.person("bob").await];
    for (asker, asked) in [(&ada, &bob), (&bob, &ada)] {
        let (status, request) = ask(&house, asker, &asked.handle).await;
        assert_eq!(status, 201);
        put(&house, &ada, "/me/blocks/bob").await;
        assert_eq!(answer(&house, asked, &request["id"], "accepted").await.0, 404);
        house.ask(Some(&ada), Method::DELETE, "/me/blocks/bob", None).await;
        assert_eq!(answer(&house, asked, &request["id"], "accepted").await.1["code"], "answered", "it stays withdrawn");
    }
}

#[tokio::test]
async fn neither_finds_the_other_in_any_list_or_by_name() {
    let house = house().await;
    let [ada, eve, bob] = [house.person("ada").await, house.person("eve").await, house.person("bob").await];
    for who in [&ada, &eve] {
        put(&house, who, "/me/following/bob").await;
        put(&house, &bob, &format!("/me/following/{}", who.handle)).await;
        let (_, request) = ask(&house, who, "bob").await;
        answer(&house, &bob, &request["id"], "accepted").await;
    }
    put(&house, &ada, "/me/blocks/eve").await;
    for list in ["followers", "following", "friends"] {
        let path = format!("/users/bob/{list}");
        assert_eq!(handles(&people(&house, &ada, &path).await), ["ada"], "{list}");
        assert_eq!(handles(&people(&house, &eve, &path).await), ["eve"], "{list}");
        assert_eq!(handles(&people(&house, &bob, &path).await), ["eve", "ada"], "{list}");
        let unknown = refusal(&house, Some(&eve), Method::GET, &format!("/users/nobody/{list}")).await;
        for (who, whom) in [(&ada, "eve"), (&eve, "ada")] {
            let answer = refusal(&house, Some(who), Method::GET, &format!("/users/{whom}/{list}")).await;
            assert_eq!(answer, unknown, "{whom} is nobody for {}", who.handle);
        }
    }
    assert_eq!(ask(&house, &eve, "ada").await.0, 404);
    for (method, path) in [
        (Method::PUT, "/me/following/ada"),
        (Method::DELETE, "/me/following/ada"),
        (Method::DELETE, "/me/friends/ada"),
        (Method::PUT, "/me/blocks/ada"),
        (Method::DELETE, "/me/blocks/ada"),
    ] {
        assert_eq!(refusal(&house, Some(&eve), method, path).await, (404, "not-found".into()), "{path}");
    }
}

#[tokio::test]
async fn after_a_block_is_taken_back_nothing_returns_by_itself() {
    let house = house().await;
    let [ada, eve] = [house.person("ada").await, house.person("eve").await];
    put(&house, &eve, "/me/following/ada").await;
    put(&house, &ada, "/me/blocks/eve").await;
    for _ in 0..2 {
        assert_eq!(refusal(&house, Some(&ada), Method::DELETE, "/me/blocks/eve").await.0, 204);
    }
    assert!(people(&house, &ada, "/users/ada/followers").await.items.is_empty());
    assert_eq!(put(&house, &eve, "/me/following/ada").await, 204);
    assert_eq!(counts(&house, &ada).await, (1, 0, 0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follow_does_not_slip_past_a_block() {
    let house = house().await;
    let [ada, eve] = [house.person("ada").await, house.person("eve").await];
    for round in 0..10 {
        let follow = put(&house, &eve, "/me/following/ada");
        let request = ask(&house, &eve, "ada");
        let block = put(&house, &ada, "/me/blocks/eve");
        let (followed, _, blocked) = tokio::join!(follow, request, block);
        assert!([204, 404].contains(&followed), "round {round}: {followed}");
        assert_eq!(blocked, 204);
        let left: i64 = sqlx::query_scalar(
            "SELECT (SELECT COUNT(*) FROM follows) + (SELECT COUNT(*) FROM notifications) \
             + (SELECT COUNT(*) FROM friend_requests WHERE status = 'pending')",
        )
        .fetch_one(house.running.app.state.store.read())
        .await
        .expect("a count");
        assert_eq!(left, 0, "round {round}");
        house.ask(Some(&ada), Method::DELETE, "/me/blocks/eve", None).await;
    }
    assert_eq!(refusal(&house, Some(&ada), Method::PUT, "/me/blocks/ada").await, (409, "oneself".into()));
}
