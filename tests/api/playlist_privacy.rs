//! A private playlist is its owner's alone: by its address, and in everything that lists, counts, finds or shows playlists.

use moodcall::base::id::PlaylistId;
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{House, house};
use super::following::counts;
use super::person::Person;

/// Everywhere that could tell of a playlist; `{id}` is the playlist, `{post}` a post with it.
const PLACES: &[&str] = &[
    "/playlists?limit=100",
    "/playlists?sort=hot",
    "/playlists?sort=for-you",
    "/playlists?genre=pop",
    "/playlists?genre=pop&sort=hot",
    "/users/ada/playlists",
    "/users/ada/liked-playlists",
    "/users/bob/liked-playlists",
    "/users/ada",
    "/feeds/home",
    "/feeds/latest",
    "/users/ada/posts",
    "/posts/{post}",
    "/tags/secretive/items",
];

/// What is for whoever is logged in.
const INSIDE: &[&str] = &[
    "/me/playlists",
    "/me/bookmarked-playlists",
    "/search?q=Hidden",
    "/search?q=%EB%B9%84%EB%B0%80&types=playlists",
    "/search?q=secretive",
    "/search?q=ada&types=playlists",
    "/notifications",
];

async fn text(house: &House, who: Option<&Person>, path: &str) -> String {
    let answer = house.ask(who, Method::GET, path, None).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.expect("text")
}

/// Places that tell `who` of the playlist.
async fn tell(house: &House, who: Option<&Person>, list: PlaylistId, post: &str) -> Vec<&'static str> {
    let mut telling = Vec::new();
    let inside = if who.is_some() { INSIDE } else { &[] };
    for place in PLACES.iter().chain(inside) {
        let text = text(house, who, &place.replace("{post}", post)).await;
        if text.contains(&list.to_string()) || text.contains("Hidden") {
            telling.push(*place);
        }
    }
    telling
}

#[tokio::test]
async fn a_private_playlist_is_404_for_others_and_absent_from_everything() {
    let house = house().await;
    let [ada, bob, eve] = [house.person("ada").await, house.person("bob").await, house.person("eve").await];
    let song = house.song("Choir", "one").await;
    let body = json!({
        "title": "Hidden 비밀 songs", "genre": "pop", "mood": "sadness", "tags": ["secretive"], "songs": [song],
    });
    let list = house.playlist_by(&ada, body).await;
    let id = list.id;
    let post = json!({ "title": "Look", "playlist_id": id });
    let post = house.post_by(&ada, post).await.id.to_string();
    let choice = json!({ "playlist_id": id });
    house.ask(Some(&ada), Method::PUT, "/me/representative-playlist", Some(choice)).await;
    for mark in ["like", "bookmark"] {
        assert_eq!(house.ask(Some(&bob), Method::PUT, &format!("/playlists/{id}/{mark}"), None).await.status(), 204);
    }
    let said = json!({ "body": "Hidden words" });
    let said = house.ask(Some(&bob), Method::POST, &format!("/playlists/{id}/comments"), Some(said)).await;
    assert_eq!(said.status(), 201);
    let said: Value = said.json().await.expect("a comment");
    let reply = json!({ "body": "Hidden reply", "parent_id": said["id"] });
    house.ask(Some(&ada), Method::POST, &format!("/playlists/{id}/comments"), Some(reply)).await;
    assert_eq!(counts(&house, &bob).await.3, 1, "bob is told of the reply");
    let cover = list.cover.clone().expect("a cover").url;
    assert_eq!(house.get(&cover).await.status(), 200);
    // While it is public the same places tell of it, so that the test would notice.
    let shown = tell(&house, Some(&bob), id, &post).await;
    assert!(shown.len() > 14, "only {shown:?}");
    let tagged = "SELECT item_count FROM tags WHERE name = 'secretive'";
    assert_eq!(house.number(tagged).await, 1);

    assert_eq!(house.patch_playlist(&ada, id, None, json!({ "is_public": false })).await.status(), 200);
    for who in [Some(&bob), Some(&eve), None] {
        assert_eq!(tell(&house, who, id, &post).await, [""; 0], "{:?}", who.map(|who| &who.handle));
    }
    assert_eq!(house.number(tagged).await, 0, "its tag does not count it");
    assert_eq!(counts(&house, &bob).await.3, 0, "bob has nothing unread about what he does not see");
    assert_eq!(house.get(&cover).await.status(), 404, "who knew its cover does not see that either");
    let comment = said["id"].as_str().expect("an identifier");
    for who in [Some(&bob), Some(&eve)] {
        for (method, path, body) in [
            (Method::GET, format!("/playlists/{id}"), None),
            (Method::GET, format!("/playlists/{id}/songs"), None),
            (Method::GET, format!("/playlists/{id}/comments"), None),
            (Method::GET, format!("/comments/{comment}"), None),
            (Method::GET, format!("/comments/{comment}/replies"), None),
            (Method::POST, format!("/playlists/{id}/comments"), Some(json!({ "body": "x" }))),
            (Method::PUT, format!("/playlists/{id}/like"), None),
            (Method::DELETE, format!("/playlists/{id}/like"), None),
            (Method::PUT, format!("/playlists/{id}/bookmark"), None),
            (Method::PATCH, format!("/playlists/{id}"), Some(json!({ "title": "x" }))),
            (Method::DELETE, format!("/playlists/{id}"), None),
            (Method::PUT, format!("/playlists/{id}/restoration"), None),
            (Method::DELETE, format!("/playlists/{id}/cover"), None),
            (Method::POST, format!("/playlists/{id}/songs"), Some(json!({ "songs": [song] }))),
            (
                Method::POST,
                "/reports".to_owned(),
                Some(json!({ "subject": { "kind": "playlist", "id": id }, "reason": "spam" })),
            ),
        ] {
            let missing = path.replace(&id.to_string(), &PlaylistId::new().to_string());
            let answer = house.ask(who, method.clone(), &path, body.clone()).await;
            assert_eq!(answer.status(), 404, "{method} {path}");
            if missing != path {
                let (mut one, mut other): (Value, Value) = (
                    answer.json().await.expect("a problem"),
                    house.ask(who, method.clone(), &missing, body).await.json().await.expect("a problem"),
                );
                (one["instance"], other["instance"]) = (Value::Null, Value::Null);
                assert_eq!(one, other, "{method} {path}: like what is not there");
            }
        }
        let new = json!({ "title": "x", "playlist_id": id });
        assert_eq!(house.ask(who, Method::POST, "/posts", Some(new)).await.status(), 422);
    }
    // For the owner nothing is gone.
    let own = house.playlist_seen(Some(&ada), id).await.expect("a playlist");
    let kept = (own.playlist.like_count, own.playlist.comment_count, own.playlist.song_count);
    assert_eq!((kept, own.playlist.tags.len()), ((1, 2, 1), 1));
    assert_eq!(house.get(&own.playlist.cover.expect("a cover").url).await.status(), 200);
    for path in
        ["/me/playlists", "/users/ada/playlists", "/me", "/search?q=Hidden&types=playlists", "/tags/secretive/items"]
    {
        assert!(text(&house, Some(&ada), path).await.contains(&id.to_string()), "{path}");
    }
    assert_eq!(house.patch_playlist(&ada, id, None, json!({ "is_public": true })).await.status(), 200);
    let again = tell(&house, Some(&bob), id, &post).await;
    assert_eq!(again.len(), shown.len() - 1, "all but the notice: {again:?}");
    house.stop().await;
}

#[tokio::test]
async fn what_somebody_likes_shows_others_lists_only_and_only_those_that_the_viewer_may_see() {
    let house = house().await;
    let [ada, bob, eve] = [house.person("ada").await, house.person("bob").await, house.person("eve").await];
    let (of_ada, of_bob) = (json!({ "title": "of ada" }), json!({ "title": "of bob" }));
    let lists = [house.playlist_by(&ada, of_ada).await.id, house.playlist_by(&bob, of_bob).await.id];
    for list in lists {
        house.ask(Some(&bob), Method::PUT, &format!("/playlists/{list}/like"), None).await;
        house.ask(Some(&bob), Method::PUT, &format!("/playlists/{list}/bookmark"), None).await;
    }
    for who in [Some(&bob), Some(&eve), None] {
        assert_eq!(house.lists(who, "/users/bob/liked-playlists").await, ["of ada"]);
    }
    assert_eq!(house.lists(Some(&bob), "/me/bookmarked-playlists").await, ["of bob", "of ada"]);
    assert_eq!(house.lists(Some(&eve), "/me/bookmarked-playlists").await, [""; 0]);
    house.ask(Some(&ada), Method::PUT, "/me/blocks/eve", None).await;
    assert_eq!(house.lists(Some(&eve), "/users/bob/liked-playlists").await, [""; 0]);
    assert_eq!(house.ask(Some(&eve), Method::GET, "/users/ada/liked-playlists", None).await.status(), 404);
    let private = house.playlist_by(&ada, json!({ "title": "private", "is_public": false })).await.id;
    house.ask(Some(&ada), Method::PUT, &format!("/playlists/{private}/like"), None).await;
    assert_eq!(house.lists(Some(&ada), "/me/playlists").await, ["private", "of ada"]);
    assert_eq!(house.lists(Some(&ada), "/users/ada/playlists").await, ["private", "of ada"]);
    assert_eq!(house.lists(Some(&bob), "/users/ada/playlists").await, ["of ada"]);
    assert_eq!(house.lists(None, "/users/ada/playlists").await, ["of ada"]);
    // Page by page, in the order in which they were liked.
    let mut lists = Vec::new();
    for number in 0..5 {
        let list = house.playlist_by(&ada, json!({ "title": number.to_string() })).await.id;
        house.ask(Some(&bob), Method::PUT, &format!("/playlists/{list}/like"), None).await;
        lists.push(list);
    }
    let write = house.running.app.state.store.write();
    sqlx::query("UPDATE playlist_likes SET created_at = 1000").execute(write).await.expect("all at one time");
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/users/bob/liked-playlists?limit=2&cursor={cursor}");
        let page: Page<Value> = house.ask(None, Method::GET, &path, None).await.json().await.expect("a page");
        seen.extend(page.items.into_iter().map(|one| one["title"].as_str().expect("a title").to_owned()));
        let Some(next) = page.next_cursor else { break };
        cursor = next;
    }
    assert_eq!(seen, ["4", "3", "2", "1", "0", "of ada"]);
    house.stop().await;
}
