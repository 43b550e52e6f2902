//! Many posts with comments and tags, made by the database itself, as [`super::seed`] makes the people.
//!
//! What is made is what the measured requests read: the posts, a tag and the pieces of the title of each, a comment under
//! every second, a visit of every tenth. Likes are numbers without the rows behind them.

use anyhow::Context as _;
use indicatif::ProgressBar;

use crate::base::timestamp::Timestamp;
use crate::store::Store;

/// Posts that one statement makes.
const AT_ONCE: i64 = 20_000;

/// Words of titles, eight characters each.
macro_rules! word {
    ($draw:literal) => {
        concat!(
            "rtrim(substr('rain    window  summer  velvet  harbor  kettle  violet  tape    hiss    slow    \
             song    coffee  station midnightlantern river   ', CAST(1 + 8 * (",
            $draw,
            " % 16) AS INTEGER), 8))"
        )
    };
}
pub(super) use word;

/// An identifier that ends in the number.
macro_rules! numbered {
    ($prefix:literal, $number:literal) => {
        concat!(
            "'",
            $prefix,
            "-7000-8000-' || substr('000000000000' || CAST(",
            $number,
            " AS TEXT), length(CAST(",
            $number,
            " AS TEXT)) + 1)"
        )
    };
}
pub(super) use numbered;

/// From, to, seed, people, epoch. Few have written much: the product of two even draws is who.
const POSTS: &str = concat!(
    "INSERT INTO posts (id, author_id, title, body, visibility, like_count, comment_count, view_count, created_at) \
     WITH RECURSIVE draw(n) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT n + 1 FROM draw WHERE n + 1 < $2), \
     a(n, x) AS (SELECT n, ((n + $3) * 48271 + 11) % 2147483647 FROM draw), \
     b(n, x, y) AS (SELECT n, x, (x * 69621 + 7) % 2147483647 FROM a), \
     made(n, x, y, who) AS (SELECT n, x, y, ((x % $4) * (y % $4)) / $4 FROM b) SELECT ",
    numbered!("01936c3e-6f0c", "n"),
    ", ",
    numbered!("01936c3e-6f0a", "who"),
    ", ",
    word!("(x / 16)"),
    " || ' ' || ",
    word!("(y / 16)"),
    " || ' ' || CAST(n AS TEXT), 'Three hours of it, and nobody wanted to hang up.', \
     CASE WHEN n % 10 = 3 THEN 'followers' WHEN n % 10 = 7 THEN 'friends' ELSE 'public' END, \
     y % 50, CASE WHEN n % 2 = 0 THEN 1 ELSE 0 END, CASE WHEN n % 10 = 5 THEN 1 ELSE 0 END, $5 + n * 100 FROM made"
);

/// Pieces of titles of one length: the things, their column in the table of pieces, how long the pieces are, and how many
/// characters before the last they begin at the latest.
macro_rules! pieces {
    ($things:literal, $length:literal, $before:literal) => {
        concat!(
            "SELECT substr(p.title || ' ', place.at, ",
            $length,
            "), p.id FROM ",
            $things,
            " p JOIN place ON place.at + ",
            $before,
            " <= length(p.title) WHERE p.id >= $1 AND p.id <= $2"
        )
    };
}
pub(super) use pieces;

/// The pieces of titles as search looks for them: the things, the table of their pieces, their column in it. The statement has
/// two parameters: the first and the last identifier.
macro_rules! all_pieces {
    ($things:literal, $grams:literal, $thing:literal) => {
        concat!(
            "INSERT INTO ",
            $grams,
            " (gram, ",
            $thing,
            ") WITH RECURSIVE place(at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM place WHERE at < 40) ",
            $crate::bench::api::posts::pieces!($things, "2", "0"),
            " UNION ",
            $crate::bench::api::posts::pieces!($things, "3", "1"),
            " UNION ",
            $crate::bench::api::posts::pieces!($things, "4", "2")
        )
    };
}
pub(super) use all_pieces;

/// From, to: the first and the last identifier.
const PIECES: &str = all_pieces!("posts", "post_grams", "post_id");

/// The tags, of which each post has one.
const TAGS: &str = concat!(
    "INSERT INTO tags (id, name, item_count, created_at) \
     WITH RECURSIVE draw(n) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT n + 1 FROM draw WHERE n + 1 < 200) SELECT ",
    numbered!("01936c3e-6f0d", "n"),
    ", 'tag' || CAST(n AS TEXT), 0, 0 FROM draw"
);

/// From, to: the first and the last identifier.
const TAGGED: &str = concat!(
    "INSERT INTO post_tags (post_id, tag_id, created_at) SELECT p.id, ",
    numbered!("01936c3e-6f0d", "(p.created_at / 100 % 200)"),
    ", p.created_at FROM posts p WHERE p.id >= $1 AND p.id <= $2"
);

/// From, to: the first and the last identifier.
const COMMENTS: &str = "INSERT INTO comments (id, post_id, author_id, body, created_at) \
    SELECT '01936c3e-6f0e' || substr(p.id, 14), p.id, p.author_id, 'And the tape hiss.', p.created_at + 1 \
    FROM posts p WHERE p.comment_count > 0 AND p.id >= $1 AND p.id <= $2";

/// From, to: the first and the last identifier; now. Without a row, PostgreSQL would keep the plans that are right for an empty
/// table until it has counted what the measurement itself writes.
const VISITS: &str = "INSERT INTO post_views (post_id, viewer, seen_at) SELECT p.id, 'somebody', $3 \
    FROM posts p WHERE p.view_count > 0 AND p.id >= $1 AND p.id <= $2";

const COUNTS: &str = "UPDATE tags SET item_count = (SELECT COUNT(*) FROM post_tags x JOIN posts p ON p.id = x.post_id \
    WHERE x.tag_id = tags.id AND p.visibility = 'public')";

/// The identifier of the post of that number. Posts whose number ends in 3 or 7 are not public.
pub fn id(number: u64) -> String {
    format!("01936c3e-6f0c-7000-8000-{number:012}")
}

/// Makes so many posts of so many people.
///
/// # Errors
/// The database cannot be used.
pub async fn fill(
    store: &Store,
    posts: i64,
    users: i64,
    seed: i64,
    epoch: i64,
    bar: &ProgressBar,
) -> anyhow::Result<()> {
    sqlx::query(TAGS).execute(store.write()).await.context("tags")?;
    let mut made = 0;
    while made < posts {
        let to = (made + AT_ONCE).min(posts);
        let mut transaction = store.begin().await?;
        let query = sqlx::query(POSTS).bind(made).bind(to).bind(seed * 1_000_003).bind(users).bind(epoch);
        query.execute(&mut *transaction).await.context("posts")?;
        let (first, last) = (id(made.unsigned_abs()), id(to.unsigned_abs() - 1));
        for (statement, what) in [(PIECES, "pieces"), (TAGGED, "tags"), (COMMENTS, "comments")] {
            sqlx::query(statement).bind(&first).bind(&last).execute(&mut *transaction).await.context(what)?;
        }
        let visits = sqlx::query(VISITS).bind(&first).bind(&last).bind(Timestamp::now());
        visits.execute(&mut *transaction).await.context("visits")?;
        transaction.commit().await?;
        bar.inc((to - made).unsigned_abs());
        made = to;
    }
    sqlx::query(COUNTS).execute(store.write()).await.context("counts of tags")?;
    Ok(())
}
