//! `GET /playlists`: what everybody may see.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::for_you;
use super::playlist::Playlist;
use super::row::{self, PlaylistRow, columns, joined};
use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::social::sight::person_seen;
use crate::state::AppState;
use crate::store::{Store, StoreError};
use crate::users::MaybeUser;
use crate::users::genre::Genre;
use crate::web::error::ApiError;
use crate::web::page::{Cursor, Page, Paging};

/// An order of playlists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// The newest first.
    #[default]
    New,
    /// The hottest first: likes and comments lift a playlist, age lets it sink.
    Hot,
    /// Other people's, by what the viewer likes, what they have liked already last. For a guest, and with a genre, as `hot`.
    ForYou,
}

/// Which playlists to list.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Of one genre; of all when missing.
    genre: Option<Genre>,
    /// In which order.
    #[serde(default)]
    #[param(required = false, inline)]
    sort: Order,
}

/// Public playlists in an order, as the viewer may see them, before a place in it; then the parameters of place and limit.
macro_rules! open {
    ($genre:literal, $order:literal, $place:literal, $rows:literal) => {
        concat!(
            "SELECT ",
            columns!("$1"),
            " FROM playlists p",
            joined!(),
            "WHERE ",
            $genre,
            "p.is_public = 1 AND p.deleted_at IS NULL AND (",
            $order,
            ", p.id) < ",
            $place,
            " AND ",
            person_seen!("$1"),
            " ORDER BY ",
            $order,
            " DESC, p.id DESC LIMIT ",
            $rows
        )
    };
}

/// Public playlists, newest first: viewer, time, identifier, rows.
pub const NEW: &str = open!("", "p.created_at", "($2, $3)", "$4");
/// Public playlists, the hottest first: viewer, heat, identifier, rows.
pub const HOT: &str = open!("", "p.heat", "($2, $3)", "$4");
/// Those of a genre, newest first: viewer, genre, time, identifier, rows.
pub const NEW_OF_GENRE: &str = open!("p.genre = $2 AND ", "p.created_at", "($3, $4)", "$5");
/// Those of a genre, the hottest first: viewer, genre, heat, identifier, rows.
pub const HOT_OF_GENRE: &str = open!("p.genre = $2 AND ", "p.heat", "($3, $4)", "$5");

/// The rows of one page, without tags.
///
/// # Errors
/// The database does not answer.
pub async fn rows(
    store: &Store,
    viewer: Option<UserId>,
    order: Order,
    genre: Option<Genre>,
    paging: &Paging,
) -> Result<Page<PlaylistRow>, StoreError> {
    let sql = match (order, genre) {
        (Order::New, None) => NEW,
        (Order::Hot | Order::ForYou, None) => HOT,
        (Order::New, Some(_)) => NEW_OF_GENRE,
        (Order::Hot | Order::ForYou, Some(_)) => HOT_OF_GENRE,
    };
    let mut list = sqlx::query_as(sql).bind(viewer);
    if let Some(genre) = genre {
        list = list.bind(genre.as_str());
    }
    let place = match order {
        Order::New => by_time,
        Order::Hot | Order::ForYou => by_heat,
    };
    paging.newest_first(list, store.read(), place).await
}

/// The place of a playlist in a list that is sorted by the time when they were made.
#[must_use]
pub fn by_time(row: &PlaylistRow) -> Cursor {
    Cursor::new(row.playlist.created_at, row.playlist.id)
}

/// The place of a playlist among the hot ones.
#[must_use]
pub fn by_heat(row: &PlaylistRow) -> Cursor {
    Cursor::new(Timestamp::from_millis(row.heat), row.playlist.id)
}

/// List playlists
///
/// What everybody may see, of one genre or of all. Hot is as posts are popular: a playlist stands where it would stand if it
/// were younger by up to a week; five likes are worth a day, and a comment counts like two likes.
#[utoipa::path(get, path = "/playlists", tag = "playlists", operation_id = "listPlaylists", params(Which, Paging),
    responses((status = 200, description = "Playlists.", body = Page<Playlist>)),
    security((), ("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    MaybeUser(viewer): MaybeUser,
    Query(Which { genre, sort }): Query<Which>,
    paging: Paging,
) -> Result<Json<Page<Playlist>>, ApiError> {
    let viewer = viewer.map(|user| user.id);
    if let (Some(viewer), Order::ForYou, None) = (viewer, sort, genre) {
        let page = for_you::page(&state.store, viewer, &paging).await?;
        return Ok(Json(row::page(&state.store, Some(viewer), page).await?));
    }
    let rows = rows(&state.store, viewer, sort, genre, &paging).await?;
    Ok(Json(row::page(&state.store, viewer, rows).await?))
}
