//! Reading the list of a room: what the room's host may hear.

use std::time::Duration;

use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};

use super::playing::{Listed, Track};
use crate::base::id::{PlaylistId, RoomId, UserId};
use crate::social::sight::playlist_seen;
use crate::songs::row::columns;
use crate::songs::song::Song;
use crate::store::{Store, StoreError};
use crate::users::card::picture_url;

/// A playlist that somebody may hear: playlist, person.
pub const HEARD: &str = concat!(
    "SELECT p.id, p.title, p.cover FROM playlists p JOIN users u ON u.id = p.owner_id WHERE p.id = $1 AND ",
    playlist_seen!("$2")
);

/// The playlist of a room, if its host may hear it still: room.
pub const ATTACHED: &str = concat!(
    "SELECT p.id, p.title, p.cover FROM rooms r JOIN playlists p ON p.id = r.playlist_id \
     JOIN users u ON u.id = p.owner_id WHERE r.id = $1 AND ",
    playlist_seen!("r.host_id")
);

/// Songs of a playlist in their order: playlist, rows.
pub const SONGS: &str = concat!(
    "SELECT e.id AS entry_id, ",
    columns!(),
    " FROM playlist_songs e JOIN songs s ON s.id = e.song_id WHERE e.playlist_id = $1 ORDER BY e.place LIMIT $2"
);

/// Songs of a list that a room plays at most.
const MOST: i64 = 500;

struct Head {
    playlist: PlaylistId,
    title: String,
    cover: Option<String>,
}

impl<'r> FromRow<'r, AnyRow> for Head {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let cover: Option<String> = row.try_get("cover")?;
        let cover = cover.as_deref().map(picture_url);
        Ok(Self { playlist: row.try_get("id")?, title: row.try_get("title")?, cover })
    }
}

impl<'r> FromRow<'r, AnyRow> for Track {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let song = Song::from_row(row)?;
        let length = Duration::from_secs(song.preview.seconds.max(1).into());
        // By way of the text, so that numbers read as they do over HTTP.
        let text = serde_json::to_string(&song).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let song: Value = serde_json::from_str(&text).map_err(|error| sqlx::Error::Decode(error.into()))?;
        Ok(Self { entry: row.try_get("entry_id")?, length, song })
    }
}

/// A playlist that `person` may hear. Its songs may be none.
///
/// # Errors
/// The database does not answer.
pub async fn heard(store: &Store, playlist: PlaylistId, person: UserId) -> Result<Option<Listed>, StoreError> {
    let head: Option<Head> = sqlx::query_as(HEARD).bind(playlist).bind(person).fetch_optional(store.read()).await?;
    with_songs(store, head).await
}

/// The playlist that a room has by its row, if its host may hear it still and it has songs.
///
/// # Errors
/// The database does not answer.
pub async fn attached(store: &Store, room: RoomId) -> Result<Option<Listed>, StoreError> {
    let head: Option<Head> = sqlx::query_as(ATTACHED).bind(room).fetch_optional(store.read()).await?;
    let list = with_songs(store, head).await?;
    Ok(list.filter(|list| !list.songs.is_empty()))
}

async fn with_songs(store: &Store, head: Option<Head>) -> Result<Option<Listed>, StoreError> {
    let Some(Head { playlist, title, cover }) = head else { return Ok(None) };
    let songs = sqlx::query_as(SONGS).bind(playlist).bind(MOST).fetch_all(store.read()).await?;
    Ok(Some(Listed { playlist, title, cover, songs }))
}
