//! Playlists whose time is over are really gone, with their cover on the disk and all that hung on them, and no others.

use moodcall::base::id::PlaylistId;
use moodcall::base::timestamp::Timestamp;
use moodcall::playlists::sweep;
use reqwest::Method;
use serde_json::json;

use super::client::{House, house};
use super::moderation::act;

/// Tables with rows of a playlist.
const PARTS: [&str; 7] = [
    "SELECT COUNT(*) FROM playlists WHERE id = $1",
    "SELECT COUNT(*) FROM playlist_songs WHERE playlist_id = $1",
    "SELECT COUNT(*) FROM playlist_tags WHERE playlist_id = $1",
    "SELECT COUNT(*) FROM playlist_grams WHERE playlist_id = $1",
    "SELECT COUNT(*) FROM playlist_likes WHERE playlist_id = $1",
    "SELECT COUNT(*) FROM playlist_bookmarks WHERE playlist_id = $1",
    "SELECT COUNT(*) FROM comments WHERE playlist_id = $1",
];

/// Which of the tables have rows of a playlist.
async fn left(house: &House, list: PlaylistId) -> Vec<bool> {
    let mut left = Vec::new();
    for sql in PARTS {
        let count: i64 =
            sqlx::query_scalar(sql).bind(list).fetch_one(house.running.app.state.store.read()).await.expect("a count");
        left.push(count > 0);
    }
    left
}

async fn age(house: &House, list: PlaylistId, milliseconds: i64) {
    let write = house.running.app.state.store.write();
    let older = sqlx::query("UPDATE playlists SET deleted_at = deleted_at - $2 WHERE id = $1");
    assert_eq!(older.bind(list).bind(milliseconds).execute(write).await.expect("a row").rows_affected(), 1);
}

#[tokio::test]
async fn deleted_playlists_go_after_ten_minutes_and_those_taken_down_after_thirty_days() {
    let house = house().await;
    let [ada, bob] = [house.person("ada").await, house.person("bob").await];
    let watch = house.staff("watch").await;
    let song = house.song("Choir", "one").await;
    let mut lists = Vec::new();
    for title in ["deleted", "hidden", "late", "there"] {
        let list = house.playlist_by(&ada, json!({ "title": title, "tags": ["rain"], "songs": [song] })).await;
        for mark in ["like", "bookmark"] {
            let path = format!("/playlists/{}/{mark}", list.id);
            assert_eq!(house.ask(Some(&bob), Method::PUT, &path, None).await.status(), 204);
        }
        let said = json!({ "body": "nice" });
        let path = format!("/playlists/{}/comments", list.id);
        assert_eq!(house.ask(Some(&bob), Method::POST, &path, Some(said)).await.status(), 201);
        assert_eq!(left(&house, list.id).await, [true; 7]);
        lists.push(list);
    }
    let [deleted, hidden, late, there] = [lists[0].id, lists[1].id, lists[2].id, lists[3].id];
    let post = house.post_by(&ada, json!({ "title": "Look", "playlist_id": deleted })).await;
    for list in [deleted, late] {
        assert_eq!(house.ask(Some(&ada), Method::DELETE, &format!("/playlists/{list}"), None).await.status(), 204);
    }
    let hide = json!({ "action": "hide-playlist", "id": hidden });
    assert_eq!(act(&house, &watch, "ada", hide).await.0, 201);
    age(&house, deleted, 10 * 60_000).await;
    age(&house, hidden, 29 * 86_400_000).await;

    let users = &house.running.app.users;
    assert_eq!(house.kept_files().len(), 4);
    assert_eq!(sweep::round(users, Timestamp::now()).await.expect("a round"), 1);
    assert_eq!(left(&house, deleted).await, [false; 7]);
    for list in [hidden, late, there] {
        assert_eq!(left(&house, list).await, [true; 7]);
    }
    assert_eq!((house.kept_files().len(), house.number("SELECT COUNT(*) FROM uploads").await), (3, 3));
    assert_eq!(house.post_seen(Some(&ada), post.id).await.expect("a post").playlist, None);
    let back = house.ask(Some(&ada), Method::PUT, &format!("/playlists/{late}/restoration"), None).await;
    assert_eq!(back.status(), 200, "it was not too late for this one");

    age(&house, hidden, 86_400_000).await;
    assert_eq!(sweep::round(users, Timestamp::now()).await.expect("a round"), 1);
    assert_eq!(left(&house, hidden).await, [false; 7]);
    for list in [late, there] {
        assert_eq!(left(&house, list).await, [true; 7]);
        let (url, _) = house.cover_of(&ada, list).await;
        assert_eq!(house.get(&url).await.status(), 200);
    }
    assert_eq!((house.kept_files().len(), house.number("SELECT COUNT(*) FROM uploads").await), (2, 2));
    assert_eq!(house.number("SELECT item_count FROM tags WHERE name = 'rain'").await, 2);
    assert_eq!(sweep::round(users, Timestamp::now()).await.expect("a round"), 0);
    house.stop().await;
}
