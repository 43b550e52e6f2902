//! `GET /feeds/home`: the beginning of each feed.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{following, popular};
use crate::posts::list::{latest, place};
use crate::posts::post::Post;
use crate::posts::row::{PostRow, complete};
use crate::state::AppState;
use crate::users::MaybeUser;
use crate::web::error::ApiError;
use crate::web::page::{Cursor, Page, Paging};

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
    let cut = |rows: Vec<PostRow>, place: fn(&PostRow) -> Cursor| first.page(rows, place);
    let newest = cut(latest(store, viewer, &first).await?, place);
    let hottest = cut(popular::rows(store, viewer, &first).await?, popular::place);
    let followed = match viewer {
        Some(viewer) => Some(cut(following::rows(store, viewer, &first).await?, place)),
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
    Ok(Json(Home { latest, popular, following }))
}
