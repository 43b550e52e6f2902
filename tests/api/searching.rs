//! Search finds people by any part of their names, in any script, and never somebody who is not to be seen.

use std::collections::BTreeSet;

use moodcall::base::id::UserId;
use moodcall::base::timestamp::Timestamp;
use moodcall::search::handler::Hit;
use moodcall::users::card::Card;
use moodcall::users::grams;
use moodcall::web::page::{Cursor, Page};
use reqwest::Method;

use crate::client::{House, house};
use crate::following::refusal;
use crate::person::Person;

/// Somebody with a handle and another nickname, who can be found.
pub async fn called(house: &House, handle: &str, nickname: &str) -> Person {
    let person = house.person(handle).await;
    let state = &house.running.app.state;
    let mut transaction = state.store.begin().await.expect("a transaction");
    sqlx::query("UPDATE users SET nickname = $2, nickname_key = $3 WHERE id = $1")
        .bind(person.id)
        .bind(nickname)
        .bind(moodcall::base::fold::fold(nickname))
        .execute(&mut *transaction)
        .await
        .expect("a name");
    grams::write(&mut transaction, person.id, nickname, handle).await.expect("pieces");
    transaction.commit().await.expect("an end");
    person
}

async fn page(house: &House, who: &Person, q: &str, more: &str) -> Page<Hit> {
    let query: String = q.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let answer = house.ask(Some(who), Method::GET, &format!("/search?q={query}{more}"), None).await;
    assert_eq!(answer.status(), 200, "{q}");
    answer.json().await.expect("a page")
}

/// The handle of a person who was found.
fn handle(hit: Hit) -> Option<String> {
    if let Hit::User { user: Card { handle, .. } } = hit { Some(handle) } else { None }
}

async fn found(house: &House, who: &Person, q: &str) -> Vec<String> {
    let cards = page(house, who, q, "").await.items.into_iter();
    cards.filter_map(handle).collect()
}

#[tokio::test]
async fn any_part_of_a_name_in_any_script_is_enough() {
    let house = house().await;
    let tree = called(&house, "tree", "김나무").await;
    called(&house, "namu_2", "나무늘보").await;
    called(&house, "per_cent", "100%").await;
    called(&house, "accent", "Éloïse").await;
    let table: &[(&str, &[&str])] = &[
        ("나", &["tree", "namu_2"]),
        ("나무", &["tree", "namu_2"]),
        ("김나무", &["tree"]),
        ("늘보", &["namu_2"]),
        ("무김", &[]),
        ("TREE", &["tree"]),
        ("@tree", &["tree"]),
        ("re", &["tree"]),
        ("e", &["tree", "per_cent", "accent"]),
        ("éLOÏ", &["accent"]),
        ("%", &["per_cent"]),
        ("_", &["namu_2", "per_cent"]),
        ("0%", &["per_cent"]),
        ("%%", &[]),
        ("zz", &[]),
        ("'; DROP TABLE users; --", &[]),
    ];
    for (q, expected) in table {
        assert_eq!(found(&house, &tree, q).await, *expected, "{q}");
    }
}

#[tokio::test]
async fn whoever_is_called_exactly_so_comes_first_and_once() {
    let house = house().await;
    let first = called(&house, "annabel", "Annabel").await;
    called(&house, "anna", "Hannah").await;
    called(&house, "joanna", "anna").await;
    assert_eq!(found(&house, &first, "anna").await, ["anna", "joanna", "annabel"]);
    let mut seen = Vec::new();
    let mut more = "&limit=1".to_owned();
    loop {
        let page = page(&house, &first, "anna", &more).await;
        seen.extend(page.items.into_iter().filter_map(handle));
        let Some(cursor) = page.next_cursor else { break };
        more = format!("&limit=1&cursor={cursor}");
    }
    assert_eq!(seen, ["anna", "joanna", "annabel"], "page by page as well");
}

#[tokio::test]
async fn a_block_hides_each_from_the_other_and_leaving_from_everybody() {
    let house = house().await;
    let [ada, eve, bob] = [
        called(&house, "ada", "에이다").await,
        called(&house, "eve", "이브").await,
        called(&house, "bob", "밥이").await,
    ];
    assert_eq!(found(&house, &bob, "이").await, ["ada", "eve", "bob"]);
    house.ask(Some(&ada), Method::PUT, "/me/blocks/eve", None).await;
    for q in ["이", "이브", "eve", "에이다"] {
        assert!(!found(&house, &ada, q).await.contains(&"eve".to_owned()), "{q}");
        assert!(!found(&house, &eve, q).await.contains(&"ada".to_owned()), "{q}");
    }
    let store = &house.running.app.state.store;
    sqlx::query("UPDATE users SET deletes_at = 1 WHERE id = $1")
        .bind(eve.id)
        .execute(store.write())
        .await
        .expect("a row");
    assert!(found(&house, &bob, "이브").await.is_empty());
    assert!(found(&house, &bob, "eve").await.is_empty());
}

#[tokio::test]
async fn a_crowd_of_one_name_is_paged_without_gaps_or_doubles() {
    let house = house().await;
    let ada = called(&house, "ada", "Ada").await;
    let mut transaction = house.running.app.state.store.begin().await.expect("a transaction");
    // More than one stretch of the walk, of which only every hundredth has the query in it as a whole.
    for number in 0..2500 {
        let (id, handle) = (UserId::new(), format!("h{number}"));
        let nickname = if number % 100 == 0 { format!("xyz{number}") } else { format!("xy yz{number}") };
        sqlx::query(
            "INSERT INTO users (id, email, email_key, handle, nickname, nickname_key, created_at, updated_at) \
             VALUES ($1, $2, $2, $2, $3, $3, 0, 0)",
        )
        .bind(id)
        .bind(&handle)
        .bind(&nickname)
        .execute(&mut *transaction)
        .await
        .expect("an account");
        for piece in ["xy", "yz"] {
            sqlx::query("INSERT INTO user_grams (gram, user_id) VALUES ($1, $2)")
                .bind(piece)
                .bind(id)
                .execute(&mut *transaction)
                .await
                .expect("a piece");
        }
    }
    transaction.commit().await.expect("an end");
    let mut seen = Vec::new();
    let mut more = "&limit=10".to_owned();
    loop {
        let page = page(&house, &ada, "xyz", &more).await;
        seen.extend(page.items.into_iter().filter_map(handle));
        let Some(cursor) = page.next_cursor else { break };
        more = format!("&limit=10&cursor={cursor}");
    }
    assert_eq!(seen.len(), 25);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 25);
}

#[tokio::test]
async fn a_cursor_that_somebody_made_up_is_a_place_like_any_other() {
    let house = house().await;
    let ada = called(&house, "ada", "Ada").await;
    for (place, expected) in [("!0", 1), ("!1", 0), ("!18446744073709551615", 0), ("!-1", 1), ("zzz", 0)] {
        let cursor = Cursor::new(Timestamp::from_millis(i64::MIN), format!("users:{place}")).to_text();
        let page = page(&house, &ada, "ada", &format!("&types=users&cursor={cursor}")).await;
        assert_eq!((page.items.len(), page.next_cursor), (expected, None), "{place}");
    }
}

#[tokio::test]
async fn nothing_to_look_for_is_refused_and_so_is_nobody() {
    let house = house().await;
    let ada = house.person("ada").await;
    for query in ["", "?q=", "?q=%20", "?q=%00", "?q=@", "?q=a&types=planets", "?q=a&types=users,planets"] {
        assert_eq!(refusal(&house, Some(&ada), Method::GET, &format!("/search{query}")).await.0, 422, "{query}");
    }
    assert_eq!(refusal(&house, None, Method::GET, "/search?q=ada").await, (401, "login-needed".into()));
    assert_eq!(refusal(&house, Some(&ada), Method::GET, "/search?q=a&types=users").await.0, 200);
}
