//! Finding people by a part of their nickname or handle.
//!
//! The cost of a page is bounded however many people there are: of each piece of the query the first few people are looked
//! at, the rarest piece, whose few reach furthest, is walked in the order of identifiers, a stretch of it at a time, and after
//! so many stretches the page ends where it is; its cursor goes on from there.

use super::query::Query;
use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::store::{Store, StoreError};
use crate::users::card::Card;
use crate::web::page::{Cursor, Page, Paging};

/// First people of a piece that are looked at to weigh it. One that fewer have needs no rarer one.
const FIRST: i64 = 64;
/// People along the piece whose names are looked at in one statement.
const STRETCH: i64 = 1000;
/// Statements of that kind for one page.
const STRETCHES: usize = 10;

/// How many people have the piece `$1`, up to `$2`, and the last of those that were counted.
pub const WEIGHT: &str = "SELECT COUNT(*), MAX(user_id) FROM \
     (SELECT user_id FROM user_grams WHERE gram = $1 ORDER BY user_id LIMIT $2) AS few";

/// The end of a stretch: the person who is `$3` rows after `$2` along the piece `$1`.
pub const END: &str = "SELECT user_id FROM user_grams WHERE gram = $1 AND user_id > $2 \
     ORDER BY user_id LIMIT 1 OFFSET $3";

/// People of a stretch whose names hold the query: piece, from, to, pattern, query, viewer, rows. Who is called exactly so
/// has been shown on top.
pub const STRETCH_OF: &str = "SELECT u.id, u.handle, u.nickname, u.avatar \
     FROM user_grams g JOIN users u ON u.id = g.user_id \
     WHERE g.gram = $1 AND g.user_id > $2 AND g.user_id <= $3 \
     AND (u.nickname_key LIKE $4 ESCAPE '!' OR u.handle LIKE $4 ESCAPE '!') \
     AND u.nickname_key <> $5 AND u.handle <> $5 AND u.deletes_at IS NULL \
     AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = $6 AND b.blocked_id = u.id) \
     AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = u.id AND b.blocked_id = $6) \
     ORDER BY g.user_id LIMIT $7";

/// Who is called exactly so, by nickname or handle: query, viewer.
pub const EXACTLY: &str = "SELECT u.id, u.handle, u.nickname, u.avatar FROM users u \
     WHERE (u.nickname_key = $1 OR u.handle = $1) AND u.deletes_at IS NULL \
     AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = $2 AND b.blocked_id = u.id) \
     AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = u.id AND b.blocked_id = $2) \
     ORDER BY u.id";

/// Begins the place of a page that ends among those who are called exactly so; how many of them were shown follows.
const TOP: &str = "!";
/// After every identifier.
const LAST: &str = "g";

/// One page of who is called so, as `viewer` may see them: first who is called exactly so, then the oldest accounts.
///
/// # Errors
/// The database does not answer.
pub async fn find(store: &Store, viewer: UserId, query: &Query, paging: &Paging) -> Result<Page<Card>, StoreError> {
    let pool = store.read();
    let most = paging.limit as usize;
    let mut items: Vec<Card> = Vec::new();
    let mut from = paging.after.as_ref().map_or(TOP, |cursor| &cursor.id).to_owned();
    if let Some(shown) = from.strip_prefix(TOP) {
        let shown = shown.parse().unwrap_or(0);
        let top: Vec<Card> = sqlx::query_as(EXACTLY).bind(query.folded()).bind(viewer).fetch_all(pool).await?;
        let end = most.saturating_add(shown);
        if top.len() > end {
            let next_cursor = Some(place(format!("{TOP}{end}")));
            return Ok(Page { items: top.into_iter().skip(shown).take(most).collect(), next_cursor });
        }
        items = top.into_iter().skip(shown).collect();
        from = String::new();
    }
    let Some(piece) = rarest(store, query).await? else { return Ok(Page { items, next_cursor: None }) };
    let pattern = query.pattern();
    for _ in 0..STRETCHES {
        if items.len() >= most {
            break;
        }
        let end: Option<String> =
            sqlx::query_scalar(END).bind(&piece).bind(&from).bind(STRETCH - 1).fetch_optional(pool).await?;
        let to = end.as_deref().unwrap_or(LAST);
        let room = (most - items.len()) as i64;
        let found: Vec<Card> = sqlx::query_as(STRETCH_OF)
            .bind(&piece)
            .bind(&from)
            .bind(to)
            .bind(&pattern)
            .bind(query.folded())
            .bind(viewer)
            .bind(room)
            .fetch_all(pool)
            .await?;
        let full = found.len() as i64 == room;
        let last = found.last().map(|card| card.id.to_string());
        items.extend(found);
        match (full, last, end) {
            (true, Some(last), _) => from = last,
            (_, _, Some(end)) => from = end,
            (_, _, None) => return Ok(Page { items, next_cursor: None }),
        }
    }
    Ok(Page { items, next_cursor: Some(place(from)) })
}

/// The cursor that goes on after `id`.
fn place(id: String) -> String {
    Cursor { at: Timestamp::from_millis(0), id }.to_text()
}

/// The piece of the query that the fewest people have; none when there is one that nobody has.
async fn rarest(store: &Store, query: &Query) -> Result<Option<String>, StoreError> {
    let mut best: Option<(String, String)> = None;
    for piece in query.pieces() {
        let (weight, reach): (i64, Option<String>) =
            sqlx::query_as(WEIGHT).bind(&piece).bind(FIRST).fetch_one(store.read()).await?;
        let Some(reach) = reach else { return Ok(None) };
        if weight < FIRST {
            return Ok(Some(piece));
        }
        if best.as_ref().is_none_or(|(furthest, _)| reach > *furthest) {
            best = Some((reach, piece));
        }
    }
    Ok(best.map(|(_, piece)| piece))
}
