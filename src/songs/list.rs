//! `GET /songs`.

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use utoipa::IntoParams;

use super::find::{Sought, find};
use super::song::Song;
use crate::protocol::mood::ClearMood;
use crate::state::AppState;
use crate::users::genre::Genre;
use crate::web::error::ApiError;
use crate::web::page::{Page, Paging};

/// Longest words in characters.
const LONGEST: usize = 64;

/// What a request looks for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WantedSongs {
    /// A part of a title or of an artist's name, in either language; one character is enough.
    #[serde(default)]
    #[param(required = false, max_length = 64, example = "비 오는")]
    query: String,
    /// Of this genre.
    #[serde(default)]
    #[param(required = false, value_type = Option<Genre>, inline)]
    genre: String,
    /// Of the decade that begins with this year.
    #[serde(default)]
    #[param(required = false, value_type = Option<u16>, minimum = 1900, maximum = 2090, multiple_of = 10, example = 2010)]
    decade: String,
    /// With this mood.
    #[serde(default)]
    #[param(required = false, value_type = Option<ClearMood>, inline)]
    mood: String,
}

/// List songs
///
/// All of them, or those that fit everything that is asked. A page may hold fewer than it could and still have a next one.
#[utoipa::path(get, path = "/songs", tag = "songs", operation_id = "listSongs", params(WantedSongs, Paging),
    responses((status = 200, description = "Songs.", body = Page<Song>))
)]
pub async fn handler(
    State(state): State<AppState>,
    Query(wanted): Query<WantedSongs>,
    paging: Paging,
) -> Result<Json<Page<Song>>, ApiError> {
    Ok(Json(find(&state.store, &wanted.sought()?, &paging).await?))
}

impl WantedSongs {
    fn sought(&self) -> Result<Sought, ApiError> {
        if self.query.chars().count() > LONGEST {
            return Err(ApiError::field("query", format!("Look for at most {LONGEST} characters.")));
        }
        let decade =
            |text: &str| text.parse().ok().filter(|year: &u16| (1900..2100).contains(year) && year.is_multiple_of(10));
        Ok(Sought {
            genre: known("genre", &self.genre, Genre::of, "There is no such genre.")?,
            decade: known("decade", &self.decade, decade, "A decade is named by its first year, as 2010.")?,
            mood: known("mood", &self.mood, ClearMood::of, "There is no such mood.")?,
            ..Sought::words(&self.query)
        })
    }
}

/// What a parameter means; an empty one is as if it were missing.
fn known<T>(name: &str, text: &str, read: impl Fn(&str) -> Option<T>, otherwise: &str) -> Result<Option<T>, ApiError> {
    match text {
        "" => Ok(None),
        text => read(text).map(Some).ok_or_else(|| ApiError::field(name, otherwise)),
    }
}
