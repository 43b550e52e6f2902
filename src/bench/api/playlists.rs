//! Many playlists of the catalogue's songs, made by the database itself as [`super::posts`] makes posts.

use anyhow::Context as _;
use indicatif::ProgressBar;

use super::posts::{all_pieces, numbered, word};
use crate::base::timestamp::Timestamp;
use crate::songs::edition;
use crate::store::Store;

/// Playlists that one statement makes.
const AT_ONCE: i64 = 20_000;
/// Songs of each.
const SONGS: i64 = 8;

/// From, to, seed, people, epoch. Every tenth is its owner's alone. The file of the cover is named but not drawn: nothing
/// that is measured reads it.
const PLAYLISTS: &str = concat!(
    "INSERT INTO playlists (id, owner_id, title, description, is_public, genre, mood, cover, cover_kind, song_count, \
     like_count, heat, created_at, updated_at) \
     WITH RECURSIVE draw(n) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT n + 1 FROM draw WHERE n + 1 < $2), \
     a(n, x) AS (SELECT n, ((n + $3) * 48271 + 11) % 2147483647 FROM draw), \
     b(n, x, y) AS (SELECT n, x, (x * 69621 + 7) % 2147483647 FROM a), \
     made(n, x, y, who) AS (SELECT n, x, y, ((x % $4) * (y % $4)) / $4 FROM b) SELECT ",
    numbered!("01936c3e-6f10", "n"),
    ", ",
    numbered!("01936c3e-6f0a", "who"),
    ", ",
    word!("(x / 16)"),
    " || ' ' || ",
    word!("(y / 16)"),
    " || ' ' || CAST(n AS TEXT), 'For the last bus.', CASE WHEN n % 10 = 3 THEN 0 ELSE 1 END, \
     CASE WHEN n % 3 = 0 THEN 'ballad' WHEN n % 3 = 1 THEN 'pop' ELSE 'rock' END, \
     CASE WHEN n % 2 = 0 THEN 'happiness' ELSE 'sadness' END, 'bench-' || CAST(n AS TEXT) || '.png', 'drawn', 8, \
     y % 50, $5 + n * 100 + (y % 50) * 17280000, $5 + n * 100, $5 + n * 100 FROM made"
);

/// From, to: the first and the last identifier.
const PIECES: &str = all_pieces!("playlists", "playlist_grams", "playlist_id");

/// From, to: the first and the last number, songs of the catalogue. Eight songs side by side in the order of their
/// identifiers, from a place that differs from list to list.
const ENTRIES: &str = concat!(
    "INSERT INTO playlist_songs (id, playlist_id, song_id, place, added_at) \
     WITH RECURSIVE draw(n) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT n + 1 FROM draw WHERE n + 1 < $2), \
     one(k) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT k + 1 FROM one WHERE k + 1 < 8), \
     ranked(id, at) AS (SELECT id, ROW_NUMBER() OVER (ORDER BY id) - 1 FROM songs) SELECT ",
    numbered!("01936c3e-6f11", "(n * 8 + k)"),
    ", ",
    numbered!("01936c3e-6f10", "n"),
    ", ranked.id, '8' || CAST(k AS TEXT), 0 FROM draw CROSS JOIN one \
     JOIN ranked ON ranked.at = (n * 7 + k) % $3"
);

/// The identifier of the playlist of that number. Lists whose number ends in 3 are private.
pub fn id(number: u64) -> String {
    format!("01936c3e-6f10-7000-8000-{number:012}")
}

/// Makes so many playlists of so many people.
///
/// # Errors
/// The database cannot be used.
pub async fn fill(
    store: &Store,
    playlists: i64,
    users: i64,
    seed: i64,
    epoch: i64,
    bar: &ProgressBar,
) -> anyhow::Result<()> {
    edition::write(store, Timestamp::now()).await.context("songs")?;
    let songs: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM songs").fetch_one(store.read()).await?;
    anyhow::ensure!(songs > SONGS, "the catalogue is empty");
    let mut made = 0;
    while made < playlists {
        let to = (made + AT_ONCE).min(playlists);
        let mut transaction = store.begin().await?;
        let query = sqlx::query(PLAYLISTS).bind(made).bind(to).bind(seed * 1_000_003).bind(users).bind(epoch);
        query.execute(&mut *transaction).await.context("playlists")?;
        let (first, last) = (id(made.unsigned_abs()), id(to.unsigned_abs() - 1));
        sqlx::query(PIECES).bind(&first).bind(&last).execute(&mut *transaction).await.context("pieces")?;
        sqlx::query(ENTRIES).bind(made).bind(to).bind(songs).execute(&mut *transaction).await.context("entries")?;
        transaction.commit().await?;
        bar.inc((to - made).unsigned_abs());
        made = to;
    }
    Ok(())
}
