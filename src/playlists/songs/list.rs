//! `GET /playlists/{id}/songs`.

use axum::Json;
use axum::extract::State;
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};

use crate::base::id::PlaylistId;
use crate::base::timestamp::Timestamp;
use crate::playlists::playlist::PlaylistEntry;
use crate::social::sight;
use crate::songs::row::columns;
use crate::songs::song::Song;
use crate::state::AppState;
use crate::store::{Store, StoreError};
use crate::users::MaybeUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::page::{Cursor, Page, Paging};

/// Songs of a playlist in their order: playlist, after which place, rows.
pub const SONGS: &str = concat!(
    "SELECT e.id AS entry_id, e.place, e.added_at, ",
    columns!(),
    " FROM playlist_songs e JOIN songs s ON s.id = e.song_id \
     WHERE e.playlist_id = $1 AND e.place > $2 ORDER BY e.place LIMIT $3"
);

struct Placed {
    entry: PlaylistEntry,
    place: String,
}

impl<'r> FromRow<'r, AnyRow> for Placed {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let entry = PlaylistEntry {
            id: row.try_get("entry_id")?,
            song: Song::from_row(row)?,
            added_at: row.try_get("added_at")?,
        };
        Ok(Self { entry, place: row.try_get("place")? })
    }
}

/// One page of the songs of a playlist, whoever may see it.
///
/// # Errors
/// The database does not answer.
pub async fn page(store: &Store, playlist: PlaylistId, paging: &Paging) -> Result<Page<PlaylistEntry>, StoreError> {
    let after = paging.after.as_ref().map_or("", |cursor| &cursor.id);
    let rows: Vec<Placed> =
        sqlx::query_as(SONGS).bind(playlist).bind(after).bind(paging.rows()).fetch_all(store.read()).await?;
    let place = |row: &Placed| Cursor::new(Timestamp::from_millis(0), &row.place);
    Ok(paging.page(rows, place).map(|row| row.entry))
}

/// List the songs of a playlist
///
/// In their order.
#[utoipa::path(get, path = "/playlists/{id}/songs", tag = "playlists", operation_id = "listPlaylistSongs",
    params(("id" = PlaylistId, Path, description = "The playlist."), Paging),
    responses(
        (status = 200, description = "The songs.", body = Page<PlaylistEntry>),
        (status = 404, description = "No such playlist for the one who asks."),
    ),
    security((), ("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    MaybeUser(viewer): MaybeUser,
    Segment(id): Segment<PlaylistId>,
    paging: Paging,
) -> Result<Json<Page<PlaylistEntry>>, ApiError> {
    let mut connection = state.store.read().acquire().await?;
    sight::owner(&mut connection, id, viewer.map(|user| user.id)).await?;
    // Nobody waits for a second connection with one in hand.
    drop(connection);
    Ok(Json(page(&state.store, id, &paging).await?))
}
