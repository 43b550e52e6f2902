//! `GET /tags/{name}/items`: what carries a tag.

use std::cmp::Reverse;
use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::UserId;
use crate::playlists;
use crate::playlists::playlist::Playlist;
use crate::playlists::row::PlaylistRow;
use crate::posts::list::place;
use crate::posts::post::Post;
use crate::posts::row::{PostRow, columns, complete, joined};
use crate::rooms::found::{self, FoundRoom};
use crate::social::sight::{playlist_seen, post_seen};
use crate::state::AppState;
use crate::store::{Store, StoreError};
use crate::tags::name::TagName;
use crate::users::MaybeUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::page::{Cursor, Page, Paging};

/// Something that carries a tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum TaggedItem {
    /// A post.
    Post {
        /// The post.
        post: Box<Post>,
    },
    /// A room.
    Room {
        /// The room.
        room: Box<FoundRoom>,
    },
    /// A playlist.
    Playlist {
        /// The playlist.
        playlist: Box<Playlist>,
    },
}

/// Posts that carry a tag, as the viewer may see them, newest first: viewer, tag, time, identifier, rows.
pub const TAGGED: &str = concat!(
    "SELECT ",
    columns!("$1"),
    " FROM tags t JOIN post_tags x ON x.tag_id = t.id JOIN posts p ON p.id = x.post_id",
    joined!("$1"),
    "WHERE t.name = $2 AND (x.created_at, x.post_id) < ($3, $4) AND ",
    post_seen!("$1"),
    " ORDER BY x.created_at DESC, x.post_id DESC LIMIT $5"
);

/// Playlists that carry a tag, as the viewer may see them, newest first: viewer, tag, time, identifier, rows.
pub const TAGGED_PLAYLISTS: &str = concat!(
    "SELECT ",
    playlists::row::columns!("$1"),
    " FROM tags t JOIN playlist_tags x ON x.tag_id = t.id JOIN playlists p ON p.id = x.playlist_id",
    playlists::row::joined!(),
    "WHERE t.name = $2 AND (x.created_at, x.playlist_id) < ($3, $4) AND ",
    playlist_seen!("$1"),
    " ORDER BY x.created_at DESC, x.playlist_id DESC LIMIT $5"
);

/// List what carries a tag
///
/// What the viewer may see, newest first. Nothing carries a tag that is none.
#[utoipa::path(get, path = "/tags/{name}/items", tag = "tags", operation_id = "listTagged",
    params(("name" = String, Path, description = "The tag.", example = "rain"), Paging),
    responses((status = 200, description = "What carries it.", body = Page<TaggedItem>)),
    security((), ("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    MaybeUser(viewer): MaybeUser,
    Segment(name): Segment<String>,
    paging: Paging,
) -> Result<Json<Page<TaggedItem>>, ApiError> {
    let Some(tag) = TagName::new(&name) else { return Ok(Json(Page { items: Vec::new(), next_cursor: None })) };
    let viewer = viewer.map(|user| user.id);
    Ok(Json(find(&state.store, viewer, &tag, &paging).await?))
}

/// One thing of a page, before its own lists are read.
enum Row {
    Post(Box<PostRow>),
    Room(Box<FoundRoom>),
    Playlist(Box<PlaylistRow>),
}

impl Row {
    fn place(&self) -> Cursor {
        match self {
            Self::Post(row) => place(row),
            Self::Room(room) => Cursor::new(room.created_at, room.id),
            Self::Playlist(row) => playlists::list::by_time(row),
        }
    }
}

/// A statement for the things of each kind, and those that read their lists.
async fn find(
    store: &Store,
    viewer: Option<UserId>,
    tag: &TagName,
    paging: &Paging,
) -> Result<Page<TaggedItem>, StoreError> {
    let posts = sqlx::query_as(TAGGED).bind(viewer).bind(tag.as_str());
    let posts: Vec<PostRow> = paging.rows_before(posts, store.read()).await?;
    let rooms = found::tagged(store, viewer, tag.as_str(), paging.before(), paging.rows()).await?;
    let lists = sqlx::query_as(TAGGED_PLAYLISTS).bind(viewer).bind(tag.as_str());
    let lists: Vec<PlaylistRow> = paging.rows_before(lists, store.read()).await?;
    let mut rows: Vec<Row> = posts.into_iter().map(|row| Row::Post(Box::new(row))).collect();
    rows.extend(rooms.into_iter().map(|room| Row::Room(Box::new(room))));
    rows.extend(lists.into_iter().map(|row| Row::Playlist(Box::new(row))));
    rows.sort_by_cached_key(|row| Reverse(sorted(row)));
    let Page { items, next_cursor } = paging.page(rows, Row::place);
    Ok(Page { items: shown(store, viewer, items).await?, next_cursor })
}

fn sorted(row: &Row) -> (i64, String) {
    let Cursor { at, id } = row.place();
    (at.millis(), id)
}

/// The things with their own lists, in the same order.
async fn shown(store: &Store, viewer: Option<UserId>, rows: Vec<Row>) -> Result<Vec<TaggedItem>, StoreError> {
    let order: Vec<String> = rows.iter().map(|row| row.place().id).collect();
    let (mut posts, mut rooms, mut lists) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        match row {
            Row::Post(row) => posts.push(*row),
            Row::Room(room) => rooms.push(*room),
            Row::Playlist(row) => lists.push(*row),
        }
    }
    let posts = complete(store, viewer, posts).await?.into_iter();
    let posts = posts.map(|post| (post.id.to_string(), TaggedItem::Post { post: Box::new(post) }));
    let rooms = found::complete(store, rooms).await?.into_iter();
    let rooms = rooms.map(|room| (room.id.to_string(), TaggedItem::Room { room: Box::new(room) }));
    let lists = playlists::row::complete(store, viewer, lists).await?.into_iter();
    let lists = lists.map(|list| (list.id.to_string(), TaggedItem::Playlist { playlist: Box::new(list) }));
    let mut items: HashMap<String, TaggedItem> = posts.chain(rooms).chain(lists).collect();
    Ok(order.iter().filter_map(|id| items.remove(id)).collect())
}
