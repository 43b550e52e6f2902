//! `POST /playlists/{id}/songs`: adds songs, and says of each what became of it.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use utoipa::ToSchema;

use super::{MOST, placed, rebalance};
use crate::base::id::{EntryId, PlaylistId, SongId, UserId};
use crate::base::timestamp::Timestamp;
use crate::playlists::artwork;
use crate::playlists::create::PUT;
use crate::playlists::owned::Owned;
use crate::playlists::place::{self, between};
use crate::social::pair::{Trouble, patiently};
use crate::state::AppState;
use crate::users::{ActiveUser, Users};
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};
use crate::web::version;

/// Songs of one request.
const AT_ONCE: usize = 50;
/// Longest text that could name a song, in bytes.
const LONGEST: usize = 64;

/// Body of `POST /playlists/{id}/songs`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSongs {
    /// Identifiers of songs, in the order in which they are added at the end.
    #[schema(min_items = 1, max_items = 50, examples("01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e"))]
    pub songs: Vec<String>,
}

/// What became of the songs, in the order in which they were named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AddedSongs {
    /// Each of them.
    pub results: Vec<AddedSong>,
    /// How many songs are in the playlist now.
    #[schema(minimum = 0, maximum = 200)]
    pub song_count: i64,
    /// The version of the playlist now.
    #[schema(minimum = 1)]
    pub version: i64,
}

/// What became of one song.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AddedSong {
    /// The song, as it was named.
    pub song: String,
    /// What became of it.
    pub status: Fate,
    /// Its place in the playlist, if it is in there.
    pub entry: Option<EntryId>,
}

/// What can become of a song that is to be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It is in the playlist now.
    Added,
    /// It was in there before.
    AlreadyThere,
    /// There is no such song.
    NotFound,
    /// The playlist has as many songs as one can have.
    Full,
}

/// Add songs to a playlist
///
/// By its owner, at the end, up to 200 in all. The answer says of each song what became of it; one that cannot be added
/// keeps no other out. What is in the playlist already stays where it is.
#[utoipa::path(post, path = "/playlists/{id}/songs", tag = "playlists", operation_id = "addPlaylistSongs",
    request_body = NewSongs,
    params(
        ("id" = PlaylistId, Path, description = "The playlist."),
        ("If-Match" = Option<String>, Header, description = "Entity tag of the version that is meant.", example = "\"v1\""),
    ),
    responses(
        (status = 200, description = "What became of each.", body = AddedSongs,
            headers(("ETag" = String, description = "The playlist's version, for `If-Match`."))),
        (status = 403, description = "It is somebody else's; `suspended`."),
        (status = 404, description = "No such playlist for the one who asks."),
        (status = 409, description = "`key-reused`: the key came with another request before."),
        (status = 412, description = "`changed`: there is a newer version than `If-Match` names."),
        (status = 422, description = "None, or more than 50 at once."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(users): State<Users>,
    ActiveUser(user): ActiveUser,
    Segment(id): Segment<PlaylistId>,
    headers: HeaderMap,
    Body(NewSongs { songs }): Body<NewSongs>,
) -> Result<Response, ApiError> {
    if !(1..=AT_ONCE).contains(&songs.len()) {
        return Err(ApiError::field("/songs", format!("Name 1 to {AT_ONCE} songs.")));
    }
    if let Some(at) = songs.iter().position(|song| song.len() > LONGEST) {
        return Err(ApiError::field(format!("/songs/{at}"), "This names no song."));
    }
    let (added, bare) = patiently(|| add(&users.state, id, user.id, &headers, &songs)).await?;
    if bare.is_some() {
        suit(&users, id, user.id, bare.as_deref()).await;
    }
    Ok(version::tagged(added.version, added))
}

/// A playlist that was made empty has a cover of no mood in particular; with its first songs it gets one that suits them.
/// The songs are in there already, so nothing that goes wrong here is told.
async fn suit(users: &Users, id: PlaylistId, owner: UserId, before: Option<&str>) {
    if users.pace.cover(owner).is_err() {
        return;
    }
    if let Err(error) = artwork::redraw(users, id, before).await {
        tracing::warn!(?error, playlist = %id, "its first songs brought no cover");
    }
}

/// The last place in a playlist: playlist.
pub const LAST: &str = "SELECT place FROM playlist_songs WHERE playlist_id = $1 ORDER BY place DESC LIMIT 1";
/// A cover that was drawn without knowing the mood: playlist.
pub const UNSUITED: &str = "SELECT cover FROM playlists WHERE id = $1 AND cover_kind = 'drawn' \
     AND cover IS NOT NULL AND mood IS NULL";
/// Where a song is in a playlist: song, playlist.
pub const THERE: &str = "SELECT id FROM playlist_songs WHERE song_id = $1 AND playlist_id = $2";

/// Adds them. Also tells which cover does not suit the playlist any more: one that was drawn while it had no songs and no mood.
async fn add(
    state: &AppState,
    id: PlaylistId,
    owner: UserId,
    headers: &HeaderMap,
    songs: &[String],
) -> Result<(AddedSongs, Option<String>), Trouble> {
    let mut transaction = state.store.begin().await?;
    let before = Owned::lock(&mut transaction, id, owner).await?;
    version::check(headers, before.version)?;
    let mut last: Option<String> = sqlx::query_scalar(LAST).bind(id).fetch_optional(&mut *transaction).await?;
    let mut song_count = before.song_count;
    let mut results = Vec::with_capacity(songs.len());
    for song in songs {
        let (status, entry) = one(&mut transaction, id, song, song_count, &mut last).await?;
        song_count += i64::from(status == Fate::Added);
        results.push(AddedSong { song: song.clone(), status, entry });
    }
    if song_count == before.song_count {
        return Ok((AddedSongs { results, song_count, version: before.version }, None));
    }
    if last.is_some_and(|last| last.len() > place::LONGEST) {
        rebalance(&mut transaction, id).await?;
    }
    sqlx::query("UPDATE playlists SET song_count = $2 WHERE id = $1")
        .bind(id)
        .bind(song_count)
        .execute(&mut *transaction)
        .await?;
    let bare = if before.song_count == 0 {
        sqlx::query_scalar(UNSUITED).bind(id).fetch_optional(&mut *transaction).await?
    } else {
        None
    };
    transaction.commit().await?;
    Ok((AddedSongs { results, song_count, version: before.version + 1 }, bare))
}

async fn one(
    transaction: &mut AnyConnection,
    playlist: PlaylistId,
    song: &str,
    song_count: i64,
    last: &mut Option<String>,
) -> Result<(Fate, Option<EntryId>), Trouble> {
    let Ok(song) = song.parse::<SongId>() else { return Ok((Fate::NotFound, None)) };
    let there: Option<EntryId> =
        sqlx::query_scalar(THERE).bind(song).bind(playlist).fetch_optional(&mut *transaction).await?;
    if there.is_some() {
        return Ok((Fate::AlreadyThere, there));
    }
    let known: Option<SongId> =
        sqlx::query_scalar("SELECT id FROM songs WHERE id = $1").bind(song).fetch_optional(&mut *transaction).await?;
    if known.is_none() {
        return Ok((Fate::NotFound, None));
    }
    if song_count >= MOST as i64 {
        return Ok((Fate::Full, None));
    }
    let (entry, place) = (EntryId::new(), between(last.as_deref(), None));
    let put = sqlx::query(PUT).bind(entry).bind(playlist).bind(song).bind(&place).bind(Timestamp::now());
    if put.execute(&mut *transaction).await.map_err(placed)?.rows_affected() == 0 {
        // Gone since the statement before.
        return Ok((Fate::NotFound, None));
    }
    *last = Some(place);
    Ok((Fate::Added, Some(entry)))
}
