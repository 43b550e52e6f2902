//! `GET /search`.

use axum::Json;
use axum::extract::{Query as Parameters, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::query::{LONGEST, Query};
use super::sections::{self, Kind};
use crate::playlists::playlist::Playlist;
use crate::posts::post::Post;
use crate::rooms::found::FoundRoom;
use crate::songs::song::Song;
use crate::state::AppState;
use crate::tags::list::Tag;
use crate::users::CurrentUser;
use crate::users::card::Card;
use crate::web::error::ApiError;
use crate::web::page::{Page, Paging};

/// What a request looks for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// A part of a name or a text; one character is enough.
    #[serde(default)]
    #[param(required = true, min_length = 1, max_length = 64, example = "ada")]
    q: String,
    /// What to look for, with commas between, in the order of the answer: `users`, `tags`, `rooms`, `posts`,
    /// `playlists`, `songs`. Everything when missing.
    #[param(
        pattern = "^(users|tags|rooms|posts|playlists|songs)(,(users|tags|rooms|posts|playlists|songs))*$",
        example = "users"
    )]
    types: Option<String>,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Hit {
    /// A person.
    User {
        /// The person.
        user: Card,
    },
    /// A post.
    Post {
        /// The post.
        post: Box<Post>,
    },
    /// A room.
    Room {
        /// The room.
        room: FoundRoom,
    },
    /// A playlist.
    Playlist {
        /// The playlist.
        playlist: Box<Playlist>,
    },
    /// A song.
    Song {
        /// The song.
        song: Box<Song>,
    },
    /// A tag.
    Tag {
        /// The tag.
        tag: Tag,
    },
}

/// Search
///
/// By a part, in any script. People by their nickname or handle; who is called exactly so comes first. Tags by their name.
/// Rooms that are listed to the viewer, by title, description and tag. Posts that the viewer may see, by title, text and tag,
/// and by who wrote them. Playlists likewise. Songs by their titles and artists in both languages. For people who are logged in.
/// A page may hold fewer than it could and still have a next one.
#[utoipa::path(get, path = "/search", tag = "search", operation_id = "search", params(Wanted, Paging),
    responses(
        (status = 200, description = "What was found.", body = Page<Hit>),
        (status = 422, description = "There is nothing to look for, or nothing of that type."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    me: CurrentUser,
    Parameters(Wanted { q, types }): Parameters<Wanted>,
    paging: Paging,
) -> Result<Json<Page<Hit>>, ApiError> {
    let kinds = types.as_deref().map_or_else(|| Some(Kind::ALL.to_vec()), Kind::list);
    let kinds =
        kinds.ok_or_else(|| ApiError::field("types", "The types are: users, tags, rooms, posts, playlists, songs."))?;
    let query = Query::new(&q).ok_or_else(|| ApiError::field("q", format!("Look for 1 to {LONGEST} characters.")))?;
    Ok(Json(sections::find(&state.store, me.id, &query, &kinds, &paging).await?))
}
