//! Whatever people ask for at the same time, no question to the model holds anything of another's.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use tokio::sync::Barrier;

use super::client::house_with;
use super::endpoint::{Endpoint, plain, playlist, said};

/// People who ask at once.
const PEOPLE: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn questions_at_the_same_time_do_not_mix() {
    // Every question is open while the others are asked, and each gets an answer of its own.
    let barrier = Arc::new(Barrier::new(PEOPLE));
    let endpoint = Endpoint::start(move |number, asked| {
        let barrier = barrier.clone();
        Box::pin(async move {
            if number < PEOPLE {
                let _ = tokio::time::timeout(Duration::from_secs(20), barrier.wait()).await;
            }
            let text = asked.mood_text();
            let title = format!("For {}", text.rsplit(' ').next().unwrap_or_default());
            // The first answers are unusable, so that the repair, too, is asked at once.
            let content = if number < PEOPLE { "not JSON".into() } else { playlist(&title).to_string() };
            plain(200, &[], said(&content))
        })
    })
    .await;
    let house = house_with(|config| {
        endpoint.configured(config);
        config.generation.at_once = 16;
        config.chat_model.at_once = 16;
    })
    .await;
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        people.push(house.person(&format!("person{number}")).await);
    }
    let playlists = join_all(people.iter().enumerate().map(async |(number, person)| {
        let text = format!("I feel like secret{number}");
        house.generated(person, json!({ "kind": "event", "mood_text": text })).await
    }))
    .await;
    for (number, playlist) in playlists.iter().enumerate() {
        assert_eq!(playlist["title"], format!("For secret{number}"), "each has their own");
        assert_eq!(playlist["generated_by"], "small-model");
    }
    let asked = endpoint.asked();
    assert_eq!(asked.len(), 2 * PEOPLE);
    for one in &asked {
        let body = one.body.to_string();
        let own = (0..PEOPLE).filter(|number| body.contains(&format!("secret{number}"))).count();
        assert_eq!(own, 1, "{body}");
        for person in &people {
            assert!(!body.contains(&person.handle) && !body.contains(&person.id.to_string()), "nobody is named");
        }
    }
    // And the rules are the same for everybody, first and last.
    assert!(asked.iter().all(|one| one.message(0) == asked[0].message(0)));
    // The next question of the same person begins anew.
    house.generated(&people[0], json!({ "kind": "event", "mood_text": "I feel like another" })).await;
    let last = endpoint.asked().pop().expect("a question");
    assert!(!last.body.to_string().contains("secret"), "{}", last.body);
    assert_eq!(last.body["messages"].as_array().map(Vec::len), Some(2));
    house.stop().await;
}
