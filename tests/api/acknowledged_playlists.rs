//! Playlists made by hand on a server that is killed again and again: what it has acknowledged is there, in the order that was
//! acknowledged, nothing is there twice, and every song of a playlist is there once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use moodcall::base::clock;
use moodcall::base::id::SongId;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::SOON;
use super::generation_killed::{Place, draw};

/// How often the server is killed.
const KILLS: u64 = 25;
/// Clients that write at the same time, each its own playlists.
const WRITERS: u64 = 3;
/// Songs that there are to choose from.
const SONGS: usize = 40;

/// A song's place in a playlist, and the song.
type Entry = (String, String);

/// A change that was sent and not answered.
#[derive(Clone, Debug)]
enum Change {
    /// A playlist of this title with these songs.
    Make(String, Vec<String>),
    /// Songs at the end of a playlist, some of which it may have.
    Add(String, Vec<String>),
    /// An entry of a playlist behind another, or to the beginning.
    Move(String, String, Option<String>),
}

struct Writer {
    client: reqwest::Client,
    token: String,
    number: u64,
    seed: u64,
    /// How many changes were begun; also names their keys.
    sent: u64,
    open: Option<Change>,
    /// What was acknowledged: the entries of each playlist in their order.
    lists: BTreeMap<String, Vec<Entry>>,
    titles: BTreeMap<String, String>,
    acknowledged: BTreeMap<&'static str, u64>,
    /// What all writers were acknowledged, together.
    all: Arc<AtomicU64>,
}

impl Writer {
    fn new(number: u64, seed: u64, token: &str, all: &Arc<AtomicU64>) -> Self {
        Self {
            client: reqwest::Client::new(),
            token: token.to_owned(),
            number,
            seed: seed ^ (number << 32),
            sent: 0,
            open: None,
            lists: BTreeMap::new(),
            titles: BTreeMap::new(),
            acknowledged: BTreeMap::new(),
            all: Arc::clone(all),
        }
    }

    /// A number below `end`.
    fn any(&self, salt: u64, end: usize) -> usize {
        (draw(self.seed, self.sent * 64 + salt) % end as u64) as usize
    }

    fn choice(&self, songs: &[String], count: usize) -> Vec<String> {
        (0..count).map(|at| songs[self.any(16 + at as u64, songs.len())].clone()).collect()
    }

    /// The next change: seldom another playlist, else songs or a move.
    fn next(&mut self, songs: &[String]) -> Change {
        self.sent += 1;
        let known: Vec<&String> = self.lists.keys().collect();
        if known.is_empty() || self.any(0, 12) == 0 {
            let title = format!("list {} of writer {}", self.sent, self.number);
            return Change::Make(title, self.choice(songs, 4));
        }
        let list = known[self.any(1, known.len())].clone();
        let entries = &self.lists[&list];
        if entries.len() < 2 || self.any(2, 2) == 0 {
            return Change::Add(list, self.choice(songs, 3));
        }
        let one = self.any(3, entries.len());
        let other = (one + 1 + self.any(4, entries.len() - 1)) % entries.len();
        let after = (self.any(5, 4) > 0).then(|| entries[other].0.clone());
        Change::Move(list.clone(), entries[one].0.clone(), after)
    }

    /// Sends a change; none when the server does not answer any more.
    async fn send(&self, url: &str, method: Method, path: &str, body: Value) -> Option<(u16, Value)> {
        let key = format!("key-{}-of-writer-{}", self.sent, self.number);
        let ask = self.client.request(method, format!("{url}/api/v1{path}")).bearer_auth(&self.token);
        let answer = ask.header("idempotency-key", key).json(&body).send().await.ok()?;
        let status = answer.status().as_u16();
        let text = answer.text().await.ok()?;
        if text.is_empty() { Some((status, Value::Null)) } else { Some((status, serde_json::from_str(&text).ok()?)) }
    }

    /// Makes a change and remembers what was acknowledged.
    async fn apply(&mut self, url: &str, change: &Change) -> Option<()> {
        let kind = match change {
            Change::Make(title, songs) => {
                let body = json!({ "title": title, "songs": songs, "tags": ["ledger"] });
                let (status, list) = self.send(url, Method::POST, "/playlists", body).await?;
                assert_eq!(status, 201, "{list}");
                let id = list["id"].as_str().expect("an identifier").to_owned();
                let entries: Vec<Entry> = list["songs"]["items"].as_array().expect("songs").iter().map(entry).collect();
                let mut known = BTreeSet::new();
                let wanted: Vec<&String> = songs.iter().filter(|song| known.insert(*song)).collect();
                assert_eq!(entries.iter().map(|(_, song)| song).collect::<Vec<_>>(), wanted);
                assert_eq!(self.titles.insert(title.clone(), id.clone()), None);
                assert_eq!(self.lists.insert(id, entries), None);
                "made"
            }
            Change::Add(list, songs) => {
                let path = format!("/playlists/{list}/songs");
                let (status, added) = self.send(url, Method::POST, &path, json!({ "songs": songs })).await?;
                assert_eq!(status, 200, "{added}");
                let entries = self.lists.get_mut(list).expect("a playlist");
                for result in added["results"].as_array().expect("results") {
                    let text = |name: &str| result[name].as_str().map(str::to_owned).expect("a text");
                    let (song, entry) = (text("song"), text("entry"));
                    // In there before: by an earlier change, or by this one, whose answer was lost.
                    match entries.iter().find(|(_, known)| *known == song) {
                        Some((known, _)) => assert_eq!((known, text("status").as_str()), (&entry, "already-there")),
                        None => entries.push((entry, song)),
                    }
                }
                assert_eq!(added["song_count"], json!(entries.len()));
                "added"
            }
            Change::Move(list, entry, after) => {
                let path = format!("/playlists/{list}/song-order");
                let (status, said) =
                    self.send(url, Method::PUT, &path, json!({ "entry": entry, "after": after })).await?;
                assert_eq!(status, 204, "{said}");
                let entries = self.lists.get_mut(list).expect("a playlist");
                let at = |entries: &[Entry], id: &str| entries.iter().position(|(one, _)| one == id).expect("there");
                let moved = entries.remove(at(entries, entry));
                let place = after.as_ref().map_or(0, |after| at(entries, after) + 1);
                entries.insert(place, moved);
                "moved"
            }
        };
        *self.acknowledged.entry(kind).or_default() += 1;
        self.all.fetch_add(1, Ordering::Relaxed);
        Some(())
    }

    /// Makes changes until the server does not answer any more, beginning with what it did not answer before.
    async fn write(&mut self, url: &str, songs: &[String]) {
        loop {
            let change = self.open.take().unwrap_or_else(|| self.next(songs));
            self.open = Some(change.clone());
            if self.apply(url, &change).await.is_none() {
                return;
            }
            self.open = None;
        }
    }
}

fn entry(entry: &Value) -> Entry {
    let text = |value: &Value| value.as_str().expect("an identifier").to_owned();
    (text(&entry["id"]), text(&entry["song"]["id"]))
}

async fn songs(place: &Place) -> Vec<String> {
    let mut songs = Vec::new();
    for number in 0..SONGS {
        let id = SongId::new();
        sqlx::query(
            "INSERT INTO songs (id, song_key, source, title_ko, title_en, artist_ko, artist_en, moods, pitch, is_minor, \
             seconds, seed, draw, created_at) VALUES ($1, $1, 'named', $2, $2, 'x', 'x', 'sadness', 9, 1, 90, 1, 5, 0)",
        )
        .bind(id)
        .bind(number.to_string())
        .execute(place.store.write())
        .await
        .expect("a song");
        songs.push(id.to_string());
    }
    songs
}

#[tokio::test(flavor = "multi_thread")]
async fn playlists_songs_and_moves_that_were_acknowledged_survive_every_kill_and_nothing_is_there_twice() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random::<u64>);
    println!("SEED={seed}");
    let place = Place::new(None).await;
    let songs = songs(&place).await;
    let all = Arc::new(AtomicU64::new(0));
    let mut writers: Vec<Writer> = (0..WRITERS).map(|number| Writer::new(number, seed, &place.token, &all)).collect();
    let started = clock::now();
    for kill in 0..KILLS {
        let (program, url) = place.start();
        // After so many more changes, however long they take, and a moment that falls anywhere into the next ones.
        let (until, span) =
            (all.load(Ordering::Relaxed) + draw(seed, 2 * kill) % 12, draw(seed, 2 * kill + 1) % 60_000);
        let killing = async {
            while all.load(Ordering::Relaxed) < until && clock::now() - started < 30 * SOON {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            tokio::time::sleep(Duration::from_micros(span)).await;
            // Ends it with SIGKILL.
            drop(program);
        };
        tokio::join!(killing, join_all(writers.iter_mut().map(|writer| writer.write(&url, &songs))));
        place.later().await;
    }
    // What was not answered is sent once more, so that all is either acknowledged or was never sent.
    let (_program, url) = place.start();
    for writer in &mut writers {
        if let Some(change) = writer.open.take() {
            writer.apply(&url, &change).await.expect("an answer");
        }
    }
    let sum =
        |kind| writers.iter().map(|writer| writer.acknowledged.get(kind).copied().unwrap_or_default()).sum::<u64>();
    let (made, added, moved) = (sum("made"), sum("added"), sum("moved"));
    println!("{made} playlists, {added} additions, {moved} moves, {KILLS} kills in {:?}", clock::now() - started);
    assert!(made > 2 && added > 10 && moved > 10, "SEED={seed}: the test kills too early");

    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT title, id FROM playlists").fetch_all(place.store.read()).await.expect("playlists");
    assert_eq!(rows.len() as u64, made, "SEED={seed}: each once");
    let kept: BTreeMap<String, String> = rows.into_iter().collect();
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("SELECT playlist_id, id, song_id FROM playlist_songs ORDER BY playlist_id, place")
            .fetch_all(place.store.read())
            .await
            .expect("songs");
    let mut ordered: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for (list, entry, song) in rows {
        ordered.entry(list).or_default().push((entry, song));
    }
    for writer in &writers {
        for (title, id) in &writer.titles {
            assert_eq!(kept.get(title), Some(id), "SEED={seed}: {title}");
            assert_eq!(ordered.get(id), writer.lists.get(id), "SEED={seed}: {title}");
        }
    }
    // And all that belongs to a playlist was kept with it, or not at all.
    for (sql, expected) in [
        ("SELECT item_count FROM tags WHERE name = 'ledger'", made),
        ("SELECT COUNT(*) FROM uploads", made),
        ("SELECT COUNT(*) FROM playlists p JOIN uploads x ON x.public_name = p.cover", made),
        (
            "SELECT COUNT(*) FROM playlists p WHERE p.song_count <> \
             (SELECT COUNT(DISTINCT e.song_id) FROM playlist_songs e WHERE e.playlist_id = p.id)",
            0,
        ),
        (
            "SELECT COUNT(*) FROM playlists p WHERE NOT EXISTS (SELECT 1 FROM playlist_grams g WHERE g.playlist_id = p.id)",
            0,
        ),
    ] {
        assert_eq!(place.number(sql).await as u64, expected, "SEED={seed}: {sql}");
    }
    place.store.close().await;
}
