//! Tags of rooms: given by the host, shown with the room, found by whoever may find the room, counted for everybody.

use std::time::Duration;

use moodcall::base::id::RoomId;
use moodcall::base::timestamp::Timestamp;
use moodcall::feeds::tagged::TaggedItem;
use moodcall::rooms::api::ShownRoom;
use moodcall::search::handler::Hit;
use moodcall::tags::set::{Sight, Tagged};
use moodcall::users::removal;
use moodcall::web::page::Page;
use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::client::{House, house};
use crate::members::sit;
use crate::person::Person;
use crate::profile::FRIENDSHIP;

async fn pages<T: DeserializeOwned>(house: &House, who: Option<&Person>, path: &str) -> Vec<T> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let answer = house.ask(who, Method::GET, &format!("{path}{cursor}"), None).await;
        assert_eq!(answer.status(), 200, "{path}");
        let page: Page<T> = answer.json().await.expect("a page");
        all.extend(page.items);
        let Some(next) = page.next_cursor else { return all };
        cursor = format!("&cursor={next}");
    }
}

async fn rooms(house: &House, who: Option<&Person>, query: &str) -> Vec<RoomId> {
    pages(house, who, &format!("/rooms?limit=1{query}")).await.into_iter().map(|room: ShownRoom| room.id).collect()
}

/// What carries a tag, by what it is called.
async fn carry(house: &House, who: Option<&Person>, tag: &str, limit: u32) -> Vec<String> {
    let items: Vec<TaggedItem> = pages(house, who, &format!("/tags/{tag}/items?limit={limit}")).await;
    let called = |item| match item {
        TaggedItem::Room { room } => format!("{}{:?}", room.title, room.tags),
        TaggedItem::Post { post } => post.title,
        TaggedItem::Playlist { playlist } => playlist.title,
    };
    items.into_iter().map(called).collect()
}

#[tokio::test]
async fn a_host_gives_a_room_its_tags_and_what_is_not_named_stays() {
    let house = house().await;
    let ada = house.person("ada").await;
    let room = house.hosted(&ada, json!({ "title": "Tea", "tags": ["Rain", "#rain", "비오는날"] })).await;
    let path = format!("/rooms/{room}");
    let shown = async || house.look(None, room).await.expect("a room").tags;
    assert_eq!(shown().await, ["rain", "비오는날"]);
    let change = async |body: Value| house.told(Some(&ada), Method::PATCH, &path, Some(body)).await.0;
    assert_eq!(change(json!({ "title": "Other", "visibility": "open" })).await, 200);
    assert_eq!(shown().await, ["rain", "비오는날"], "unchanged");
    assert_eq!(change(json!({ "tags": ["sun"] })).await, 200);
    assert_eq!(shown().await, ["sun"]);
    for (tags, pointer) in [(json!(["fine", "two words"]), "/tags/1"), (json!(vec!["a"; 11]), "/tags")] {
        for (method, path) in [(Method::POST, "/rooms"), (Method::PATCH, path.as_str())] {
            let answer = house.ask(Some(&ada), method, path, Some(json!({ "tags": tags }))).await;
            assert_eq!(answer.status(), 422, "{path}");
            assert_eq!(answer.json::<Value>().await.expect("a problem")["errors"][0]["pointer"], pointer);
        }
    }
    assert_eq!(shown().await, ["sun"]);
    assert_eq!(change(json!({ "tags": [] })).await, 200);
    assert_eq!(shown().await, Vec::<String>::new());
    let guest = house.told(None, Method::POST, "/rooms", Some(json!({ "tags": ["rain"] }))).await;
    assert_eq!(guest, (401, "login-needed".into()), "nobody would answer for the word");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_of_rooms_show_tags_and_are_narrowed_by_one() {
    let house = house().await;
    let ada = house.person("ada").await;
    let mut all = Vec::new();
    for tags in [&["rain", "late"][..], &["sun"], &["rain"], &[], &["RAIN"]] {
        all.push(house.hosted(&ada, json!({ "visibility": "open", "tags": tags })).await);
    }
    let rainy = [all[4], all[2], all[0]];
    for room in &all {
        sit(&house, &ada, *room).await;
    }
    for (who, mine) in [(None, ""), (Some(&ada), "&mine=true")] {
        assert_eq!(rooms(&house, who, &format!("{mine}&tag=rain")).await, rainy);
        assert_eq!(rooms(&house, who, &format!("{mine}&tag=%23Late")).await, [all[0]]);
        assert!(rooms(&house, who, &format!("{mine}&tag=snow")).await.is_empty());
        assert!(rooms(&house, who, &format!("{mine}&tag=two%20words")).await.is_empty(), "no tag");
        let shown: Vec<ShownRoom> = pages(&house, who, &format!("/rooms?limit=100{mine}")).await;
        let tags: Vec<Vec<String>> = shown.into_iter().rev().map(|room| room.tags).collect();
        assert_eq!(tags, [vec!["late", "rain"], vec!["sun"], vec!["rain"], vec![], vec!["rain"]]);
    }
    let nobody_inside = house.hosted(&ada, json!({ "visibility": "open", "tags": ["rain"] })).await;
    assert_eq!(rooms(&house, None, "&tag=rain").await, rainy, "where somebody is");
    assert_eq!(rooms(&house, Some(&ada), "&mine=true&tag=rain").await[0], nobody_inside);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_leads_to_rooms_for_those_who_may_know_of_them_beside_posts() {
    let house = house().await;
    let [ada, friend, eve, mean] =
        [house.person("ada").await, house.person("fred").await, house.person("eve").await, house.person("mean").await];
    house.edge(FRIENDSHIP, ada.id.min(friend.id), ada.id.max(friend.id)).await;
    for (title, visibility, guests) in [
        ("open", "open", true),
        ("members", "open", false),
        ("friends", "friends", true),
        ("link", "link", true),
        ("invite", "invite", true),
    ] {
        let room = json!({ "title": title, "visibility": visibility, "guests": guests, "tags": ["rain"] });
        house.hosted(&ada, room).await;
        let post = json!({ "title": format!("post {title}"), "tags": ["rain"] });
        assert_eq!(house.told(Some(&eve), Method::POST, "/posts", Some(post)).await.0, 201);
    }
    let seen = |rooms: &[&str]| -> Vec<String> {
        let one = |title: &&str| {
            let room = rooms.contains(title).then(|| format!("{title}[\"rain\"]"));
            [Some(format!("post {title}")), room].into_iter().flatten().collect::<Vec<_>>()
        };
        ["invite", "link", "friends", "members", "open"].iter().flat_map(one).collect()
    };
    for limit in [1, 3, 100] {
        assert_eq!(carry(&house, None, "rain", limit).await, seen(&["open"]), "a guest");
        assert_eq!(carry(&house, Some(&eve), "rain", limit).await, seen(&["open", "members"]));
        assert_eq!(carry(&house, Some(&friend), "rain", limit).await, seen(&["open", "members", "friends"]));
        let hers = carry(&house, Some(&ada), "rain", limit).await;
        assert_eq!(hers, seen(&["open", "members", "friends", "link", "invite"]));
    }
    let found: Vec<Hit> = pages(&house, Some(&friend), "/search?q=rai&types=rooms&limit=1").await;
    let found: Vec<(String, Vec<String>)> = found
        .into_iter()
        .map(|hit| match hit {
            Hit::Room { room } => (room.title, room.tags),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(found, ["friends", "members", "open"].map(|title| (title.to_owned(), vec!["rain".to_owned()])));
    house.ask(Some(&ada), Method::PUT, "/me/blocks/mean", None).await;
    assert_eq!(carry(&house, Some(&mean), "rain", 100).await, seen(&[]));
    sqlx::query(
        "INSERT INTO room_members (room_id, user_id, standing, created_at) SELECT id, $1, 'banned', 0 FROM rooms",
    )
    .bind(friend.id)
    .execute(house.running.app.state.store.write())
    .await
    .expect("a ban");
    assert_eq!(carry(&house, Some(&friend), "rain", 100).await, seen(&[]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_counts_rooms_that_everybody_may_see_and_follows_every_change() {
    let house = house().await;
    let ada = house.person("ada").await;
    let room = house.hosted(&ada, json!({ "visibility": "open", "tags": ["rain"] })).await;
    let path = format!("/rooms/{room}");
    let count = async || house.tag_counts("/tags?query=rain").await.first().map_or(0, |(_, count)| *count);
    assert_eq!(count().await, 1);
    for (change, expected) in [
        (json!({ "guests": false }), 0),
        (json!({ "guests": true }), 1),
        (json!({ "visibility": "friends" }), 0),
        (json!({ "visibility": "link", "tags": ["rain", "sun"] }), 0),
        (json!({ "visibility": "open", "tags": ["rain"] }), 1),
        (json!({ "tags": [] }), 0),
        (json!({ "tags": ["rain"] }), 1),
    ] {
        assert_eq!(house.told(Some(&ada), Method::PATCH, &path, Some(change.clone())).await.0, 200);
        assert_eq!(count().await, expected, "{change}");
    }
    let other = house.hosted(&ada, json!({ "visibility": "open", "tags": ["rain"] })).await;
    assert_eq!(count().await, 2);
    assert_eq!(house.ask(Some(&ada), Method::DELETE, &format!("/rooms/{other}"), None).await.status(), 204);
    assert_eq!(count().await, 1);
    house.leaves_at(&ada, Timestamp::now()).await;
    assert!(carry(&house, None, "rain", 10).await.is_empty(), "hidden with its host");
    removal::round(&house.running.app.users, Timestamp::now().after(Duration::from_secs(1))).await.expect("a round");
    assert_eq!(count().await, 0);
    assert!(house.tag_counts("/tags").await.is_empty());
}

#[tokio::test]
async fn a_room_that_was_made_for_ringing_is_found_by_its_host_alone() {
    let house = house().await;
    let (ada, eve) = (house.person("ada").await, house.person("eve").await);
    let room = house.room_row(&ada, "open", "Rainy").await;
    sqlx::query("UPDATE rooms SET callee_id = $2 WHERE id = $1")
        .bind(room)
        .bind(eve.id)
        .execute(house.running.app.state.store.write())
        .await
        .expect("a callee");
    house.tag(Tagged::Room(room, Timestamp::from_millis(0)), &["rain"], Sight::Hidden, Sight::Hidden).await;
    let path = format!("/rooms/{room}");
    assert_eq!(house.told(Some(&ada), Method::PATCH, &path, Some(json!({ "visibility": "open" }))).await.0, 200);
    assert!(house.tag_counts("/tags").await.is_empty(), "nor does it count");
    for query in ["rainy", "rain"] {
        let found = async |who| pages::<Hit>(&house, Some(who), &format!("/search?q={query}&types=rooms")).await.len();
        assert_eq!((found(&ada).await, found(&eve).await), (1, 0), "{query}");
    }
    assert_eq!(carry(&house, Some(&ada), "rain", 10).await.len(), 1);
    assert!(carry(&house, Some(&eve), "rain", 10).await.is_empty());
}
