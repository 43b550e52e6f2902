//! HTTP: problems, headers, rooms, tickets, files.

use serde_json::{Value, json};

use crate::client::{house, house_in, house_with};

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_is_a_problem_document() {
    let house = house().await;
    let client = reqwest::Client::new();
    let url = |path: &str| house.url(path);
    let nobody = "/api/v1/rooms/01a20008-2233-705d-bbd0-02dbde753fd2";
    let json = "application/json";
    let big = format!("{{\"capacity\": {}2}}", " ".repeat(70_000));
    let post = |path: &str, kind: &str, body: &str| {
        client.post(url(path)).header("content-type", kind.to_owned()).body(body.to_owned())
    };
    let table = [
        (client.get(url("/nothing/here")), 404, "not-found"),
        (client.get(url("/api/v1/nothing")), 404, "not-found"),
        (client.get(url("/static/../Cargo.toml")), 404, "not-found"),
        (client.get(url("/static/%2e%2e/Cargo.toml")), 404, "not-found"),
        (client.get(url("/vendor/lit/nothing.js")), 404, "not-found"),
        (client.get(url("/problems/nothing")), 404, "not-found"),
        (client.get(url(nobody)), 404, "room-gone"),
        (client.get(url("/api/v1/rooms/none")), 404, "room-gone"),
        (client.delete(url("/api/v1/rooms")), 405, "method"),
        (client.post(url("/health/live")), 405, "method"),
        (post("/api/v1/rooms", "text/plain", "{}"), 415, "media-type"),
        (post("/api/v1/rooms", json, &big), 413, "too-large"),
        (post("/api/v1/rooms", json, "{"), 400, "malformed"),
        (post("/api/v1/rooms", json, r#"{"seats":2}"#), 400, "malformed"),
        (post("/api/v1/rooms", json, r#"{"capacity":"2"}"#), 400, "malformed"),
        (post("/api/v1/rooms", json, r#"{"capacity":0}"#), 422, "invalid"),
        (post("/api/v1/rooms", json, r#"{"capacity":9}"#), 422, "invalid"),
        (client.get(url("/api/v1/socket")), 400, "malformed"),
    ];
    for (request, status, code) in table {
        let answer = request.send().await.expect("an answer");
        let asked = answer.url().path().to_owned();
        assert_eq!(answer.status(), status, "{asked} {code}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{asked}");
        assert!(answer.headers().contains_key("content-security-policy"), "{asked}");
        let problem: Value = answer.json().await.expect("JSON");
        assert_eq!(problem["code"], code, "{asked}");
        assert_eq!(problem["status"], status, "{asked}");
        assert_eq!(problem["type"], format!("/problems/{code}"));
        assert_eq!(problem["instance"], asked);
        for text in ["title", "detail"] {
            assert!(problem[text].as_str().is_some_and(|text| !text.is_empty()), "{asked} {text}");
        }
        let explained = client.get(url(&format!("/problems/{code}"))).send().await.expect("an answer");
        assert_eq!(explained.status(), 200, "{code}");
    }
    let korean = client.get(url("/x")).header("accept-language", "ko-KR,ko;q=0.9").send().await.expect("an answer");
    assert_eq!(korean.json::<Value>().await.expect("JSON")["title"], "찾을 수 없음");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_has_a_link_and_tells_how_full_it_is() {
    let house = house_with(|config| config.server.public_origin = Some("https://call.example.org".into())).await;
    let answer = house.post("/api/v1/rooms", json!({})).await;
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let room: Value = answer.json().await.expect("JSON");
    assert_eq!(room["capacity"], 2);
    let id = room["id"].as_str().expect("an id");
    assert_eq!(room["link"], format!("https://call.example.org/room/{id}"));
    let shown: Value = house.get(&format!("/api/v1/rooms/{id}")).await.json().await.expect("JSON");
    assert_eq!((&shown["capacity"], &shown["participants"]), (&json!(2), &json!(0)));
    assert!(shown.get("host_key").is_none());
    let _ada = house.join(id.parse().expect("an id"), "Ada", None).await;
    let shown: Value = house.get(&format!("/api/v1/rooms/{id}")).await.json().await.expect("JSON");
    assert_eq!(shown["participants"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_works_after_a_restart() {
    let first = house().await;
    let room = first.room(3).await;
    let url = first.running.app.state.config.database.url.clone();
    let folder = first.stop().await;
    let second = house_in(folder, |config| config.database.url = url).await;
    let shown: Value = second.get(&format!("/api/v1/rooms/{}", room.id)).await.json().await.expect("JSON");
    assert_eq!(shown["capacity"], 3);
    second.join(room.id, "Ada", room.host_key.as_deref()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_needed_and_has_a_limit() {
    let house = house().await;
    let room = house.room(2).await.id;
    for name in [String::new(), "   ".into(), "x".repeat(41), "\u{202e}".into()] {
        let answer = house.post("/api/v1/socket-tickets", json!({ "room": room, "name": name })).await;
        assert_eq!(answer.status(), 422, "{name:?}");
        let problem: Value = answer.json().await.expect("JSON");
        assert_eq!(problem["errors"][0]["pointer"], "/name");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_may_be_closed_to_guests() {
    let house = house_with(|config| config.rooms.guests = false).await;
    assert_eq!(house.post("/api/v1/rooms", json!({})).await.status(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_may_load_only_what_is_ours() {
    let house = house().await;
    let answer = house.get("/health/live").await;
    let policy = answer.headers()["content-security-policy"].to_str().expect("text").to_owned();
    for part in
        ["default-src 'self'", "script-src 'self';", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]
    {
        assert!(policy.contains(part), "{part} in {policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(policy.contains(&format!("ws://{}", house.address)));
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert_eq!(answer.headers()["referrer-policy"], "no-referrer");
    assert!(answer.headers().contains_key("permissions-policy"));
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_for_this_machine_or_for_who_has_the_token() {
    let open = house().await;
    let reported = reqwest::Client::new()
        .post(open.url("/csp-reports"))
        .header("content-type", "application/csp-report")
        .body(r#"{"csp-report":{"blocked-uri":"inline"}}"#)
        .send()
        .await
        .expect("an answer");
    assert_eq!(reported.status(), 204);
    let figures = open.get("/metrics").await;
    assert_eq!(figures.status(), 200);
    assert!(figures.text().await.expect("text").contains("moodcall_csp_reports_total"));
    let client = reqwest::Client::new();
    let proxied = client.get(open.url("/metrics")).header("x-forwarded-for", "203.0.113.9").send().await;
    assert_eq!(proxied.expect("an answer").status(), 403);

    let locked = house_with(|config| config.server.metrics_token = Some("secret".into())).await;
    let with = |token: &str| client.get(locked.url("/metrics")).header("authorization", format!("Bearer {token}"));
    assert_eq!(locked.get("/metrics").await.status(), 403);
    assert_eq!(with("wrong").send().await.expect("an answer").status(), 403);
    assert_eq!(with("secret").send().await.expect("an answer").status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_asked_for_again_and_answered_by_304_until_they_change() {
    let house = house().await;
    let path = "/static/js/lit.js";
    let first = house.get(path).await;
    assert_eq!(first.status(), 200);
    assert_eq!(first.headers()["content-type"], "text/javascript; charset=utf-8");
    assert_eq!(first.headers()["cache-control"], "no-cache");
    let tag = first.headers()["etag"].clone();
    let client = reqwest::Client::new();
    let again = client.get(house.url(path)).header("if-none-match", tag).send().await.expect("an answer");
    assert_eq!(again.status(), 304);
    let stale = client.get(house.url(path)).header("if-none-match", "\"old\"").send().await.expect("an answer");
    assert_eq!(stale.status(), 200);
}
