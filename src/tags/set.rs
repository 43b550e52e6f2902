//! Which tags a thing has, and how many things a tag is on.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::AnyConnection;

use super::name::TagName;
use crate::base::id::{PlaylistId, PostId, RoomId, TagId};
use crate::base::timestamp::Timestamp;
use crate::store::StoreError;

/// What can have tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tagged {
    /// A post, and when it was written.
    Post(PostId, Timestamp),
    /// A playlist, and when it was made.
    Playlist(PlaylistId, Timestamp),
    /// A room, and when it was made.
    Room(RoomId, Timestamp),
}

/// Who sees a thing, as far as tags count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Everybody: its tags count it.
    Open,
    /// Some, or nobody any more.
    Hidden,
}

impl Sight {
    /// Open if `open`.
    #[must_use]
    pub fn of(open: bool) -> Self {
        if open { Self::Open } else { Self::Hidden }
    }

    fn count(self) -> i64 {
        i64::from(self == Self::Open)
    }
}

const OF_POST: &str = "SELECT t.name, t.id FROM post_tags x JOIN tags t ON t.id = x.tag_id WHERE x.post_id = $1";
const OF_PLAYLIST: &str =
    "SELECT t.name, t.id FROM playlist_tags x JOIN tags t ON t.id = x.tag_id WHERE x.playlist_id = $1";
const OF_ROOM: &str = "SELECT t.name, t.id FROM room_tags x JOIN tags t ON t.id = x.tag_id WHERE x.room_id = $1";

/// Makes the tag or finds it, and moves its count. The row is locked either way.
const TAKE: &str = "INSERT INTO tags (id, name, item_count, created_at) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (name) DO UPDATE SET item_count = tags.item_count + excluded.item_count RETURNING id";

impl Tagged {
    /// The tags that it has now, by name.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn tags(self, connection: &mut AnyConnection) -> Result<BTreeMap<String, TagId>, StoreError> {
        let query = match self {
            Self::Post(post, _) => sqlx::query_as(OF_POST).bind(post),
            Self::Playlist(playlist, _) => sqlx::query_as(OF_PLAYLIST).bind(playlist),
            Self::Room(room, _) => sqlx::query_as(OF_ROOM).bind(room),
        };
        let rows: Vec<(String, TagId)> = query.fetch_all(connection).await?;
        Ok(rows.into_iter().collect())
    }

    /// Gives it the tags `wanted` and no others, in the transaction that has written the thing and holds the lock on its
    /// row. `was` and `is` say who saw and who sees it; counts follow. Rows of tags are locked in the order of their names,
    /// so that two of these never wait for each other.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn set(
        self,
        transaction: &mut AnyConnection,
        wanted: &BTreeSet<TagName>,
        was: Sight,
        is: Sight,
    ) -> Result<(), StoreError> {
        let has = self.tags(&mut *transaction).await?;
        let names: BTreeSet<&str> = has.keys().map(String::as_str).chain(wanted.iter().map(TagName::as_str)).collect();
        for name in names {
            let wants = wanted.iter().any(|tag| tag.as_str() == name);
            match (has.get(name), wants) {
                (Some(tag), true) => count(transaction, *tag, is.count() - was.count()).await?,
                (Some(tag), false) => {
                    count(transaction, *tag, -was.count()).await?;
                    self.cut(transaction, *tag).await?;
                }
                (None, true) => {
                    let tag: TagId = sqlx::query_scalar(TAKE)
                        .bind(TagId::new())
                        .bind(name)
                        .bind(is.count())
                        .bind(Timestamp::now())
                        .fetch_one(&mut *transaction)
                        .await?;
                    self.tie(transaction, tag).await?;
                }
                (None, false) => {}
            }
        }
        Ok(())
    }

    /// Moves the counts of its tags when who sees it changes and its tags do not.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn seen(self, transaction: &mut AnyConnection, was: Sight, is: Sight) -> Result<(), StoreError> {
        // In the order of names, as above.
        for (_, tag) in self.tags(&mut *transaction).await? {
            count(transaction, tag, is.count() - was.count()).await?;
        }
        Ok(())
    }

    async fn tie(self, transaction: &mut AnyConnection, tag: TagId) -> Result<(), StoreError> {
        let query = match self {
            Self::Post(post, at) => {
                sqlx::query("INSERT INTO post_tags (post_id, tag_id, created_at) VALUES ($1, $2, $3)")
                    .bind(post)
                    .bind(tag)
                    .bind(at)
            }
            Self::Playlist(playlist, at) => {
                sqlx::query("INSERT INTO playlist_tags (playlist_id, tag_id, created_at) VALUES ($1, $2, $3)")
                    .bind(playlist)
                    .bind(tag)
                    .bind(at)
            }
            Self::Room(room, at) => {
                sqlx::query("INSERT INTO room_tags (room_id, tag_id, created_at) VALUES ($1, $2, $3)")
                    .bind(room)
                    .bind(tag)
                    .bind(at)
            }
        };
        query.execute(transaction).await?;
        Ok(())
    }

    async fn cut(self, transaction: &mut AnyConnection, tag: TagId) -> Result<(), StoreError> {
        let query = match self {
            Self::Post(post, _) => sqlx::query("DELETE FROM post_tags WHERE post_id = $1 AND tag_id = $2").bind(post),
            Self::Playlist(playlist, _) => {
                sqlx::query("DELETE FROM playlist_tags WHERE playlist_id = $1 AND tag_id = $2").bind(playlist)
            }
            Self::Room(room, _) => sqlx::query("DELETE FROM room_tags WHERE room_id = $1 AND tag_id = $2").bind(room),
        };
        query.bind(tag).execute(transaction).await?;
        Ok(())
    }
}

async fn count(transaction: &mut AnyConnection, tag: TagId, by: i64) -> Result<(), StoreError> {
    if by != 0 {
        sqlx::query("UPDATE tags SET item_count = item_count + $2 WHERE id = $1")
            .bind(tag)
            .bind(by)
            .execute(transaction)
            .await?;
    }
    Ok(())
}
