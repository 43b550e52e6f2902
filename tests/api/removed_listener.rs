//! What is left of somebody's playlists, and of what they said, liked and kept of others', after their account: nothing.

use std::time::Duration;

use moodcall::base::id::PlaylistId;
use moodcall::base::timestamp::Timestamp;
use moodcall::users::removal;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::client::{House, house};
use super::person::Person;
use super::removal::columns;

/// Everywhere that could tell of ada's playlists or words; `{bobs}` is bob's playlist, `{said}` what he said there.
const PLACES: &[&str] = &[
    "/playlists?limit=100",
    "/playlists?sort=hot",
    "/playlists?sort=for-you",
    "/playlists?genre=pop",
    "/users/ada/playlists",
    "/users/ada/liked-playlists",
    "/users/bob/liked-playlists",
    "/users/ada",
    "/me/bookmarked-playlists",
    "/playlists/{bobs}/comments",
    "/comments/{said}/replies",
    "/search?q=Zebra",
    "/search?q=ada&types=playlists",
    "/tags/rain/items",
    "/feeds/home",
    "/notifications",
];

/// Places that tell bob of what ada wrote or of ada.
async fn tell(house: &House, ada: &Person, bob: &Person, bobs: PlaylistId, said: &str) -> Vec<&'static str> {
    let mut telling = Vec::new();
    for place in PLACES {
        let path = place.replace("{bobs}", &bobs.to_string()).replace("{said}", said);
        let answer = house.ask(Some(bob), Method::GET, &path, None).await;
        assert!([StatusCode::OK, StatusCode::NOT_FOUND].contains(&answer.status()), "{path}");
        let text = answer.text().await.expect("text");
        if text.contains("Zebra") || text.contains(&ada.id.to_string()) {
            telling.push(*place);
        }
    }
    telling
}

async fn say(house: &House, who: &Person, list: PlaylistId, body: &str, parent: Option<&str>) -> String {
    let path = format!("/playlists/{list}/comments");
    let answer = house.ask(Some(who), Method::POST, &path, Some(json!({ "body": body, "parent_id": parent }))).await;
    assert_eq!(answer.status(), 201, "{body}");
    answer.json::<Value>().await.expect("a comment")["id"].as_str().expect("an identifier").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn playlists_words_and_marks_go_with_their_account_and_counts_of_others_stay_right() {
    let house = house().await;
    let [ada, bob, eve] = [house.person("ada").await, house.person("bob").await, house.person("eve").await];
    let song = house.song("Choir", "one").await;
    let mut own = Vec::new();
    for (title, public) in [("Zebra one", true), ("Zebra two", true), ("Zebra secret", false)] {
        let body = json!({ "title": title, "genre": "pop", "tags": ["rain"], "songs": [song], "is_public": public });
        own.push(house.playlist_by(&ada, body).await.id);
    }
    let deleted = house.playlist_by(&ada, json!({ "title": "Zebra gone", "tags": ["rain"] })).await.id;
    house.ask(Some(&ada), Method::DELETE, &format!("/playlists/{deleted}"), None).await;
    let body = json!({ "title": "Of bob", "genre": "pop", "tags": ["rain"], "songs": [song] });
    let bobs = house.playlist_by(&bob, body).await.id;
    for (who, list) in [(&ada, bobs), (&eve, bobs), (&bob, own[0])] {
        for mark in ["like", "bookmark"] {
            let path = format!("/playlists/{list}/{mark}");
            assert_eq!(house.ask(Some(who), Method::PUT, &path, None).await.status(), 204);
        }
    }
    let of_bob = say(&house, &bob, bobs, "nice", None).await;
    say(&house, &ada, bobs, "Zebra reply", Some(&of_bob)).await;
    let of_ada = say(&house, &ada, bobs, "Zebra, with an answer", None).await;
    say(&house, &bob, bobs, "an answer", Some(&of_ada)).await;
    say(&house, &ada, bobs, "Zebra, without one", None).await;
    say(&house, &bob, own[0], "nice too", None).await;
    let covers: Vec<String> = [
        house.cover_of(&ada, own[0]).await.0,
        house.cover_of(&ada, own[1]).await.0,
        house.cover_of(&ada, own[2]).await.0,
    ]
    .to_vec();
    let counts = async || {
        let list = house.playlist_seen(Some(&bob), bobs).await.expect("a playlist").playlist;
        (list.like_count, list.comment_count)
    };
    assert_eq!(counts().await, (2, 5));
    let before = tell(&house, &ada, &bob, bobs, &of_bob).await;
    assert!(before.len() > 12, "only {before:?}");
    assert_eq!(house.number("SELECT item_count FROM tags WHERE name = 'rain'").await, 3);

    // While the grace runs her playlists and their covers are hidden, and nothing is lost.
    house.leaves_at(&ada, Timestamp::now().after(Duration::from_secs(3600))).await;
    for list in &own {
        assert_eq!(house.playlist_seen(Some(&bob), *list).await, None);
    }
    for cover in &covers {
        assert_eq!(house.get(cover).await.status(), 404);
    }
    let hidden = house.lists(Some(&bob), "/playlists").await;
    assert_eq!(hidden, ["Of bob"]);
    house.leaves_at(&ada, Timestamp::now()).await;
    assert_eq!(removal::round(&house.running.app.users, Timestamp::now()).await.expect("a round"), 1);

    assert_eq!(tell(&house, &ada, &bob, bobs, &of_bob).await, [""; 0]);
    let id = ada.id.to_string();
    for (table, column) in columns() {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE {column} = $1");
        assert_eq!(house.count(sql, &id).await, 0, "{table}.{column}");
    }
    for sql in [
        "SELECT COUNT(*) FROM playlists WHERE title LIKE '%Zebra%'",
        "SELECT COUNT(*) FROM comments WHERE body LIKE '%Zebra%'",
        "SELECT COUNT(*) FROM playlist_songs WHERE playlist_id NOT IN (SELECT id FROM playlists)",
        "SELECT COUNT(*) FROM playlist_tags WHERE playlist_id NOT IN (SELECT id FROM playlists)",
        "SELECT COUNT(*) FROM playlist_grams WHERE playlist_id NOT IN (SELECT id FROM playlists)",
    ] {
        assert_eq!(house.number(sql).await, 0, "{sql}");
    }
    // Bob's own two words stay, one of them under an empty place.
    assert_eq!(counts().await, (1, 2));
    let heat = house.number("SELECT heat - created_at FROM playlists").await;
    assert_eq!(heat, 604_800_000 * (1 + 2 * 2) / (1 + 2 * 2 + 30));
    assert_eq!(house.number("SELECT item_count FROM tags WHERE name = 'rain'").await, 1);
    assert_eq!(house.number("SELECT COUNT(*) FROM playlist_bookmarks").await, 1);
    for cover in &covers {
        assert_eq!(house.get(cover).await.status(), 404);
    }
    assert_eq!((house.kept_files().len(), house.number("SELECT COUNT(*) FROM uploads").await), (1, 1));
    house.stop().await;
}
