//! Signing up with a provider: only by an identity that it has named, in the browser that came back from it, and with an
//! address that somebody has proved.

use reqwest::Response;
use serde_json::{Value, json};

use super::account::{PASSWORD, fault, form, refusal};
use super::browser::Browser;
use super::client::{House, house_with};

const BEGIN: &str = "/api/v1/oidc/development/authorize?return_to=/";

/// The cookie of somebody who came back from the provider without an account here.
async fn named(house: &House, person: &str, mistake: &str) -> String {
    let mut browser = Browser::new(house);
    let back = browser.visit(BEGIN, &[("person", person), ("mistake", mistake)]).await;
    browser.follow(&back).await;
    browser.cookies["__Host-pending"].clone()
}

/// The form without a password.
fn social(handle: &str, proof: Option<&str>) -> Value {
    let mut form = form(handle, proof.unwrap_or_default());
    let fields = form.as_object_mut().expect("an object");
    fields.remove("password");
    if proof.is_none() {
        fields.remove("email_proof");
    }
    form
}

async fn post(house: &House, pending: Option<&str>, origin: Option<&str>, form: &Value) -> Response {
    let mut request = reqwest::Client::new().post(house.url("/api/v1/users")).json(form);
    if let Some(pending) = pending {
        request = request.header("cookie", format!("__Host-pending={pending}"));
    }
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    request.send().await.expect("an answer")
}

#[tokio::test]
async fn whoever_a_provider_has_named_signs_up_once_and_without_a_password() {
    let house = house_with(|config| config.server.development = true).await;
    let pending = named(&house, "noah", "").await;
    let form = social("noah", None);
    assert_eq!(fault(post(&house, None, None, &form).await).await, (422, "/password".into(), "invalid".into()));
    let (head, _) = pending.rsplit_once('.').expect("a token");
    let forged = format!("{head}.AAAA");
    assert_eq!(post(&house, Some(&forged), None, &form).await.status(), 422);
    let elsewhere = post(&house, Some(&pending), Some("https://evil.example"), &form).await;
    assert_eq!(refusal(elsewhere).await, (403, "origin".into()));
    let answer = post(&house, Some(&pending), None, &form).await;
    assert!(
        answer
            .headers()
            .get_all("set-cookie")
            .iter()
            .any(|cookie| { cookie.to_str().is_ok_and(|cookie| cookie.starts_with("__Host-pending=;")) })
    );
    let member = house.member("noah@people.example", answer).await;
    let me = house.ask(Some(&member.person), reqwest::Method::GET, "/me", None).await;
    let me: Value = me.json().await.expect("one's own account");
    assert_eq!((&me["email"], &me["has_password"]), (&json!("noah@people.example"), &json!(false)));
    assert_eq!(me["providers"][0]["provider"], "development");
    assert_eq!(house.log_in("noah", PASSWORD).await.status(), 401);
    let again = post(&house, Some(&pending), None, &social("noah2", None)).await;
    assert_eq!(refusal(again).await, (409, "taken".into()));
    house.stop().await;
}

#[tokio::test]
async fn an_address_that_the_provider_has_not_proved_is_proved_here() {
    let house = house_with(|config| config.server.development = true).await;
    for (person, mistake) in [("mina", "unverified-email"), ("haru", "")] {
        let pending = named(&house, person, mistake).await;
        let answer = post(&house, Some(&pending), None, &social(person, None)).await;
        assert_eq!(refusal(answer).await, (403, "verification".into()), "{person}");
        let email = format!("{person}@example.org");
        let proof = house.prove(&email).await;
        let member =
            house.member(&email, post(&house, Some(&pending), None, &social(person, Some(&proof))).await).await;
        let kept: String = sqlx::query_scalar("SELECT email FROM users WHERE id = $1")
            .bind(member.person.id)
            .fetch_one(house.running.app.state.store.read())
            .await
            .expect("the account");
        assert_eq!(kept, email, "the address that was proved, and not the one that was claimed");
    }
    house.stop().await;
}
