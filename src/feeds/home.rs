//! `GET /feeds/home`: the beginning of each feed.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{following, popular};
use crate::base::id::UserId;
use crate::playlists;
use crate::playlists::list::{self, Order};
use crate::playlists::playlist::Playlist;
use crate::playlists::{for_you, of_user};
use crate::posts::list::latest;
use crate::posts::post::Post;
use crate::posts::row::complete;
use crate::state::AppState;
use crate::store::{Store, StoreError};
use crate::users::MaybeUser;
use crate::web::error::ApiError;
use crate::web::page::{Page, Paging};

/// Posts of each section.
const EACH: u32 = 10;

/// The beginnings of the feeds. The cursor of each goes on in the feed of that name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Home {
    /// What everybody may see, newest first.
    pub latest: Page<Post>,
    /// What everybody may see, the most liked first.
    pub popular: Page<Post>,
    /// Of those whom the viewer follows; none without a log-in.
    pub following: Option<Page<Post>>,
    /// Playlists.
    pub playlists: PlaylistShelves,
}

/// The beginnings of lists of playlists. The cursors go on in `GET /playlists` by its order, and in one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlaylistShelves {
    /// Other people's, by what the viewer likes; none without a log-in.
    pub for_you: Option<Page<Playlist>>,
    /// What everybody may see, the hottest first.
    pub hot: Page<Playlist>,
    /// The viewer's own, newest first; none without a log-in.
    pub mine: Option<Page<Playlist>>,
    /// What everybody may see, newest first.
    pub new: Page<Playlist>,
}

/// Show the beginning of each feed
///
/// The first ten of each; a cursor goes on in the feed of that name.
#[utoipa::path(get, path = "/feeds/home", tag = "feeds", operation_id = "showHome",
    responses((status = 200, description = "The sections.", body = Home)),
    security((), ("access" = []))
)]
pub async fn handler(State(state): State<AppState>, MaybeUser(viewer): MaybeUser) -> Result<Json<Home>, ApiError> {
    let (store, viewer) = (&state.store, viewer.map(|user| user.id));
    let first = Paging { limit: EACH, after: None };
    let newest = latest(store, viewer, &first).await?;
    let hottest = popular::rows(store, viewer, &first).await?;
    let followed = match viewer {
        Some(viewer) => Some(following::rows(store, viewer, &first).await?),
        None => None,
    };
    // Pictures and tags of all sections at once.
    let counts = (newest.items.len(), hottest.items.len());
    let of_followed = followed.as_ref().map(|page| page.next_cursor.clone());
    let rows = newest.items.into_iter().chain(hottest.items).chain(followed.into_iter().flat_map(|page| page.items));
    let mut posts = complete(store, viewer, rows).await?.into_iter();
    let mut take = |count: usize| posts.by_ref().take(count).collect::<Vec<_>>();
    let latest = Page { items: take(counts.0), next_cursor: newest.next_cursor };
    let popular = Page { items: take(counts.1), next_cursor: hottest.next_cursor };
    let following = of_followed.map(|next_cursor| Page { items: take(EACH as usize), next_cursor });
    let playlists = shelves(store, viewer, &first).await?;
    Ok(Json(Home { latest, popular, following, playlists }))
}

/// A statement for each shelf, one for the viewer's taste, and one for all tags.
async fn shelves(store: &Store, viewer: Option<UserId>, first: &Paging) -> Result<PlaylistShelves, StoreError> {
    let hot = list::rows(store, viewer, Order::Hot, None, first).await?;
    let new = list::rows(store, viewer, Order::New, None, first).await?;
    let (for_you, mine) = match viewer {
        Some(viewer) => {
            (Some(for_you::beginning(store, viewer, EACH).await?), Some(of_user::own(store, viewer, first).await?))
        }
        None => (None, None),
    };
    let sections = [Some(hot), Some(new), for_you, mine];
    let cursors: Vec<_> =
        sections.iter().map(|page| page.as_ref().map(|page| (page.items.len(), page.next_cursor.clone()))).collect();
    let rows = sections.into_iter().flatten().flat_map(|page| page.items);
    let mut lists = playlists::row::complete(store, viewer, rows).await?.into_iter();
    let mut shelves = cursors
        .into_iter()
        .map(|page| page.map(|(count, next_cursor)| Page { items: lists.by_ref().take(count).collect(), next_cursor }));
    let mut next = || shelves.next().flatten();
    let none = || Page { items: Vec::new(), next_cursor: None };
    let (hot, new) = (next().unwrap_or_else(none), next().unwrap_or_else(none));
    Ok(PlaylistShelves { hot, new, for_you: next(), mine: next() })
}
