//! The copy of one's data holds the playlists that somebody made, whole, and what they said, liked and keep of others'.

use std::io::Read as _;

use image::ImageFormat;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::house;
use super::uploads::picture;

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_holds_playlists_with_songs_covers_and_what_was_said_and_liked() {
    let house = house().await;
    let [ada, bob] = [house.person("ada").await, house.person("bob").await];
    let [one, two, three] = house.songs(["one", "two", "three"]).await;
    let open = json!({
        "title": "Rain", "description": "drops", "genre": "ballad", "mood": "sadness", "tags": ["rain", "비"],
        "songs": [one, two, three],
    });
    let open = house.playlist_by(&ada, open).await.id;
    let secret = json!({ "title": "Secret", "is_public": false, "songs": [two] });
    let secret = house.playlist_by(&ada, secret).await.id;
    let gone = house.playlist_by(&ada, json!({ "title": "Gone" })).await.id;
    assert_eq!(house.ask(Some(&ada), Method::DELETE, &format!("/playlists/{gone}"), None).await.status(), 204);
    let file = picture(700, 700, [1, 2, 3], ImageFormat::Png);
    house.send_part(&ada, Method::PUT, &format!("/playlists/{open}/cover"), "picture", &file).await;
    let entries = house.playlist_seen(Some(&ada), open).await.expect("a playlist").songs.items;
    let moved = json!({ "entry": entries[2].id, "after": null });
    let order = format!("/playlists/{open}/song-order");
    assert_eq!(house.ask(Some(&ada), Method::PUT, &order, Some(moved)).await.status(), 204);

    let of_bob = house.playlist_by(&bob, json!({ "title": "Of bob", "tags": ["bobs"], "songs": [one] })).await.id;
    for mark in ["like", "bookmark"] {
        let path = format!("/playlists/{of_bob}/{mark}");
        assert_eq!(house.ask(Some(&ada), Method::PUT, &path, None).await.status(), 204);
    }
    let mut said = Vec::new();
    for (who, body) in [(&ada, "what ada said"), (&ada, "what ada took back"), (&bob, "what bob said")] {
        let path = format!("/playlists/{of_bob}/comments");
        let answer = house.ask(Some(who), Method::POST, &path, Some(json!({ "body": body }))).await;
        assert_eq!(answer.status(), 201);
        said.push(answer.json::<Value>().await.expect("a comment")["id"].as_str().expect("an identifier").to_owned());
    }
    assert_eq!(house.ask(Some(&ada), Method::DELETE, &format!("/comments/{}", said[1]), None).await.status(), 204);

    let mut archive = house.copy(&ada).await;
    let mut all = String::new();
    let mut list = |name: &str| -> Vec<Value> {
        let mut text = String::new();
        archive
            .by_name(name)
            .unwrap_or_else(|error| panic!("{name}: {error}"))
            .read_to_string(&mut text)
            .expect("text");
        all.push_str(&text);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"))
    };
    let of = |rows: &[Value], names: &[&str]| -> Vec<Value> {
        rows.iter().map(|row| names.iter().map(|name| row[name].clone()).collect()).collect()
    };
    let playlists = list("playlists.json");
    assert_eq!(
        of(&playlists, &["id", "title", "description", "is_public", "genre", "mood", "cover_kind", "song_count"]),
        [
            json!([open, "Rain", "drops", true, "ballad", "sadness", "uploaded", 3]),
            json!([secret, "Secret", "", false, null, null, "drawn", 1]),
            json!([gone, "Gone", "", true, null, null, "drawn", 0]),
        ]
    );
    let deleted: Vec<bool> = playlists.iter().map(|row| row["deleted_at"].is_string()).collect();
    assert_eq!(deleted, [false, false, true]);
    let songs = list("playlist-songs.json");
    let mut in_open: Vec<&Value> = songs.iter().filter(|song| song["playlist_id"] == json!(open)).collect();
    in_open.sort_by_key(|song| song["place"].as_str().map(str::to_owned));
    let titles: Vec<&Value> = in_open.iter().map(|song| &song["title_en"]).collect();
    assert_eq!((titles, songs.len()), (vec![&json!("three"), &json!("one"), &json!("two")], 4));
    let mut tags = of(&list("playlist-tags.json"), &["playlist_id", "tag"]);
    tags.sort_by_key(Value::to_string);
    assert_eq!(tags, [json!([open, "rain"]), json!([open, "비"])]);
    for name in ["playlist-likes.json", "playlist-bookmarks.json"] {
        assert_eq!(of(&list(name), &["playlist_id"]), [json!([of_bob])], "{name}");
    }
    assert_eq!(
        of(&list("comments.json"), &["id", "playlist_id", "post_id", "body"]),
        [json!([said[0], of_bob, null, "what ada said"])]
    );
    assert_eq!(list("uploads.json").len(), 3, "a cover for each");
    assert!(!all.contains("what bob said") && !all.contains("Of bob") && !all.contains("bobs"), "{all}");
    for playlist in &playlists {
        let name = playlist["cover"].as_str().expect("a name");
        let mut bytes = Vec::new();
        let path = format!("pictures/{name}");
        archive
            .by_name(&path)
            .unwrap_or_else(|error| panic!("{path}: {error}"))
            .read_to_end(&mut bytes)
            .expect("bytes");
        let size = image::load_from_memory(&bytes).map(|image| (image.width(), image.height())).expect("a picture");
        assert_eq!(size, (640, 640));
    }
    house.stop().await;
}
