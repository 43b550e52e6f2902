//! `PUT` and `DELETE /playlists/{id}/cover`: another cover, one's own or drawn anew. What a cover is as a file says
//! [`super::artwork`].

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use sqlx::AnyConnection;

use super::artwork::{self, Artwork};
use super::owned::Owned;
use super::playlist::{CoverKind, Playlist};
use super::row;
use crate::base::id::{PlaylistId, UserId};
use crate::protocol::code::Code;
use crate::store::Store;
use crate::users::upload::form::{self, PictureForm};
use crate::users::{ActiveUser, Users};
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::version;

/// Replace the cover of a playlist
///
/// By its owner, with a picture of theirs; the middle of it is shown.
#[utoipa::path(put, path = "/playlists/{id}/cover", tag = "playlists", operation_id = "replaceCover",
    request_body(content = PictureForm, content_type = "multipart/form-data"),
    params(
        ("id" = PlaylistId, Path, description = "The playlist."),
        ("If-Match" = Option<String>, Header, description = "Entity tag of the version that is meant.", example = "\"v1\""),
    ),
    responses(
        (status = 200, description = "The playlist as it is now.", body = Playlist,
            headers(("ETag" = String, description = "Its version, for `If-Match`."))),
        (status = 400, description = "No form with one picture that can be used."),
        (status = 403, description = "It is somebody else's; `suspended`."),
        (status = 404, description = "No such playlist for the one who asks."),
        (status = 412, description = "`changed`: there is a newer version than `If-Match` names."),
    ),
    security(("access" = []))
)]
pub async fn replace(
    State(users): State<Users>,
    ActiveUser(user): ActiveUser,
    Segment(id): Segment<PlaylistId>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, ApiError> {
    let _turn = users.uploads.turn(user.id)?;
    // Whose playlist it is, before the picture is read.
    drop(lock(&users.state.store, id, user.id, &headers).await?);
    users.pace.cover(user.id)?;
    let artwork = Artwork::uploaded(&users, form::read(request).await?).await?;
    change(&users, id, user.id, artwork, &headers).await
}

/// Draw another cover for a playlist
///
/// By its owner: in place of the one that it has, from its mood and genre or else those of most of its songs, and different
/// each time.
#[utoipa::path(delete, path = "/playlists/{id}/cover", tag = "playlists", operation_id = "redrawCover",
    params(
        ("id" = PlaylistId, Path, description = "The playlist."),
        ("If-Match" = Option<String>, Header, description = "Entity tag of the version that is meant.", example = "\"v1\""),
    ),
    responses(
        (status = 200, description = "The playlist as it is now.", body = Playlist,
            headers(("ETag" = String, description = "Its version, for `If-Match`."))),
        (status = 403, description = "It is somebody else's; `suspended`."),
        (status = 404, description = "No such playlist for the one who asks."),
        (status = 412, description = "`changed`: there is a newer version than `If-Match` names."),
    ),
    security(("access" = []))
)]
pub async fn delete(
    State(users): State<Users>,
    ActiveUser(user): ActiveUser,
    Segment(id): Segment<PlaylistId>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    drop(lock(&users.state.store, id, user.id, &headers).await?);
    users.pace.cover(user.id)?;
    let Some((_, artwork)) = artwork::drawn_for(&users, id).await? else {
        return Err(ApiError::NotFound(Code::NotFound));
    };
    change(&users, id, user.id, artwork, &headers).await
}

/// Begins a change of the version that is meant, which is the caller's to change.
async fn lock(
    store: &Store,
    id: PlaylistId,
    owner: UserId,
    headers: &HeaderMap,
) -> Result<sqlx::Transaction<'static, sqlx::Any>, ApiError> {
    let mut transaction = store.begin().await?;
    let list = Owned::lock(&mut transaction, id, owner).await?;
    version::check(headers, list.version)?;
    Ok(transaction)
}

/// Keeps the cover and forgets the one before, in the version that is meant.
async fn change(
    users: &Users,
    id: PlaylistId,
    owner: UserId,
    artwork: Artwork,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let write = async |transaction: &mut AnyConnection, cover: (String, CoverKind)| {
        let list = Owned::lock(transaction, id, owner).await?;
        version::check(headers, list.version)?;
        artwork::put(transaction, id, list.cover.as_deref(), cover).await
    };
    let file = artwork.keep(users, owner, write).await?;
    users.uploads.release(file).await?;
    let playlist = row::fetch(&users.state.store, id, Some(owner)).await?;
    Ok(version::tagged(playlist.version, playlist))
}
