//! The tags of rooms: read for a whole list at once, and which of many rooms carry one. [`crate::tags::set`] writes them.

use std::collections::{HashMap, HashSet};

use crate::base::id::RoomId;
use crate::store::hundred::{AT_ONCE, filled, hundred};
use crate::store::{Store, StoreError};
use crate::tags::name::TagName;

/// Tags of rooms: the rooms.
pub const TAGS: &str = concat!(
    "SELECT x.room_id, t.name FROM room_tags x JOIN tags t ON t.id = x.tag_id WHERE x.room_id IN ",
    hundred!(),
    " ORDER BY x.room_id, t.name"
);

/// Those rooms that carry a tag: the rooms, tag.
pub const CARRY: &str = concat!(
    "SELECT x.room_id FROM room_tags x JOIN tags t ON t.id = x.tag_id WHERE x.room_id IN ",
    hundred!(),
    " AND t.name = $101"
);

/// The tags of each of these rooms, by name.
#[derive(Debug, Default)]
pub struct TagsOf(HashMap<RoomId, Vec<String>>);

impl TagsOf {
    /// Reads them: one statement for each hundred rooms.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn load(store: &Store, rooms: &[RoomId]) -> Result<Self, StoreError> {
        let mut tags = Self::default();
        for some in rooms.chunks(AT_ONCE) {
            let query = filled(some).fold(sqlx::query_as(TAGS), |query, id| query.bind(id));
            let found: Vec<(RoomId, String)> = query.fetch_all(store.read()).await?;
            for (room, tag) in found {
                tags.0.entry(room).or_default().push(tag);
            }
        }
        Ok(tags)
    }

    /// Those of one of the rooms, which are taken out.
    pub fn take(&mut self, room: RoomId) -> Vec<String> {
        self.0.remove(&room).unwrap_or_default()
    }
}

/// Which of these rooms, a hundred at most, carry the tag.
///
/// # Errors
/// The database does not answer.
pub async fn carrying(store: &Store, rooms: &[RoomId], tag: &TagName) -> Result<HashSet<RoomId>, StoreError> {
    let query = filled(rooms).fold(sqlx::query_scalar(CARRY), |query, id| query.bind(id));
    let found: Vec<RoomId> = query.bind(tag.as_str()).fetch_all(store.read()).await?;
    Ok(found.into_iter().collect())
}
