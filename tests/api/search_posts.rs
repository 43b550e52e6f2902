//! Search finds posts by any part of their words, by tag and by person, and never one that is not to be seen.

use std::collections::BTreeSet;

use moodcall::base::id::PostId;
use moodcall::base::timestamp::Timestamp;
use moodcall::search::handler::Hit;
use moodcall::tags::set::{Sight, Tagged};
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{House, house};
use crate::following::refusal;
use crate::person::Person;
use crate::profile::{FOLLOW, FRIENDSHIP};
use crate::searching::called;

/// A post, written as people write.
async fn write(house: &House, who: &Person, title: &str, more: Value) -> PostId {
    let mut new = json!({ "title": title });
    for (name, value) in more.as_object().expect("fields") {
        new[name] = value.clone();
    }
    let answer = house.ask(Some(who), Method::POST, "/posts", Some(new)).await;
    assert_eq!(answer.status(), 201, "{title}");
    let post: Value = answer.json().await.expect("a post");
    post["id"].as_str().expect("an identifier").parse().expect("an identifier")
}

async fn page(house: &House, who: &Person, q: &str, more: &str) -> Page<Hit> {
    let query: String = q.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let answer = house.ask(Some(who), Method::GET, &format!("/search?q={query}{more}"), None).await;
    assert_eq!(answer.status(), 200, "{q}");
    answer.json().await.expect("a page")
}

/// What a hit is called.
fn name(hit: Hit) -> String {
    match hit {
        Hit::User { user } => format!("@{}", user.handle),
        Hit::Post { post } => post.title,
        Hit::Playlist { playlist } => playlist.title,
        Hit::Room { room } => room.title,
        Hit::Song { song } => format!("♪{}", song.title.en),
        Hit::Tag { tag } => format!("#{}", tag.name),
    }
}

/// Everything that is found, page by page.
pub async fn all(house: &House, who: &Person, q: &str, types: &str, limit: u32) -> Vec<String> {
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = page(house, who, q, &format!("&types={types}&limit={limit}{cursor}")).await;
        assert!(page.items.len() <= limit as usize);
        seen.extend(page.items.into_iter().map(name));
        let Some(next) = page.next_cursor else { return seen };
        cursor = format!("&cursor={next}");
    }
}

#[tokio::test]
async fn any_part_of_the_words_in_any_script_finds_a_post_newest_first() {
    let house = house().await;
    let ada = house.person("ada").await;
    write(&house, &ada, "비 오는 날", json!({ "body": "창밖의 빗소리를 들으며" })).await;
    write(&house, &ada, "Rain", json!({ "body": "on the\n\n  window, ＲＡＩＮ all day" })).await;
    write(&house, &ada, "100% éclair", json!({ "body": "under_score" })).await;
    write(&house, &ada, "Nothing", json!({ "body": "the windows on on the" })).await;
    let table: &[(&str, &[&str])] = &[
        ("비", &["비 오는 날"]),
        ("빗", &["비 오는 날"]),
        ("빗소리", &["비 오는 날"]),
        ("오는 날", &["비 오는 날"]),
        ("소리빗", &[]),
        ("rain", &["Rain"]),
        ("RAIN ALL", &["Rain"]),
        ("on the window", &["Rain"]),
        ("the window", &["Nothing", "Rain"]),
        ("the  window", &["Nothing", "Rain"]),
        ("%", &["100% éclair"]),
        ("0%", &["100% éclair"]),
        ("_", &["100% éclair"]),
        ("ÉCLAIR", &["100% éclair"]),
        ("n", &["Nothing", "100% éclair", "Rain"]),
        ("zz", &[]),
        ("☃", &[]),
        ("'; DROP TABLE posts; --", &[]),
    ];
    for (q, expected) in table {
        for limit in [1, 100] {
            assert_eq!(all(&house, &ada, q, "posts", limit).await, *expected, "{q} by {limit}");
        }
    }
}

#[tokio::test]
async fn a_post_is_found_by_its_tag_and_by_who_wrote_it_and_once() {
    let house = house().await;
    let [tree, bob] = [called(&house, "tree_person", "김나무").await, called(&house, "bob", "bob").await];
    write(&house, &tree, "first", json!({ "tags": ["장마철"] })).await;
    write(&house, &bob, "second", json!({ "body": "나무 아래", "tags": ["나무"] })).await;
    write(&house, &bob, "third", json!({})).await;
    write(&house, &tree, "나무", json!({ "tags": ["나무"] })).await;
    let table: &[(&str, &[&str])] = &[
        ("장마철", &["first"]),
        ("마철", &["first"]),
        ("김나무", &["나무", "first"]),
        ("나무", &["나무", "second", "first"]),
        ("@tree_person", &["나무", "first"]),
        ("tree_p", &["나무", "first"]),
        ("bob", &["third", "second"]),
    ];
    for (q, expected) in table {
        for limit in [1, 2, 100] {
            assert_eq!(all(&house, &bob, q, "posts", limit).await, *expected, "{q} by {limit}");
        }
    }
}

#[tokio::test]
async fn nobody_finds_what_they_may_not_see() {
    let house = house().await;
    let [ada, fan, friend, eve] = [
        called(&house, "ada", "Ada").await,
        called(&house, "fan", "Fan").await,
        called(&house, "friend", "Friend").await,
        called(&house, "eve", "Eve").await,
    ];
    house.edge(FOLLOW, fan.id, ada.id).await;
    house.edge(FRIENDSHIP, ada.id.min(friend.id), ada.id.max(friend.id)).await;
    for visibility in ["public", "followers", "friends", "private"] {
        write(&house, &ada, visibility, json!({ "body": "secretum", "tags": ["arcanum"], "visibility": visibility }))
            .await;
    }
    let gone = write(&house, &ada, "gone", json!({ "body": "secretum", "tags": ["arcanum"] })).await;
    assert_eq!(refusal(&house, Some(&ada), Method::DELETE, &format!("/posts/{gone}")).await.0, 204);
    for (who, sees) in [
        (&ada, &["private", "friends", "followers", "public"][..]),
        (&fan, &["followers", "public"]),
        (&friend, &["friends", "followers", "public"]),
        (&eve, &["public"]),
    ] {
        // By word, by tag, by person, by one character; a page of one must not tell of more either.
        for q in ["secretum", "cret", "arcanum", "ada", "@ada", "u"] {
            for limit in [1, 100] {
                assert_eq!(all(&house, who, q, "posts", limit).await, sees, "{q} by {}", who.handle);
            }
        }
    }
    house.ask(Some(&ada), Method::PUT, "/me/blocks/eve", None).await;
    for q in ["secretum", "arcanum", "ada", "u"] {
        assert!(all(&house, &eve, q, "posts", 10).await.is_empty(), "{q}");
    }
    sqlx::query("UPDATE users SET deletes_at = 1 WHERE id = $1")
        .bind(ada.id)
        .execute(house.running.app.state.store.write())
        .await
        .expect("a farewell");
    for q in ["secretum", "arcanum", "ada", "u"] {
        assert!(all(&house, &friend, q, "posts", 10).await.is_empty(), "{q}");
    }
}

#[tokio::test]
async fn an_edit_changes_what_a_post_is_found_by() {
    let house = house().await;
    let ada = house.person("ada").await;
    let post = write(&house, &ada, "before", json!({})).await;
    let request = reqwest::Client::new().patch(house.url(&format!("/api/v1/posts/{post}"))).bearer_auth(&ada.token);
    let answer = request.header("if-match", "\"v1\"").json(&json!({ "title": "after" })).send().await;
    assert_eq!(answer.expect("an answer").status(), 200);
    assert!(all(&house, &ada, "before", "posts", 10).await.is_empty());
    assert_eq!(all(&house, &ada, "after", "posts", 10).await, ["after"]);
}

#[tokio::test]
async fn a_crowd_of_common_words_is_paged_without_gaps_or_doubles() {
    let house = house().await;
    let ada = house.person("ada").await;
    let mut transaction = house.running.app.state.store.begin().await.expect("a transaction");
    // More than the walk of one page, of which every seven-hundredth holds the whole, and the others its pieces.
    for number in 0..7000 {
        let title = if number % 700 == 0 { format!("vxyzw {number}") } else { "vxyz xyzw".to_owned() };
        let id = PostId::new();
        sqlx::query(
            "INSERT INTO posts (id, author_id, title, visibility, created_at) VALUES ($1, $2, $3, 'public', 0)",
        )
        .bind(id)
        .bind(ada.id)
        .bind(title)
        .execute(&mut *transaction)
        .await
        .expect("a post");
        let pieces = if number == 4900 {
            "INSERT INTO post_grams (gram, post_id) VALUES ('vxyz', $1), ('xyzw', $1), ('zw', $1), ('49', $1), ('90', $1)"
        } else {
            "INSERT INTO post_grams (gram, post_id) VALUES ('vxyz', $1), ('xyzw', $1), ('zw', $1)"
        };
        sqlx::query(pieces).bind(id).execute(&mut *transaction).await.expect("pieces");
    }
    transaction.commit().await.expect("an end");
    let seen = all(&house, &ada, "vxyzw", "posts", 3).await;
    let expected: Vec<String> = (0..10).rev().map(|number| format!("vxyzw {}", number * 700)).collect();
    assert_eq!(seen, expected);
    // One character that is everywhere: looked for in the posts themselves.
    let seen = all(&house, &ada, "z", "posts", 100).await;
    assert_eq!(seen.len(), 7000);
    assert_eq!(all(&house, &ada, "9", "posts", 100).await, ["vxyzw 4900"], "and one that is rare");
}

#[tokio::test]
async fn rooms_are_found_as_they_are_listed_to_whoever_asks() {
    let house = house().await;
    let [ada, friend, eve] = [house.person("ada").await, house.person("friend").await, house.person("eve").await];
    house.edge(FRIENDSHIP, ada.id.min(friend.id), ada.id.max(friend.id)).await;
    for visibility in ["open", "friends", "invite", "link"] {
        house.room_row(&ada, visibility, &format!("비 오는 {visibility}")).await;
    }
    let tagged = house.room_row(&ada, "open", "Other").await;
    let tagged = Tagged::Room(tagged, Timestamp::from_millis(0));
    house.tag(tagged, &["장마철"], Sight::Hidden, Sight::Open).await;
    let store = house.running.app.state.store.write();
    for limit in [1, 100] {
        let found = async |who: &Person, q: &str| all(&house, who, q, "rooms", limit).await;
        assert_eq!(found(&eve, "비 오").await, ["비 오는 open"]);
        assert_eq!(found(&friend, "FRIENDS").await, ["비 오는 friends"]);
        assert_eq!(found(&friend, "비").await, ["비 오는 friends", "비 오는 open"]);
        assert_eq!(found(&ada, "는").await.len(), 4, "one's own, all of them");
        assert_eq!(found(&eve, "장마철").await, ["Other"]);
        assert_eq!(found(&eve, "장마").await, ["Other"], "by a part of a tag");
        assert!(found(&eve, "비비").await.is_empty());
    }
    sqlx::query(
        "INSERT INTO room_members (room_id, user_id, standing, created_at) SELECT id, $1, 'banned', 0 FROM rooms",
    )
    .bind(friend.id)
    .execute(store)
    .await
    .expect("a ban");
    assert!(all(&house, &friend, "비", "rooms", 10).await.is_empty());
    house.ask(Some(&ada), Method::PUT, "/me/blocks/eve", None).await;
    assert!(all(&house, &eve, "비", "rooms", 10).await.is_empty());
}

#[tokio::test]
async fn every_kind_stands_in_one_list_in_the_order_that_was_asked_for() {
    let house = house().await;
    let ada = called(&house, "rainy", "rainy").await;
    write(&house, &ada, "rain post", json!({ "tags": ["rain"] })).await;
    house.room_row(&ada, "open", "rain room").await;
    for limit in [1, 2, 3, 100] {
        let seen = all(&house, &ada, "rain", "posts,users,tags,rooms", limit).await;
        assert_eq!(seen, ["rain post", "@rainy", "#rain", "rain room"], "{limit}");
        let seen = all(&house, &ada, "rain", "users,users", limit).await;
        assert_eq!(seen, ["@rainy"], "{limit}");
    }
    let everything = page(&house, &ada, "rain", "").await;
    assert!(everything.items.iter().any(|hit| matches!(hit, Hit::Song { .. })), "the catalog has songs of rain");
    let others = everything.items.into_iter().filter(|hit| !matches!(hit, Hit::Song { .. }));
    let everything: BTreeSet<String> = others.map(name).collect();
    assert_eq!(everything, ["#rain", "@rainy", "rain post", "rain room"].map(str::to_owned).into());
    let cursor = page(&house, &ada, "rain", "&types=posts,users&limit=1").await.next_cursor.expect("a next page");
    let elsewhere = format!("/search?q=rain&types=tags&cursor={cursor}");
    assert_eq!(refusal(&house, Some(&ada), Method::GET, &elsewhere).await, (400, "cursor".into()));
    assert_eq!(refusal(&house, Some(&ada), Method::GET, "/search?q=a&types=").await.0, 422);
}
