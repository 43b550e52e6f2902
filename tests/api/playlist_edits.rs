//! Changing a playlist: what is named and nothing else, by its owner, in the version that is meant; deleting, and back.

use moodcall::base::id::PlaylistId;
use moodcall::playlists::playlist::Playlist;
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use super::client::{House, house};
use super::person::Person;
use super::posting::refused;

impl House {
    pub async fn patch_playlist(&self, who: &Person, id: PlaylistId, tag: Option<&str>, body: Value) -> Response {
        let mut ask = Client::new().patch(self.url(&format!("/api/v1/playlists/{id}"))).bearer_auth(&who.token);
        if let Some(tag) = tag {
            ask = ask.header("if-match", tag);
        }
        ask.json(&body).send().await.expect("an answer")
    }
}

#[tokio::test]
async fn a_patch_of_a_playlist_changes_what_it_names_and_nothing_else() {
    let house = house().await;
    let ada = house.person("ada").await;
    let song = house.song("Choir", "one").await;
    let made = json!({
        "title": "Rain", "description": "drops", "genre": "pop", "mood": "sadness", "tags": ["rain"], "songs": [song],
    });
    let list = house.playlist_by(&ada, made).await.id;
    let mut before = serde_json::to_value(house.playlist_seen(Some(&ada), list).await).expect("JSON");
    for (change, field, value) in [
        (json!({ "title": " Sun " }), "title", json!("Sun")),
        (json!({ "description": "" }), "description", json!("")),
        (json!({ "genre": "ost" }), "genre", json!("ost")),
        (json!({ "genre": null }), "genre", Value::Null),
        (json!({ "mood": "happiness" }), "mood", json!("happiness")),
        (json!({ "mood": null }), "mood", Value::Null),
        (json!({ "tags": ["sun", "비"] }), "tags", json!(["sun", "비"])),
        (json!({ "is_public": false }), "is_public", json!(false)),
        (json!({ "is_public": true }), "is_public", json!(true)),
    ] {
        let answer = house.patch_playlist(&ada, list, None, change.clone()).await;
        assert_eq!(answer.status(), 200, "{change}");
        let after = serde_json::to_value(house.playlist_seen(Some(&ada), list).await).expect("JSON");
        before[field] = value;
        before["version"] = json!(before["version"].as_i64().expect("a number") + 1);
        assert!(after["edited_at"].is_string());
        before["edited_at"] = after["edited_at"].clone();
        if field == "is_public" {
            // The picture has another name when the list is hidden.
            before["cover"]["url"] = after["cover"]["url"].clone();
        }
        assert_eq!(after, before, "{change}");
    }
    // Nothing is named: nothing is changed, and no version made of it.
    assert_eq!(house.patch_playlist(&ada, list, None, json!({})).await.status(), 200);
    assert_eq!(serde_json::to_value(house.playlist_seen(Some(&ada), list).await).expect("JSON"), before);
    for (body, status) in [
        (json!({ "title": null }), 400),
        (json!({ "is_public": null }), 400),
        (json!({ "owner_id": ada.id }), 400),
        (json!({ "title": "" }), 422),
        (json!({ "description": "x".repeat(151) }), 422),
        (json!({ "tags": ["a b"] }), 422),
    ] {
        assert_eq!(house.patch_playlist(&ada, list, None, body.clone()).await.status(), status, "{body}");
    }
    assert_eq!(serde_json::to_value(house.playlist_seen(Some(&ada), list).await).expect("JSON"), before);
    house.stop().await;
}

#[tokio::test]
async fn only_the_owner_changes_a_playlist_and_only_the_version_that_is_meant() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let list = house.playlist_by(&ada, json!({ "title": "Rain" })).await.id;
    let change = json!({ "title": "Sun" });
    assert_eq!(house.patch_playlist(&bob, list, None, change.clone()).await.status(), 403);
    let first = house.patch_playlist(&ada, list, Some("\"v1\""), change.clone()).await;
    assert_eq!((first.status().as_u16(), first.headers()["etag"].to_str().expect("text")), (200, "\"v2\""));
    for body in [change, json!({})] {
        let answer = house.patch_playlist(&ada, list, Some("\"v1\""), body).await;
        assert_eq!(refused(answer).await, (412, "changed".into(), String::new()));
    }
    let old = Client::new().delete(house.url(&format!("/api/v1/playlists/{list}"))).bearer_auth(&ada.token);
    assert_eq!(old.header("if-match", "\"v1\"").send().await.expect("an answer").status(), 412);
    let secret = house.playlist_by(&ada, json!({ "title": "Mine", "is_public": false })).await.id;
    assert_eq!(house.patch_playlist(&bob, secret, None, json!({ "title": "x" })).await.status(), 404);
    house.stop().await;
}

#[tokio::test]
async fn a_deletion_is_taken_back_within_a_while_and_by_the_owner_alone() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let list = house.playlist_by(&ada, json!({ "title": "Rain", "tags": ["rain"] })).await.id;
    let path = format!("/playlists/{list}");
    let ask = async |who, method, path: &str| house.ask(Some(who), method, path, None).await.status().as_u16();
    let tagged = "SELECT item_count FROM tags WHERE name = 'rain'";
    let choice = json!({ "playlist_id": list });
    let chosen = house.ask(Some(&ada), Method::PUT, "/me/representative-playlist", Some(choice.clone())).await;
    assert_eq!(chosen.status(), 200);
    let shown = async || house.profile(Some(&bob), "ada").await.1["representative_playlist"]["title"].clone();
    assert_eq!(shown().await, "Rain");
    assert_eq!(ask(&bob, Method::DELETE, &path).await, 403);
    assert_eq!((house.number(tagged).await, ask(&ada, Method::DELETE, &path).await), (1, 204));
    assert_eq!((house.number(tagged).await, ask(&ada, Method::DELETE, &path).await), (0, 404));
    assert_eq!(shown().await, Value::Null);
    let chosen = house.ask(Some(&ada), Method::PUT, "/me/representative-playlist", Some(choice)).await;
    assert_eq!(chosen.status(), 404);
    for who in [Some(&ada), Some(&bob), None] {
        assert!(house.playlist_seen(who, list).await.is_none());
        assert!(house.lists(who, "/playlists").await.is_empty());
    }
    let back = format!("{path}/restoration");
    assert_eq!(ask(&bob, Method::PUT, &back).await, 404);
    let answer = house.ask(Some(&ada), Method::PUT, &back, None).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.json::<Playlist>().await.expect("a playlist").tags, ["rain"]);
    assert_eq!((house.number(tagged).await, shown().await), (1, json!("Rain")));
    assert_eq!((ask(&ada, Method::PUT, &back).await, ask(&bob, Method::PUT, &back).await), (200, 403));
    assert_eq!(ask(&ada, Method::DELETE, &path).await, 204);
    sqlx::query("UPDATE playlists SET deleted_at = deleted_at - 600001")
        .execute(house.running.app.state.store.write())
        .await
        .expect("ten minutes later");
    assert_eq!(ask(&ada, Method::PUT, &back).await, 404, "too late");
    house.stop().await;
}
