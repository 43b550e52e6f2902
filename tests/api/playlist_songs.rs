//! Songs of a playlist: each one's result when they are added, and every one of them once however they are moved.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use moodcall::base::id::{EntryId, PlaylistId, SongId};
use moodcall::playlists::playlist::{PlaylistEntry, WholePlaylist};
use moodcall::playlists::songs::add::{AddedSongs, Fate};
use moodcall::web::page::Page;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::client::{House, house};
use super::person::Person;
use super::playlists::songs_of;
use super::posting::refused;

impl House {
    async fn add(&self, who: &Person, list: PlaylistId, songs: &[Value]) -> AddedSongs {
        let body = json!({ "songs": songs });
        let answer = self.ask(Some(who), Method::POST, &format!("/playlists/{list}/songs"), Some(body)).await;
        assert_eq!(answer.status(), 200);
        answer.json().await.expect("what became of them")
    }

    async fn whole(&self, list: PlaylistId) -> WholePlaylist {
        self.playlist_seen(None, list).await.expect("a playlist")
    }

    /// Status of a move.
    async fn move_song(&self, who: &Person, list: PlaylistId, entry: EntryId, after: Option<EntryId>) -> u16 {
        let body = json!({ "entry": entry, "after": after });
        let answer = self.ask(Some(who), Method::PUT, &format!("/playlists/{list}/song-order"), Some(body)).await;
        answer.status().as_u16()
    }
}

#[tokio::test]
async fn adding_songs_tells_each_ones_result_and_none_stops_the_others() {
    let house = house().await;
    let ada = house.person("ada").await;
    let [one, two, three] = house.songs(["one", "two", "three"]).await;
    let list = house.playlist_by(&ada, json!({ "title": "Rain", "songs": [one] })).await.id;
    let named =
        [json!(two), json!(one), json!(SongId::new()), json!("nonsense"), json!("\u{0}"), json!(two), json!(three)];
    let added = house.add(&ada, list, &named).await;
    let fates: Vec<Fate> = added.results.iter().map(|one| one.status).collect();
    use Fate::{Added, AlreadyThere, NotFound};
    assert_eq!(fates, [Added, AlreadyThere, NotFound, NotFound, NotFound, AlreadyThere, Added]);
    for (result, name) in added.results.iter().zip(&named) {
        assert_eq!(&json!(result.song), name);
        assert_eq!(result.entry.is_some(), result.status != NotFound);
    }
    assert_eq!(added.results[0].entry, added.results[5].entry);
    assert_eq!((added.song_count, added.version), (3, 2));
    let whole = house.whole(list).await;
    assert_eq!(songs_of(&whole), ["one", "two", "three"]);
    assert_eq!((whole.playlist.song_count, whole.playlist.version), (3, 2));
    assert!(whole.playlist.edited_at.is_some());
    let again = house.add(&ada, list, &[json!(three), json!(SongId::new())]).await;
    assert_eq!((again.song_count, again.version), (3, 2), "nothing was added, so nothing has changed");
    for (body, status) in [(json!({ "songs": [] }), 422), (json!({ "songs": vec!["x"; 51] }), 422), (json!({}), 400)] {
        let answer = house.ask(Some(&ada), Method::POST, &format!("/playlists/{list}/songs"), Some(body)).await;
        assert_eq!(answer.status(), status);
    }
    let long = json!({ "songs": [one, "x".repeat(65)] });
    let answer = house.ask(Some(&ada), Method::POST, &format!("/playlists/{list}/songs"), Some(long)).await;
    assert_eq!(refused(answer).await.2, "/songs/1");
    house.stop().await;
}

#[tokio::test]
async fn a_playlist_that_is_full_takes_no_more_and_says_so() {
    let house = house().await;
    let ada = house.person("ada").await;
    let mut songs = Vec::new();
    for number in 0..202 {
        songs.push(json!(house.song("Choir", &number.to_string()).await));
    }
    let list = house.playlist_by(&ada, json!({ "title": "Rain", "songs": songs[..150] })).await.id;
    house.add(&ada, list, &songs[150..199]).await;
    let added = house.add(&ada, list, &songs[198..]).await;
    let fates: Vec<Fate> = added.results.iter().map(|one| one.status).collect();
    assert_eq!(fates, [Fate::AlreadyThere, Fate::Added, Fate::Full, Fate::Full]);
    assert_eq!(added.song_count, 200);
    // In their order, page by page, and places stay short although all of them were put at the end.
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/playlists/{list}/songs?limit=60&cursor={cursor}");
        let page: Page<PlaylistEntry> = house.ask(None, Method::GET, &path, None).await.json().await.expect("a page");
        seen.extend(page.items.into_iter().map(|entry| json!(entry.song.id)));
        let Some(next) = page.next_cursor else { break };
        cursor = next;
    }
    assert_eq!(seen, songs[..200]);
    assert!(house.number("SELECT CAST(MAX(length(place)) AS BIGINT) FROM playlist_songs").await <= 24);
    let whole = house.whole(list).await;
    assert_eq!((whole.songs.items.len(), whole.songs.next_cursor.is_some()), (50, true));
    house.stop().await;
}

#[tokio::test]
async fn songs_are_taken_out_and_moved_by_their_place() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let songs = house.songs(["a", "b", "c", "d"]).await;
    let list = house.playlist_by(&ada, json!({ "title": "Rain", "songs": songs })).await.id;
    let other = house.playlist_by(&ada, json!({ "title": "Sun", "songs": songs })).await.id;
    let [a, b, c, d] =
        <[EntryId; 4]>::try_from(house.whole(list).await.songs.items.iter().map(|entry| entry.id).collect::<Vec<_>>())
            .expect("four");
    for (entry, after, order) in [
        (d, None, ["d", "a", "b", "c"]),
        (d, Some(c), ["a", "b", "c", "d"]),
        (a, Some(b), ["b", "a", "c", "d"]),
        (a, Some(b), ["b", "a", "c", "d"]),
        (c, Some(b), ["b", "c", "a", "d"]),
        (b, None, ["b", "c", "a", "d"]),
    ] {
        assert_eq!(house.move_song(&ada, list, entry, after).await, 204);
        assert_eq!(songs_of(&house.whole(list).await), order);
    }
    assert_eq!(house.whole(list).await.playlist.version, 5, "who stands there already has not moved");
    let foreign = house.whole(other).await.songs.items[0].id;
    for (entry, after) in [(a, Some(a)), (foreign, None), (a, Some(foreign)), (a, Some(EntryId::new()))] {
        assert_eq!(house.move_song(&ada, list, entry, after).await, 422);
    }
    let half = json!({ "entry": a });
    let answer = house.ask(Some(&ada), Method::PUT, &format!("/playlists/{list}/song-order"), Some(half)).await;
    assert_eq!(answer.status(), 400, "a body that forgot it moves nothing");
    let remove = async |who, entry| {
        house.ask(Some(who), Method::DELETE, &format!("/playlists/{list}/songs/{entry}"), None).await.status().as_u16()
    };
    assert_eq!((remove(&bob, c).await, remove(&ada, foreign).await), (403, 404));
    assert_eq!((remove(&ada, c).await, remove(&ada, c).await), (204, 404));
    let whole = house.whole(list).await;
    assert_eq!((songs_of(&whole), whole.playlist.song_count), (vec!["b", "a", "d"], 3));
    assert_eq!(house.whole(other).await.playlist.song_count, 4);
    house.stop().await;
}

#[tokio::test]
async fn who_changes_songs_by_an_old_version_is_told() {
    let house = house().await;
    let ada = house.person("ada").await;
    let [one, two] = house.songs(["one", "two"]).await;
    let list = house.playlist_by(&ada, json!({ "title": "Rain", "songs": [one] })).await.id;
    let entry = house.whole(list).await.songs.items[0].id;
    let ask = async |method: Method, path: &str, tag: &str, body: Value| {
        let ask = Client::new().request(method, house.url(&format!("/api/v1/playlists/{list}/{path}")));
        let ask = ask.bearer_auth(&ada.token).header("if-match", tag).json(&body);
        let answer = ask.send().await.expect("an answer");
        let tag = answer.headers().get("etag").map(|tag| tag.to_str().expect("text").to_owned());
        (answer.status().as_u16(), tag)
    };
    let added = ask(Method::POST, "songs", "\"v1\"", json!({ "songs": [two] })).await;
    assert_eq!(added, (200, Some("\"v2\"".into())));
    let first = json!({ "entry": entry, "after": null });
    for (method, path, body) in [
        (Method::POST, "songs".to_owned(), json!({ "songs": [two] })),
        (Method::PUT, "song-order".to_owned(), first),
        (Method::DELETE, format!("songs/{entry}"), json!({})),
    ] {
        assert_eq!(ask(method, &path, "\"v1\"", body).await.0, 412, "{path}");
    }
    let gone = ask(Method::DELETE, &format!("songs/{entry}"), "\"v2\"", json!({})).await;
    assert_eq!(gone, (204, Some("\"v3\"".into())));
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_who_move_at_once_lose_no_song_and_have_none_twice() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random::<u64>);
    println!("SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let house = house().await;
    let ada = house.person("ada").await;
    let mut songs = Vec::new();
    for number in 0..12 {
        songs.push(house.song("Choir", &number.to_string()).await);
    }
    let list = house.playlist_by(&ada, json!({ "title": "Rain", "songs": songs })).await.id;
    let entries: Vec<EntryId> = house.whole(list).await.songs.items.iter().map(|entry| entry.id).collect();
    for round in 0..4 {
        // In the last round all want the same place.
        let moves: Vec<(EntryId, Option<EntryId>)> = (0..50)
            .map(|_| {
                let one = random.random_range(0..entries.len());
                let other = (one + random.random_range(1..entries.len())) % entries.len();
                let first = round == 3 || random.random_ratio(1, 5);
                (entries[one], (!first).then_some(entries[other]))
            })
            .collect();
        let asked = moves.iter().map(|(entry, after)| house.move_song(&ada, list, *entry, *after));
        let answers = join_all(asked).await;
        assert!(answers.iter().all(|status| *status == 204), "SEED={seed} {answers:?}");
        let whole = house.whole(list).await;
        let there: BTreeSet<EntryId> = whole.songs.items.iter().map(|entry| entry.id).collect();
        assert_eq!((whole.songs.items.len(), there.len()), (12, 12), "SEED={seed}");
        assert_eq!(house.number("SELECT COUNT(DISTINCT place) FROM playlist_songs").await, 12, "SEED={seed}");
        assert!(house.number("SELECT CAST(MAX(length(place)) AS BIGINT) FROM playlist_songs").await <= 24);
    }
    house.stop().await;
}
