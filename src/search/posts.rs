//! Finding posts: by their words, by a tag, and by who wrote them, newest first.

use super::merge::{Part, Place, merge};
use super::query::Query;
use super::{people, tag_names, text};
use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::posts::post::Post;
use crate::posts::row::{PostRow, columns, complete, joined};
use crate::social::sight::post_seen;
use crate::store::{Store, StoreError};
use crate::web::page::{Cursor, Page, Paging};

/// People of a name whose posts are looked at.
const FEW: u32 = 3;

/// Posts of somebody, newest first: viewer, author, time, identifier, rows.
pub const BY_AUTHOR: &str = concat!(
    "SELECT ",
    columns!("$1"),
    " FROM posts p",
    joined!("$1"),
    "WHERE p.author_id = $2 AND (p.created_at, p.id) < ($3, $4) AND ",
    post_seen!("$1"),
    " ORDER BY p.created_at DESC, p.id DESC LIMIT $5"
);

/// Posts with a tag, newest first: viewer, tag, time, identifier, rows.
pub const BY_TAG: &str = concat!(
    "SELECT ",
    columns!("$1"),
    " FROM tags t JOIN post_tags x ON x.tag_id = t.id JOIN posts p ON p.id = x.post_id",
    joined!("$1"),
    "WHERE t.name = $2 AND (x.created_at, x.post_id) < ($3, $4) AND ",
    post_seen!("$1"),
    " ORDER BY x.created_at DESC, x.post_id DESC LIMIT $5"
);

/// One page of posts that hold the query, have it in a tag, or are by somebody of that name, as `viewer` may see them.
///
/// # Errors
/// The database does not answer.
pub async fn find(store: &Store, viewer: UserId, query: &Query, paging: &Paging) -> Result<Page<Post>, StoreError> {
    let from = paging.after.as_ref().map_or_else(Place::start, |at| Place { at: at.at.millis(), id: at.id.clone() });
    let most = paging.limit as usize;
    let (words, tagged, authored) = tokio::try_join!(
        text::find(store.read(), viewer, query, &from, most + 1),
        by_tag(store, viewer, query, &from, most + 1),
        by_author(store, viewer, query, &from, most + 1),
    )?;
    let mut parts = tagged;
    parts.extend(authored);
    parts.push(words);
    let (rows, next) = merge(parts, most);
    let next_cursor = next.map(|place| Cursor { at: Timestamp::from_millis(place.at), id: place.id }.to_text());
    Ok(Page { items: complete(store, Some(viewer), rows).await?, next_cursor })
}

/// By the tag that is called so, and by popular ones that it is a part of.
async fn by_tag(
    store: &Store,
    viewer: UserId,
    query: &Query,
    from: &Place,
    most: usize,
) -> Result<Vec<Part<PostRow>>, StoreError> {
    let mut parts = Vec::new();
    for name in tag_names::find(store, query).await? {
        parts.push(list(store, BY_TAG, viewer, name, from, most).await?);
    }
    Ok(parts)
}

/// By people of that name. One character is a part of too many names to mean somebody.
async fn by_author(
    store: &Store,
    viewer: UserId,
    query: &Query,
    from: &Place,
    most: usize,
) -> Result<Vec<Part<PostRow>>, StoreError> {
    if query.is_short() {
        return Ok(Vec::new());
    }
    let people = people::find(store, viewer, query, &Paging { limit: FEW, after: None }).await?.items;
    let mut parts = Vec::new();
    for person in people {
        parts.push(list(store, BY_AUTHOR, viewer, person.id.to_string(), from, most).await?);
    }
    Ok(parts)
}

async fn list(
    store: &Store,
    sql: &'static str,
    viewer: UserId,
    of: String,
    from: &Place,
    most: usize,
) -> Result<Part<PostRow>, StoreError> {
    let rows: Vec<PostRow> = sqlx::query_as(sql)
        .bind(viewer)
        .bind(of)
        .bind(from.at)
        .bind(&from.id)
        .bind(most as i64)
        .fetch_all(store.read())
        .await?;
    let items: Vec<(Place, PostRow)> = rows.into_iter().map(|row| (text::place(&row.post), row)).collect();
    let read_to = (items.len() == most).then(|| items.last().map(|(place, _)| place.clone())).flatten();
    Ok(Part { items, read_to })
}
