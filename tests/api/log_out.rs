//! Logging out here and elsewhere.

use reqwest::Method;
use serde_json::json;

use super::account::{PASSWORD, refusal, said};
use super::client::house;

#[tokio::test]
async fn logging_out_ends_the_log_in_in_use_and_no_other() {
    let house = house().await;
    let ada = house.sign_up("ada").await;
    let other = house.member(&ada.email, house.log_in("ada", PASSWORD).await).await;
    let answer = house.ask(Some(&ada.person), Method::DELETE, "/tokens/current", None).await;
    assert_eq!(answer.status(), 204);
    assert!(answer.headers()["set-cookie"].to_str().expect("text").contains("Max-Age=0"));
    assert!(!house.knows(&ada.person).await, "the access token opens nothing any more");
    assert_eq!(refusal(house.refresh(&ada.refresh).await).await, (401, "session-over".into()));
    assert!(house.knows(&other.person).await);
    assert_eq!(house.refresh(&other.refresh).await.status(), 201);
    assert_eq!(house.ask(None, Method::DELETE, "/tokens/current", None).await.status(), 401);
    house.stop().await;
}

#[tokio::test]
async fn a_browser_logs_out_by_its_cookie_even_when_the_access_token_is_over() {
    let house = house().await;
    let ada = house.sign_up("ada").await;
    let leave = async |origin: &str| {
        let request = reqwest::Client::new().delete(house.url("/api/v1/tokens/current")).bearer_auth("over");
        let request = request.header("cookie", format!("__Host-session={}", ada.refresh)).header("origin", origin);
        request.send().await.expect("an answer").status().as_u16()
    };
    assert_eq!(leave("https://evil.example").await, 403);
    assert!(house.knows(&ada.person).await);
    assert_eq!(leave(&format!("http://{}", house.address)).await, 204);
    assert!(!house.knows(&ada.person).await);
    assert_eq!(refusal(house.refresh(&ada.refresh).await).await.0, 401);
    house.stop().await;
}

#[tokio::test]
async fn log_ins_are_listed_and_ended_by_their_owner_only() {
    let house = house().await;
    let ada = house.sign_up("ada").await;
    let phone = {
        let body = json!({ "grant": "password", "login": "ada", "password": PASSWORD });
        let request = reqwest::Client::new().post(house.url("/api/v1/tokens")).header("user-agent", "Phone/1");
        house.member(&ada.email, request.json(&body).send().await.expect("an answer")).await
    };
    let bob = house.sign_up("bob").await;
    let list = async |limit: u32, cursor: &str| {
        let path = format!("/sessions?limit={limit}&cursor={cursor}");
        said(house.ask(Some(&ada.person), Method::GET, &path, None).await).await
    };
    let first = list(1, "").await;
    let items = first["items"].as_array().expect("items");
    assert_eq!(items.len(), 1);
    assert_eq!(items[0]["id"], phone.person.session.to_string());
    assert_eq!((&items[0]["current"], &items[0]["method"]), (&json!(false), &json!("password")));
    assert_eq!((&items[0]["user_agent"], &items[0]["address"]), (&json!("Phone/1"), &json!("127.0.0.1")));
    let second = list(1, first["next_cursor"].as_str().expect("a cursor")).await;
    assert_eq!(second["items"][0]["id"], ada.person.session.to_string());
    assert_eq!((&second["items"][0]["current"], &second["next_cursor"]), (&json!(true), &json!(null)));
    let path = format!("/sessions/{}", phone.person.session);
    for (who, status) in [(Some(&bob.person), 404), (None, 401), (Some(&ada.person), 204), (Some(&ada.person), 404)] {
        assert_eq!(house.ask(who, Method::DELETE, &path, None).await.status(), status);
    }
    assert!(!house.knows(&phone.person).await);
    assert_eq!(refusal(house.refresh(&phone.refresh).await).await.0, 401);
    assert_eq!(list(100, "").await["items"].as_array().expect("items").len(), 1);
    assert_eq!(house.ask(Some(&ada.person), Method::DELETE, "/sessions/nonsense", None).await.status(), 404);
    house.stop().await;
}
