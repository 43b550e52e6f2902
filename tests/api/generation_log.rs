//! What people say about their mood is in no log, however much is logged and whatever goes wrong.

use std::time::Duration;

use serde_json::{Value, json};

use super::endpoint::{Endpoint, plain, playlist, said};
use super::generation_killed::Place;

/// As much as a log can hold of our own, and what libraries tell of their work.
const EVERYTHING: &str = "debug,moodcall=trace";
/// Words that are in no program.
const PRIVATE: [&str; 4] = ["Quibbleforth", "zanzerolling", "뷁숑쿵", "밤하늘쀍"];

/// Bodies with these words in them: texts that are fine, and texts that are refused.
fn bodies() -> [Value; 6] {
    let [one, two, three, four] = PRIVATE;
    [
        json!({ "kind": "event", "mood_text": format!("{one} and {two} tonight") }),
        json!({ "kind": "wizard", "mood_text": format!("{three} 그리고 {four}"), "genre": "pop", "decade": 2010 }),
        json!({ "kind": "wizard", "mood_text": format!("{one} {}", three.repeat(40)) }),
        json!({ "kind": "event", "mood_text": [one, two] }),
        json!({ "kind": "event", "mood_text": "x", one: three }),
        json!({ "kind": four, "mood_text": two }),
    ]
}

/// The log of a server that makes playlists of those texts, by a model that answers in one of the ways that one can.
async fn log_of(how: &'static str) -> String {
    let endpoint = Endpoint::start(move |_, asked| {
        Box::pin(async move {
            // Whatever was told is in the answer.
            let told = asked.body.to_string();
            let mut echo = playlist("Rain");
            echo["description"] = asked.mood_text().into();
            match how {
                "answers" => plain(200, &[], said(&echo.to_string())),
                "chats" => plain(200, &[], said(&told)),
                "repeats" => plain(200, &[], format!("{{\"choices\": {told}}}")),
                "refuses" => plain(401, &[("www-authenticate", "Bearer")], told),
                "sends elsewhere" => plain(302, &[("location", "/elsewhere")], told),
                "breaks" => plain(500, &[], told),
                _ => {
                    tokio::time::sleep(Duration::from_secs(600)).await;
                    plain(200, &[], String::new())
                }
            }
        })
    })
    .await;
    let place = Place::new(Some(endpoint.url.clone())).await;
    let (mut program, url) = place.start_with(EVERYTHING, &[("MOODCALL_CHAT_MODEL__SECONDS", "2")]);
    let [fine, wide, refused @ ..] = bodies();
    for (number, body) in [fine, wide].into_iter().enumerate() {
        let key = format!("the-key-of-number-{number}");
        place.ask_for(&url, &key, body).await.expect("an answer");
    }
    for body in refused {
        assert!((400..500).contains(&place.refusal(&url, &body).await), "{body}");
    }
    place.quiet().await;
    assert_eq!(place.number("SELECT COUNT(*) FROM playlists").await, 2, "{how}");
    assert!(!endpoint.asked().is_empty());
    place.store.close().await;
    program.terminate();
    let (status, log) = program.end();
    assert_eq!(status, Some(0), "{how}: {log}");
    log
}

#[tokio::test(flavor = "multi_thread")]
async fn no_word_about_a_mood_is_in_the_log_whatever_the_model_does() {
    for how in ["answers", "chats", "repeats", "refuses", "sends elsewhere", "breaks", "is silent"] {
        let log = log_of(how).await;
        assert_eq!(log.matches("a playlist was made").count(), 2, "{how}: the log tells of the work: {log}");
        assert!(log.contains("DEBUG") && log.contains("moodcall"), "{how}: it holds much: {log}");
        let failed = log.contains("the scorer inside takes the model's place");
        assert_eq!(failed, how != "answers", "{how}: {log}");
        let small = log.to_lowercase();
        for word in PRIVATE {
            // As it is, as JSON may spell it, and as an address would.
            let escaped: String = word.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
            let encoded: String = word.bytes().map(|byte| format!("%{byte:02x}")).collect();
            for spelled in [word.to_lowercase(), escaped, encoded] {
                if let Some(at) = small.find(&spelled) {
                    let line = small[..at].lines().count();
                    panic!("{how}: {word} is in line {line} of the log: {:?}", log.lines().nth(line.saturating_sub(1)));
                }
            }
        }
    }
}
