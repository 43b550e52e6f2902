//! `Idempotency-Key`: what is sent twice is made once.

use futures_util::future::join_all;
use moodcall::web::idempotency::sweep;
use reqwest::Response;
use serde_json::{Value, json};

use super::client::{House, house};
use super::person::Person;

const KEY: &str = "9b8f3c52-1f4e-4c7e-8d58-1f0a6c1f7b3e";

async fn make(house: &House, who: Option<&Person>, key: &str, body: Value) -> Response {
    let mut request =
        reqwest::Client::new().post(house.url("/api/v1/rooms")).header("idempotency-key", key).json(&body);
    if let Some(person) = who {
        request = request.bearer_auth(&person.token);
    }
    request.send().await.expect("an answer")
}

async fn rooms(house: &House) -> i64 {
    let rows = sqlx::query_scalar("SELECT COUNT(*) FROM rooms");
    rows.fetch_one(house.running.app.state.store.read()).await.expect("a count")
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_with_one_key_make_one_thing() {
    let house = house().await;
    let ada = house.person("ada").await;
    let answers = join_all((0..50).map(|_| make(&house, Some(&ada), KEY, json!({ "capacity": 2 })))).await;
    let mut replayed = 0;
    let mut bodies = Vec::new();
    for answer in answers {
        assert_eq!(answer.status(), 201);
        assert_eq!(answer.headers()["cache-control"], "no-store");
        replayed += usize::from(answer.headers().contains_key("idempotency-replayed"));
        let location = answer.headers()["location"].to_str().expect("text").to_owned();
        let room: Value = answer.json().await.expect("a room");
        assert_eq!(location, format!("/api/v1/rooms/{}", room["id"].as_str().expect("an id")));
        bodies.push(room);
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
    assert_eq!((rooms(&house).await, replayed), (1, 49));
    house.stop().await;
}

#[tokio::test]
async fn a_key_belongs_to_one_request_of_one_caller() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    assert_eq!(make(&house, Some(&ada), KEY, json!({ "capacity": 2 })).await.status(), 201);
    let other = make(&house, Some(&ada), KEY, json!({ "capacity": 3 })).await;
    assert_eq!(other.status(), 409);
    assert_eq!(other.json::<Value>().await.expect("a problem")["code"], "key-reused");
    assert_eq!(make(&house, Some(&bob), KEY, json!({ "capacity": 2 })).await.status(), 201);
    assert_eq!(make(&house, None, KEY, json!({ "capacity": 2 })).await.status(), 201);
    assert_eq!(rooms(&house).await, 3);
    house.stop().await;
}

#[tokio::test]
async fn what_was_refused_may_be_tried_again_with_the_same_key() {
    let house = house().await;
    assert_eq!(make(&house, None, KEY, json!({ "capacity": 0 })).await.status(), 422);
    assert_eq!(make(&house, None, KEY, json!({ "capacity": 2 })).await.status(), 201);
    for key in ["short", "with spaces in between", &"x".repeat(129)] {
        assert_eq!(make(&house, None, key, json!({})).await.status(), 422, "{key}");
    }
    house.stop().await;
}

#[tokio::test]
async fn answers_are_sealed_and_forgotten_after_a_day() {
    let house = house().await;
    let store = &house.running.app.state.store;
    let room: Value = make(&house, None, KEY, json!({})).await.json().await.expect("a room");
    let rows: Vec<(String, String, Option<String>)> =
        sqlx::query_as("SELECT owner, name, answer FROM idempotency_keys").fetch_all(store.read()).await.expect("rows");
    let text = format!("{rows:?}");
    assert_eq!(rows.len(), 1);
    for secret in [KEY, room["id"].as_str().expect("text"), room["host_key"].as_str().expect("text")] {
        assert!(!text.contains(secret), "{text}");
    }
    assert_eq!(sweep(store).await.expect("a sweep"), 0);
    let day = 24 * 3_600_000 + 1000_i64;
    sqlx::query("UPDATE idempotency_keys SET created_at = created_at - $1")
        .bind(day)
        .execute(store.write())
        .await
        .expect("an old row");
    let again: Value = make(&house, None, KEY, json!({})).await.json().await.expect("a room");
    assert_ne!(again["id"], room["id"], "after a day the key is new");
    sqlx::query("UPDATE idempotency_keys SET created_at = created_at - $1")
        .bind(day)
        .execute(store.write())
        .await
        .expect("an old row");
    assert_eq!(sweep(store).await.expect("a sweep"), 1);
    house.stop().await;
}

#[tokio::test]
async fn a_request_whose_server_died_does_not_hold_its_key_for_ever() {
    let house = house().await;
    let store = &house.running.app.state.store;
    assert_eq!(make(&house, None, KEY, json!({})).await.status(), 201);
    // As the row was when the work had begun, more than a minute ago.
    sqlx::query("UPDATE idempotency_keys SET answer = NULL, created_at = created_at - 61000")
        .execute(store.write())
        .await
        .expect("an unfinished row");
    assert_eq!(make(&house, None, KEY, json!({})).await.status(), 201);
    assert_eq!(rooms(&house).await, 2);
    house.stop().await;
}
