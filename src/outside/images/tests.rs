//! The endpoint answers in every way that one can, and there is a picture or a reason.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response as Answered};
use axum::routing::{get, post};
use serde_json::Value;

use super::*;
use crate::covers::{self, Motif};
use crate::outside::health::Standing;
use crate::protocol::MoodLabel;
use crate::protocol::genre::Genre;

const PICTURE: &[u8] = b"\x89PNG and so on";

/// An endpoint whose answers `answer` gives, and the number of times it was asked.
async fn endpoint<F>(answer: F) -> (SocketAddr, Arc<AtomicUsize>)
where
    F: Fn(HeaderMap, Value) -> Answered + Clone + Send + Sync + 'static,
{
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let generate = async move |request: Request| {
        count.fetch_add(1, Ordering::Relaxed);
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        answer(parts.headers, serde_json::from_slice(&body).unwrap())
    };
    let routes = Router::new()
        .route("/v1/images/generations", post(generate))
        .route("/file", get(async || PICTURE))
        .route("/large", get(async || vec![0_u8; LARGEST + 1]))
        .route("/moved", get(async || (StatusCode::FOUND, [(header::LOCATION, "/file")])));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (address, asked)
}

fn options(address: SocketAddr) -> Options {
    Options {
        url: format!("http://{address}/v1/"),
        key: Some("secret-key".into()),
        model: Some("painter".into()),
        size: "1024x1024".into(),
        format: None,
        time: Duration::from_secs(5),
        at_once: 2,
    }
}

fn subject() -> Subject<'static> {
    Subject { motif: Motif { mood: Some(MoodLabel::Fear), genre: Some(Genre::Ost), seed: 7 }, keywords: &[] }
}

/// The model of these options, whose pictures are what begins as a PNG does.
fn images(options: Options, files: Fetch) -> Result<Images, OutsideError> {
    let reader: Reader = |bytes| bytes.starts_with(b"\x89PNG").then(|| bytes.to_vec());
    Images::new(options, files, reader, Processors::default())
}

fn encoded(bytes: &[u8]) -> Value {
    json!({ "created": 1, "data": [{ "b64_json": BASE64_STANDARD.encode(bytes), "revised_prompt": "x" }] })
}

/// What becomes of an answer when addresses in it go through the guard.
async fn guarded(
    answer: impl Fn(HeaderMap, Value) -> Answered + Clone + Send + Sync + 'static,
) -> Result<Vec<u8>, OutsideError> {
    let (address, _) = endpoint(answer).await;
    images(options(address), Fetch::guarded().unwrap()).unwrap().made(&subject()).await
}

#[tokio::test]
async fn a_picture_comes_as_text_and_the_endpoint_learns_the_mood_alone() {
    let answer = |headers: HeaderMap, body: Value| {
        assert_eq!(headers["authorization"], "Bearer secret-key");
        assert_eq!((&body["model"], &body["n"], &body["size"]), (&json!("painter"), &json!(1), &json!("1024x1024")));
        assert!(body["prompt"].as_str().unwrap().contains("film score") && body.get("response_format").is_none());
        axum::Json(encoded(PICTURE)).into_response()
    };
    let (address, _) = endpoint(answer).await;
    let model = images(options(address), Fetch::guarded().unwrap()).unwrap();
    let painting = model.paint(&subject()).await.unwrap();
    assert_eq!(painting, Painting { bytes: PICTURE.to_vec(), origin: Origin::Model });
    assert!(model.health().adapter().last_success_at.is_some());
}

#[tokio::test]
async fn what_is_no_picture_is_not_one_and_a_drawing_takes_its_place() {
    let (address, _) = endpoint(|_, _| axum::Json(encoded(b"<svg/>")).into_response()).await;
    let model = images(options(address), Fetch::guarded().unwrap()).unwrap();
    let drawing = covers::draw(&subject().motif).unwrap();
    let painting = model.paint(&subject()).await.unwrap();
    assert_eq!(painting, Painting { bytes: drawing, origin: Origin::Drawn });
    assert_eq!(model.health().adapter().last_problem.unwrap().what, "no-picture");
    let broken = Images { reader: |_| panic!("a decoder breaks"), ..model };
    assert_eq!(broken.made(&subject()).await, Err(OutsideError::Picture));
}

#[tokio::test]
async fn a_picture_at_an_address_is_fetched_without_redirects_and_with_a_bound() {
    for (path, expected) in [
        ("/file", Ok(PICTURE.to_vec())),
        ("/large", Err(OutsideError::Size)),
        ("/moved", Err(OutsideError::Status(302))),
    ] {
        let answer = move |headers: HeaderMap, _| {
            let host = headers["host"].to_str().unwrap().to_owned();
            axum::Json(json!({ "data": [{ "url": format!("http://{host}{path}") }] })).into_response()
        };
        let (address, _) = endpoint(answer).await;
        // The guard lets nobody to this machine, so the way of the log-in's tests takes its place.
        let files = Fetch::own(format!("http://{address}")).unwrap();
        let model = images(options(address), files).unwrap();
        assert_eq!(model.made(&subject()).await, expected, "{path}");
    }
}

#[tokio::test]
async fn an_address_that_is_not_on_the_internet_is_refused() {
    for url in [
        "http://example.org/a.png",
        "https://127.0.0.1/a.png",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/a.png",
        "https://2130706433/a.png",
        "file:///etc/passwd",
        "https://user@example.org/a.png",
        "nonsense",
    ] {
        let refused = guarded(move |_, _| axum::Json(json!({ "data": [{ "url": url }] })).into_response()).await;
        assert_eq!(refused, Err(OutsideError::Address), "{url}");
    }
    // A name that leads to this machine is refused when it is resolved.
    let named = guarded(|_, _| axum::Json(json!({ "data": [{ "url": "https://localhost/a.png" }] })).into_response());
    assert_eq!(named.await, Err(OutsideError::Network));
}

#[tokio::test]
async fn what_is_no_answer_is_told_by_its_reason() {
    let status = |code: u16| move |_: HeaderMap, _: Value| StatusCode::from_u16(code).unwrap().into_response();
    for (code, expected) in [
        (401, OutsideError::Refused),
        (403, OutsideError::Refused),
        (400, OutsideError::Status(400)),
        (302, OutsideError::Status(302)),
        (500, OutsideError::Down(500)),
        (503, OutsideError::Down(503)),
    ] {
        assert_eq!(guarded(status(code)).await, Err(expected), "{code}");
    }
    for body in ["", "nonsense", "{}", "{\"data\":[]}", "{\"data\":[{}]}", "{\"data\":[{\"b64_json\":\"***\"}]}", "[]"]
    {
        assert_eq!(guarded(move |_, _| body.into_response()).await, Err(OutsideError::Malformed), "{body}");
    }
    let large = guarded(|_, _| axum::Json(encoded(&vec![7; LARGEST + 3])).into_response());
    assert_eq!(large.await, Err(OutsideError::Size));
    let endless = guarded(|_, _| vec![b' '; ANSWER + 1].into_response());
    assert_eq!(endless.await, Err(OutsideError::Size));
}

#[tokio::test]
async fn an_endpoint_that_has_had_enough_is_left_alone_for_as_long_as_it_says() {
    let answer =
        |_: HeaderMap, _: Value| (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "600")]).into_response();
    let (address, asked) = endpoint(answer).await;
    let model = images(options(address), Fetch::guarded().unwrap()).unwrap();
    for _ in 0..3 {
        let refused = model.made(&subject()).await;
        assert!(matches!(refused, Err(OutsideError::Limited(Some(_)))), "{refused:?}");
    }
    assert_eq!(model.paint(&subject()).await.unwrap().origin, Origin::Drawn);
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    assert_eq!(model.health().adapter().last_problem.unwrap().what, "limited");
}

#[tokio::test]
async fn an_endpoint_that_is_slow_or_gone_costs_no_more_than_its_time() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut silent = options(listener.local_addr().unwrap());
    silent.time = Duration::from_millis(200);
    let model = images(silent, Fetch::guarded().unwrap()).unwrap();
    assert_eq!(model.made(&subject()).await, Err(OutsideError::Time));
    let gone = options(listener.local_addr().unwrap());
    drop(listener);
    let model = images(gone, Fetch::guarded().unwrap()).unwrap();
    assert_eq!(model.health().adapter(), Standing { configured: true, ..Standing::OFF });
    assert_eq!(model.made(&subject()).await, Err(OutsideError::Network));
}

#[test]
fn an_address_is_one_of_the_web_or_none() {
    for url in ["", "nowhere", "file:///etc", "ftp://127.0.0.1/v1"] {
        let mut bad = options(([127, 0, 0, 1], 1).into());
        bad.url = url.into();
        assert_eq!(images(bad, Fetch::guarded().unwrap()).err(), Some(OutsideError::Unusable), "{url}");
    }
}
