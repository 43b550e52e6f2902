//! `GET /feeds/following`: what those whom one follows show their followers, and friends their friends.
//!
//! However many posts these people have written, a page looks at the newest of each only: a source is a person and a
//! visibility, whose posts are one stretch of an index. The newest post of each source, before the cursor, is one look into
//! that index; a page of so many posts can only be of as many sources whose newest are the newest; and of each of those no
//! more posts are read than the page has.

use axum::Json;
use axum::extract::State;

use crate::base::id::UserId;
use crate::posts::list::{page, place};
use crate::posts::post::Post;
use crate::posts::row::{PostRow, columns, joined};
use crate::state::AppState;
use crate::store::{Store, StoreError};
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::page::{Page, Paging};

/// The newest posts `q` of a source before the cursor.
macro_rules! newest_of {
    ($source:literal) => {
        concat!(
            "FROM posts q WHERE q.author_id = ",
            $source,
            ".author AND q.visibility = ",
            $source,
            ".shown AND q.deleted_at IS NULL AND (q.created_at, q.id) < ($2, $3) \
             ORDER BY q.created_at DESC, q.id DESC LIMIT 1"
        )
    };
}

/// Posts of whom one follows, newest first: viewer, time, identifier, rows.
///
/// Two posts of one time must not hide each other, so whatever is as new as the last that fits is taken along, and the sort
/// of the few decides. The few are looked for by what the index holds alone: asked for whole posts, PostgreSQL preferred an
/// index of the author and read everything that an author has written.
pub const FOLLOWING: &str = concat!(
    "WITH source(author, shown) AS MATERIALIZED (\
     SELECT f.followee_id, few.shown FROM follows f JOIN users a ON a.id = f.followee_id AND a.deletes_at IS NULL \
     CROSS JOIN (SELECT 'public' AS shown UNION ALL SELECT 'followers') AS few WHERE f.follower_id = $1 \
     UNION ALL SELECT f.high_id, 'friends' FROM friendships f \
     JOIN users a ON a.id = f.high_id AND a.deletes_at IS NULL WHERE f.low_id = $1 \
     UNION ALL SELECT f.low_id, 'friends' FROM friendships f \
     JOIN users a ON a.id = f.low_id AND a.deletes_at IS NULL WHERE f.high_id = $1), \
     newest(author, shown, at) AS MATERIALIZED (SELECT source.author, source.shown, (SELECT q.created_at ",
    newest_of!("source"),
    ") FROM source), \
     near(author, shown) AS MATERIALIZED (SELECT author, shown FROM newest WHERE at >= COALESCE(\
     (SELECT at FROM newest WHERE at IS NOT NULL ORDER BY at DESC LIMIT 1 OFFSET $4 - 1), 0)), \
     span(author, shown, since) AS MATERIALIZED (SELECT near.author, near.shown, COALESCE((SELECT q.created_at ",
    newest_of!("near"),
    " OFFSET $4 - 1), 0) FROM near), \
     few(id) AS MATERIALIZED (SELECT q.id FROM span JOIN posts q ON q.author_id = span.author \
     AND q.visibility = span.shown AND q.deleted_at IS NULL AND q.created_at >= span.since \
     AND (q.created_at, q.id) < ($2, $3) ORDER BY q.created_at DESC, q.id DESC LIMIT $4) \
     SELECT ",
    columns!("$1"),
    " FROM few JOIN posts p ON p.id = few.id",
    joined!("$1"),
    "ORDER BY p.created_at DESC, p.id DESC"
);

/// The rows of one page, without pictures and tags.
pub(super) async fn rows(store: &Store, viewer: UserId, paging: &Paging) -> Result<Page<PostRow>, StoreError> {
    paging.newest_first(sqlx::query_as(FOLLOWING).bind(viewer), store.read(), place).await
}

/// List the posts of those whom one follows
///
/// What they show everybody and their followers, and what friends show friends; newest first.
#[utoipa::path(get, path = "/feeds/following", tag = "feeds", operation_id = "listFollowedPosts", params(Paging),
    responses((status = 200, description = "Posts.", body = Page<Post>)),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    me: CurrentUser,
    paging: Paging,
) -> Result<Json<Page<Post>>, ApiError> {
    let rows = rows(&state.store, me.id, &paging).await?;
    Ok(Json(page(&state.store, Some(me.id), rows).await?))
}
