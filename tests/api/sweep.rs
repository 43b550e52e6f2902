//! What is over is thrown away, and nothing else.

use moodcall::base::timestamp::Timestamp;
use moodcall::users::sweep;
use reqwest::Method;
use serde_json::json;

use super::account::PASSWORD;
use super::client::{House, house};

async fn count(house: &House, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(house.running.app.state.store.read()).await.expect("a count")
}

#[tokio::test]
async fn what_is_over_goes_and_what_holds_stays() {
    let house = house().await;
    let ada = house.sign_up("ada").await;
    let next = house.member(&ada.email, house.refresh(&ada.refresh).await).await;
    let gone = house.member(&ada.email, house.log_in("ada", PASSWORD).await).await;
    house.ask(Some(&gone.person), Method::DELETE, "/tokens/current", None).await;
    house.verification("bob@example.org").await;
    sqlx::query("INSERT INTO password_resets (hash, user_id, created_at, expires_at) VALUES ('x', $1, 0, 1)")
        .bind(ada.person.id)
        .execute(house.running.app.state.store.write())
        .await
        .expect("a row");
    let users = &house.running.app.users;
    sweep::round(users, Timestamp::now()).await.expect("a round");
    assert_eq!(count(&house, "SELECT COUNT(*) FROM password_resets").await, 0);
    assert_eq!(count(&house, "SELECT COUNT(*) FROM sessions").await, 2, "a log-in that ended is kept for a day");
    assert_eq!(count(&house, "SELECT COUNT(*) FROM email_verifications WHERE used_at IS NULL").await, 1);
    house.age("UPDATE sessions SET revoked_at = revoked_at - $1 WHERE revoked_at IS NOT NULL", 86_400_001).await;
    house.age("UPDATE email_verifications SET expires_at = expires_at - $1", 1_800_001).await;
    sweep::round(users, Timestamp::now()).await.expect("a round");
    assert_eq!(count(&house, "SELECT COUNT(*) FROM sessions").await, 1);
    assert_eq!(count(&house, "SELECT COUNT(*) FROM email_verifications").await, 0);
    assert_eq!(
        count(&house, "SELECT COUNT(*) FROM refresh_tokens").await,
        2,
        "a used one is kept to notice its second use"
    );
    house.age("UPDATE refresh_tokens SET used_at = used_at - $1 WHERE used_at IS NOT NULL", 60 * 86_400_000 + 1).await;
    sweep::round(users, Timestamp::now()).await.expect("a round");
    assert_eq!(house.refresh(&next.refresh).await.status(), 201, "what holds goes on");
    // Without a code on its way the next test of an address could not ask again at once.
    let again =
        house.ask(None, Method::POST, "/email-verifications", Some(json!({ "email": "bob@example.org" }))).await;
    assert_eq!(again.status(), 202);
    house.age("UPDATE sessions SET expires_at = expires_at - $1", 31 * 86_400_000).await;
    sweep::round(users, Timestamp::now()).await.expect("a round");
    assert_eq!(count(&house, "SELECT COUNT(*) FROM refresh_tokens").await, 0, "tokens go with their log-in");
    house.stop().await;
}
