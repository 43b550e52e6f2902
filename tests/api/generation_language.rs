//! A playlist is called in the language that its text is written in, whatever the account's is.

use serde_json::{Value, json};

use super::client::{House, house, house_with};
use super::endpoint::{Endpoint, playlist, said};
use super::person::Person;

/// Texts, the language of the account, and that of the playlist.
const TABLE: [(&str, &str, &str); 8] = [
    ("비 오는 밤에 혼자 걷는 기분", "en", "ko"),
    ("비 오는 밤에 혼자 걷는 기분", "ko", "ko"),
    ("Rain on the window and nobody home", "ko", "en"),
    ("Rain on the window and nobody home", "en", "en"),
    ("오늘은 K-pop party", "en", "ko"),
    ("so tired ㅠㅠ", "en", "ko"),
    ("🌧️ 100 %", "ko", "ko"),
    ("🌧️ 100 %", "en", "en"),
];

async fn speaks(house: &House, who: &Person, language: &str) {
    let spoken = sqlx::query("UPDATE users SET language = $2 WHERE id = $1").bind(who.id).bind(language);
    spoken.execute(house.running.app.state.store.write()).await.expect("a language");
}

fn has_hangul(text: &str) -> bool {
    text.chars().any(|c| ('가'..='힣').contains(&c))
}

/// Title, description and keywords.
fn words(playlist: &Value) -> Vec<String> {
    let tags = playlist["tags"].as_array().expect("tags").iter();
    let all = [&playlist["title"], &playlist["description"]].into_iter().chain(tags);
    all.map(|text| text.as_str().expect("text").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scorer_answers_in_the_language_of_the_text() {
    let house = house().await;
    let ada = house.person("ada").await;
    for (text, account, expected) in TABLE {
        speaks(&house, &ada, account).await;
        for body in [json!({ "kind": "event", "mood_text": text }), json!({ "kind": "wizard", "mood_text": text })] {
            let made = house.generated(&ada, body).await;
            let words = words(&made);
            // A keyword may be one that both languages write alike.
            let korean =
                words[..2].iter().all(|text| has_hangul(text)) && words[2..].iter().any(|text| has_hangul(text));
            let english = !words.iter().any(|text| has_hangul(text));
            assert!(if expected == "ko" { korean } else { english }, "{text} for {account}: {words:?}");
        }
    }
    // A mood of a call is written in no language.
    for account in ["ko", "en"] {
        speaks(&house, &ada, account).await;
        let made = house.generated(&ada, json!({ "kind": "call", "mood": "sadness" })).await;
        assert_eq!(has_hangul(made["title"].as_str().expect("a title")), account == "ko", "{made}");
    }
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_told_the_language_of_the_text() {
    let endpoint = Endpoint::answering(200, &[], said(&playlist("Rain").to_string())).await;
    let house = house_with(|config| endpoint.configured(config)).await;
    let ada = house.person("ada").await;
    for (text, account, expected) in TABLE {
        speaks(&house, &ada, account).await;
        house.generated(&ada, json!({ "kind": "event", "mood_text": text })).await;
        let asked = endpoint.asked().pop().expect("a question");
        let (told, other) = if expected == "ko" { ("Korean", "English") } else { ("English", "Korean") };
        let rules = asked.message(0);
        assert!(rules.contains(&format!("in {told}")) && !rules.contains(other), "{text} for {account}: {rules}");
    }
    house.stop().await;
}
