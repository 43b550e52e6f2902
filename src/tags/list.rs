//! `GET /tags`: the tags there are, the popular ones first.
//!
//! The cost of a page is bounded however many tags there are: a query looks along the most popular ones, a stretch at a time,
//! and after so many stretches the page ends where it is; its cursor goes on from there.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::name::{LONGEST, TagName};
use crate::base::fold::fold;
use crate::base::id::TagId;
use crate::base::timestamp::Timestamp;
use crate::state::AppState;
use crate::store::{Store, StoreError};
use crate::web::error::ApiError;
use crate::web::page::{Cursor, Page, Paging};

/// Tags that are looked at in one statement.
const STRETCH: i64 = 2000;
/// Statements of that kind for one page.
const STRETCHES: usize = 5;

/// What a request looks for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WantedTags {
    /// A part of a tag; every tag when missing or empty.
    #[serde(default)]
    #[param(required = false, max_length = 30, example = "rain")]
    query: String,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Tag {
    /// Lower case, without a number sign.
    #[schema(examples("rain"), min_length = 1, max_length = 30)]
    pub name: String,
    /// How many things carry it that everybody may see.
    #[schema(minimum = 1)]
    pub count: i64,
}

/// The tag of that name, if it is on anything.
pub const EXACTLY: &str = "SELECT id, name, item_count FROM tags WHERE name = $1 AND item_count > 0";

/// Tags along the most popular ones: count, identifier, rows.
pub const POPULAR: &str = "SELECT id, name, item_count FROM tags \
    WHERE (item_count, id) < ($1, $2) AND item_count > 0 ORDER BY item_count DESC, id DESC LIMIT $3";

/// The end of a stretch, which is `$3` rows after the tag: count, identifier, rows.
pub const END: &str = "SELECT item_count, id FROM tags \
    WHERE (item_count, id) < ($1, $2) AND item_count > 0 ORDER BY item_count DESC, id DESC LIMIT 1 OFFSET $3";

/// Those of a stretch whose names hold the query: count, identifier, length of the stretch, pattern, query, rows. Which is
/// called exactly so has been shown on top.
pub const STRETCH_OF: &str = "SELECT id, name, item_count FROM (SELECT id, name, item_count FROM tags \
    WHERE (item_count, id) < ($1, $2) AND item_count > 0 ORDER BY item_count DESC, id DESC LIMIT $3) AS few \
    WHERE name LIKE $4 ESCAPE '!' AND name <> $5 ORDER BY item_count DESC, id DESC LIMIT $6";

type Row = (TagId, String, i64);

/// List tags
///
/// The popular ones first; with a query, those that it is a part of, and before them the one that is called exactly so. A
/// page may hold fewer than it could and still have a next one.
#[utoipa::path(get, path = "/tags", tag = "tags", operation_id = "listTags", params(WantedTags, Paging),
    responses((status = 200, description = "Tags.", body = Page<Tag>))
)]
pub async fn handler(
    State(state): State<AppState>,
    Query(WantedTags { query }): Query<WantedTags>,
    paging: Paging,
) -> Result<Json<Page<Tag>>, ApiError> {
    let typed = query.trim();
    let typed = typed.strip_prefix('#').unwrap_or(typed);
    if typed.is_empty() {
        return Ok(Json(popular(&state.store, &paging).await?));
    }
    // What could be no part of a tag is in none.
    let looks_for = TagName::new(typed).map_or_else(String::new, |name| name.to_string());
    if looks_for.is_empty() {
        if fold(typed).chars().count() > LONGEST {
            return Err(ApiError::field("query", format!("Look for at most {LONGEST} characters.")));
        }
        return Ok(Json(Page { items: Vec::new(), next_cursor: None }));
    }
    Ok(Json(find(&state.store, &looks_for, &paging).await?))
}

fn shown((_, name, count): Row) -> Tag {
    Tag { name, count }
}

fn place((id, _, count): &Row) -> Cursor {
    Cursor::new(Timestamp::from_millis(*count), id)
}

async fn popular(store: &Store, paging: &Paging) -> Result<Page<Tag>, StoreError> {
    Ok(paging.newest_first(sqlx::query_as(POPULAR), store.read(), place).await?.map(shown))
}

/// Tags that the query, which is a tag's name, is a part of: the one that is called exactly so, then the popular ones.
///
/// # Errors
/// The database does not answer.
pub async fn find(store: &Store, query: &str, paging: &Paging) -> Result<Page<Tag>, StoreError> {
    let most = paging.limit as usize;
    let mut items: Vec<Row> = Vec::new();
    if paging.after.is_none() {
        items.extend(sqlx::query_as::<_, Row>(EXACTLY).bind(query).fetch_optional(store.read()).await?);
    }
    let pattern = pattern(query);
    let (mut count, mut id) = (paging.before().0, paging.before().1.to_owned());
    for _ in 0..STRETCHES {
        if items.len() >= most {
            break;
        }
        let end: Option<(i64, TagId)> =
            sqlx::query_as(END).bind(count).bind(&id).bind(STRETCH - 1).fetch_optional(store.read()).await?;
        let room = (most - items.len()) as i64;
        let found: Vec<Row> = sqlx::query_as(STRETCH_OF)
            .bind(count)
            .bind(&id)
            .bind(STRETCH)
            .bind(&pattern)
            .bind(query)
            .bind(room)
            .fetch_all(store.read())
            .await?;
        let last = found.last().map(place).filter(|_| found.len() as i64 == room);
        items.extend(found);
        match (last, end) {
            (Some(last), _) => (count, id) = (last.at.millis(), last.id),
            (None, Some((at, tag))) => (count, id) = (at, tag.to_string()),
            (None, None) => return Ok(Page { items: items.into_iter().map(shown).collect(), next_cursor: None }),
        }
    }
    let next_cursor = Some(Cursor { at: Timestamp::from_millis(count), id }.to_text());
    Ok(Page { items: items.into_iter().map(shown).collect(), next_cursor })
}

/// The query anywhere in a name, for `LIKE … ESCAPE '!'`.
fn pattern(query: &str) -> String {
    let mut pattern = String::from("%");
    for c in query.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
