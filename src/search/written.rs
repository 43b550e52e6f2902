//! Finding what somebody wrote, posts and playlists alike: by its words, by a tag, and by whose it is, newest first.

use sqlx::FromRow;
use sqlx::any::AnyRow;

use super::merge::{Part, Place, merge};
use super::query::Query;
use super::{people, tag_names, text};
use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::store::{Store, StoreError};
use crate::web::page::{Cursor, Page, Paging};

/// People of a name of whom things are looked at.
const FEW: u32 = 3;

/// A row of what somebody wrote.
pub trait Written: for<'r> FromRow<'r, AnyRow> + Send + Unpin + 'static {
    /// How the tables of its kind are read.
    const STATEMENTS: Statements;

    /// Where it stands among others of its kind.
    fn place(&self) -> Place;

    /// The texts that it is found by a part of.
    fn texts(&self) -> [&str; 2];
}

/// How the tables of one kind are read. All of them show only what the viewer may see, newest first.
#[derive(Clone, Copy, Debug)]
pub struct Statements {
    /// How many things before `$13` have each of twelve pieces, counted up to [`NEWEST`], and the last of those counted.
    pub weights: &'static str,
    /// The end of a stretch: the thing that is `$3` rows before `$2` along the piece `$1`, and when it was made.
    pub end: &'static str,
    /// Things of a stretch that have two more pieces: viewer, piece, before, to, second, third, rows.
    pub stretch: &'static str,
    /// How many pieces begin so, counted with their things, up to `$3`: first, after the last.
    pub beginnings: &'static str,
    /// Things with a piece that begins so: viewer, first, after the last, before, rows.
    pub beginning: &'static str,
    /// The end of a stretch of all things: before, rows.
    pub end_of_all: &'static str,
    /// Things of a stretch of all: viewer, before, to, rows.
    pub all: &'static str,
    /// Things with a tag: viewer, tag, time, identifier, rows.
    pub by_tag: &'static str,
    /// Things of somebody: viewer, person, time, identifier, rows.
    pub by_person: &'static str,
}

/// [`NEWEST`], for a statement. Not a parameter: PostgreSQL keeps one plan for all values only where it expects that to cost no
/// more than a plan for each, and behind a limit that it does not know it expects many rows. Each search would be planned anew.
macro_rules! newest {
    () => {
        64
    };
}
pub(super) use newest;

/// Newest things of each piece that are looked at to weigh it.
pub const NEWEST: i64 = newest!();

/// One of the twelve parts of [`Statements::weights`].
macro_rules! weight {
    ($pieces:literal, $thing:literal, $at:literal) => {
        concat!(
            "SELECT ",
            $at,
            " - 1 AS at, COUNT(*) AS things, MIN(",
            $thing,
            ") AS back_to FROM (SELECT ",
            $thing,
            " FROM ",
            $pieces,
            " WHERE gram = $",
            $at,
            " AND ",
            $thing,
            " < $13 ORDER BY ",
            $thing,
            " DESC LIMIT ",
            $crate::search::written::newest!(),
            ") AS newest"
        )
    };
}
pub(super) use weight;

/// The [`Statements`] of a kind whose table is `p` in them: the table, that of its pieces, that of its tags, the column of the
/// thing in these, the column of the person in the first; what is selected, what is joined, and who may see it, with `$1` for
/// the viewer.
///
/// The pieces are joined in their order and before the things: SQLite would look at each thing first, and at its pieces then.
/// The end of a stretch is found before its time is read: PostgreSQL would read that of every row that it skips.
macro_rules! statements {
    (
        $things:literal, $pieces:literal, $tags:literal, $thing:literal, $person:literal,
        $columns:expr, $joined:expr, $seen:expr
    ) => {
        $crate::search::written::Statements {
            weights: concat!(
                statements!(@weights $pieces, $thing, 1 2 3 4 5 6 7 8 9 10 11),
                $crate::search::written::weight!($pieces, $thing, 12)
            ),
            end: concat!(
                "SELECT p.id, p.created_at AS at FROM (SELECT g.", $thing, " FROM ", $pieces, " g WHERE g.gram = $1 AND g.", $thing,
                " < $2 ORDER BY g.", $thing, " DESC LIMIT 1 OFFSET $3) AS few LEFT JOIN ", $things, " p ON p.id = few.", $thing
            ),
            stretch: concat!(
                "SELECT ", $columns, " FROM ", $pieces, " g CROSS JOIN ", $pieces, " b CROSS JOIN ", $pieces,
                " c CROSS JOIN ", $things, " p", $joined, "WHERE g.gram = $2 AND g.", $thing, " < $3 AND g.", $thing,
                " >= $4 AND b.gram = $5 AND b.", $thing, " = g.", $thing, " AND c.gram = $6 AND c.", $thing, " = g.", $thing,
                " AND p.id = g.", $thing, " AND ", $seen, " ORDER BY g.", $thing, " DESC LIMIT $7"
            ),
            beginnings: concat!(
                "SELECT COUNT(*) FROM (SELECT 1 AS one FROM ", $pieces, " WHERE gram >= $1 AND gram < $2 LIMIT $3) AS few"
            ),
            beginning: concat!(
                "SELECT ", $columns, " FROM (SELECT DISTINCT ", $thing, " FROM ", $pieces,
                " WHERE gram >= $2 AND gram < $3) AS few JOIN ", $things, " p ON p.id = few.", $thing, $joined,
                "WHERE p.id < $4 AND ", $seen, " ORDER BY p.id DESC LIMIT $5"
            ),
            end_of_all: concat!(
                "SELECT p.id, p.created_at AS at FROM ", $things, " p WHERE p.id < $1 ORDER BY p.id DESC LIMIT 1 OFFSET $2"
            ),
            all: concat!(
                "SELECT ", $columns, " FROM ", $things, " p", $joined, "WHERE p.id < $2 AND p.id >= $3 AND ", $seen,
                " ORDER BY p.id DESC LIMIT $4"
            ),
            by_tag: concat!(
                "SELECT ", $columns, " FROM tags t JOIN ", $tags, " x ON x.tag_id = t.id JOIN ", $things, " p ON p.id = x.",
                $thing, $joined, "WHERE t.name = $2 AND (x.created_at, x.", $thing, ") < ($3, $4) AND ", $seen,
                " ORDER BY x.created_at DESC, x.", $thing, " DESC LIMIT $5"
            ),
            by_person: concat!(
                "SELECT ", $columns, " FROM ", $things, " p", $joined, "WHERE p.", $person,
                " = $2 AND (p.created_at, p.id) < ($3, $4) AND ", $seen, " ORDER BY p.created_at DESC, p.id DESC LIMIT $5"
            ),
        }
    };
    (@weights $pieces:literal, $thing:literal, $($at:literal)+) => {
        concat!($($crate::search::written::weight!($pieces, $thing, $at), " UNION ALL "),+)
    };
}
pub(super) use statements;

/// One page of what holds the query, has it in a tag, or is of somebody of that name, as `viewer` may see it; and where the
/// next one begins.
///
/// # Errors
/// The database does not answer.
pub async fn find<T: Written>(
    store: &Store,
    viewer: UserId,
    query: &Query,
    paging: &Paging,
) -> Result<Page<T>, StoreError> {
    let from = paging.after.as_ref().map_or_else(Place::start, |at| Place { at: at.at.millis(), id: at.id.clone() });
    let most = paging.limit as usize;
    let (words, tagged, of_people) = tokio::try_join!(
        text::find(store.read(), viewer, query, &from, most + 1),
        by_tag(store, viewer, query, &from, most + 1),
        by_person(store, viewer, query, &from, most + 1),
    )?;
    let mut parts = tagged;
    parts.extend(of_people);
    parts.push(words);
    let (items, next) = merge(parts, most);
    let next_cursor = next.map(|place| Cursor { at: Timestamp::from_millis(place.at), id: place.id }.to_text());
    Ok(Page { items, next_cursor })
}

/// By the tag that is called so, and by popular ones that it is a part of.
async fn by_tag<T: Written>(
    store: &Store,
    viewer: UserId,
    query: &Query,
    from: &Place,
    most: usize,
) -> Result<Vec<Part<T>>, StoreError> {
    let mut parts = Vec::new();
    for name in tag_names::find(store, query).await? {
        parts.push(list(store, T::STATEMENTS.by_tag, viewer, name, from, most).await?);
    }
    Ok(parts)
}

/// By people of that name. One character is a part of too many names to mean somebody.
async fn by_person<T: Written>(
    store: &Store,
    viewer: UserId,
    query: &Query,
    from: &Place,
    most: usize,
) -> Result<Vec<Part<T>>, StoreError> {
    if query.is_short() {
        return Ok(Vec::new());
    }
    let people = people::find(store, viewer, query, &Paging { limit: FEW, after: None }).await?.items;
    let mut parts = Vec::new();
    for person in people {
        parts.push(list(store, T::STATEMENTS.by_person, viewer, person.id.to_string(), from, most).await?);
    }
    Ok(parts)
}

async fn list<T: Written>(
    store: &Store,
    sql: &'static str,
    viewer: UserId,
    of: String,
    from: &Place,
    most: usize,
) -> Result<Part<T>, StoreError> {
    let query = sqlx::query_as(sql).bind(viewer).bind(of).bind(from.at).bind(&from.id).bind(most as i64);
    let rows: Vec<T> = query.fetch_all(store.read()).await?;
    let items: Vec<(Place, T)> = rows.into_iter().map(|row| (row.place(), row)).collect();
    let read_to = (items.len() == most).then(|| items.last().map(|(place, _)| place.clone())).flatten();
    Ok(Part { items, read_to })
}
