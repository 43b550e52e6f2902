//! `PUT /me/representative-playlist`: which playlist one's profile shows.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::PlaylistTitle;
use crate::base::id::PlaylistId;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::users::{CurrentUser, Users};
use crate::web::error::ApiError;
use crate::web::extract::Body;

/// Which playlist to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// One's own, public; null for none.
    #[serde(deserialize_with = "named")]
    #[schema(required)]
    pub playlist_id: Option<PlaylistId>,
}

/// The field must be there, even if it is null: a body that forgot it changes nothing.
fn named<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PlaylistId>, D::Error> {
    Option::deserialize(deserializer)
}

/// Which playlist the profile shows now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Chosen {
    /// The playlist; none when none is shown.
    pub representative_playlist: Option<PlaylistTitle>,
}

/// A playlist of one's own: playlist, owner.
const OWN: &str = "SELECT title, is_public FROM playlists WHERE id = $1 AND owner_id = $2 AND deleted_at IS NULL";

/// Choose the playlist that one's profile shows
///
/// It stays chosen when it is made private later: then others do not see it, until it is public again. A deletion hides it at
/// once, and a restoration brings it back.
///
/// # Errors
/// 404 for a playlist that is not one's own, as for one that is not there; 422 for a private one.
#[utoipa::path(
    put, path = "/me/representative-playlist", tag = "users", operation_id = "chooseRepresentativePlaylist",
    request_body = Choice,
    responses(
        (status = 200, description = "Which one the profile shows now", body = Chosen),
        (status = 404, description = "No such playlist of one's own"),
        (status = 422, description = "The playlist is private"),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(users): State<Users>,
    user: CurrentUser,
    Body(choice): Body<Choice>,
) -> Result<Json<Chosen>, ApiError> {
    let mut transaction = users.state.store.begin().await?;
    let representative_playlist = match choice.playlist_id {
        None => None,
        Some(id) => {
            let row: Option<(String, i16)> =
                sqlx::query_as(OWN).bind(id).bind(user.id).fetch_optional(&mut *transaction).await?;
            match row {
                None => return Err(ApiError::NotFound(Code::NotFound)),
                Some((_, 0)) => return Err(ApiError::field("/playlist_id", "The playlist must be public.")),
                Some((title, _)) => Some(PlaylistTitle { id, title }),
            }
        }
    };
    sqlx::query("UPDATE users SET representative_playlist_id = $1, updated_at = $2 WHERE id = $3")
        .bind(choice.playlist_id)
        .bind(Timestamp::now())
        .bind(user.id)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(Json(Chosen { representative_playlist }))
}
