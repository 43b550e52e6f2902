//! How far a playlist is, told as it goes on.

use std::time::Duration;

use moodcall::generation::held::Held;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::client::{House, SOON, eventually, house, house_with};
use super::endpoint::{Endpoint, plain, playlist, said, silent};
use super::generation::row;
use super::person::Person;

/// A stream, read event by event.
struct Stream {
    response: Response,
    text: String,
}

impl House {
    async fn follow(&self, who: &Person, id: &Value) -> Stream {
        let path = format!("/playlist-generations/{}/events", id.as_str().expect("text"));
        let response = self.ask(Some(who), Method::GET, &path, None).await;
        assert_eq!(response.status(), 200);
        assert!(response.headers()["content-type"].to_str().expect("text").starts_with("text/event-stream"));
        assert!(!response.headers().contains_key("content-encoding"));
        Stream { response, text: String::new() }
    }
}

impl Stream {
    /// The next event; none at the end.
    async fn next(&mut self) -> Option<Value> {
        let reading = async {
            loop {
                if let Some((event, rest)) = self.text.split_once("\n\n") {
                    let data = event.lines().find_map(|line| line.strip_prefix("data: ")).map(str::to_owned);
                    let named = event.lines().any(|line| line == "event: generation");
                    let numbered = event.lines().any(|line| line.starts_with("id: "));
                    self.text = rest.to_owned();
                    match data {
                        Some(data) => {
                            assert!(named && numbered, "{data}");
                            return Some(serde_json::from_str(&data).expect("JSON"));
                        }
                        None => continue,
                    }
                }
                match self.response.chunk().await {
                    Ok(Some(chunk)) => self.text += std::str::from_utf8(&chunk).expect("text"),
                    Ok(None) | Err(_) => return None,
                }
            }
        };
        tokio::time::timeout(3 * SOON, reading).await.expect("an event or an end in time")
    }

    async fn rest(&mut self) -> Vec<Value> {
        let mut all = Vec::new();
        while let Some(event) = self.next().await {
            all.push(event);
        }
        all
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_is_told_from_the_state_now_to_the_end() {
    let held = std::sync::Arc::new(tokio::sync::Semaphore::new(0));
    let gate = held.clone();
    let endpoint = Endpoint::start(move |_, _| {
        let gate = gate.clone();
        Box::pin(async move {
            let _ = gate.acquire().await;
            plain(200, &[], said(&playlist("Events").to_string()))
        })
    })
    .await;
    let house = house_with(|config| endpoint.configured(config)).await;
    let ada = house.person("ada").await;
    let (_, asked) = house.generate(&ada, json!({ "kind": "event", "mood_text": "curious" })).await;
    eventually("the model is asked", || endpoint.open() == 1).await;
    let mut stream = house.follow(&ada, &asked["id"]).await;
    let first = stream.next().await.expect("the state now");
    assert_eq!(
        (&first["id"], first["status"].as_str(), first["step"].as_str()),
        (&asked["id"], Some("running"), Some("songs"))
    );
    // Whoever comes later, or comes back, begins with the state now.
    let mut again = house.follow(&ada, &asked["id"]).await;
    assert_eq!(again.next().await, Some(first.clone()));
    drop(again);
    held.add_permits(1);
    let rest = stream.rest().await;
    let all: Vec<&Value> = [&first].into_iter().chain(&rest).collect();
    let progress: Vec<f64> = all.iter().map(|event| event["progress"].as_f64().expect("a number")).collect();
    assert!(progress.is_sorted() && progress.last() == Some(&1.0), "{progress:?}");
    assert!(all.windows(2).all(|pair| pair[0] != pair[1]), "nothing is told twice: {all:?}");
    let last = rest.last().expect("an end");
    assert_eq!((last["status"].as_str(), last["playlist_id"].is_string()), (Some("done"), true));
    // What is over is told once, and the stream ends.
    assert_eq!(house.follow(&ada, &asked["id"]).await.rest().await, std::slice::from_ref(last));
    house.stop().await;
}

#[tokio::test]
async fn a_stream_is_its_owners_and_of_six_at_most() {
    let endpoint = silent().await;
    let house = house_with(|config| endpoint.configured(config)).await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let (_, asked) = house.generate(&ada, json!({ "kind": "call", "mood": "fear" })).await;
    let path = format!("/playlist-generations/{}/events", asked["id"].as_str().expect("text"));
    for (who, expected) in [(Some(&bob), 404), (None, 401)] {
        let answer = house.ask(who, Method::GET, &path, None).await;
        assert_eq!(answer.status(), expected);
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
    }
    let mut streams = Vec::new();
    for _ in 0..6 {
        streams.push(house.follow(&ada, &asked["id"]).await);
    }
    let refused = house.ask(Some(&ada), Method::GET, &path, None).await;
    assert_eq!((refused.status().as_u16(), refused.headers().contains_key("retry-after")), (429, true));
    // Who goes makes room, as soon as the server notices.
    streams.pop();
    let room = async {
        while house.ask(Some(&ada), Method::GET, &path, None).await.status() != 200 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(SOON, room).await.expect("room in time");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_the_server_and_with_the_log_in() {
    let endpoint = silent().await;
    let house = house_with(|config| endpoint.configured(config)).await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let (_, asked) = house.generate(&ada, json!({ "kind": "call", "mood": "fear" })).await;
    let (_, other) = house.generate(&bob, json!({ "kind": "call", "mood": "fear" })).await;
    let (mut one, mut two) = (house.follow(&ada, &asked["id"]).await, house.follow(&bob, &other["id"]).await);
    assert_eq!(house.ask(Some(&ada), Method::DELETE, "/tokens/current", None).await.status(), 204);
    one.rest().await;
    assert!(two.next().await.is_some());
    let rest = tokio::spawn(async move { two.rest().await });
    house.stop().await;
    tokio::time::timeout(SOON, rest).await.expect("an end in time").expect("no panic");
}

#[tokio::test]
async fn what_another_node_does_is_told_too() {
    let house = house().await;
    let ada = house.person("ada").await;
    let store = &house.running.app.state.store;
    // Held by somebody else for long, who ends it behind this process's back.
    let far = moodcall::base::timestamp::Timestamp::now().after(Duration::from_secs(3600)).millis();
    let id = row(store, ada.id, "running", "{}", far).await;
    let mut stream = house.follow(&ada, &json!(id)).await;
    assert_eq!(stream.next().await.expect("an event")["status"], "running");
    assert!(Held::take(store, moodcall::base::timestamp::Timestamp::now()).await.expect("an answer").is_none());
    sqlx::query(
        "UPDATE playlist_generations SET status = 'failed', problem = 'unavailable', ended_at = 1, updated_at = 1",
    )
    .execute(store.write())
    .await
    .expect("a row");
    let last = stream.rest().await.pop().expect("an event");
    assert_eq!((last["status"].as_str(), last["problem"].as_str()), (Some("failed"), Some("unavailable")));
    house.stop().await;
}
