//! Rooms as those are shown them who look for something: by a word, or by a tag. They find what is listed to them, which are
//! open rooms, rooms of friends for friends, and their own.

use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};
use utoipa::ToSchema;

use super::row::Visibility;
use super::tags::TagsOf;
use crate::base::id::{RoomId, UserId};
use crate::base::timestamp::Timestamp;
use crate::store::{Store, StoreError};
use crate::users::card::Card;

/// A room that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FoundRoom {
    /// The room.
    pub id: RoomId,
    /// What it is called; may be empty.
    #[schema(examples("Rainy evening"))]
    pub title: String,
    /// What it is for; may be empty.
    pub description: String,
    /// What it is found by.
    #[schema(examples("rain"))]
    pub tags: Vec<String>,
    /// Who may come in: `open`, `friends`, and of one's own also `link` and `invite`.
    pub visibility: Visibility,
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
            tags: Vec::new(),
            visibility: Visibility::read(row)?,
            capacity: row.try_get("capacity")?,
            host: Card::from_row(row)?,
            created_at: row.try_get("created_at")?,
        })
    }
}

/// What a statement selects of the room `r` and its host `u`, for [`FoundRoom`].
macro_rules! found {
    () => {
        "SELECT r.id AS room_id, r.title, r.description, r.visibility, r.capacity, r.created_at, \
         u.id, u.handle, u.nickname, u.avatar "
    };
}
pub(crate) use found;

/// Whether the viewer `$1`, who is null for a guest, may find the room `r` of its host `u` where it is listed to them: nobody
/// finds a room that was made for ringing one friend, but its host.
macro_rules! welcome {
    () => {
        concat!(
            $crate::social::sight::person_seen!("$1"),
            " AND (r.callee_id IS NULL OR r.host_id = $1) AND NOT EXISTS (SELECT 1 FROM room_members m \
             WHERE m.room_id = r.id AND m.user_id = $1 AND m.standing = 'banned')"
        )
    };
}
pub(crate) use welcome;

/// Rooms with a tag that are listed to the viewer, newest first: viewer, tag, time, identifier, rows.
pub const TAGGED: &str = concat!(
    found!(),
    "FROM tags t JOIN room_tags x ON x.tag_id = t.id JOIN rooms r ON r.id = x.room_id \
     JOIN users u ON u.id = r.host_id WHERE t.name = $2 AND (x.created_at, x.room_id) < ($3, $4) AND \
     ((r.visibility = 'open' AND (r.guests = 1 OR $1 IS NOT NULL)) OR r.host_id = $1 OR (r.visibility = 'friends' AND (\
     EXISTS (SELECT 1 FROM friendships s WHERE s.low_id = $1 AND s.high_id = r.host_id) \
     OR EXISTS (SELECT 1 FROM friendships s WHERE s.low_id = r.host_id AND s.high_id = $1)))) AND ",
    welcome!(),
    " ORDER BY x.created_at DESC, x.room_id DESC LIMIT $5"
);

/// Rooms with a tag before a place, as they are listed to `viewer`, newest first and without their tags.
///
/// # Errors
/// The database does not answer.
pub async fn tagged(
    store: &Store,
    viewer: Option<UserId>,
    tag: &str,
    (at, id): (i64, &str),
    most: i64,
) -> Result<Vec<FoundRoom>, StoreError> {
    let query = sqlx::query_as(TAGGED).bind(viewer).bind(tag).bind(at).bind(id).bind(most);
    Ok(query.fetch_all(store.read()).await?)
}

/// The rooms of a page with their tags.
///
/// # Errors
/// The database does not answer.
pub async fn complete(store: &Store, mut rooms: Vec<FoundRoom>) -> Result<Vec<FoundRoom>, StoreError> {
    let ids: Vec<RoomId> = rooms.iter().map(|room| room.id).collect();
    let mut tags = TagsOf::load(store, &ids).await?;
    for room in &mut rooms {
        room.tags = tags.take(room.id);
    }
    Ok(rooms)
}
