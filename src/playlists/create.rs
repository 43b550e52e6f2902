//! `POST /playlists`, and the one way to write a new playlist.

use std::collections::{BTreeSet, HashSet};

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use utoipa::ToSchema;

use super::artwork::{self, Artwork};
use super::leaning::Leaning;
use super::playlist::{CoverKind, WholePlaylist};
use super::songs::MOST;
use super::{grams, place, show, text};
use crate::base::id::{EntryId, PlaylistId, SongId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::mood::ClearMood;
use crate::tags::name::TagName;
use crate::tags::set::{Sight, Tagged};
use crate::users::genre::Genre;
use crate::users::{ActiveUser, Users};
use crate::web::error::ApiError;
use crate::web::extract::Body;
use crate::web::idempotency::Once;

/// Body of `POST /playlists`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlaylist {
    /// 1 to 50 characters as readers count them.
    #[schema(min_length = 1, max_length = 250, examples("Rain on the window"))]
    pub title: String,
    /// What it is for: at most 150 characters as readers count them.
    #[serde(default)]
    #[schema(max_length = 750, examples("For the last bus home."))]
    pub description: String,
    /// Whether everybody may see it.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_public: bool,
    /// Its genre.
    #[serde(default)]
    pub genre: Option<Genre>,
    /// Its mood.
    #[serde(default)]
    pub mood: Option<ClearMood>,
    /// What it is found by: words of 1 to 30 characters.
    #[serde(default)]
    #[schema(max_items = 10, examples("rain"))]
    pub tags: Vec<String>,
    /// Its songs, in their order; the same one twice is one.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub songs: Vec<SongId>,
}

fn yes() -> bool {
    true
}

/// A new playlist whose words have been looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Whose it is.
    pub owner: UserId,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Whether everybody may see it.
    pub is_public: bool,
    /// Its genre.
    pub genre: Option<Genre>,
    /// Its mood.
    pub mood: Option<ClearMood>,
    /// What it is found by.
    pub tags: BTreeSet<TagName>,
    /// Its songs, in their order.
    pub songs: Vec<SongId>,
    /// The public name of the upload that is its cover, and where that comes from; without one, [`super::sweep`] draws one.
    pub cover: Option<(String, CoverKind)>,
    /// What put it together: none is a person, `catalog` this server, else the name of the model.
    pub generated_by: Option<String>,
    /// Stands for the request that makes it, and its retries.
    pub request_key: Option<String>,
}

/// Make a playlist
///
/// Of songs that are named, in their order, or empty. The owner is who is logged in.
#[utoipa::path(post, path = "/playlists", tag = "playlists", operation_id = "createPlaylist", request_body = NewPlaylist,
    responses(
        (status = 201, description = "The playlist.", body = WholePlaylist, headers(
            ("Location" = String, description = "Address of the playlist."),
            ("ETag" = String, description = "Its version, for `If-Match`."))),
        (status = 403, description = "`suspended`."),
        (status = 409, description = "`key-reused`: the key came with another request before."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(users): State<Users>,
    ActiveUser(user): ActiveUser,
    once: Option<Extension<Once>>,
    Body(body): Body<NewPlaylist>,
) -> Result<Response, ApiError> {
    let mut draft = Draft {
        owner: user.id,
        title: text::title(&body.title)?,
        description: text::description(&body.description)?,
        is_public: body.is_public,
        genre: body.genre,
        mood: body.mood,
        tags: TagName::all(&body.tags, "/tags")?,
        songs: body.songs,
        cover: None,
        generated_by: None,
        request_key: once.map(|Extension(Once(key))| key),
    };
    few(&draft.songs)?;
    users.pace.playlist(user.id)?;
    let artwork = look(&users, &draft).await?;
    let write = async |transaction: &mut AnyConnection, cover: (String, CoverKind)| {
        let name = cover.0.clone();
        draft.cover = Some(cover);
        let id = insert(transaction, &draft, Timestamp::now()).await?;
        // A playlist that the same request had made before has its cover already.
        Ok::<_, ApiError>((id, artwork::forget(transaction, Some(&name)).await?))
    };
    let (id, file) = artwork.keep(&users, user.id, write).await?;
    users.uploads.release(file).await?;
    let mut response = (StatusCode::CREATED, show::whole(&users.state.store, id, Some(user.id)).await?).into_response();
    if let Ok(location) = HeaderValue::from_str(&format!("/api/v1/playlists/{id}")) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// Its first cover: drawn from its mood and genre, and where nobody says, from those of most of its songs.
async fn look(users: &Users, draft: &Draft) -> Result<Artwork, ApiError> {
    let (mut mood, mut genre) = (draft.mood, draft.genre);
    if mood.is_none() || genre.is_none() {
        let leaning = Leaning::of_songs(&users.state.store, &draft.songs).await?;
        (mood, genre) = (mood.or(leaning.mood), genre.or(leaning.genre));
    }
    Artwork::drawn(users, mood, genre, rand::random()).await
}

/// Puts a song that is there into a playlist: entry, playlist, song, place, time. Nothing when it is in there already.
pub const PUT: &str = "INSERT INTO playlist_songs (id, playlist_id, song_id, place, added_at) \
     SELECT $1, $2, s.id, $4, $5 FROM songs s WHERE s.id = $3 ON CONFLICT (song_id, playlist_id) DO NOTHING";

fn few(songs: &[SongId]) -> Result<(), ApiError> {
    if songs.len() <= MOST { Ok(()) } else { Err(ApiError::field("/songs", format!("At most {MOST} songs."))) }
}

/// Writes a playlist and all that belongs to it. When the same request has written it before, because the server died
/// between the row and its answer, that one is answered and nothing is written.
///
/// # Errors
/// 422 `/songs`: too many, or one that is not there.
pub async fn insert(transaction: &mut AnyConnection, draft: &Draft, now: Timestamp) -> Result<PlaylistId, ApiError> {
    few(&draft.songs)?;
    let mut known = HashSet::new();
    let songs: Vec<(usize, SongId)> =
        draft.songs.iter().copied().enumerate().filter(|(_, song)| known.insert(*song)).collect();
    let made: Option<PlaylistId> = sqlx::query_scalar(
        "INSERT INTO playlists (id, owner_id, title, description, is_public, genre, mood, cover, cover_kind, \
         generated_by, song_count, heat, request_key, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $12, $12) \
         ON CONFLICT (owner_id, request_key) WHERE request_key IS NOT NULL DO NOTHING RETURNING id",
    )
    .bind(PlaylistId::new())
    .bind(draft.owner)
    .bind(&draft.title)
    .bind(&draft.description)
    .bind(i16::from(draft.is_public))
    .bind(draft.genre.map(Genre::as_str))
    .bind(draft.mood.map(ClearMood::as_str))
    .bind(draft.cover.as_ref().map(|(file, _)| file.as_str()))
    .bind(draft.cover.as_ref().map(|(_, kind)| kind.as_str()))
    .bind(draft.generated_by.as_deref())
    .bind(i64::try_from(songs.len()).unwrap_or(i64::MAX))
    .bind(now)
    .bind(draft.request_key.as_deref())
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(id) = made else {
        let before: PlaylistId =
            sqlx::query_scalar("SELECT id FROM playlists WHERE owner_id = $1 AND request_key = $2")
                .bind(draft.owner)
                .bind(draft.request_key.as_deref())
                .fetch_one(&mut *transaction)
                .await?;
        return Ok(before);
    };
    for ((at, song), place) in songs.iter().zip(place::spread(songs.len())) {
        let put = sqlx::query(PUT).bind(EntryId::new()).bind(id).bind(*song).bind(place).bind(now);
        if put.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Err(ApiError::field(format!("/songs/{at}"), "There is no such song."));
        }
    }
    grams::write(transaction, id, &draft.title, &draft.description).await?;
    Tagged::Playlist(id, now).set(transaction, &draft.tags, Sight::Hidden, Sight::of(draft.is_public)).await?;
    Ok(id)
}
