//! Not wanting a playlist any more while it is made.

use moodcall::base::timestamp::Timestamp;
use moodcall::generation::held::Held;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{House, eventually, house, house_with};
use super::endpoint::silent;
use super::generation::row;
use super::person::Person;

async fn cancel(house: &House, who: &Person, id: &Value) -> u16 {
    let path = format!("/playlist-generations/{}", id.as_str().expect("text"));
    house.ask(Some(who), Method::DELETE, &path, None).await.status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_drops_the_question_to_a_model_that_is_slow() {
    let endpoint = silent().await;
    let house = house_with(|config| endpoint.configured(config)).await;
    let ada = house.person("ada").await;
    let (_, asked) = house.generate(&ada, json!({ "kind": "event", "mood_text": "a very private line" })).await;
    eventually("the model is asked", || endpoint.open() == 1).await;
    assert_eq!(cancel(&house, &ada, &asked["id"]).await, 204);
    eventually("the question is dropped", || (endpoint.open(), endpoint.dropped()) == (0, 1)).await;
    eventually("nobody is at it", || house.running.app.generations.running() == 0).await;
    let now = house.generation(&ada, &asked["id"]).await;
    assert_eq!(
        (now["status"].as_str(), &now["playlist_id"], &now["step"]),
        (Some("canceled"), &Value::Null, &Value::Null)
    );
    assert_eq!(cancel(&house, &ada, &asked["id"]).await, 204, "once more is the same");
    assert_eq!(house.number("SELECT COUNT(*) FROM playlists").await, 0);
    assert_eq!(house.number("SELECT COUNT(*) FROM playlist_generations WHERE input = ''").await, 1);
    assert_eq!(house.number("SELECT COUNT(*) FROM playlist_generations WHERE ended_at IS NULL").await, 0);
    house.stop().await;
}

#[tokio::test]
async fn a_playlist_that_is_there_stays_and_anothers_is_not_there() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let (_, asked) = house.generate(&ada, json!({ "kind": "call", "mood": "happiness" })).await;
    let ended = house.ended(&ada, &asked["id"]).await;
    assert_eq!(cancel(&house, &bob, &asked["id"]).await, 404);
    assert_eq!(cancel(&house, &ada, &asked["id"]).await, 204);
    assert_eq!(house.generation(&ada, &asked["id"]).await, ended);
    house.listen_to(&ada, &ended).await;
    house.stop().await;
}

/// Another node works at it: it finds out when it says that it still does, and saves nothing.
#[tokio::test]
async fn whoever_holds_what_was_canceled_or_taken_over_is_told() {
    let house = house().await;
    let ada = house.person("ada").await;
    let store = &house.running.app.state.store;
    let soon = Timestamp::now().after(std::time::Duration::from_secs(3600));
    let id = row(store, ada.id, "running", "{}", soon.millis()).await;
    let held = Held { id, user: ada.id, input: "{}".into(), seed: 7, tries: 0 };
    assert!(held.renew(store).await.expect("an answer"));
    let later = Held { tries: 1, ..held.clone() };
    assert!(!later.renew(store).await.expect("an answer"), "the number of tries says whose it is");
    assert_eq!(cancel(&house, &ada, &json!(id)).await, 204);
    assert!(!held.renew(store).await.expect("an answer"));
    held.give_back(store, std::time::Duration::ZERO, true).await.expect("nothing to give back");
    assert_eq!(house.generation(&ada, &json!(id)).await["status"], "canceled");
    house.stop().await;
}
