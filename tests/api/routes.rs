//! The description and the router say the same: what is described is there, and no other method of it is.

use moodcall::app::router::described;
use reqwest::{Client, Method};
use serde_json::Value;

use super::client::house;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_described_is_there_and_nothing_else_is() {
    let house = house().await;
    let (_, document) = described();
    let document: Value = serde_json::from_slice(document.as_bytes()).expect("JSON");
    let client = Client::new();
    let mut wrong = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let real: String = path
            .split('/')
            .map(|part| if part.starts_with('{') { "01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let described = item.get(method.as_str().to_lowercase()).is_some();
            let answer = client.request(method.clone(), house.url(&real)).send().await.expect("an answer");
            let status = answer.status().as_u16();
            let code = answer.json::<Value>().await.ok().map(|problem| problem["code"].clone());
            let there = status != 405;
            // A handler may say 404 of the thing; the router says it of the path.
            let lost = status == 404 && !path.contains('{') && code == Some("not-found".into());
            if there != described || (described && lost) {
                wrong.push(format!("{method} {path}: described {described}, answered {status} {code:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let served: Value = house.get("/api/v1/openapi.json").await.json().await.expect("JSON");
    assert_eq!(served, document);
    house.stop().await;
}
