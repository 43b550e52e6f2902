//! `DELETE /playlists/{id}/songs/{entry}`.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::done;
use crate::base::id::{EntryId, PlaylistId};
use crate::playlists::owned::Owned;
use crate::protocol::code::Code;
use crate::state::AppState;
use crate::users::ActiveUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::version;

/// Take a song out of a playlist
///
/// By its owner.
#[utoipa::path(delete, path = "/playlists/{id}/songs/{entry}", tag = "playlists", operation_id = "removePlaylistSong",
    params(
        ("id" = PlaylistId, Path, description = "The playlist."),
        ("entry" = EntryId, Path, description = "The song's place in it."),
        ("If-Match" = Option<String>, Header, description = "Entity tag of the version that is meant.", example = "\"v1\""),
    ),
    responses(
        (status = 204, description = "It is not in there any more.",
            headers(("ETag" = String, description = "The playlist's version, for `If-Match`."))),
        (status = 403, description = "It is somebody else's; `suspended`."),
        (status = 404, description = "No such playlist for the one who asks, or nothing at that place."),
        (status = 412, description = "`changed`: there is a newer version than `If-Match` names."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    ActiveUser(user): ActiveUser,
    Segment((id, entry)): Segment<(PlaylistId, EntryId)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let mut transaction = state.store.begin().await?;
    let before = Owned::lock(&mut transaction, id, user.id).await?;
    version::check(&headers, before.version)?;
    let gone = sqlx::query("DELETE FROM playlist_songs WHERE id = $1 AND playlist_id = $2")
        .bind(entry)
        .bind(id)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
    if gone == 0 {
        return Err(ApiError::NotFound(Code::NotFound));
    }
    sqlx::query("UPDATE playlists SET song_count = song_count - 1 WHERE id = $1")
        .bind(id)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(done(before.version + 1))
}
