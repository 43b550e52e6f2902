//! Making and reading playlists: what one may hold, whose it is, and once however often it is sent.

use moodcall::base::id::{PlaylistId, SongId};
use moodcall::playlists::playlist::{Playlist, WholePlaylist};
use moodcall::web::page::Page;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::client::{House, house};
use super::person::Person;
use super::posting::refused;

impl House {
    /// A playlist that is taken.
    pub async fn playlist_by(&self, who: &Person, body: Value) -> Playlist {
        let answer = self.ask(Some(who), Method::POST, "/playlists", Some(body)).await;
        let status = answer.status();
        let text = answer.text().await.expect("text");
        assert_eq!(status, 201, "{text}");
        serde_json::from_str::<WholePlaylist>(&text).expect("a playlist").playlist
    }

    /// A playlist as somebody sees it; none when they do not.
    pub async fn playlist_seen(&self, who: Option<&Person>, id: PlaylistId) -> Option<WholePlaylist> {
        let answer = self.ask(who, Method::GET, &format!("/playlists/{id}"), None).await;
        match answer.status().as_u16() {
            200 => Some(answer.json().await.expect("a playlist")),
            404 => None,
            other => panic!("{other}"),
        }
    }

    /// Songs with these titles, of one singer.
    pub async fn songs<const N: usize>(&self, titles: [&str; N]) -> [SongId; N] {
        let mut ids = [SongId::new(); N];
        for (id, title) in ids.iter_mut().zip(titles) {
            *id = self.song("Choir", title).await;
        }
        ids
    }

    /// Titles of a list of playlists, as somebody sees it.
    pub async fn lists(&self, who: Option<&Person>, path: &str) -> Vec<String> {
        let answer = self.ask(who, Method::GET, path, None).await;
        assert_eq!(answer.status(), 200, "{path}");
        let page: Page<Playlist> = answer.json().await.expect("a page");
        page.items.into_iter().map(|one| one.title).collect()
    }
}

/// The titles of the songs in a playlist.
pub fn songs_of(list: &WholePlaylist) -> Vec<&str> {
    list.songs.items.iter().map(|entry| entry.song.title.en.as_str()).collect()
}

#[tokio::test]
async fn a_playlist_is_kept_as_it_was_made_and_its_owner_is_who_is_logged_in() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let [one, two, three] = house.songs(["one", "two", "three"]).await;
    let body = json!({
        "title": "  Rain on the e\u{301}tage ", "description": "one\ntwo", "genre": "k-pop", "mood": "sadness",
        "tags": ["Rain", "#rain", "비"], "songs": [three, one, three, two],
    });
    let answer = house.ask(Some(&ada), Method::POST, "/playlists", Some(body)).await;
    assert_eq!(answer.status(), 201);
    let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
    let (location, tag) = (header("location"), header("etag"));
    let list: WholePlaylist = answer.json().await.expect("a playlist");
    let made = &list.playlist;
    assert_eq!((location, tag.as_str()), (format!("/api/v1/playlists/{}", made.id), "\"v1\""));
    assert_eq!((made.title.as_str(), made.description.as_str()), ("Rain on the étage", "one\ntwo"));
    assert_eq!((made.owner.id, made.is_own, made.liked, made.bookmarked), (ada.id, true, false, false));
    assert_eq!((made.tags.clone(), made.song_count), (vec!["rain".to_owned(), "비".to_owned()], 3));
    let text = serde_json::to_value(made).expect("JSON");
    assert_eq!((&text["genre"], &text["mood"], &text["is_public"]), (&json!("k-pop"), &json!("sadness"), &json!(true)));
    assert_eq!((&text["generated_by"], &text["edited_at"]), (&Value::Null, &Value::Null));
    assert_eq!(songs_of(&list), ["three", "one", "two"]);
    for who in [Some(&bob), None] {
        let seen = house.playlist_seen(who, made.id).await.expect("a playlist");
        assert_eq!((seen.playlist.is_own, &seen.songs), (false, &list.songs));
    }
    // The author comes from the token: there is no field for it.
    for field in ["owner", "owner_id", "generated_by", "like_count"] {
        let body = json!({ "title": "x", field: bob.id });
        assert_eq!(house.ask(Some(&ada), Method::POST, "/playlists", Some(body)).await.status(), 400, "{field}");
    }
    assert_eq!(house.ask(None, Method::POST, "/playlists", Some(json!({ "title": "x" }))).await.status(), 401);
    house.stop().await;
}

#[tokio::test]
async fn what_does_not_fit_is_refused_where_it_stands_and_leaves_nothing() {
    let house = house().await;
    let ada = house.person("ada").await;
    let song = house.song("Choir", "one").await;
    let many = vec![json!(song); 201];
    for (body, pointer) in [
        (json!({ "title": "  " }), "/title"),
        (json!({ "title": "가".repeat(51) }), "/title"),
        (json!({ "title": "x", "description": "가".repeat(151) }), "/description"),
        (json!({ "title": "x", "tags": ["a b"] }), "/tags/0"),
        (json!({ "title": "x", "songs": [song, SongId::new()] }), "/songs/1"),
        (json!({ "title": "x", "songs": many }), "/songs"),
    ] {
        let answer = house.ask(Some(&ada), Method::POST, "/playlists", Some(body.clone())).await;
        assert_eq!(refused(answer).await, (422, "invalid".into(), pointer.into()), "{body}");
    }
    for body in [json!({}), json!({ "title": "x", "genre": "polka" }), json!({ "title": "x", "mood": "unsure" })] {
        assert_eq!(house.ask(Some(&ada), Method::POST, "/playlists", Some(body.clone())).await.status(), 400, "{body}");
    }
    for table in ["SELECT COUNT(*) FROM playlists", "SELECT COUNT(*) FROM playlist_songs", "SELECT COUNT(*) FROM tags"]
    {
        assert_eq!(house.number(table).await, 0, "{table}");
    }
    let most = json!({ "title": "가".repeat(50), "description": "가".repeat(150) });
    house.playlist_by(&ada, most).await;
    house.stop().await;
}

#[tokio::test]
async fn the_same_request_makes_one_playlist_even_if_its_answer_was_lost() {
    let house = house().await;
    let ada = house.person("ada").await;
    let send = async |key: &str| -> WholePlaylist {
        let ask = Client::new().post(house.url("/api/v1/playlists")).bearer_auth(&ada.token);
        let answer =
            ask.header("idempotency-key", key).json(&json!({ "title": "Rain" })).send().await.expect("an answer");
        assert_eq!(answer.status(), 201);
        answer.json().await.expect("a playlist")
    };
    let first = send("a-key-of-sixteen-letters").await;
    assert_eq!(send("a-key-of-sixteen-letters").await, first);
    // As if the server had died between the row and its answer.
    sqlx::query("DELETE FROM idempotency_keys")
        .execute(house.running.app.state.store.write())
        .await
        .expect("no answers");
    assert_eq!(send("a-key-of-sixteen-letters").await, first);
    assert_ne!(send("another-key-of-some-length").await.playlist.id, first.playlist.id);
    assert_eq!(house.number("SELECT COUNT(*) FROM playlists").await, 2);
    house.stop().await;
}

#[tokio::test]
async fn public_playlists_are_listed_newest_first_or_hottest_first_and_by_genre() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    for (title, genre) in [("old", "pop"), ("middle", "ost"), ("new", "pop")] {
        house.playlist_by(&ada, json!({ "title": title, "genre": genre })).await;
    }
    house.playlist_by(&ada, json!({ "title": "secret", "genre": "pop", "is_public": false })).await;
    let write = house.running.app.state.store.write();
    sqlx::query("UPDATE playlists SET created_at = 1000, heat = 1000").execute(write).await.expect("one time");
    sqlx::query("UPDATE playlists SET heat = 2000 WHERE title = 'old'").execute(write).await.expect("a hot one");
    for who in [None, Some(&ada), Some(&bob)] {
        assert_eq!(house.lists(who, "/playlists").await, ["new", "middle", "old"]);
        assert_eq!(house.lists(who, "/playlists?sort=hot").await, ["old", "new", "middle"]);
        assert_eq!(house.lists(who, "/playlists?genre=pop").await, ["new", "old"]);
        assert_eq!(house.lists(who, "/playlists?genre=pop&sort=hot").await, ["old", "new"]);
    }
    for path in ["/playlists", "/playlists?sort=hot", "/playlists?genre=pop&sort=hot"] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        let sign = if path.contains('?') { '&' } else { '?' };
        loop {
            let path = format!("{path}{sign}limit=1&cursor={cursor}");
            let answer = house.ask(None, Method::GET, &path, None).await;
            let page: Page<Playlist> = answer.json().await.expect("a page");
            seen.extend(page.items.into_iter().map(|one| one.title));
            let Some(next) = page.next_cursor else { break };
            cursor = next;
        }
        assert_eq!(seen, house.lists(None, path).await, "{path}");
    }
    for wrong in ["genre=polka", "sort=old", "sort=new&limit=0"] {
        let status = house.ask(None, Method::GET, &format!("/playlists?{wrong}"), None).await.status().as_u16();
        assert!([400, 422].contains(&status), "{wrong}: {status}");
    }
    house.ask(Some(&ada), Method::PUT, "/me/blocks/bob", None).await;
    assert!(house.lists(Some(&bob), "/playlists").await.is_empty());
    house.stop().await;
}
