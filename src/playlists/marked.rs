//! `GET /users/{user}/liked-playlists` and `GET /me/bookmarked-playlists`: what somebody likes, and what one keeps.

use axum::Json;
use axum::extract::State;
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};

use super::of_user::whom;
use super::playlist::Playlist;
use super::row::{self, PlaylistRow, columns, joined};
use crate::base::timestamp::Timestamp;
use crate::social::sight::playlist_seen;
use crate::state::AppState;
use crate::users::{CurrentUser, MaybeUser};
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::page::{Cursor, Page, Paging};

/// What somebody likes of other people, as the viewer may see it, the last one first: viewer, person, time, identifier,
/// rows.
pub const LIKED: &str = concat!(
    "SELECT ",
    columns!("$1"),
    ", m.created_at AS since FROM playlist_likes m JOIN playlists p ON p.id = m.playlist_id",
    joined!(),
    "WHERE m.user_id = $2 AND p.owner_id <> $2 AND (m.created_at, m.playlist_id) < ($3, $4) AND ",
    playlist_seen!("$1"),
    " ORDER BY m.created_at DESC, m.playlist_id DESC LIMIT $5"
);

/// One's bookmarks, the last one first: viewer, time, identifier, rows.
pub const BOOKMARKED: &str = concat!(
    "SELECT ",
    columns!("$1"),
    ", m.created_at AS since FROM playlist_bookmarks m JOIN playlists p ON p.id = m.playlist_id",
    joined!(),
    "WHERE m.user_id = $1 AND (m.created_at, m.playlist_id) < ($2, $3) AND ",
    playlist_seen!("$1"),
    " ORDER BY m.created_at DESC, m.playlist_id DESC LIMIT $4"
);

struct Marked {
    row: PlaylistRow,
    since: Timestamp,
}

impl<'r> FromRow<'r, AnyRow> for Marked {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self { row: PlaylistRow::from_row(row)?, since: row.try_get("since")? })
    }
}

/// The place of a playlist in a list that is sorted by the time when they were marked.
fn by_mark(one: &Marked) -> Cursor {
    Cursor::new(one.since, one.row.playlist.id)
}

/// List the playlists that somebody likes
///
/// Other people's, as far as the viewer may see them, the last one first. One's own are not among them.
#[utoipa::path(get, path = "/users/{user}/liked-playlists", tag = "playlists", operation_id = "listPlaylistsLikedBy",
    params(("user" = String, Path, description = "Identifier or handle."), Paging),
    responses(
        (status = 200, description = "What they like.", body = Page<Playlist>),
        (status = 404, description = "Nobody of that name is to be seen."),
    ),
    security((), ("access" = []))
)]
pub async fn liked(
    State(state): State<AppState>,
    MaybeUser(viewer): MaybeUser,
    Segment(user): Segment<String>,
    paging: Paging,
) -> Result<Json<Page<Playlist>>, ApiError> {
    let (store, viewer) = (&state.store, viewer.map(|user| user.id));
    let person = whom(store, viewer, &user).await?;
    let list = sqlx::query_as(LIKED).bind(viewer).bind(person);
    let page = paging.newest_first(list, store.read(), by_mark).await?;
    Ok(Json(row::page(store, viewer, page.map(|one| one.row)).await?))
}

/// List the playlists that one has bookmarked
///
/// The last one first. A playlist that is not to be seen any more is left out as long as it is not.
#[utoipa::path(get, path = "/me/bookmarked-playlists", tag = "playlists", operation_id = "listBookmarkedPlaylists",
    params(Paging),
    responses((status = 200, description = "Playlists.", body = Page<Playlist>)),
    security(("access" = []))
)]
pub async fn bookmarked(
    State(state): State<AppState>,
    me: CurrentUser,
    paging: Paging,
) -> Result<Json<Page<Playlist>>, ApiError> {
    let list = sqlx::query_as(BOOKMARKED).bind(me.id);
    let page = paging.newest_first(list, state.store.read(), by_mark).await?;
    Ok(Json(row::page(&state.store, Some(me.id), page.map(|one| one.row)).await?))
}
