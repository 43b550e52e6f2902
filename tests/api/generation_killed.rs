//! A server that is killed while it makes playlists leaves each of them once, or not at all, and goes on after its restart.

use std::path::Path;
use std::time::Duration;

use moodcall::base::clock;
use moodcall::base::id::{SessionId, UserId};
use moodcall::base::timestamp::Timestamp;
use moodcall::config::Config;
use moodcall::store::{self, Store};
use moodcall::users::access::AccessTokens;
use serde_json::{Value, json};

use super::client::{SOON, database, eventually, house_in, house_with};
use super::endpoint::{Endpoint, plain, playlist, said};
use super::program::Program;

/// How often the server is killed at a random moment.
const KILLS: u64 = 12;

/// A database that programs are started on, one after another, and somebody in it.
pub struct Place {
    folder: tempfile::TempDir,
    url: Option<String>,
    pub store: Store,
    pub token: String,
    model: Option<String>,
}

impl Place {
    pub async fn new(model: Option<String>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = database().await;
        let options = store::Options { url: url.clone(), connections: 2, ..store::Options::file(folder.path()) };
        let store = Store::open(&options).await.expect("the database");
        let keys = AccessTokens::open(folder.path(), Duration::from_secs(3600)).expect("keys");
        let (user, session, now) = (UserId::new(), SessionId::new(), Timestamp::now());
        for (sql, id) in [
            (
                "INSERT INTO users (id, email, email_key, handle, nickname, nickname_key, created_at, updated_at) \
                 VALUES ($1, 'ada', 'ada', 'ada', 'ada', $2, 0, 0)",
                user.to_string(),
            ),
            (
                "INSERT INTO sessions (id, user_id, method, created_at, used_at, expires_at) \
                 VALUES ($1, $2, 'password', 0, 0, 9000000000000)",
                session.to_string(),
            ),
        ] {
            sqlx::query(sql).bind(id).bind(user).execute(store.write()).await.expect("a row");
        }
        let (token, _) = keys.issue(user, session, now).expect("a token");
        Self { folder, url, store, token, model }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A server, and where it listens.
    pub fn start(&self) -> (Program, String) {
        self.start_with("error", &[])
    }

    /// The same, with what its log is to hold, and more settings.
    pub fn start_with(&self, log: &str, more: &[(&str, &str)]) -> (Program, String) {
        let mut settings = vec![
            ("MOODCALL_GENERATION__PER_HOUR", "100000"),
            ("MOODCALL_GENERATION__OPEN_PER_PERSON", "100"),
            ("MOODCALL_ACCOUNTS__REQUESTS_PER_MINUTE", "1000000"),
            ("MOODCALL_ACCOUNTS__POSTS_PER_HOUR", "1000000"),
            ("MOODCALL_ACCOUNTS__COMMENTS_PER_HOUR", "1000000"),
        ];
        settings.extend(self.url.as_deref().map(|url| ("MOODCALL_DATABASE_URL", url)));
        if let Some(model) = self.model.as_deref() {
            settings.extend([("MOODCALL_CHAT_MODEL__URL", model), ("MOODCALL_CHAT_MODEL__MODEL", "small-model")]);
        }
        settings.extend(more);
        let (program, line) = Program::start_with(self.path(), log, &settings);
        let url = line.strip_prefix("listening on ").unwrap_or_else(|| panic!("{line:?}")).trim().to_owned();
        (program, url)
    }

    /// Asks for a playlist; none when the server does not answer any more.
    async fn ask(&self, url: &str, key: &str) -> Option<Value> {
        self.ask_for(url, key, json!({ "kind": "event", "mood_text": "a very private line" })).await
    }

    /// The same, for this one.
    pub async fn ask_for(&self, url: &str, key: &str, body: Value) -> Option<Value> {
        let request = reqwest::Client::new().post(format!("{url}/api/v1/playlist-generations"));
        let request = request.bearer_auth(&self.token).header("idempotency-key", key).json(&body);
        loop {
            let answer = request.try_clone().expect("a request").send().await.ok()?;
            match answer.status().as_u16() {
                202 => return answer.json().await.ok(),
                // So many are in the making already; the work goes on meanwhile.
                429 => tokio::time::sleep(Duration::from_millis(50)).await,
                other => panic!("{other}"),
            }
        }
    }

    /// The status of a request that is refused.
    pub async fn refusal(&self, url: &str, body: &Value) -> u16 {
        let request = reqwest::Client::new().post(format!("{url}/api/v1/playlist-generations"));
        request.bearer_auth(&self.token).json(body).send().await.expect("an answer").status().as_u16()
    }

    pub async fn number(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.store.read()).await.expect("a number")
    }

    /// As if the time of whoever held something, or of a request whose server died, were over; tries do not run out.
    pub async fn later(&self) {
        for sql in [
            "UPDATE playlist_generations SET held_until = 0, tries = 0 WHERE ended_at IS NULL",
            "UPDATE idempotency_keys SET created_at = created_at - 61000 WHERE answer IS NULL",
        ] {
            sqlx::query(sql).execute(self.store.write()).await.expect("rows");
        }
    }

    /// Waits until nothing is in the making.
    pub async fn quiet(&self) {
        let waiting = async {
            while self.number("SELECT COUNT(*) FROM playlist_generations WHERE ended_at IS NULL").await > 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(6 * SOON, waiting).await.expect("an end in time");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_being_made_when_the_server_was_killed_is_made_once_after_its_restart() {
    // The first question is never answered: the server is killed while it waits.
    let endpoint = Endpoint::start(|number, _| {
        Box::pin(async move {
            if number == 0 {
                std::future::pending::<()>().await;
            }
            plain(200, &[], said(&playlist("Again").to_string()))
        })
    })
    .await;
    let place = Place::new(Some(endpoint.url.clone())).await;
    let (program, url) = place.start();
    let asked = place.ask(&url, "the-key-of-a-playlist").await.expect("an answer");
    let began = clock::now();
    while endpoint.open() == 0 {
        assert!(clock::now() - began < 3 * SOON, "the model is not asked");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    drop(program);
    assert_eq!(place.number("SELECT COUNT(*) FROM playlist_generations WHERE status = 'running'").await, 1);
    assert_eq!(place.number("SELECT COUNT(*) FROM playlists").await, 0);
    let sqlite = place.url.is_none();
    if !sqlite {
        // Another node might still hold it, so it comes free with time.
        sqlx::query("UPDATE playlist_generations SET held_until = 0")
            .execute(place.store.write())
            .await
            .expect("a row");
    }
    let (_program, url) = place.start();
    place.quiet().await;
    // The request that was not known to be answered is the same playlist.
    let again = place.ask(&url, "the-key-of-a-playlist").await.expect("an answer");
    assert_eq!(again["id"], asked["id"]);
    let (status, tries, input): (String, i64, String) =
        sqlx::query_as("SELECT status, tries, input FROM playlist_generations")
            .fetch_one(place.store.read())
            .await
            .expect("one row");
    assert_eq!((status.as_str(), tries, input.as_str()), ("done", 2, ""));
    assert_eq!(place.number("SELECT COUNT(*) FROM playlists").await, 1);
    assert_eq!(place.number("SELECT COUNT(*) FROM playlist_songs").await, 8);
    place.store.close().await;
}

/// A number of 64 bits from a seed and a place (SplitMix64).
pub fn draw(seed: u64, place: u64) -> u64 {
    let mut z = seed.wrapping_add(place.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[tokio::test(flavor = "multi_thread")]
async fn whenever_it_is_killed_there_is_one_playlist_for_each_that_was_asked_for() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random::<u64>);
    println!("SEED={seed}");
    let place = Place::new(None).await;
    let (mut number, mut open): (u64, Option<u64>) = (0, None);
    for kill in 0..KILLS {
        let (program, url) = place.start();
        let span = Duration::from_millis(5 + draw(seed, kill) % 200);
        let asking = async {
            loop {
                let key = open.take().unwrap_or_else(|| {
                    number += 1;
                    number
                });
                open = Some(key);
                if place.ask(&url, &format!("the-key-of-number-{key}")).await.is_none() {
                    return;
                }
                open = None;
                // A few at a time, so that the work is done while the server is killed.
                if number % 4 == 0 {
                    tokio::time::sleep(Duration::from_millis(80)).await;
                }
            }
        };
        let killing = async {
            tokio::time::sleep(span).await;
            // Ends it with SIGKILL.
            drop(program);
        };
        tokio::join!(killing, asking);
        place.later().await;
    }
    let (_program, url) = place.start();
    if let Some(key) = open {
        place.ask(&url, &format!("the-key-of-number-{key}")).await.expect("an answer");
    }
    place.quiet().await;
    let asked = i64::try_from(number).expect("a number");
    println!("{asked} playlists and {KILLS} kills");
    assert!(asked > 10, "only {asked} were asked for: the test kills too early");
    for (sql, expected) in [
        ("SELECT COUNT(*) FROM playlist_generations", asked),
        ("SELECT COUNT(*) FROM playlist_generations WHERE status = 'done' AND input = ''", asked),
        ("SELECT COUNT(DISTINCT playlist_id) FROM playlist_generations", asked),
        ("SELECT COUNT(*) FROM playlists", asked),
        (
            "SELECT COUNT(*) FROM playlists p WHERE (SELECT COUNT(*) FROM playlist_songs x WHERE x.playlist_id = p.id) \
          NOT BETWEEN 7 AND 10",
            0,
        ),
        (
            "SELECT COUNT(*) FROM playlists p WHERE (SELECT COUNT(*) FROM playlist_tags x WHERE x.playlist_id = p.id) <> 3",
            0,
        ),
        (
            "SELECT COUNT(*) FROM playlists p WHERE (SELECT COUNT(*) FROM playlist_songs x WHERE x.playlist_id = p.id) \
          <> p.song_count",
            0,
        ),
    ] {
        assert_eq!(place.number(sql).await, expected, "SEED={seed}: {sql}");
    }
    place.store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_gives_back_what_is_not_ready_and_no_try_is_lost() {
    let endpoint = Endpoint::start(|number, _| {
        Box::pin(async move {
            if number == 0 {
                std::future::pending::<()>().await;
            }
            plain(200, &[], said(&playlist("After").to_string()))
        })
    })
    .await;
    let url = database().await;
    let settings = |config: &mut Config| {
        endpoint.configured(config);
        config.database.url = url.clone();
    };
    let house = house_with(settings).await;
    let ada = house.person("ada").await;
    let (_, asked) = house.generate(&ada, json!({ "kind": "call", "mood": "neutral" })).await;
    eventually("the model is asked", || endpoint.open() == 1).await;
    let folder = house.stop().await;
    eventually("the question is dropped", || endpoint.dropped() == 1).await;
    let house = house_in(folder, settings).await;
    let ended = house.ended(&ada, &asked["id"]).await;
    assert_eq!(ended["status"], "done", "{ended}");
    assert_eq!(house.listen_to(&ada, &ended).await["title"], "After");
    assert_eq!(house.number("SELECT tries FROM playlist_generations").await, 1);
    house.stop().await;
}
