//! Staff hide a playlist and show it again: from everybody at once, written down, and undone by nobody else.

use std::time::Duration;

use moodcall::base::timestamp::Timestamp;
use moodcall::moderation::audit::Act;
use moodcall::playlists::sweep;
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::json;

use super::client::house;
use super::moderation::act;
use super::search_posts::all;

#[tokio::test]
async fn staff_hide_a_playlist_from_everybody_and_show_it_again_and_each_act_is_written_down() {
    let house = house().await;
    let [ada, bob] = [house.person("ada").await, house.person("bob").await];
    let watch = house.staff("watch").await;
    let body = json!({ "title": "Buy records now", "genre": "pop", "tags": ["buying"] });
    let list = house.playlist_by(&ada, body).await;
    let hide = json!({ "action": "hide-playlist", "id": list.id, "note": "spam" });
    let show = json!({ "action": "show-playlist", "id": list.id });
    let tagged = "SELECT item_count FROM tags WHERE name = 'buying'";
    assert_eq!(act(&house, &bob, "ada", hide.clone()).await.0, 404, "bob is not staff");
    assert_eq!(act(&house, &watch, "bob", hide.clone()).await.0, 404, "it is not bob's");
    assert_eq!(act(&house, &watch, "ada", show.clone()).await.0, 404, "it is not hidden");
    assert_eq!(house.number(tagged).await, 1);

    let (status, done) = act(&house, &watch, "ada", hide.clone()).await;
    assert_eq!((status, &done["action"], &done["note"]), (201, &json!("hide-playlist"), &json!("spam")));
    assert_eq!(act(&house, &watch, "ada", hide.clone()).await.0, 404, "it is hidden already");
    for who in [Some(&ada), Some(&bob), Some(&watch), None] {
        assert_eq!(house.playlist_seen(who, list.id).await, None, "{:?}", who.map(|who| &who.handle));
        for path in ["/playlists", "/playlists?sort=hot", "/users/ada/playlists"] {
            assert_eq!(house.lists(who, path).await, [""; 0], "{path}");
        }
    }
    assert_eq!(house.lists(Some(&ada), "/me/playlists").await, [""; 0]);
    assert_eq!(all(&house, &ada, "records", "playlists", 10).await, [""; 0]);
    assert_eq!(house.number(tagged).await, 0);
    let late = Timestamp::now().after(Duration::from_secs(601));
    let swept = sweep::remove(&house.running.app.users, list.id, late).await.expect("a look");
    assert!(!swept, "it is kept, also from a sweep that had looked before");
    // Its owner has no way around it.
    let back = house.ask(Some(&ada), Method::PUT, &format!("/playlists/{}/restoration", list.id), None).await;
    assert_eq!(back.status(), 404);
    assert_eq!(house.patch_playlist(&ada, list.id, None, json!({ "title": "x" })).await.status(), 404);

    assert_eq!(act(&house, &watch, "ada", show.clone()).await.0, 201);
    assert_eq!(act(&house, &watch, "ada", show.clone()).await.0, 404, "it is shown already");
    for who in [Some(&ada), Some(&bob), None] {
        assert_eq!(house.lists(who, "/playlists").await, ["Buy records now"]);
    }
    assert_eq!(all(&house, &bob, "records", "playlists", 10).await, ["Buy records now"]);
    assert_eq!(house.number(tagged).await, 1);

    // What its owner had deleted before stays deleted.
    let gone = house.ask(Some(&ada), Method::DELETE, &format!("/playlists/{}", list.id), None).await;
    assert_eq!(gone.status(), 204);
    assert_eq!(act(&house, &watch, "ada", hide).await.0, 201);
    assert_eq!(act(&house, &watch, "ada", show).await.0, 201);
    assert_eq!(house.playlist_seen(Some(&ada), list.id).await, None);

    let log = house.ask(Some(&watch), Method::GET, "/admin/audit-log", None).await;
    let log: Page<Act> = log.json().await.expect("a page");
    let told: Vec<&str> = log.items.iter().rev().map(|act| act.action.as_str()).collect();
    assert_eq!(told, ["hide-playlist", "show-playlist", "hide-playlist", "show-playlist"]);
    for act in &log.items {
        let who = act.actor.as_ref().map(|actor| actor.handle.as_str());
        assert_eq!((who, act.subject_kind.as_str()), (Some("watch"), "playlist"));
    }
    house.stop().await;
}
