//! Finding rooms by a part of their title or description, or by a tag: those that are listed to whoever asks, which are open
//! rooms, rooms of friends for friends, and one's own.

use super::merge::{Part, Place, merge};
use super::query::Query;
use super::tag_names;
use crate::base::fold::fold;
use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::rooms::found::{FoundRoom, complete, found, tagged, welcome};
use crate::store::{Store, StoreError};
use crate::web::page::{Cursor, Page, Paging};

/// Rooms whose words are looked at after one statement.
const WORDS: i64 = 200;
/// Statements of that kind for one page, along each way.
const STATEMENTS: usize = 5;

/// Open rooms, newest first: viewer, before, rows.
pub const OPEN: &str = concat!(
    found!(),
    "FROM rooms r JOIN users u ON u.id = r.host_id WHERE r.visibility = 'open' AND r.id < $2 AND ",
    welcome!(),
    " ORDER BY r.id DESC LIMIT $3"
);

/// Rooms of friends for friends, and one's own, newest first: viewer, before, rows.
pub const NEAR: &str = concat!(
    found!(),
    "FROM (SELECT high_id AS id FROM friendships WHERE low_id = $1 \
     UNION ALL SELECT low_id AS id FROM friendships WHERE high_id = $1 \
     UNION ALL SELECT id FROM users WHERE id = $1) AS few \
     JOIN rooms r ON r.host_id = few.id JOIN users u ON u.id = r.host_id \
     WHERE (r.visibility = 'friends' OR r.host_id = $1) AND r.id < $2 AND ",
    welcome!(),
    " ORDER BY r.id DESC LIMIT $3"
);

/// One page of rooms that hold the query, as they are listed to `viewer`, newest first.
///
/// # Errors
/// The database does not answer.
pub async fn find(
    store: &Store,
    viewer: UserId,
    query: &Query,
    paging: &Paging,
) -> Result<Page<FoundRoom>, StoreError> {
    let from = paging.after.as_ref().map_or_else(Place::start, |at| Place { at: at.at.millis(), id: at.id.clone() });
    let most = paging.limit as usize;
    let mut parts = vec![
        walk(store, OPEN, viewer, query, &from, most + 1).await?,
        walk(store, NEAR, viewer, query, &from, most + 1).await?,
    ];
    for tag in tag_names::find(store, query).await? {
        let rows = tagged(store, Some(viewer), &tag, (from.at, &from.id), most as i64 + 1).await?;
        let read_to = if rows.len() > most { rows.last().map(place) } else { None };
        parts.push(Part { items: rows.into_iter().map(|room| (place(&room), room)).collect(), read_to });
    }
    let (items, next) = merge(parts, most);
    let next_cursor = next.map(|place| Cursor { at: Timestamp::from_millis(place.at), id: place.id }.to_text());
    Ok(Page { items: complete(store, items).await?, next_cursor })
}

/// Looks at the words of one row after the other, up to a bound.
async fn walk(
    store: &Store,
    sql: &'static str,
    viewer: UserId,
    query: &Query,
    from: &Place,
    most: usize,
) -> Result<Part<FoundRoom>, StoreError> {
    let (mut items, mut from) = (Vec::new(), from.clone());
    for _ in 0..STATEMENTS {
        let rows: Vec<FoundRoom> =
            sqlx::query_as(sql).bind(viewer).bind(&from.id).bind(WORDS).fetch_all(store.read()).await?;
        let last = rows.last().map(place).filter(|_| rows.len() as i64 == WORDS);
        let holds = |room: &FoundRoom| {
            [&room.title, &room.description].into_iter().any(|text| fold(text).contains(query.folded()))
        };
        items.extend(rows.into_iter().filter(holds).map(|room| (place(&room), room)));
        let Some(last) = last else { return Ok(Part { items, read_to: None }) };
        from = last;
        if items.len() >= most {
            break;
        }
    }
    Ok(Part { items, read_to: Some(from) })
}

fn place(room: &FoundRoom) -> Place {
    Place { at: room.created_at.millis(), id: room.id.to_string() }
}
