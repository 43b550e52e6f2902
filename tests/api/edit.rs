//! Changing one's account: what is named and nothing else, by nobody but its owner, and one winner for a name.

use moodcall::users::me::Me;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{House, house};
use super::person::Person;

impl House {
    async fn edit(&self, who: &Person, body: Value) -> (u16, Value) {
        let answer = self.ask(Some(who), Method::PATCH, "/me", Some(body)).await;
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    pub async fn me(&self, who: &Person) -> Value {
        self.ask(Some(who), Method::GET, "/me", None).await.json().await.expect("JSON")
    }

    async fn is_found_by(&self, who: &Person, piece: &str) -> bool {
        sqlx::query("SELECT 1 FROM user_grams WHERE user_id = $1 AND gram = $2")
            .bind(who.id)
            .bind(piece)
            .fetch_optional(self.running.app.state.store.read())
            .await
            .expect("an answer")
            .is_some()
    }
}

#[tokio::test]
async fn an_edit_changes_what_it_names_and_nothing_else() {
    let house = house().await;
    let ada = house.person("ada").await;
    let edits = [
        ("nickname", json!("아다")),
        ("handle", json!("ada_l")),
        ("about", json!("Rain,\nand slow songs.")),
        ("genres", json!(["ballad", "rnb"])),
        ("language", json!("ko")),
        ("theme", json!("dark")),
        ("about", json!("")),
    ];
    let mut before = house.me(&ada).await;
    for (field, value) in edits {
        let (status, after) = house.edit(&ada, json!({ field: value })).await;
        assert_eq!(status, 200, "{field}: {after}");
        before[field] = value;
        assert_eq!(after, before, "{field}");
        assert_eq!(house.me(&ada).await, before, "{field}");
    }
    serde_json::from_value::<Me>(before.clone()).expect("an account");
    assert_eq!(house.edit(&ada, json!({})).await, (200, before));
    house.stop().await;
}

#[tokio::test]
async fn what_is_not_allowed_changes_nothing() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let before = house.me(&ada).await;
    let table = [
        (json!({ "nickname": null }), 400),
        (json!({ "about": null }), 400),
        (json!({ "theme": "pink" }), 400),
        (json!({ "genres": ["polka"] }), 400),
        (json!([]), 400),
        (json!({ "about": "x", "nickname": "" }), 422),
        (json!({ "about": "x", "nickname": "123456789" }), 422),
        (json!({ "about": "x", "handle": "Ada L" }), 422),
        (json!({ "about": "x", "handle": "admin" }), 422),
        (json!({ "about": "x".repeat(201) }), 422),
        (json!({ "about": "x", "genres": [] }), 422),
        (json!({ "about": "x", "genres": ["pop", "pop"] }), 422),
        (json!({ "about": "x", "genres": ["pop", "rnb", "ost", "dance"] }), 422),
        (json!({ "about": "x", "handle": "bob" }), 409),
        (json!({ "about": "x", "nickname": "BOB" }), 409),
    ];
    for (body, status) in table {
        let (answered, problem) = house.edit(&ada, body.clone()).await;
        assert_eq!(answered, status, "{body}: {problem}");
        assert_eq!(house.me(&ada).await, before, "{body}");
    }
    let (_, problem) = house.edit(&ada, json!({ "nickname": "bob" })).await;
    assert_eq!((&problem["code"], &problem["errors"][0]["pointer"]), (&json!("taken"), &json!("/nickname")));
    assert_eq!(house.me(&bob).await["nickname"], "bob");
    house.stop().await;
}

#[tokio::test]
async fn no_body_says_whose_account_is_meant() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let before = (house.me(&ada).await, house.me(&bob).await);
    for field in ["id", "user_id", "owner_id", "email", "staff", "is_staff", "avatar", "password_hash", "created_at"] {
        let (status, _) = house.edit(&ada, json!({ "about": "x", field: bob.id })).await;
        assert_eq!(status, 400, "{field}");
    }
    let consent = json!({ "granted": true, "version": "1", "user_id": bob.id });
    assert_eq!(house.ask(Some(&ada), Method::PUT, "/me/consents/news", Some(consent)).await.status(), 400);
    assert_eq!((house.me(&ada).await, house.me(&bob).await), before);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_want_one_nickname_one_gets_it() {
    let house = house().await;
    let mut people = Vec::new();
    for n in 0..20 {
        people.push(house.person(&format!("racer{n}")).await);
    }
    let spellings = ["Star", "star", "STAR", "Ｓtar"];
    let edits = people.iter().enumerate().map(|(n, who)| house.edit(who, json!({ "nickname": spellings[n % 4] })));
    let answers = futures_util::future::join_all(edits).await;
    assert_eq!(answers.iter().filter(|(status, _)| *status == 200).count(), 1);
    for (status, problem) in answers.iter().filter(|(status, _)| *status != 200) {
        assert_eq!((*status, &problem["errors"][0]["pointer"]), (409, &json!("/nickname")));
    }
    house.stop().await;
}

#[tokio::test]
async fn search_knows_the_new_name_and_forgets_the_old_one() {
    let house = house().await;
    let ada = house.person("ada").await;
    house.edit(&ada, json!({ "nickname": "김나무" })).await;
    assert!(house.is_found_by(&ada, "나무").await && house.is_found_by(&ada, "da").await);
    house.edit(&ada, json!({ "nickname": "바다", "handle": "sea" })).await;
    assert!(house.is_found_by(&ada, "바").await && house.is_found_by(&ada, "se").await);
    assert!(!house.is_found_by(&ada, "나무").await && !house.is_found_by(&ada, "da").await);
    house.stop().await;
}
