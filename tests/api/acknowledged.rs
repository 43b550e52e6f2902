//! What the server has acknowledged is there after it was killed, and nothing is there twice.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use moodcall::base::clock;
use moodcall::base::id::{SessionId, UserId};
use moodcall::base::timestamp::Timestamp;
use moodcall::store::{self, Store};
use moodcall::users::access::AccessTokens;
use serde_json::{Value, json};

use super::client::database;
use super::program::Program;

/// How often the server is killed.
const KILLS: u64 = 50;
/// Clients that write at the same time.
const WRITERS: u64 = 3;

/// A number of 64 bits from a seed and a place (SplitMix64).
fn draw(seed: u64, place: u64) -> u64 {
    let mut z = seed.wrapping_add(place.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// What one client has sent, and what the server has said.
#[derive(Default)]
struct Ledger {
    /// Titles of what was acknowledged, with the post's identifier.
    acknowledged: BTreeMap<String, String>,
    /// The title of what was sent and not answered.
    open: Option<String>,
    sent: u64,
}

struct Writer {
    client: reqwest::Client,
    token: String,
    number: u64,
    ledger: Ledger,
}

impl Writer {
    /// Writes posts until the server does not answer any more, beginning with what it did not answer before.
    async fn write(&mut self, url: &str) {
        loop {
            let title = self.ledger.open.take().unwrap_or_else(|| {
                self.ledger.sent += 1;
                format!("post {} of writer {}", self.ledger.sent, self.number)
            });
            self.ledger.open = Some(title.clone());
            let ask = self.client.post(format!("{url}/api/v1/posts")).bearer_auth(&self.token);
            let ask = ask.header("idempotency-key", format!("key of {}", title).replace(' ', "-"));
            let Ok(answer) = ask.json(&json!({ "title": title, "tags": ["ledger"] })).send().await else { return };
            assert_eq!(answer.status(), 201, "{title}");
            let Ok(post) = answer.json::<Value>().await else { return };
            assert_eq!(post["title"], title.as_str());
            self.ledger.open = None;
            let id = post["id"].as_str().expect("an identifier").to_owned();
            assert_eq!(self.ledger.acknowledged.insert(title, id), None);
        }
    }
}

async fn count(store: &Store, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(store.read()).await.expect("a count")
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_and_nothing_is_there_twice_after_fifty_kills() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random::<u64>);
    println!("SEED={seed}");
    let folder = tempfile::tempdir().expect("a folder");
    let url = database().await;
    let options = store::Options { url: url.clone(), connections: 2, ..store::Options::file(folder.path()) };
    let store = Store::open(&options).await.expect("the database");
    let keys = AccessTokens::open(folder.path(), Duration::from_secs(3600)).expect("keys");
    let mut writers = Vec::new();
    for number in 0..WRITERS {
        let (user, session, now) = (UserId::new(), SessionId::new(), Timestamp::now());
        sqlx::query(
            "INSERT INTO users (id, email, email_key, handle, nickname, nickname_key, created_at, updated_at) \
             VALUES ($1, $2, $2, $2, $2, $2, $3, $3)",
        )
        .bind(user)
        .bind(format!("writer{number}"))
        .bind(now)
        .execute(store.write())
        .await
        .expect("an account");
        sqlx::query(
            "INSERT INTO sessions (id, user_id, method, created_at, used_at, expires_at) \
             VALUES ($1, $2, 'password', $3, $3, $3 + 100000000)",
        )
        .bind(session)
        .bind(user)
        .bind(now)
        .execute(store.write())
        .await
        .expect("a log-in");
        let (token, _) = keys.issue(user, session, now).expect("a token");
        writers.push(Writer { client: reqwest::Client::new(), token, number, ledger: Ledger::default() });
    }
    let mut settings = vec![
        ("MOODCALL_ACCOUNTS__REQUESTS_PER_MINUTE", "100000000"),
        ("MOODCALL_ACCOUNTS__POSTS_PER_HOUR", "100000000"),
        ("MOODCALL_ACCOUNTS__COMMENTS_PER_HOUR", "100000000"),
    ];
    settings.extend(url.as_deref().map(|url| ("MOODCALL_DATABASE_URL", url)));
    let started = clock::now();
    for kill in 0..KILLS {
        let (program, line) = Program::start_with(folder.path(), "error", &settings);
        let at =
            line.strip_prefix("listening on ").unwrap_or_else(|| panic!("kill {kill}: {line:?}")).trim().to_owned();
        let span = Duration::from_micros(2_000 + draw(seed, kill) % 80_000);
        let killing = async {
            tokio::time::sleep(span).await;
            // Ends it with SIGKILL.
            drop(program);
        };
        tokio::join!(killing, join_all(writers.iter_mut().map(|writer| writer.write(&at))));
        // As if a minute had passed: only then is a request whose server died taken for lost.
        sqlx::query("UPDATE idempotency_keys SET created_at = created_at - 61000 WHERE answer IS NULL")
            .execute(store.write())
            .await
            .expect("rows");
    }
    let all: usize = writers.iter().map(|writer| writer.ledger.acknowledged.len()).sum();
    println!("{all} posts acknowledged and {KILLS} kills in {:?}", clock::now() - started);
    assert!(all > 20, "only {all} posts were acknowledged: the test kills too early");
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT title, id FROM posts").fetch_all(store.read()).await.expect("posts");
    let mut kept: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (title, id) in rows {
        kept.entry(title).or_default().push(id);
    }
    for writer in &writers {
        for (title, id) in &writer.ledger.acknowledged {
            assert_eq!(kept.remove(title), Some(vec![id.clone()]), "SEED={seed}: {title}");
        }
    }
    // What is left was never acknowledged: the last try of each, at most once.
    let open: Vec<&String> = writers.iter().filter_map(|writer| writer.ledger.open.as_ref()).collect();
    for (title, ids) in &kept {
        assert!(ids.len() == 1 && open.contains(&title), "SEED={seed}: {title} {ids:?}");
    }
    // And all that belongs to a post was kept with it, or not at all.
    assert_eq!(
        count(&store, "SELECT item_count FROM tags WHERE name = 'ledger'").await,
        count(&store, "SELECT COUNT(*) FROM posts").await
    );
    for half in [
        "SELECT COUNT(*) FROM posts p WHERE NOT EXISTS (SELECT 1 FROM post_tags x WHERE x.post_id = p.id)",
        "SELECT COUNT(*) FROM posts p WHERE NOT EXISTS (SELECT 1 FROM post_grams g WHERE g.post_id = p.id)",
    ] {
        assert_eq!(count(&store, half).await, 0, "SEED={seed}: {half}");
    }
    store.close().await;
}
