//! Logging in with a provider: of all the ways to come back from it, only the right one opens an account.

use std::time::Duration;

use moodcall::base::timestamp::Timestamp;
use reqwest::Method;
use serde_json::Value;

use super::browser::Browser;
use super::client::{House, house, house_with};
use super::person::Person;

const BEGIN: &str = "/api/v1/oidc/development/authorize?return_to=/users/ada";
const REFUSED: &str = "/login?problem=provider";

async fn development() -> House {
    house_with(|config| config.server.development = true).await
}

/// Gives somebody an account at a provider.
async fn linked(house: &House, person: &Person, provider: &str, subject: &str) {
    sqlx::query("INSERT INTO identities (issuer, subject, user_id, provider, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(format!("http://{}/dev/oidc", house.address))
        .bind(subject)
        .bind(person.id)
        .bind(provider)
        .bind(Timestamp::now())
        .execute(house.running.app.state.store.write())
        .await
        .expect("an identity");
}

async fn count(house: &House, table: &'static str) -> i64 {
    let statement = match table {
        "sessions" => "SELECT COUNT(*) FROM sessions",
        "identities" => "SELECT COUNT(*) FROM identities",
        "users" => "SELECT COUNT(*) FROM users",
        _ => "SELECT COUNT(*) FROM oidc_visits",
    };
    sqlx::query_scalar(statement).fetch_one(house.running.app.state.store.read()).await.expect("a count")
}

async fn run(house: &House, statement: &'static str) {
    sqlx::query(statement).execute(house.running.app.state.store.write()).await.expect("a change");
}

#[tokio::test]
async fn of_twenty_ways_to_come_back_one_logs_in() {
    let house = development().await;
    let ada = house.person("ada").await;
    linked(&house, &ada, "development", "noah").await;
    let before = count(&house, "sessions").await;
    let noah = ("person", "noah");
    let (mut cases, mut opened) = (0, 0);

    // What the provider, or somebody in between, gets wrong.
    let mistakes = [
        "",
        "denied",
        "expired-code",
        "replayed-code",
        "wrong-state",
        "other-issuer",
        "wrong-nonce",
        "wrong-audience",
        "wrong-issuer",
        "old-token",
        "unknown-key",
        "bad-signature",
        "unsigned",
        "shared-secret",
    ];
    for mistake in mistakes {
        let mut browser = Browser::new(&house);
        let back = browser.visit(BEGIN, &[noah, ("mistake", mistake)]).await;
        let end = browser.follow(&back).await;
        cases += 1;
        opened += usize::from(browser.logged_in());
        let expected = if mistake.is_empty() { "/users/ada" } else { REFUSED };
        assert_eq!((end.as_str(), browser.logged_in()), (expected, mistake.is_empty()), "{mistake}");
    }

    // What somebody does with answers that are right.
    let mut attempts: Vec<(&str, String, bool)> = Vec::new();
    let mut victim = Browser::new(&house);
    let back = victim.visit(BEGIN, &[noah]).await;
    let mut other = Browser::new(&house);
    attempts.push(("another browser without a visit", other.follow(&back).await, other.logged_in()));
    other.follow(BEGIN).await;
    attempts.push(("another browser with a visit of its own", other.follow(&back).await, other.logged_in()));
    // The attacker's code in the victim's visit, and the other way round.
    let mut attacker = Browser::new(&house);
    let theirs = attacker.visit(BEGIN, &[("subject", "mallory")]).await;
    let code = |address: &str| {
        let url: reqwest::Url = address.parse().expect("an address");
        url.query_pairs().find(|(name, _)| name == "code").expect("a code").1.into_owned()
    };
    let injected = back.replace(&code(&back), &code(&theirs));
    assert_ne!(injected, back);
    attempts.push(("an injected code", victim.follow(&injected).await, victim.logged_in()));
    attempts.push(("a visit that is over", victim.follow(&back).await, victim.logged_in()));
    let mut late = Browser::new(&house);
    let back = late.visit(BEGIN, &[noah]).await;
    run(&house, "UPDATE oidc_visits SET expires_at = created_at - 1").await;
    attempts.push(("a visit of long ago", late.follow(&back).await, late.logged_in()));
    let mut bare = Browser::new(&house);
    bare.visit(BEGIN, &[noah]).await;
    let callback = "/api/v1/oidc/development/callback";
    attempts.push(("nothing at all", bare.follow(callback).await, bare.logged_in()));
    let twice = format!("{callback}?state=a&state=b&code=c");
    attempts.push(("everything twice", bare.follow(&twice).await, bare.logged_in()));
    for (what, end, logged_in) in attempts {
        cases += 1;
        opened += usize::from(logged_in);
        assert_eq!((end.as_str(), logged_in), (REFUSED, false), "{what}");
    }
    assert_eq!((cases, opened), (21, 1));
    assert_eq!(count(&house, "sessions").await, before + 1);
    assert_eq!((count(&house, "identities").await, count(&house, "users").await), (1, 1));
    house.stop().await;
}

#[tokio::test]
async fn an_answer_logs_in_once_and_its_cookie_is_a_log_in() {
    let house = development().await;
    let ada = house.person("ada").await;
    linked(&house, &ada, "development", "noah").await;
    let mut browser = Browser::new(&house);
    let back = browser.visit(BEGIN, &[("person", "noah")]).await;
    assert_eq!(browser.follow(&back).await, "/users/ada");
    let first = browser.cookies.remove("__Host-session").expect("a log-in");
    assert_eq!(browser.follow(&back).await, REFUSED);
    assert!(!browser.logged_in());
    let method: String = sqlx::query_scalar(
        "SELECT s.method FROM sessions s JOIN refresh_tokens r ON r.session_id = s.id WHERE r.hash = $1",
    )
    .bind(moodcall::base::token::hash(&first).to_hex())
    .fetch_one(house.running.app.state.store.read())
    .await
    .expect("the log-in");
    assert_eq!(method, "development");
    house.stop().await;
}

#[tokio::test]
async fn a_key_that_was_rotated_is_looked_for_and_found() {
    let house = development().await;
    let ada = house.person("ada").await;
    linked(&house, &ada, "development", "noah").await;
    for mistake in ["", "rotated-key"] {
        let mut browser = Browser::new(&house);
        let back = browser.visit(BEGIN, &[("person", "noah"), ("mistake", mistake)]).await;
        assert_eq!(browser.follow(&back).await, "/users/ada", "{mistake}");
        assert!(browser.logged_in());
    }
    house.stop().await;
}

#[tokio::test]
async fn somebody_new_goes_on_to_sign_up_with_what_the_provider_proved() {
    let house = development().await;
    assert_eq!(house.get("/api/v1/oidc/pending").await.status(), 404);
    let table = [
        ("noah", "", Some("noah@people.example"), true, "Noah"),
        ("mina", "unverified-email", Some("mina@people.example"), false, "미나"),
        ("mina", "no-email", None, false, "미나"),
        ("haru", "", None, false, "하루"),
        ("june", "", Some("june@people.example"), false, "June"),
    ];
    for (person, mistake, email, verified, nickname) in table {
        let mut browser = Browser::new(&house);
        let back = browser.visit(BEGIN, &[("person", person), ("mistake", mistake)]).await;
        assert_eq!(browser.follow(&back).await, "/signup?social=1&next=/users/ada", "{person}");
        assert!(!browser.logged_in());
        let answer = browser.get("/api/v1/oidc/pending").await;
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let pending: Value = answer.json().await.expect("what the provider said");
        assert_eq!(pending["email"].as_str(), email, "{person} {mistake}");
        assert_eq!(pending["email_verified"], verified, "{person} {mistake}");
        assert_eq!(pending["nickname"], nickname);
        assert_eq!((&pending["provider"], &pending["provider_name"]), (&"development".into(), &"Development".into()));
        assert!(pending.get("subject").is_none(), "{pending}");
        let token = browser.cookies["__Host-pending"].clone();
        let (head, _) = token.rsplit_once('.').expect("a token");
        browser.cookies.insert("__Host-pending".into(), format!("{head}.AAAA"));
        assert_eq!(browser.get("/api/v1/oidc/pending").await.status(), 404, "a forged signature");
    }
    assert_eq!((count(&house, "users").await, count(&house, "sessions").await), (0, 0));
    house.stop().await;
}

#[tokio::test]
async fn an_address_never_links_two_accounts_and_only_its_owner_learns_of_one() {
    let house = development().await;
    house.person("noah").await;
    run(&house, "UPDATE users SET email = 'Noah@people.example', email_key = 'noah@people.example'").await;
    let ends = [("", "/login?problem=taken"), ("unverified-email", "/signup?social=1&next=/users/ada")];
    for (mistake, expected) in ends {
        let mut browser = Browser::new(&house);
        let back = browser.visit(BEGIN, &[("person", "noah"), ("mistake", mistake)]).await;
        assert_eq!(browser.follow(&back).await, expected, "{mistake}");
        assert!(!browser.logged_in());
    }
    assert_eq!(count(&house, "identities").await, 0);
    house.stop().await;
}

#[tokio::test]
async fn nobody_is_sent_to_another_site() {
    let house = development().await;
    let ada = house.person("ada").await;
    linked(&house, &ada, "development", "noah").await;
    let outside = ["https://evil.example", "//evil.example", "/%5Cevil.example", "/%09/evil.example", "javascript:1"];
    for outside in outside {
        let mut browser = Browser::new(&house);
        let begin = format!("/api/v1/oidc/development/authorize?return_to={outside}");
        let back = browser.visit(&begin, &[("person", "noah")]).await;
        assert_eq!(browser.follow(&back).await, "/", "{outside}");
    }
    house.stop().await;
}

#[tokio::test]
async fn a_log_in_within_the_time_of_grace_takes_the_account_back() {
    let house = development().await;
    let ada = house.person("ada").await;
    linked(&house, &ada, "development", "noah").await;
    for (deletes_in, end) in [(Some(60), "/users/ada"), (None, REFUSED)] {
        let now = Timestamp::now();
        let deletes_at = deletes_in.map_or(now.before(Duration::from_secs(1)), |s| now.after(Duration::from_secs(s)));
        sqlx::query("UPDATE users SET deletes_at = $1")
            .bind(deletes_at)
            .execute(house.running.app.state.store.write())
            .await
            .expect("a deletion");
        let mut browser = Browser::new(&house);
        let back = browser.visit(BEGIN, &[("person", "noah")]).await;
        assert_eq!(browser.follow(&back).await, end);
        assert_eq!(browser.logged_in(), deletes_in.is_some());
    }
    house.stop().await;
}

/// Begins to link the built-in provider to somebody's account.
async fn link(house: &House, who: &Person, browser: &mut Browser<'_>, subject: &str) -> String {
    let answer = house.ask(Some(who), Method::POST, "/me/identities/development", None).await;
    assert_eq!(answer.status(), 200);
    browser.keep(&answer);
    let mut url: reqwest::Url =
        answer.json::<Value>().await.expect("an answer")["url"].as_str().expect("an address").parse().expect("a URL");
    url.query_pairs_mut().append_pair("subject", subject);
    let back = browser.follow(url.as_str()).await;
    browser.follow(&back).await
}

#[tokio::test]
async fn a_provider_is_linked_by_whoever_is_logged_in_and_opens_one_account_only() {
    let house = development().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let mut browser = Browser::new(&house);
    assert_eq!(link(&house, &ada, &mut browser, "both").await, "/settings");
    assert!(!browser.logged_in(), "linking is no log-in");
    let mine: Value = house.ask(Some(&ada), Method::GET, "/me/identities", None).await.json().await.expect("a list");
    assert_eq!(mine["items"][0]["provider"], "development");
    let again = house.ask(Some(&ada), Method::POST, "/me/identities/development", None).await;
    assert_eq!(again.status(), 409);
    let mut browser = Browser::new(&house);
    assert_eq!(link(&house, &bob, &mut browser, "both").await, "/settings?problem=taken");
    // Ada's address in Bob's browser links nothing.
    let answer = house.ask(Some(&bob), Method::POST, "/me/identities/development", None).await;
    let url = answer.json::<Value>().await.expect("an answer")["url"].as_str().expect("an address").to_owned();
    let mut stranger = Browser::new(&house);
    let back = stranger.follow(&format!("{url}&subject=mallory")).await;
    assert_eq!(stranger.follow(&back).await, REFUSED);
    assert_eq!(count(&house, "identities").await, 1);
    // And now it logs her in.
    let mut browser = Browser::new(&house);
    let back = browser.visit(BEGIN, &[("subject", "both")]).await;
    assert_eq!(browser.follow(&back).await, "/users/ada");
    assert!(browser.logged_in());
    assert_eq!(house.ask(None, Method::GET, "/me/identities", None).await.status(), 401);
    assert_eq!(house.ask(Some(&ada), Method::POST, "/me/identities/nobody", None).await.status(), 404);
    house.stop().await;
}

#[tokio::test]
async fn the_last_way_to_log_in_stays() {
    let house = development().await;
    let ada = house.person("ada").await;
    for provider in ["one", "two"] {
        linked(&house, &ada, provider, provider).await;
    }
    let unlink = |provider: &'static str| {
        let (house, ada) = (&house, &ada);
        async move {
            let path = format!("/me/identities/{provider}");
            house.ask(Some(ada), Method::DELETE, &path, None).await
        }
    };
    assert_eq!(unlink("three").await.status(), 404);
    let (one, two) = tokio::join!(unlink("one"), unlink("two"));
    let mut statuses = [one.status().as_u16(), two.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409], "one of two at once");
    let refused = if one.status() == 409 { one } else { two };
    let problem: Value = refused.json().await.expect("a problem");
    assert_eq!(problem["code"], "last-log-in");
    assert_eq!(count(&house, "identities").await, 1);
    run(&house, "UPDATE users SET password_hash = 'a hash'").await;
    let (one, two) = tokio::join!(unlink("one"), unlink("two"));
    let mut statuses = [one.status().as_u16(), two.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 404]);
    assert_eq!(count(&house, "identities").await, 0);
    house.stop().await;
}

#[tokio::test]
async fn the_built_in_provider_is_there_in_development_mode_and_for_this_machine_only() {
    let closed = house().await;
    let open = development().await;
    let list = |house: &House| house.url("/api/v1/oidc/providers");
    let empty: Value = reqwest::get(list(&closed)).await.expect("an answer").json().await.expect("a list");
    assert_eq!(empty["items"], serde_json::json!([]));
    let one: Value = reqwest::get(list(&open)).await.expect("an answer").json().await.expect("a list");
    assert_eq!(one["items"], serde_json::json!([{ "id": "development", "name": "Development" }]));
    assert_eq!(closed.get(BEGIN).await.status(), 404);
    for path in ["/dev/oidc/.well-known/openid-configuration", "/dev/oidc/jwks", "/dev/outbox.json", "/dev/outbox"] {
        assert_eq!(closed.get(path).await.status(), 404, "{path}");
        assert_eq!(open.get(path).await.status(), 200, "{path}");
        let proxied = reqwest::Client::new().get(open.url(path)).header("x-forwarded-for", "127.0.0.1").send();
        assert_eq!(proxied.await.expect("an answer").status(), 404, "{path}");
    }
    let mut browser = Browser::new(&open);
    let url = browser.follow(BEGIN).await;
    let page = browser.get(&url).await;
    assert_eq!(page.status(), 200);
    assert!(!page.headers()["content-security-policy"].to_str().expect("a policy").contains("unsafe"));
    assert!(page.text().await.expect("a page").contains("value=\"noah\""));
    for (part, other) in [("redirect_uri=http", "redirect_uri=https"), ("S256", "plain"), ("client_id=", "client_id=x")]
    {
        let wrong = url.replace(part, other);
        assert_ne!(wrong, url);
        assert_eq!(browser.get(&format!("{wrong}&person=noah")).await.status(), 400, "{part}");
    }
    closed.stop().await;
    open.stop().await;
}
