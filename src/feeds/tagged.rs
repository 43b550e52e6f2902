//! `GET /tags/{name}/items`: what carries a tag.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::posts::list::{page, place};
use crate::posts::post::Post;
use crate::posts::row::{PostRow, columns, joined};
use crate::social::sight::post_seen;
use crate::state::AppState;
use crate::tags::name::TagName;
use crate::users::MaybeUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::page::{Page, Paging};

/// Something that carries a tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum TaggedItem {
    /// A post.
    Post {
        /// The post.
        post: Box<Post>,
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
    let (at, id) = paging.before();
    let rows: Vec<PostRow> = sqlx::query_as(TAGGED)
        .bind(viewer)
        .bind(tag.as_str())
        .bind(at)
        .bind(id)
        .bind(paging.rows())
        .fetch_all(state.store.read())
        .await?;
    let Page { items, next_cursor } = page(&state.store, viewer, &paging, rows, place).await?;
    let items = items.into_iter().map(|post| TaggedItem::Post { post: Box::new(post) }).collect();
    Ok(Json(Page { items, next_cursor }))
}
