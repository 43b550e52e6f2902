//! Playlists in the making: asking for one, its limits, its end.

use std::time::Duration;

use futures_util::future::join_all;
use moodcall::base::id::{GenerationId, UserId};
use moodcall::base::timestamp::Timestamp;
use moodcall::generation::sweep;
use moodcall::store::Store;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{House, SOON, house, house_with};
use super::endpoint::silent;
use super::person::Person;

/// Time for a playlist, with builds beside it.
const PATIENCE: Duration = Duration::from_secs(30);

impl House {
    /// Asks for a playlist and returns what is answered.
    pub async fn generate(&self, who: &Person, body: Value) -> (u16, Value) {
        let answer = self.ask(Some(who), Method::POST, "/playlist-generations", Some(body)).await;
        let status = answer.status().as_u16();
        (status, answer.json().await.expect("JSON"))
    }

    /// How far it is.
    pub async fn generation(&self, who: &Person, id: &Value) -> Value {
        let path = format!("/playlist-generations/{}", id.as_str().expect("an identifier"));
        let answer = self.ask(Some(who), Method::GET, &path, None).await;
        assert_eq!(answer.status(), 200);
        answer.json().await.expect("JSON")
    }

    /// How it ended.
    pub async fn ended(&self, who: &Person, id: &Value) -> Value {
        let waiting = async {
            loop {
                let now = self.generation(who, id).await;
                if ["done", "failed", "canceled"].contains(&now["status"].as_str().expect("text")) {
                    return now;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.expect("an end in time")
    }

    /// The playlist that this asks for, when it is there.
    pub async fn generated(&self, who: &Person, body: Value) -> Value {
        let (status, asked) = self.generate(who, body).await;
        assert_eq!(status, 202, "{asked}");
        let ended = self.ended(who, &asked["id"]).await;
        assert_eq!(ended["status"], "done", "{ended}");
        self.listen_to(who, &ended).await
    }

    /// The playlist of one that is done.
    pub async fn listen_to(&self, who: &Person, ended: &Value) -> Value {
        let path = format!("/playlists/{}", ended["playlist_id"].as_str().expect("a playlist"));
        let answer = self.ask(Some(who), Method::GET, &path, None).await;
        assert_eq!(answer.status(), 200);
        answer.json().await.expect("a playlist")
    }
}

/// A row as a request makes it, or as a server leaves it.
pub async fn row(store: &Store, user: UserId, status: &str, input: &str, held_until: i64) -> GenerationId {
    let id = GenerationId::new();
    sqlx::query(
        "INSERT INTO playlist_generations \
         (id, user_id, kind, input, seed, status, held_until, created_at, updated_at) \
         VALUES ($1, $2, 'event', $3, 7, $4, $5, $6, $6)",
    )
    .bind(id)
    .bind(user)
    .bind(input)
    .bind(status)
    .bind(held_until)
    .bind(Timestamp::now())
    .execute(store.write())
    .await
    .expect("a row");
    id
}

/// A row whose work was canceled just now.
pub async fn ended(store: &Store, user: UserId) -> GenerationId {
    let id = row(store, user, "canceled", "", 0).await;
    let end = sqlx::query("UPDATE playlist_generations SET ended_at = updated_at WHERE id = $1").bind(id);
    end.execute(store.write()).await.expect("an end");
    id
}

#[tokio::test]
async fn a_text_becomes_a_playlist_that_its_owner_alone_sees() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let body =
        json!({ "kind": "wizard", "mood_text": "비 오는 밤에 혼자 걷는 기분", "genre": "indie", "decade": 2010 });
    let answer = house.ask(Some(&ada), Method::POST, "/playlist-generations", Some(body)).await;
    assert_eq!(answer.status(), 202);
    let location = answer.headers()["location"].to_str().expect("text").to_owned();
    let asked: Value = answer.json().await.expect("JSON");
    assert_eq!(location, format!("/api/v1/playlist-generations/{}", asked["id"].as_str().expect("text")));
    assert_eq!(
        (asked["kind"].as_str(), &asked["problem"], &asked["playlist_id"]),
        (Some("wizard"), &Value::Null, &Value::Null)
    );
    let ended = house.ended(&ada, &asked["id"]).await;
    assert_eq!(
        (ended["status"].as_str(), ended["progress"].as_f64(), &ended["step"]),
        (Some("done"), Some(1.0), &Value::Null)
    );
    let playlist = house.listen_to(&ada, &ended).await;
    let songs = playlist["songs"]["items"].as_array().expect("songs");
    assert!((7..=10).contains(&songs.len()), "{playlist}");
    assert_eq!(playlist["tags"].as_array().map(Vec::len), Some(3), "{playlist}");
    assert_eq!((&playlist["is_public"], &playlist["genre"]), (&json!(false), &json!("indie")));
    assert_eq!(playlist["generated_by"], "catalog");
    assert_eq!(playlist["cover"]["kind"], "drawn");
    assert_eq!(house.get(playlist["cover"]["url"].as_str().expect("an address")).await.status(), 200);
    let path = format!("/playlists/{}", playlist["id"].as_str().expect("text"));
    assert_eq!(house.ask(Some(&bob), Method::GET, &path, None).await.status(), 404);
    assert_eq!(house.ask(None, Method::GET, &path, None).await.status(), 404);
    house.stop().await;
}

#[tokio::test]
async fn what_was_said_about_a_mood_is_forgotten_when_the_work_ends() {
    let house = house().await;
    let ada = house.person("ada").await;
    house.generated(&ada, json!({ "kind": "event", "mood_text": "a very private feeling" })).await;
    house.generated(&ada, json!({ "kind": "call", "mood": "sadness" })).await;
    let (_, hurt) = house.generate(&ada, json!({ "kind": "event", "mood_text": "another private feeling" })).await;
    house.ended(&ada, &hurt["id"]).await;
    let kept: Vec<String> = sqlx::query_scalar("SELECT input FROM playlist_generations")
        .fetch_all(house.running.app.state.store.read())
        .await
        .expect("rows");
    assert_eq!(kept, ["", "", ""]);
    house.stop().await;
}

#[tokio::test]
async fn what_is_not_allowed_is_refused_and_nothing_waits() {
    let house = house().await;
    let ada = house.person("ada").await;
    let long = "가".repeat(101);
    let table = [
        (json!({ "kind": "wizard", "mood_text": "" }), 422, "/mood_text"),
        (json!({ "kind": "wizard", "mood_text": long }), 422, "/mood_text"),
        (json!({ "kind": "event", "mood_text": " \u{200b} " }), 422, "/mood_text"),
        (json!({ "kind": "wizard", "mood_text": "x", "decade": 1985 }), 422, "/decade"),
        (json!({ "kind": "wizard", "mood_text": "x", "decade": 1970 }), 422, "/decade"),
        (json!({ "kind": "wizard", "mood_text": "x", "genre": "polka" }), 400, ""),
        (json!({ "kind": "wizard", "mood_text": "x", "user_id": "x" }), 400, ""),
        (json!({ "kind": "event", "mood_text": "x", "genre": "pop" }), 400, ""),
        (json!({ "kind": "call", "mood": "unsure" }), 400, ""),
        (json!({ "kind": "call", "mood": "fear", "mood_text": "x" }), 400, ""),
        (json!({ "kind": "call", "mood": ["fear", "anger"] }), 400, ""),
        (json!({ "kind": "wizard" }), 400, ""),
        (json!({ "kind": "dream", "mood_text": "x" }), 400, ""),
        (json!({ "mood_text": "x" }), 400, ""),
    ];
    for (body, expected, pointer) in table {
        let (status, problem) = house.generate(&ada, body.clone()).await;
        assert_eq!(status, expected, "{body}: {problem}");
        assert_eq!(problem["errors"][0]["pointer"].as_str().unwrap_or_default(), pointer, "{body}");
    }
    let body = json!({ "kind": "call", "mood": "fear" });
    assert_eq!(house.ask(None, Method::POST, "/playlist-generations", Some(body)).await.status(), 401);
    assert_eq!(house.number("SELECT COUNT(*) FROM playlist_generations").await, 0);
    house.stop().await;
}

#[tokio::test]
async fn the_genre_of_an_event_is_one_of_the_persons_own() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    sqlx::query("UPDATE users SET genres = '[\"rnb\",\"ost\"]' WHERE id = $1")
        .bind(ada.id)
        .execute(house.running.app.state.store.write())
        .await
        .expect("a profile");
    let playlist = house.generated(&ada, json!({ "kind": "event", "mood_text": "wide awake" })).await;
    assert!(["rnb", "ost"].contains(&playlist["genre"].as_str().expect("a genre")), "{playlist}");
    let playlist =
        house.generated(&bob, json!({ "kind": "event", "mood_text": "wide awake", "is_public": true })).await;
    assert_eq!((&playlist["genre"], &playlist["is_public"]), (&Value::Null, &json!(true)));
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_at_once_a_person_has_three_in_the_making() {
    let endpoint = silent().await;
    let house = house_with(|config| endpoint.configured(config)).await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let ask = || house.generate(&ada, json!({ "kind": "call", "mood": "anger" }));
    let answers = join_all((0..20).map(|_| ask())).await;
    let accepted = answers.iter().filter(|(status, _)| *status == 202).count();
    assert!(answers.iter().all(|(status, _)| [202, 429].contains(status)), "{answers:?}");
    assert_eq!(accepted, 3);
    assert_eq!(house.number("SELECT COUNT(*) FROM playlist_generations WHERE ended_at IS NULL").await, 3);
    // Somebody else has room of their own, and one that is canceled makes room.
    assert_eq!(house.generate(&bob, json!({ "kind": "call", "mood": "anger" })).await.0, 202);
    let open = answers.iter().find(|(status, _)| *status == 202).expect("one");
    let path = format!("/playlist-generations/{}", open.1["id"].as_str().expect("text"));
    assert_eq!(house.ask(Some(&ada), Method::DELETE, &path, None).await.status(), 204);
    assert_eq!(ask().await.0, 202);
    house.stop().await;
}

#[tokio::test]
async fn a_person_may_ask_so_often_an_hour() {
    let house = house_with(|config| config.generation.per_hour = 2).await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    for expected in [202, 202, 429] {
        let answer = house
            .ask(Some(&ada), Method::POST, "/playlist-generations", Some(json!({ "kind": "call", "mood": "fear" })))
            .await;
        assert_eq!(answer.status(), expected);
        assert_eq!(answer.headers().contains_key("retry-after"), expected == 429);
    }
    assert_eq!(house.generate(&bob, json!({ "kind": "call", "mood": "fear" })).await.0, 202);
    house.stop().await;
}

#[tokio::test]
async fn the_same_request_again_is_the_same_playlist() {
    let house = house().await;
    let ada = house.person("ada").await;
    let ask = async || {
        let request = reqwest::Client::new().post(house.url("/api/v1/playlist-generations")).bearer_auth(&ada.token);
        let request = request.header("idempotency-key", "9b8f3c52-1f4e-4c7e-8d58");
        let answer = request.json(&json!({ "kind": "call", "mood": "surprise" })).send().await.expect("an answer");
        assert_eq!(answer.status(), 202);
        answer.json::<Value>().await.expect("JSON")["id"].clone()
    };
    let first = ask().await;
    assert_eq!(ask().await, first);
    // As if the server had died after the row and before its answer.
    sqlx::query("UPDATE idempotency_keys SET answer = NULL, created_at = created_at - 61000")
        .execute(house.running.app.state.store.write())
        .await
        .expect("rows");
    assert_eq!(ask().await, first);
    house.ended(&ada, &first).await;
    assert_eq!(house.number("SELECT COUNT(*) FROM playlists").await, 1);
    house.stop().await;
}

#[tokio::test]
async fn what_fails_three_times_has_failed() {
    let house = house().await;
    let ada = house.person("ada").await;
    let store = &house.running.app.state.store;
    // A wish that cannot be read; nothing that a request could have made.
    let id = row(store, ada.id, "waiting", "a wish", 0).await;
    let ended = house.ended(&ada, &json!(id)).await;
    assert_eq!((ended["status"].as_str(), ended["problem"].as_str()), (Some("failed"), Some("internal")));
    assert_eq!(ended["playlist_id"], Value::Null);
    let (tries, input): (i64, String) = sqlx::query_as("SELECT tries, input FROM playlist_generations WHERE id = $1")
        .bind(id)
        .fetch_one(store.read())
        .await
        .expect("a row");
    assert_eq!((tries, input.as_str()), (3, ""));
    house.stop().await;
}

#[tokio::test]
async fn rows_go_a_day_after_their_end() {
    let house = house().await;
    let ada = house.person("ada").await;
    house.generated(&ada, json!({ "kind": "call", "mood": "neutral" })).await;
    let store = &house.running.app.state.store;
    let now = Timestamp::now();
    assert_eq!(sweep::round(store, now).await.expect("a round"), 0);
    assert_eq!(sweep::round(store, now.after(sweep::KEPT).after(SOON)).await.expect("a round"), 1);
    assert_eq!(house.number("SELECT COUNT(*) FROM playlists").await, 1, "the playlist stays");
    house.stop().await;
}
