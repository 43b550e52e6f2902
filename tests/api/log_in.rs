//! Logging in: by either name, answered alike whatever was wrong, and the way back for a deleted account.

use reqwest::Method;
use serde_json::json;

use super::account::{PASSWORD, refusal, said};
use super::client::{house, house_with};

#[tokio::test]
async fn either_name_opens_the_account_in_any_case() {
    let house = house().await;
    let ada = house.sign_up("ada").await;
    for login in ["ada", "ADA", " ada ", "ada@example.org", "Ada@EXAMPLE.org"] {
        let member = house.member(&ada.email, house.log_in(login, PASSWORD).await).await;
        assert_eq!(member.person.id, ada.person.id, "{login}");
        assert_ne!(member.person.session, ada.person.session, "each log-in is one of its own");
    }
    house.stop().await;
}

#[tokio::test]
async fn whatever_is_wrong_is_answered_with_the_same_words() {
    let house = house().await;
    house.sign_up("ada").await;
    house.person("without_password").await;
    let mut answers = Vec::new();
    for (login, password) in [
        ("ada", "wrong"),
        ("ada@example.org", "wrong"),
        ("nobody", PASSWORD),
        ("nobody@example.org", PASSWORD),
        ("without_password", PASSWORD),
        ("without_password", ""),
        ("ada", &PASSWORD.to_uppercase()),
        ("", ""),
        ("a\u{0}b", "x"),
        (&"x".repeat(10_000), "x"),
        ("ada", &"x".repeat(10_000)),
        ("%", PASSWORD),
    ] {
        let answer = house.log_in(login, password).await;
        assert_eq!(answer.status(), 401, "{login}");
        let mut body = said(answer).await;
        body.as_object_mut().expect("an object").remove("instance");
        answers.push(body);
    }
    assert_eq!(answers[0]["code"], "credentials");
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    house.stop().await;
}

#[tokio::test]
async fn a_cookie_client_gets_the_refresh_token_where_no_script_reads_it() {
    let house = house().await;
    house.sign_up("ada").await;
    for (remember, kept) in [(false, false), (true, true)] {
        let body =
            json!({ "grant": "password", "login": "ada", "password": PASSWORD, "remember": remember, "cookie": true });
        let answer = house.ask(None, Method::POST, "/tokens", Some(body)).await;
        assert_eq!(answer.status(), 201);
        let cookie = answer.headers()["set-cookie"].to_str().expect("text").to_owned();
        assert!(cookie.starts_with("__Host-session="), "{cookie}");
        for part in ["; HttpOnly", "; Secure", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(part), "{part} is not in {cookie}");
        }
        assert_eq!(cookie.contains("Max-Age="), kept, "{cookie}");
        assert!(said(answer).await.get("refresh_token").is_none());
    }
    let answer = house.log_in("ada", PASSWORD).await;
    assert!(answer.headers().get("set-cookie").is_none());
    assert!(said(answer).await["refresh_token"].is_string());
    house.stop().await;
}

#[tokio::test]
async fn a_page_elsewhere_cannot_log_a_browser_in() {
    let house = house().await;
    house.sign_up("ada").await;
    let ask = async |origin: String| {
        let body = json!({ "grant": "password", "login": "ada", "password": PASSWORD, "cookie": true });
        let request = reqwest::Client::new().post(house.url("/api/v1/tokens")).json(&body).header("origin", origin);
        request.send().await.expect("an answer").status().as_u16()
    };
    assert_eq!(ask("https://evil.example".into()).await, 403);
    assert_eq!(ask("null".into()).await, 403);
    assert_eq!(ask(format!("http://{}", house.address)).await, 201);
    house.stop().await;
}

#[tokio::test]
async fn a_log_in_takes_a_deletion_back_within_its_time_and_not_after() {
    let house = house().await;
    let ada = house.sign_up("ada").await;
    let soon = moodcall::base::timestamp::Timestamp::now().millis() + 60_000;
    house.age("UPDATE users SET deletes_at = $1", soon).await;
    assert_eq!(refusal(house.log_in("ada", "wrong").await).await.0, 401);
    let answer = said(house.log_in("ada", PASSWORD).await).await;
    assert_eq!(answer["restored"], true);
    assert_eq!(said(house.log_in("ada", PASSWORD).await).await["restored"], false);
    house.age("UPDATE users SET deletes_at = $1", soon - 120_000).await;
    assert_eq!(refusal(house.log_in("ada", PASSWORD).await).await, (401, "credentials".into()));
    assert_eq!(refusal(house.refresh(&ada.refresh).await).await, (401, "session-over".into()));
    house.stop().await;
}

#[tokio::test]
async fn a_hash_by_weaker_rules_is_made_anew_when_its_owner_comes() {
    let house = house().await;
    let ada = house.sign_up("ada").await;
    // Argon2id with 8 KiB and one pass, of "violet-kettle-27-harbor".
    let weak = {
        use argon2::password_hash::PasswordHasher as _;
        let rules = argon2::Params::new(8, 1, 1, Some(32)).expect("rules");
        let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, rules);
        argon2.hash_password_with_salt(PASSWORD.as_bytes(), b"somesaltsomesalt").expect("a hash").to_string()
    };
    sqlx::query("UPDATE users SET password_hash = $1")
        .bind(&weak)
        .execute(house.running.app.state.store.write())
        .await
        .expect("an update");
    assert_eq!(house.log_in("ada", "wrong").await.status(), 401);
    assert_eq!(house.log_in("ada", PASSWORD).await.status(), 201);
    let kept: String = sqlx::query_scalar("SELECT password_hash FROM users WHERE id = $1")
        .bind(ada.person.id)
        .fetch_one(house.running.app.state.store.read())
        .await
        .expect("the row");
    assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
    assert_eq!(house.log_in("ada", PASSWORD).await.status(), 201);
    house.stop().await;
}

#[tokio::test]
async fn an_account_is_tried_only_so_often_known_or_not() {
    let house = house_with(|config| config.accounts.account_tries_per_hour = 3).await;
    house.person("ada").await;
    for login in ["ada", "nobody"] {
        let mut all = Vec::new();
        for n in 0..5 {
            all.push(house.log_in(login, &n.to_string()).await.status().as_u16());
        }
        assert_eq!(all, [401, 401, 401, 429, 429], "{login}");
    }
    house.stop().await;
}
