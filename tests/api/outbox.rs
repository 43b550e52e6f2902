//! Letters on the screen of a developer: newest first, harmless whatever stands in them.

use moodcall::base::language::Language;
use moodcall::mail::Letter;
use serde_json::Value;

use super::client::house_with;

#[tokio::test]
async fn letters_are_shown_newest_first_and_do_nothing() {
    let house = house_with(|config| config.server.development = true).await;
    let state = &house.running.app.state;
    let hostile = "x\"><script>alert(1)</script>@people.example";
    for (recipient, code) in [("ada@people.example", "111111"), (hostile, "222222"), ("ada@people.example", "333333")] {
        let mut transaction = state.store.begin().await.expect("a transaction");
        let letter = Letter::Code { code: code.into() };
        state.mail.put(&mut transaction, recipient, Language::En, &letter).await.expect("a row");
        transaction.commit().await.expect("a commit");
    }
    let all: Value = house.get("/dev/outbox.json").await.json().await.expect("letters");
    let subjects: Vec<&str> =
        all["items"].as_array().expect("a list").iter().filter_map(|one| one["subject"].as_str()).collect();
    assert_eq!(subjects.len(), 3);
    assert!(subjects[0].contains("333333") && subjects[2].contains("111111"), "{subjects:?}");
    let hers: Value = house.get("/dev/outbox.json?to=ada@people.example").await.json().await.expect("letters");
    assert_eq!(hers["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(hers["items"][0]["outcome"], "kept");
    let page = house.get("/dev/outbox").await.text().await.expect("a page");
    assert!(page.contains("333333") && !page.contains("<script"), "{page}");
    assert!(page.contains("<iframe sandbox"), "{page}");
    let id = hers["items"][0]["id"].as_str().expect("an identifier");
    let letter = house.get(&format!("/dev/outbox/{id}")).await;
    let policy = letter.headers()["content-security-policy"].to_str().expect("a policy").to_owned();
    assert!(policy.starts_with("sandbox;") && policy.contains("default-src 'none'"), "{policy}");
    assert!(letter.text().await.expect("a letter").contains("333333"));
    assert_eq!(house.get("/dev/outbox/01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e").await.status(), 404);
    house.stop().await;
}
