//! One's own account: what its owner sees, and that nobody sees it without a log-in.

use moodcall::base::timestamp::Timestamp;
use moodcall::users::me::Me;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::house;

#[tokio::test]
async fn the_owner_sees_everything_that_is_theirs() {
    let house = house().await;
    let ada = house.person("ada").await;
    let write = house.running.app.state.store.write();
    sqlx::query("UPDATE users SET genres = '[\"k-pop\"]', unread_count = 3, avatar = 'x.webp' WHERE id = $1")
        .bind(ada.id)
        .execute(write)
        .await
        .expect("a profile");
    sqlx::query(
        "INSERT INTO consents (user_id, purpose, granted, version, changed_at) VALUES ($1, 'terms', 1, '1', 5)",
    )
    .bind(ada.id)
    .execute(write)
    .await
    .expect("a consent");
    sqlx::query(
        "INSERT INTO identities (issuer, subject, user_id, provider, created_at) VALUES ('i', 's', $1, 'sky', 7)",
    )
    .bind(ada.id)
    .execute(write)
    .await
    .expect("an identity");
    let answer = house.ask(Some(&ada), Method::GET, "/me", None).await;
    assert_eq!(answer.status(), 200);
    let value: Value = answer.json().await.expect("JSON");
    assert_eq!(value["email"], "ada@example.org");
    assert_eq!(value["genres"], json!(["k-pop"]));
    assert_eq!(value["avatar"], "/api/v1/pictures/x.webp");
    assert_eq!(value["has_password"], false);
    assert_eq!(value["counts"]["unread_notifications"], 3);
    let me: Me = serde_json::from_value(value).expect("an account");
    assert!(me.consents[0].granted && me.consents[0].changed_at == Timestamp::from_millis(5));
    assert_eq!(me.providers[0].provider, "sky");
    house.stop().await;
}

#[tokio::test]
async fn nobody_has_an_account_without_a_log_in() {
    let house = house().await;
    for path in ["/me"] {
        let answer = house.ask(None, Method::GET, path, None).await;
        assert_eq!(answer.status(), 401, "{path}");
        assert_eq!(answer.json::<Value>().await.expect("JSON")["code"], "login-needed");
    }
    house.stop().await;
}
