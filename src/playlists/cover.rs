//! `PUT` and `DELETE /playlists/{id}/cover`, and the cover that every playlist gets.
//!
//! A cover is an upload of the playlist's owner under a random name that only the playlist tells. Whoever could see a
//! playlist and cannot any more does not know the name of its cover either: it gets another when the list is made private.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use sqlx::AnyConnection;

use super::owned::Owned;
use super::playlist::{CoverKind, Playlist};
use super::row;
use crate::base::id::{PlaylistId, UserId};
use crate::covers::{self, Motif};
use crate::protocol::MoodLabel;
use crate::protocol::mood::ClearMood;
use crate::store::Store;
use crate::users::genre::Genre;
use crate::users::picture::{Picture, Shape};
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
    let picture = users.uploads.make(form::read(request).await?, Shape::Cover).await?;
    change(&users, id, user.id, picture, CoverKind::Uploaded, &headers).await
}

/// Draw another cover for a playlist
///
/// By its owner: in place of the one that it has, from its mood and genre, and different each time.
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
    let Some((_, motif)) = motif(&users.state.store, id).await? else {
        return Err(ApiError::NotFound(crate::protocol::code::Code::NotFound));
    };
    let picture = draw(&users, motif).await?;
    change(&users, id, user.id, picture, CoverKind::Drawn, &headers).await
}

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

async fn change(
    users: &Users,
    id: PlaylistId,
    owner: UserId,
    picture: Picture,
    kind: CoverKind,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let mut file = None;
    users
        .uploads
        .keep(owner, picture, async |transaction, kept| {
            let list = Owned::lock(transaction, id, owner).await?;
            version::check(headers, list.version)?;
            put(transaction, id, &kept.public_name, kind).await?;
            file = drop_file(transaction, list.cover.as_deref()).await?;
            Ok(())
        })
        .await?;
    users.uploads.release(file).await?;
    let playlist = row::fetch(&users.state.store, id, Some(owner)).await?;
    Ok(version::tagged(playlist.version, playlist))
}

async fn put(connection: &mut AnyConnection, id: PlaylistId, name: &str, kind: CoverKind) -> Result<(), ApiError> {
    sqlx::query("UPDATE playlists SET cover = $2, cover_kind = $3 WHERE id = $1")
        .bind(id)
        .bind(name)
        .bind(kind.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// An upload that was a cover and is none any more: public name.
const DROP: &str = "DELETE FROM uploads WHERE public_name = $1 \
     AND NOT EXISTS (SELECT 1 FROM playlists p WHERE p.cover = uploads.public_name) RETURNING blob";

/// Forgets the picture that was a cover until now. Returns its file, to be released after the commit.
///
/// # Errors
/// The database does not answer.
pub async fn drop_file(connection: &mut AnyConnection, name: Option<&str>) -> Result<Option<String>, ApiError> {
    let Some(name) = name else { return Ok(None) };
    Ok(sqlx::query_scalar(DROP).bind(name).fetch_optional(connection).await?)
}

/// Gives the cover of a playlist another name, in the transaction that hides the playlist: whoever knew the old one does not
/// see the picture any more.
///
/// # Errors
/// The database does not answer.
pub async fn rename(connection: &mut AnyConnection, id: PlaylistId, name: Option<&str>) -> Result<(), ApiError> {
    let Some(name) = name else { return Ok(()) };
    let ending = name.rsplit('.').next().unwrap_or("png");
    let other = hex::encode(rand::random::<[u8; 16]>()) + "." + ending;
    sqlx::query("UPDATE uploads SET public_name = $2 WHERE public_name = $1")
        .bind(name)
        .bind(&other)
        .execute(&mut *connection)
        .await?;
    sqlx::query("UPDATE playlists SET cover = $2 WHERE id = $1").bind(id).bind(other).execute(connection).await?;
    Ok(())
}

/// The mood that most of a playlist's songs have, and how many: playlist.
pub const DOMINANT: &str = "SELECT m.mood FROM playlist_songs e JOIN song_moods m ON m.song_id = e.song_id \
     WHERE e.playlist_id = $1 GROUP BY m.mood ORDER BY COUNT(*) DESC, m.mood LIMIT 1";

/// Whose a playlist is, and what its cover is drawn from; none when it is gone.
async fn motif(store: &Store, id: PlaylistId) -> Result<Option<(UserId, Motif)>, ApiError> {
    let row: Option<(UserId, Option<String>, Option<String>)> =
        sqlx::query_as("SELECT owner_id, genre, mood FROM playlists WHERE id = $1 AND deleted_at IS NULL")
            .bind(id)
            .fetch_optional(store.read())
            .await?;
    let Some((owner, genre, mood)) = row else { return Ok(None) };
    let mood = match mood {
        Some(mood) => Some(mood),
        None => sqlx::query_scalar(DOMINANT).bind(id).fetch_optional(store.read()).await?,
    };
    let motif = Motif {
        mood: mood.as_deref().and_then(ClearMood::of).map(MoodLabel::from),
        genre: genre.as_deref().and_then(Genre::of),
        seed: rand::random(),
    };
    Ok(Some((owner, motif)))
}

/// Draws, when a processor is free.
async fn draw(users: &Users, motif: Motif) -> Result<Picture, ApiError> {
    let drawn = users.uploads.work(move || covers::draw(&motif)).await;
    let bytes = drawn.map_err(|error| error.to_string()).and_then(|drawn| drawn.map_err(|error| error.to_string()));
    let bytes = bytes.map_err(|error| {
        tracing::error!(error, "a cover could not be drawn");
        ApiError::Internal
    })?;
    let side = covers::PIXELS;
    Ok(Picture { bytes, media_type: "image/png", ending: "png", width: side, height: side })
}

/// Draws a cover for a playlist that has none. Of several at once, one is kept.
///
/// # Errors
/// 500, 503; the next round of [`super::sweep`] tries again.
pub async fn ensure(users: &Users, id: PlaylistId) -> Result<(), ApiError> {
    let Some((owner, motif)) = motif(&users.state.store, id).await? else { return Ok(()) };
    let picture = draw(users, motif).await?;
    let mut file = None;
    users
        .uploads
        .keep(owner, picture, async |connection, kept| {
            let sql = "UPDATE playlists SET cover = $2, cover_kind = 'drawn' WHERE id = $1 AND cover IS NULL";
            sqlx::query(sql).bind(id).bind(&kept.public_name).execute(&mut *connection).await?;
            file = drop_file(connection, Some(&kept.public_name)).await?;
            Ok(())
        })
        .await?;
    users.uploads.release(file).await
}

/// Playlists without a cover: how many at most.
pub const BARE: &str = "SELECT id FROM playlists WHERE cover IS NULL AND deleted_at IS NULL ORDER BY id LIMIT $1";

/// Draws covers for playlists that have none: what made them died before it drew one.
///
/// # Errors
/// 500, 503.
pub async fn sweep(users: &Users) -> Result<(), ApiError> {
    let bare: Vec<PlaylistId> = sqlx::query_scalar(BARE).bind(50_i64).fetch_all(users.state.store.read()).await?;
    for id in bare {
        ensure(users, id).await?;
    }
    Ok(())
}
