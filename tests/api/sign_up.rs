//! Signing up: what a form must hold, and who wins when several want one name.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::account::{PASSWORD, fault, form, refusal, said};
use super::client::{House, house};

async fn post(house: &House, form: Value) -> reqwest::Response {
    house.ask(None, Method::POST, "/users", Some(form)).await
}

#[tokio::test]
async fn a_newcomer_proves_an_address_signs_up_and_is_logged_in() {
    let house = house().await;
    let proof = house.prove("Ada@Example.org").await;
    let mut form = form("Ada_L", &proof);
    form["nickname"] = "에이다 🎧".into();
    form["about"] = "rain\nand tape hiss".into();
    form["genres"] = json!(["k-pop", "rnb", "ost"]);
    form["language"] = "ko".into();
    form["theme"] = "dark".into();
    form["consents"] = json!([
        { "purpose": "terms", "granted": true, "version": "2026-11" },
        { "purpose": "news", "granted": false, "version": "2026-11" },
    ]);
    let answer = post(&house, form).await;
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let member = house.member("Ada@Example.org", answer).await;
    let me = said(house.ask(Some(&member.person), Method::GET, "/me", None).await).await;
    assert_eq!(me["handle"], "ada_l");
    assert_eq!(me["nickname"], "에이다 🎧");
    assert_eq!(me["email"], "Ada@Example.org");
    assert_eq!(me["about"], "rain\nand tape hiss");
    assert_eq!(me["genres"], json!(["k-pop", "rnb", "ost"]));
    assert_eq!((&me["language"], &me["theme"]), (&json!("ko"), &json!("dark")));
    let consents: Vec<_> =
        me["consents"].as_array().expect("a list").iter().map(|c| (&c["purpose"], &c["granted"])).collect();
    assert_eq!(consents, [(&json!("news"), &json!(false)), (&json!("terms"), &json!(true))]);
    let kept: String = sqlx::query_scalar("SELECT password_hash FROM users")
        .fetch_one(house.running.app.state.store.read())
        .await
        .expect("the row");
    assert!(kept.starts_with("$argon2id$") && !kept.contains(PASSWORD), "{kept}");
    house.stop().await;
}

#[tokio::test]
async fn search_finds_a_newcomer_by_every_piece_of_the_names() {
    let house = house().await;
    let proof = house.prove("ada@example.org").await;
    let mut form = form("ada", &proof);
    form["nickname"] = "김나무".into();
    assert_eq!(post(&house, form).await.status(), 201);
    let grams: Vec<String> = sqlx::query_scalar("SELECT gram FROM user_grams")
        .fetch_all(house.running.app.state.store.read())
        .await
        .expect("rows");
    for piece in ["김", "나무", "김나무", "a", "da", "ada"] {
        assert!(grams.iter().any(|gram| gram == piece), "{piece} is not among {grams:?}");
    }
    house.stop().await;
}

#[tokio::test]
async fn there_is_no_account_without_a_proof_and_a_proof_makes_one() {
    let house = house().await;
    let proof = house.prove("ada@example.org").await;
    let at_once = join_all((0..12).map(|n| post(&house, form(&format!("ada{n}"), &proof)))).await;
    let mut statuses: Vec<u16> = at_once.iter().map(|answer| answer.status().as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses[0], 201);
    assert!(statuses[1..].iter().all(|status| *status == 403), "{statuses:?}");
    for worthless in [proof.as_str(), "", "0", &"x".repeat(43)] {
        assert_eq!(refusal(post(&house, form("bob", worthless)).await).await, (403, "verification".into()));
    }
    let id = house.verification("eve@example.org").await;
    assert_eq!(refusal(post(&house, form("eve", &id)).await).await, (403, "verification".into()));
    house.stop().await;
}

#[tokio::test]
async fn of_twenty_who_want_one_nickname_one_gets_it() {
    let house = house().await;
    let proofs = join_all((0..20).map(|n| {
        let house = &house;
        async move { house.prove(&format!("p{n}@example.org")).await }
    }))
    .await;
    let nicknames = ["Mina", "MINA", "ｍｉｎａ", "mina"];
    let all = join_all(proofs.iter().enumerate().map(|(n, proof)| {
        let mut form = form(&format!("person{n}"), proof);
        form["nickname"] = nicknames[n % 4].into();
        post(&house, form)
    }))
    .await;
    let mut won = 0;
    for answer in all {
        if answer.status() == 201 {
            won += 1;
        } else {
            assert_eq!(fault(answer).await, (409, "/nickname".into(), "taken".into()));
        }
    }
    assert_eq!(won, 1);
    // Whoever lost still has their proof, and chooses another name.
    let mut again = 0;
    for (n, proof) in proofs.iter().enumerate().take(3) {
        again += u32::from(post(&house, form(&format!("again{n}"), proof)).await.status() == 201);
    }
    assert!(again >= 2, "{again} of three");
    house.stop().await;
}

#[tokio::test]
async fn a_handle_that_is_taken_is_pointed_at() {
    let house = house().await;
    house.sign_up("ada").await;
    let proof = house.prove("other@example.org").await;
    let mut form = form("ADA", &proof);
    form["nickname"] = "other".into();
    assert_eq!(fault(post(&house, form).await).await, (409, "/handle".into(), "taken".into()));
    house.stop().await;
}

#[tokio::test]
async fn a_form_is_refused_with_the_field_that_is_wrong() {
    let house = house().await;
    let proof = house.prove("ada@example.org").await;
    let terms = json!({ "purpose": "terms", "granted": true, "version": "2026-11" });
    let table: &[(&str, Value, &str, &str)] = &[
        ("handle", json!("admin"), "/handle", "invalid"),
        ("handle", json!("me"), "/handle", "invalid"),
        ("handle", json!("api"), "/handle", "invalid"),
        ("handle", json!("a-b"), "/handle", "invalid"),
        ("nickname", json!("123456789"), "/nickname", "invalid"),
        ("nickname", json!(" \u{0}"), "/nickname", "invalid"),
        ("about", json!("x".repeat(201)), "/about", "invalid"),
        ("genres", json!([]), "/genres", "invalid"),
        ("genres", json!(["pop", "pop"]), "/genres", "invalid"),
        ("genres", json!(["pop", "dance", "indie", "ost"]), "/genres", "invalid"),
        ("consents", json!([]), "/consents", "invalid"),
        ("consents", json!([{ "purpose": "terms", "granted": false, "version": "1" }]), "/consents", "invalid"),
        ("consents", json!([terms, terms]), "/consents", "invalid"),
        ("consents", json!([{ "purpose": "terms", "granted": true, "version": "" }]), "/consents", "invalid"),
        ("password", json!("short"), "/password", "invalid"),
        ("password", json!("x".repeat(129)), "/password", "invalid"),
        ("password", json!("password1"), "/password", "weak-password"),
        ("password", json!("ada@example.org"), "/password", "weak-password"),
    ];
    for (field, value, pointer, code) in table {
        let mut form = form("ada", &proof);
        form[*field] = value.clone();
        let answer = fault(post(&house, form).await).await;
        assert_eq!(answer, (422, (*pointer).to_owned(), (*code).to_owned()), "{field} {value}");
    }
    for (field, value) in [("genres", json!(["polka"])), ("is_staff", json!(1)), ("email", json!("eve@example.org"))] {
        let mut form = form("ada", &proof);
        form[field] = value;
        assert_eq!(refusal(post(&house, form).await).await, (400, "malformed".into()), "{field}");
    }
    assert_eq!(post(&house, form("ada", &proof)).await.status(), 201, "the proof is still good");
    house.stop().await;
}

#[tokio::test]
async fn whoever_types_a_nickname_learns_whether_it_is_free() {
    let house = house().await;
    house.sign_up("ada").await;
    let free = async |name: &str| {
        let answer = house.ask(None, Method::GET, &format!("/nicknames/{name}"), None).await;
        assert_eq!(answer.status(), 200, "{name}");
        said(answer).await["free"].as_bool().expect("a truth")
    };
    assert!(!free("ada").await && !free("ADA").await && !free("%EF%BD%81da").await);
    assert!(free("bob").await && free("%EA%B9%80%EB%82%98%EB%AC%B4").await);
    let answer = house.ask(None, Method::GET, "/nicknames/123456789", None).await;
    assert_eq!(answer.status(), 422);
    house.stop().await;
}
