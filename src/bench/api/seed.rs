//! Many people who follow each other, made by the database itself: a statement for each table, in the one dialect.
//!
//! What is drawn is drawn from a seed by arithmetic alone, so that both databases hold the same rows. Few are followed by
//! many: the product of two even draws is what chooses who is followed.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use argon2::Argon2;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::work::PASSWORD;
use super::{ApiArgs, playlists, posts};
use crate::base::clock;
use crate::base::timestamp::Timestamp;
use crate::bench::report::progress;
use crate::store::{Engine, Options, Store};

/// Draws of edges that one statement makes.
const DRAWS: i64 = 250_000;

/// What there is now.
pub struct Seeded {
    pub users: i64,
    pub edges: i64,
    pub notifications: i64,
    pub took: Duration,
}

const USERS: &str = "\
INSERT INTO users (id, email, email_key, handle, nickname, nickname_key, about, genres, password_hash, created_at, updated_at) \
WITH RECURSIVE draw(n) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT n + 1 FROM draw WHERE n + 1 < $1), \
named(n, word) AS (SELECT n, 'u' || CAST(n AS TEXT) FROM draw) \
SELECT '01936c3e-6f0a-7000-8000-' || substr('000000000000' || CAST(n AS TEXT), length(CAST(n AS TEXT)) + 1), \
word || '@example.org', word || '@example.org', word, word, word, 'Rain, tape hiss, and slow songs.', '[\"pop\"]', $2, \
$3 + n, $3 + n FROM named";

const FOLLOWS: &str = "\
INSERT INTO follows (follower_id, followee_id, created_at) \
WITH RECURSIVE draw(n) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT n + 1 FROM draw WHERE n + 1 < $2), \
a(n, x) AS (SELECT n, ((n + $3) * 48271 + 11) % 2147483647 FROM draw), \
b(n, x, y) AS (SELECT n, x, (x * 69621 + 7) % 2147483647 FROM a), \
c(n, x, y, z) AS (SELECT n, x, y, (y * 39373 + 3) % 2147483647 FROM b), \
edge(n, one, two) AS (SELECT n, x % $4, ((y % $4) * (z % $4)) / $4 FROM c) \
SELECT '01936c3e-6f0a-7000-8000-' || substr('000000000000' || CAST(one AS TEXT), length(CAST(one AS TEXT)) + 1), \
'01936c3e-6f0a-7000-8000-' || substr('000000000000' || CAST(two AS TEXT), length(CAST(two AS TEXT)) + 1), \
$5 + n FROM edge WHERE one <> two ON CONFLICT (follower_id, followee_id) DO NOTHING";

/// Every fourth follow has a notification; half of them are read.
const NOTIFICATIONS: &str = "\
INSERT INTO notifications (id, user_id, kind, actor_id, sameness, created_at, read_at) \
SELECT '01936c3e-6f0b-7000-8000-' || substr('000000000000' || CAST(created_at - $1 AS TEXT), \
length(CAST(created_at - $1 AS TEXT)) + 1), followee_id, 'followed', follower_id, 'followed:' || follower_id, created_at, \
CASE WHEN created_at % 8 = 0 THEN created_at ELSE NULL END FROM follows WHERE created_at % 4 = 0";

const COUNTS: &str = "\
UPDATE users SET \
follower_count = (SELECT COUNT(*) FROM follows WHERE followee_id = users.id), \
following_count = (SELECT COUNT(*) FROM follows WHERE follower_id = users.id), \
unread_count = (SELECT COUNT(*) FROM notifications WHERE user_id = users.id AND read_at IS NULL)";

/// Fills an empty database.
///
/// # Errors
/// The database cannot be used, or somebody is in it already.
pub async fn fill(args: &ApiArgs, folder: &Path) -> anyhow::Result<Seeded> {
    let started = clock::now();
    let options = Options { url: args.database_url.clone(), ..Options::file(folder) };
    let store = Store::open(&options).await?;
    let count = async |statement: &'static str| -> anyhow::Result<i64> {
        Ok(sqlx::query_scalar(statement).fetch_one(store.read()).await?)
    };
    anyhow::ensure!(count("SELECT COUNT(*) FROM users").await? == 0, "the database is not empty");
    let bar = progress(args.edges.into(), "making people");
    let (users, now) = (i64::from(args.users), Timestamp::now());
    // Follows began a while ago, a millisecond apart: their order is the order in which they were drawn.
    let epoch = now.before(Duration::from_secs(30 * 86_400)).millis() / 8 * 8;
    sqlx::query(USERS).bind(users).bind(hash()?).bind(epoch).execute(store.write()).await.context("people")?;
    let (mut drawn, mut edges) = (0, 0);
    while edges < i64::from(args.edges) {
        // Some draws are of oneself or of somebody followed already, so a little more than what is missing.
        let draws = (i64::from(args.edges) - edges + 100).min(DRAWS);
        sqlx::query(FOLLOWS)
            .bind(drawn)
            .bind(drawn + draws)
            .bind(i64::from(args.seed) * 1_000_003)
            .bind(users)
            .bind(epoch)
            .execute(store.write())
            .await
            .context("follows")?;
        drawn += draws;
        edges = count("SELECT COUNT(*) FROM follows").await?;
        bar.set_position(edges.min(i64::from(args.edges)).unsigned_abs());
        anyhow::ensure!(drawn < 20 * i64::from(args.edges), "so few people cannot follow each other so often");
    }
    sqlx::query(NOTIFICATIONS).bind(epoch).execute(store.write()).await.context("notifications")?;
    sqlx::query(COUNTS).execute(store.write()).await.context("counts")?;
    if args.posts > 0 {
        let bar = progress(args.posts.into(), "making posts");
        posts::fill(&store, args.posts.into(), users, args.seed.into(), epoch, &bar).await?;
        bar.finish_and_clear();
    }
    if args.playlists > 0 {
        let bar = progress(args.playlists.into(), "making playlists");
        playlists::fill(&store, args.playlists.into(), users, args.seed.into(), epoch, &bar).await?;
        bar.finish_and_clear();
    }
    // PostgreSQL does this by itself where rows come over months, and would now while it is measured.
    let settle = match store.engine() {
        Engine::Sqlite => "ANALYZE",
        Engine::Postgres => "VACUUM (ANALYZE)",
    };
    sqlx::query(settle).execute(store.write()).await.context("statistics")?;
    let notifications = count("SELECT COUNT(*) FROM notifications").await?;
    store.close().await;
    bar.finish_and_clear();
    Ok(Seeded { users, edges, notifications, took: clock::now().saturating_duration_since(started) })
}

/// The hash of everybody's password, by the rules that the server has for new ones.
fn hash() -> anyhow::Result<String> {
    let (salt, mut hash) = (*b"moodcall bench 1", [0; 32]);
    let argon2 = Argon2::default();
    argon2.hash_password_into(PASSWORD.as_bytes(), &salt, &mut hash).map_err(|error| anyhow::anyhow!("{error}"))?;
    let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
    Ok(format!("$argon2id$v=19$m=19456,t=2,p=1${salt}${hash}"))
}
