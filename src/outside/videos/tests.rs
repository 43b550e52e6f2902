//! The service answers in every way that one can, and there is a video, none, or a reason.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::Query;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response as Answered};
use axum::routing::get;
use serde_json::{Value, json};

use super::youtube::{Options, SIZE, YouTube};
use super::*;

async fn service<F>(answer: F) -> SocketAddr
where
    F: Fn(HashMap<String, String>) -> Answered + Clone + Send + Sync + 'static,
{
    let search = async move |Query(asked): Query<HashMap<String, String>>| answer(asked);
    let routes = Router::new().route("/youtube/v3/search", get(search));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

fn videos(address: SocketAddr) -> YouTube {
    let options = Options { url: format!("http://{address}/youtube/v3"), key: "the key".into(), per_day: 100 };
    YouTube::new(options).unwrap()
}

async fn asked(
    answer: impl Fn(HashMap<String, String>) -> Answered + Clone + Send + Sync + 'static,
) -> Result<Option<String>, OutsideError> {
    videos(service(answer).await).search("비누방울 창가").await
}

fn item(id: &str) -> Value {
    json!({ "items": [{ "id": { "kind": "youtube#video", "videoId": id }, "snippet": { "title": "x" } }] })
}

#[tokio::test]
async fn the_first_video_that_may_be_embedded_is_found() {
    let found = asked(|query| {
        let expected = [
            ("part", "snippet"),
            ("type", "video"),
            ("maxResults", "1"),
            ("videoEmbeddable", "true"),
            ("q", "비누방울 창가"),
            ("key", "the key"),
        ];
        assert_eq!(query.len(), expected.len());
        for (name, value) in expected {
            assert_eq!(query[name], value);
        }
        axum::Json(item("M7lc1UVf-VE")).into_response()
    });
    assert_eq!(found.await, Ok(Some("M7lc1UVf-VE".into())));
    assert_eq!(asked(|_| axum::Json(json!({ "items": [] })).into_response()).await, Ok(None));
}

#[tokio::test]
async fn what_is_no_answer_is_told_by_its_reason() {
    for (status, reason, expected) in [
        (403, "quotaExceeded", OutsideError::Spent),
        (403, "dailyLimitExceeded", OutsideError::Spent),
        (403, "rateLimitExceeded", OutsideError::Limited(None)),
        (403, "forbidden", OutsideError::Refused),
        (400, "keyInvalid", OutsideError::Refused),
        (400, "invalidSearchFilter", OutsideError::Status(400)),
        (401, "", OutsideError::Refused),
        (500, "", OutsideError::Down(500)),
        (302, "", OutsideError::Status(302)),
    ] {
        let answer = asked(move |_| {
            let body = json!({ "error": { "code": status, "errors": [{ "reason": reason }] } });
            (StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response()
        });
        assert_eq!(answer.await, Err(expected), "{status} {reason}");
    }
    let later = asked(|_| (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "7")]).into_response());
    assert_eq!(later.await, Err(OutsideError::Limited(Some(Duration::from_secs(7)))));
    for body in ["", "nonsense", "{}", "{\"items\":[{\"id\":{}}]}", "{\"items\":[{}]}"] {
        assert_eq!(asked(move |_| body.into_response()).await, Err(OutsideError::Malformed), "{body}");
    }
    for id in ["", "short", "M7lc1UVf-VE0", "../../../..", "M7lc1UV\"><x", "가나다라"] {
        let answer = asked(move |_| axum::Json(item(id)).into_response());
        assert_eq!(answer.await, Err(OutsideError::Malformed), "{id}");
    }
    let large = asked(|_| vec![b' '; SIZE + 1].into_response());
    assert_eq!(large.await, Err(OutsideError::Size));
}

#[tokio::test]
async fn a_service_that_is_gone_is_told_without_its_key() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = videos(listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(gone.search("x").await, Err(OutsideError::Network));
    assert_eq!(gone.health().adapter().last_problem.unwrap().what, "unreachable");
}

#[tokio::test]
async fn without_a_service_no_video_is_known() {
    let none = NoVideos::default();
    assert_eq!((none.search("x").await, none.per_day()), (Ok(None), 0));
}
