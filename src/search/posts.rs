//! Finding posts: by their title and text, by a tag, and by who wrote them, newest first.

use super::merge::Place;
use super::query::Query;
use super::written::{self, Statements, Written, statements};
use crate::base::id::UserId;
use crate::posts::list;
use crate::posts::post::Post;
use crate::posts::row::{PostRow, columns, joined};
use crate::social::sight::post_seen;
use crate::store::{Store, StoreError};
use crate::web::page::{Page, Paging};

/// How posts are read.
pub const STATEMENTS: Statements = statements!(
    "posts",
    "post_grams",
    "post_tags",
    "post_id",
    "author_id",
    columns!("$1"),
    joined!("$1"),
    post_seen!("$1")
);

impl Written for PostRow {
    const STATEMENTS: Statements = STATEMENTS;

    fn place(&self) -> Place {
        Place { at: self.post.created_at.millis(), id: self.post.id.to_string() }
    }

    fn texts(&self) -> [&str; 2] {
        [&self.post.title, &self.post.body]
    }
}

/// One page of posts that hold the query, have it in a tag, or are by somebody of that name, as `viewer` may see them.
///
/// # Errors
/// The database does not answer.
pub async fn find(store: &Store, viewer: UserId, query: &Query, paging: &Paging) -> Result<Page<Post>, StoreError> {
    list::page(store, Some(viewer), written::find(store, viewer, query, paging).await?).await
}
