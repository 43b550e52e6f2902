//! Finding rooms by a part of their title or description, or by a tag: those that are listed to whoever asks, which are open
//! rooms, rooms of friends for friends, and one's own.

use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};
use utoipa::ToSchema;

use super::merge::{Part, Place, merge};
use super::query::Query;
use crate::base::id::{RoomId, UserId};
use crate::base::timestamp::Timestamp;
use crate::social::sight::person_seen;
use crate::store::{Store, StoreError};
use crate::tags::name::TagName;
use crate::users::card::Card;
use crate::users::name::fold;
use crate::web::page::{Cursor, Page, Paging};

/// Rooms whose words are looked at after one statement.
const WORDS: i64 = 200;
/// Statements of that kind for one page, along each way.
const STATEMENTS: usize = 5;

/// A room that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FoundRoom {
    /// The room.
    pub id: RoomId,
    /// What it is called.
    #[schema(examples("Rainy evening"))]
    pub title: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Who may come in: `open`, `friends`, and of one's own also `link` and `invite`.
    #[schema(examples("open"))]
    pub visibility: String,
    /// Seats.
    #[schema(minimum = 1)]
    pub capacity: i64,
    /// Whose it is.
    pub host: Card,
    /// When it was made.
    pub created_at: Timestamp,
}

impl<'r> FromRow<'r, AnyRow> for FoundRoom {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("room_id")?,
            title: row.try_get("title")?,
            description: row.try_get("description")?,
            visibility: row.try_get("visibility")?,
            capacity: row.try_get("capacity")?,
            host: Card::from_row(row)?,
            created_at: row.try_get("created_at")?,
        })
    }
}

macro_rules! columns {
    () => {
        "SELECT r.id AS room_id, r.title, r.description, r.visibility, r.capacity, r.created_at, \
         u.id, u.handle, u.nickname, u.avatar "
    };
}

/// Whether the room `r` keeps the viewer `$1` out, or its host `u` is not for them to see.
macro_rules! welcome {
    () => {
        concat!(
            person_seen!("$1"),
            " AND NOT EXISTS (SELECT 1 FROM room_members m WHERE m.room_id = r.id AND m.user_id = $1 \
             AND m.standing = 'banned')"
        )
    };
}

/// Open rooms, newest first: viewer, before, rows.
pub const OPEN: &str = concat!(
    columns!(),
    "FROM rooms r JOIN users u ON u.id = r.host_id WHERE r.visibility = 'open' AND r.id < $2 AND ",
    welcome!(),
    " ORDER BY r.id DESC LIMIT $3"
);

/// Rooms of friends for friends, and one's own, newest first: viewer, before, rows.
pub const NEAR: &str = concat!(
    columns!(),
    "FROM (SELECT high_id AS id FROM friendships WHERE low_id = $1 \
     UNION ALL SELECT low_id AS id FROM friendships WHERE high_id = $1 \
     UNION ALL SELECT id FROM users WHERE id = $1) AS few \
     JOIN rooms r ON r.host_id = few.id JOIN users u ON u.id = r.host_id \
     WHERE (r.visibility = 'friends' OR r.host_id = $1) AND r.id < $2 AND ",
    welcome!(),
    " ORDER BY r.id DESC LIMIT $3"
);

/// Rooms with a tag that are listed to the viewer, newest first: viewer, before, rows, tag.
pub const TAGGED: &str = concat!(
    columns!(),
    "FROM tags t JOIN room_tags x ON x.tag_id = t.id JOIN rooms r ON r.id = x.room_id \
     JOIN users u ON u.id = r.host_id WHERE t.name = $4 AND x.room_id < $2 AND ",
    "(r.visibility = 'open' OR r.host_id = $1 OR (r.visibility = 'friends' AND (\
     EXISTS (SELECT 1 FROM friendships s WHERE s.low_id = $1 AND s.high_id = r.host_id) \
     OR EXISTS (SELECT 1 FROM friendships s WHERE s.low_id = r.host_id AND s.high_id = $1)))) AND ",
    welcome!(),
    " ORDER BY x.room_id DESC LIMIT $3"
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
    if let Some(tag) = TagName::new(query.folded()) {
        let rows: Vec<FoundRoom> = sqlx::query_as(TAGGED)
            .bind(viewer)
            .bind(&from.id)
            .bind(most as i64 + 1)
            .bind(tag.as_str())
            .fetch_all(store.read())
            .await?;
        let read_to = if rows.len() > most { rows.last().map(place) } else { None };
        parts.push(Part { items: rows.into_iter().map(|room| (place(&room), room)).collect(), read_to });
    }
    let (items, next) = merge(parts, most);
    let next_cursor = next.map(|place| Cursor { at: Timestamp::from_millis(place.at), id: place.id }.to_text());
    Ok(Page { items, next_cursor })
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
