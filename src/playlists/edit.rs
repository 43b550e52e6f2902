//! `PATCH /playlists/{id}`: changes what it names and nothing else.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::owned::Owned;
use super::playlist::Playlist;
use super::{artwork, grams, row, text};
use crate::base::id::{PlaylistId, UserId};
use crate::notices::hide;
use crate::protocol::mood::ClearMood;
use crate::social::pair::{Trouble, patiently};
use crate::state::AppState;
use crate::tags::name::TagName;
use crate::tags::set::{Sight, Tagged};
use crate::users::ActiveUser;
use crate::users::genre::Genre;
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};
use crate::web::version;

/// What to change. A field that is not there stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PlaylistEdit {
    /// The title.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 250, examples("Rain on the window"))]
    pub title: Option<String>,
    /// What it is for.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 750)]
    pub description: Option<String>,
    /// Whether everybody may see it.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub is_public: Option<bool>,
    /// A genre, or null for none.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Genre>)]
    pub genre: Option<Option<Genre>>,
    /// A mood, or null for none.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ClearMood>)]
    pub mood: Option<Option<ClearMood>>,
    /// All tags.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_items = 10, examples("rain"))]
    pub tags: Option<Vec<String>>,
}

/// A field that is there has a value, which for some may be null.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A change whose words have been looked at.
struct Change {
    title: Option<String>,
    description: Option<String>,
    is_public: Option<bool>,
    genre: Option<Option<Genre>>,
    mood: Option<Option<ClearMood>>,
    tags: Option<BTreeSet<TagName>>,
}

/// Change a playlist
///
/// By its owner. Changes what the body names and nothing else. With `If-Match`, only the version that it names; without,
/// whatever version there is. One that is made private is there for its owner as before, and for nobody else.
#[utoipa::path(patch, path = "/playlists/{id}", tag = "playlists", operation_id = "editPlaylist",
    request_body = PlaylistEdit,
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
pub async fn handler(
    State(state): State<AppState>,
    ActiveUser(user): ActiveUser,
    Segment(id): Segment<PlaylistId>,
    headers: HeaderMap,
    Body(edit): Body<PlaylistEdit>,
) -> Result<Response, ApiError> {
    let named = edit != PlaylistEdit::default();
    let change = Change {
        title: edit.title.as_deref().map(text::title).transpose()?,
        description: edit.description.as_deref().map(text::description).transpose()?,
        is_public: edit.is_public,
        genre: edit.genre,
        mood: edit.mood,
        tags: edit.tags.as_deref().map(|tags| TagName::all(tags, "/tags")).transpose()?,
    };
    patiently(|| apply(&state, id, user.id, &headers, named.then_some(&change))).await?;
    let playlist = row::fetch(&state.store, id, Some(user.id)).await?;
    Ok(version::tagged(playlist.version, playlist))
}

/// None changes nothing, and is refused as a change would be.
async fn apply(
    state: &AppState,
    id: PlaylistId,
    owner: UserId,
    headers: &HeaderMap,
    change: Option<&Change>,
) -> Result<(), Trouble> {
    let hides = change.is_some_and(|change| change.is_public == Some(false));
    let mut transaction = if hides { hide::begin(&state.store, id, owner).await? } else { state.store.begin().await? };
    let before = Owned::lock(&mut transaction, id, owner).await?;
    version::check(headers, before.version)?;
    let Some(change) = change else { return Ok(()) };
    let title = change.title.as_deref().unwrap_or(&before.title);
    let description = change.description.as_deref().unwrap_or(&before.description);
    let is_public = change.is_public.unwrap_or(before.is_public);
    let truth = |names: bool| i16::from(names);
    sqlx::query(
        "UPDATE playlists SET title = $2, description = $3, is_public = $4, \
         genre = CASE WHEN $5 = 1 THEN $6 ELSE genre END, mood = CASE WHEN $7 = 1 THEN $8 ELSE mood END WHERE id = $1",
    )
    .bind(id)
    .bind(title)
    .bind(description)
    .bind(truth(is_public))
    .bind(truth(change.genre.is_some()))
    .bind(change.genre.flatten().map(Genre::as_str))
    .bind(truth(change.mood.is_some()))
    .bind(change.mood.flatten().map(ClearMood::as_str))
    .execute(&mut *transaction)
    .await?;
    if change.title.is_some() || change.description.is_some() {
        grams::write(&mut transaction, id, title, description).await?;
    }
    if before.is_public && !is_public {
        hide::quiet(&mut transaction, id, owner).await?;
        artwork::rename(&mut transaction, id, before.cover.as_deref()).await?;
    }
    let (thing, is) = (Tagged::Playlist(id, before.created_at), Sight::of(is_public));
    match &change.tags {
        Some(tags) => thing.set(&mut transaction, tags, before.sight(), is).await?,
        None => thing.seen(&mut transaction, before.sight(), is).await?,
    }
    transaction.commit().await?;
    Ok(())
}
