//! `GET /tags/{name}/items`: what carries a tag.

use std::cmp::Reverse;
use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::UserId;
use crate::posts::list::place;
use crate::posts::post::Post;
use crate::posts::row::{PostRow, columns, complete, joined};
use crate::rooms::found::{self, FoundRoom};
use crate::social::sight::post_seen;
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
}

impl Row {
    fn place(&self) -> Cursor {
        match self {
            Self::Post(row) => place(row),
            Self::Room(room) => Cursor { at: room.created_at, id: room.id.to_string() },
        }
    }
}

/// Two statements for the things of a page, whatever they are, and those that read the lists of each kind.
async fn find(
    store: &Store,
    viewer: Option<UserId>,
    tag: &TagName,
    paging: &Paging,
) -> Result<Page<TaggedItem>, StoreError> {
    let (at, id) = paging.before();
    let query = sqlx::query_as(TAGGED).bind(viewer).bind(tag.as_str()).bind(at).bind(id).bind(paging.rows());
    let posts: Vec<PostRow> = query.fetch_all(store.read()).await?;
    let rooms = found::tagged(store, viewer, tag.as_str(), (at, id), paging.rows()).await?;
    let posts = posts.into_iter().map(|row| Row::Post(Box::new(row)));
    let mut rows: Vec<Row> = posts.chain(rooms.into_iter().map(|room| Row::Room(Box::new(room)))).collect();
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
    let (mut posts, mut rooms) = (Vec::new(), Vec::new());
    for row in rows {
        match row {
            Row::Post(row) => posts.push(*row),
            Row::Room(room) => rooms.push(*room),
        }
    }
    let posts = complete(store, viewer, posts).await?.into_iter();
    let posts = posts.map(|post| (post.id.to_string(), TaggedItem::Post { post: Box::new(post) }));
    let rooms = found::complete(store, rooms).await?.into_iter();
    let rooms = rooms.map(|room| (room.id.to_string(), TaggedItem::Room { room: Box::new(room) }));
    let mut items: HashMap<String, TaggedItem> = posts.chain(rooms).collect();
    Ok(order.iter().filter_map(|id| items.remove(id)).collect())
}
