//! Videos of songs: looked for once, when a song is first played, and never more often than the service allows.

use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use futures_util::future::join_all;
use moodcall::base::id::SongId;
use moodcall::config::Config;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{House, house, house_in, house_with};
use super::person::Person;
use super::service::Service;

fn one(_: &Parts, _: &Value) -> Response {
    axum::Json(json!({ "items": [{ "id": { "videoId": "M7lc1UVf-VE" } }] })).into_response()
}

fn nothing(_: &Parts, _: &Value) -> Response {
    axum::Json(json!({ "items": [] })).into_response()
}

fn with(service: &Service, per_day: u32) -> impl FnOnce(&mut Config) {
    let url = service.url("/youtube/v3");
    move |config| {
        config.videos.key = Some("the-secret-key".into());
        config.videos.url = url;
        config.videos.per_day = per_day;
    }
}

/// Status, the wait that is asked for, and the video.
async fn video(house: &House, who: &Person, song: SongId) -> (u16, Option<u64>, Value) {
    let answer = house.ask(Some(who), Method::PUT, &format!("/songs/{song}/video"), None).await;
    let wait = answer.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.expect("JSON");
    (status, wait, if status == 200 { body["video_id"].clone() } else { body["code"].clone() })
}

#[tokio::test(flavor = "multi_thread")]
async fn many_players_at_once_cost_one_search_and_later_ones_none() {
    let service = Service::start(one).await;
    let house = house_with(with(&service, 100)).await;
    let ada = house.person("ada").await;
    let song = house.song("비누방울", "창가").await;
    let answers = join_all((0..20).map(|_| video(&house, &ada, song))).await;
    for answer in answers {
        assert_eq!(answer, (200, None, json!("M7lc1UVf-VE")));
    }
    assert_eq!(service.asked(), 1);
    let shown: Value = house.ask(None, Method::GET, &format!("/songs/{song}"), None).await.json().await.expect("JSON");
    assert_eq!(shown["video"], "M7lc1UVf-VE");
    // It is believed for thirty days.
    house.age("UPDATE songs SET video_looked_at = video_looked_at - $1", 29 * 86_400_000).await;
    video(&house, &ada, song).await;
    assert_eq!(service.asked(), 1);
    house.age("UPDATE songs SET video_looked_at = video_looked_at - $1", 86_400_001).await;
    video(&house, &ada, song).await;
    assert_eq!(service.asked(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_may_have_so_many_videos_looked_for_and_what_is_known_costs_nothing() {
    let service = Service::start(one).await;
    let house = house_with(|config| {
        with(&service, 100)(config);
        config.videos.per_person = 2;
    })
    .await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let mut songs = Vec::new();
    for at in 0..4 {
        songs.push(house.song("비누방울", &format!("창가 {at}")).await);
    }
    let found = (200, None, json!("M7lc1UVf-VE"));
    // Somebody else's search is nobody's but theirs, and what it found costs nothing.
    assert_eq!(video(&house, &bob, songs[0]).await, found);
    for song in [0, 1, 0, 2, 1, 2] {
        assert_eq!(video(&house, &ada, songs[song]).await, found, "{song}");
    }
    // However many at once: none is searched, none is counted for all.
    for (status, wait, code) in join_all((0..10).map(|_| video(&house, &ada, songs[3]))).await {
        assert_eq!((status, code), (429, json!("too-many")));
        assert!(wait.is_some_and(|wait| (1..=12 * 3600).contains(&wait)), "{wait:?}");
    }
    assert_eq!((service.asked(), house.number("SELECT searches FROM video_searches").await), (3, 3));
    assert_eq!(video(&house, &ada, songs[0]).await, found, "what is known is told all the same");
    assert_eq!(video(&house, &bob, songs[3]).await, found);
    assert_eq!(video(&house, &ada, songs[3]).await, found);
    assert_eq!(service.asked(), 4);
}

#[tokio::test]
async fn that_there_is_none_is_remembered_for_a_week() {
    let service = Service::start(nothing).await;
    let house = house_with(with(&service, 100)).await;
    let ada = house.person("ada").await;
    let song = house.song("비누방울", "창가").await;
    for _ in 0..3 {
        assert_eq!(video(&house, &ada, song).await, (200, None, Value::Null));
    }
    house.age("UPDATE songs SET video_looked_at = video_looked_at - $1", 7 * 86_400_000 - 60_000).await;
    video(&house, &ada, song).await;
    assert_eq!(service.asked(), 1);
    house.age("UPDATE songs SET video_looked_at = video_looked_at - $1", 60_001).await;
    assert_eq!(video(&house, &ada, song).await, (200, None, Value::Null));
    assert_eq!(service.asked(), 2);
}

#[tokio::test]
async fn a_song_of_the_catalogue_is_never_searched_and_strangers_cost_nothing() {
    let service = Service::start(one).await;
    let house = house_with(with(&service, 100)).await;
    let ada = house.person("ada").await;
    let song = house.song("비누방울", "창가").await;
    let store = &house.running.app.state.store;
    sqlx::query("UPDATE songs SET source = 'catalog' WHERE id = $1")
        .bind(song)
        .execute(store.write())
        .await
        .expect("one");
    assert_eq!(video(&house, &ada, song).await, (200, None, Value::Null));
    assert_eq!(video(&house, &ada, SongId::new()).await.0, 404);
    let path = format!("/songs/{song}/video");
    assert_eq!(house.ask(None, Method::PUT, &path, None).await.status(), 401);
    assert_eq!(service.asked(), 0);
}

#[tokio::test]
async fn the_searches_of_a_day_end_and_a_restart_does_not_bring_them_back() {
    let service = Service::start(nothing).await;
    let folder = tempfile::tempdir().expect("a folder");
    let mut url = None;
    let first = house_in(folder, |config| {
        with(&service, 2)(config);
        url = config.database.url.clone();
    })
    .await;
    let ada = first.person("ada").await;
    let mut songs = Vec::new();
    for at in 0..4 {
        songs.push(first.song("비누방울", &format!("창가 {at}")).await);
    }
    for song in &songs[..2] {
        assert_eq!(video(&first, &ada, *song).await.0, 200);
    }
    let folder = first.stop().await;
    let house = house_in(folder, |config| {
        with(&service, 2)(config);
        config.database.url = url;
    })
    .await;
    let (status, wait, code) = video(&house, &ada, songs[2]).await;
    assert_eq!((status, code), (429, json!("too-many")));
    let wait = wait.expect("until midnight in California");
    assert!((1..=25 * 3600).contains(&wait), "{wait}");
    assert_eq!(service.asked(), 2);
    // What is known is told all the same, and tomorrow there are new ones.
    assert_eq!(video(&house, &ada, songs[0]).await.0, 200);
    house.age("UPDATE video_searches SET day = '2026-01-01' WHERE searches > $1", 0).await;
    assert_eq!(video(&house, &ada, songs[3]).await.0, 200);
}

#[tokio::test]
async fn when_the_service_says_that_the_day_is_over_it_is_asked_no_more() {
    let service = Service::start(|_, _| {
        let body = json!({ "error": { "code": 403, "errors": [{ "reason": "quotaExceeded" }] } });
        (StatusCode::FORBIDDEN, axum::Json(body)).into_response()
    })
    .await;
    let house = house_with(with(&service, 100)).await;
    let ada = house.person("ada").await;
    for at in 0..3 {
        let song = house.song("비누방울", &format!("창가 {at}")).await;
        let (status, wait, code) = video(&house, &ada, song).await;
        assert_eq!((status, code), (429, json!("too-many")));
        assert!(wait.is_some_and(|wait| (1..=25 * 3600).contains(&wait)));
    }
    assert_eq!(service.asked(), 1);
}

#[tokio::test]
async fn a_service_that_fails_is_asked_again_and_its_key_is_told_to_nobody() {
    let service = Service::start(|parts, _| match parts.uri.query() {
        Some(query) if query.contains("later") => {
            (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "7")]).into_response()
        }
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    })
    .await;
    let house = house_with(with(&service, 100)).await;
    let (ada, staff) = (house.person("ada").await, house.staff("watch").await);
    let song = house.song("비누방울", "창가").await;
    for _ in 0..2 {
        let (status, _, code) = video(&house, &ada, song).await;
        assert_eq!((status, code), (503, json!("unavailable")));
    }
    assert_eq!(service.asked(), 2);
    let later = house.song("later", "later").await;
    assert_eq!(video(&house, &ada, later).await, (429, Some(7), json!("too-many")));
    let told = house.ask(Some(&staff), Method::GET, "/admin/adapters", None).await.text().await.expect("a text");
    assert!(told.contains("\"limited\"") && !told.contains("secret") && !told.contains("127.0.0.1"), "{told}");
}

#[tokio::test]
async fn without_a_key_there_are_no_videos_and_no_frames_from_elsewhere() {
    let service = Service::start(one).await;
    for (house, videos) in [(house().await, false), (house_with(with(&service, 100)).await, true)] {
        let config: Value = house.get("/api/v1/config").await.json().await.expect("JSON");
        assert_eq!(config["videos"], videos);
        let page = house.get("/").await;
        let policy = page.headers()["content-security-policy"].to_str().expect("text").to_owned();
        assert_eq!(policy.contains("frame-src 'self' https://www.youtube-nocookie.com;"), videos, "{policy}");
        assert_eq!(policy.contains("youtube"), videos);
        let ada = house.person("ada").await;
        let song = house.song("비누방울", "창가").await;
        let expected = if videos { json!("M7lc1UVf-VE") } else { Value::Null };
        assert_eq!(video(&house, &ada, song).await, (200, None, expected));
    }
    assert_eq!(service.asked(), 1);
}
