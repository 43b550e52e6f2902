//! `PUT /playlists/{id}/song-order`: moves one song. One row is written, whatever else moves at the same time.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Deserializer, Serialize};
use sqlx::AnyConnection;
use utoipa::ToSchema;

use super::{done, placed, rebalance};
use crate::base::id::{EntryId, PlaylistId, UserId};
use crate::playlists::owned::Owned;
use crate::playlists::place::{LONGEST, between};
use crate::social::pair::{Trouble, patiently};
use crate::state::AppState;
use crate::users::ActiveUser;
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};
use crate::web::version;

/// Body of `PUT /playlists/{id}/song-order`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SongMove {
    /// What to move.
    pub entry: EntryId,
    /// Behind what; null for the beginning.
    #[serde(deserialize_with = "named")]
    #[schema(required)]
    pub after: Option<EntryId>,
}

/// The field must be there, even if it is null: a body that forgot it moves nothing.
fn named<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<EntryId>, D::Error> {
    Option::deserialize(deserializer)
}

/// Move a song in a playlist
///
/// By its owner: one song to the beginning, or behind another. Whoever moves others at the same time moves those; every song
/// stays in there once.
#[utoipa::path(put, path = "/playlists/{id}/song-order", tag = "playlists", operation_id = "movePlaylistSong",
    request_body = SongMove,
    params(
        ("id" = PlaylistId, Path, description = "The playlist."),
        ("If-Match" = Option<String>, Header, description = "Entity tag of the version that is meant.", example = "\"v1\""),
    ),
    responses(
        (status = 204, description = "It stands there.",
            headers(("ETag" = String, description = "The playlist's version, for `If-Match`."))),
        (status = 403, description = "It is somebody else's; `suspended`."),
        (status = 404, description = "No such playlist for the one who asks."),
        (status = 412, description = "`changed`: there is a newer version than `If-Match` names."),
        (status = 422, description = "One of the two is not in the playlist, or both are one."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    ActiveUser(user): ActiveUser,
    Segment(id): Segment<PlaylistId>,
    headers: HeaderMap,
    Body(moving): Body<SongMove>,
) -> Result<Response, ApiError> {
    if moving.after == Some(moving.entry) {
        return Err(ApiError::field("/after", "A song cannot stand behind itself."));
    }
    Ok(done(patiently(|| change(&state, id, user.id, &headers, moving)).await?))
}

/// Where something is: entry, playlist.
pub const PLACE: &str = "SELECT place FROM playlist_songs WHERE id = $1 AND playlist_id = $2";
/// The first place behind another that is not of what moves: playlist, place, entry.
pub const NEXT: &str =
    "SELECT place FROM playlist_songs WHERE playlist_id = $1 AND place > $2 AND id <> $3 ORDER BY place LIMIT 1";

/// Moves, and tells the version then.
async fn change(
    state: &AppState,
    id: PlaylistId,
    owner: UserId,
    headers: &HeaderMap,
    SongMove { entry, after }: SongMove,
) -> Result<i64, Trouble> {
    let mut transaction = state.store.begin().await?;
    let before = Owned::lock(&mut transaction, id, owner).await?;
    version::check(headers, before.version)?;
    let now = place(&mut transaction, id, entry, "/entry").await?;
    let low = match after {
        Some(after) => Some(place(&mut transaction, id, after, "/after").await?),
        None => None,
    };
    let from = low.as_deref().unwrap_or_default();
    let high: Option<String> =
        sqlx::query_scalar(NEXT).bind(id).bind(from).bind(entry).fetch_optional(&mut *transaction).await?;
    if now.as_str() > from && high.as_deref().is_none_or(|high| now.as_str() < high) {
        // It stands there already.
        return Ok(before.version);
    }
    let place = between(low.as_deref(), high.as_deref());
    sqlx::query("UPDATE playlist_songs SET place = $2 WHERE id = $1")
        .bind(entry)
        .bind(&place)
        .execute(&mut *transaction)
        .await
        .map_err(placed)?;
    if place.len() > LONGEST {
        rebalance(&mut transaction, id).await?;
    }
    transaction.commit().await?;
    Ok(before.version + 1)
}

async fn place(
    transaction: &mut AnyConnection,
    playlist: PlaylistId,
    entry: EntryId,
    pointer: &str,
) -> Result<String, ApiError> {
    let place: Option<String> =
        sqlx::query_scalar(PLACE).bind(entry).bind(playlist).fetch_optional(transaction).await?;
    place.ok_or_else(|| ApiError::field(pointer, "There is no such song in this playlist."))
}
