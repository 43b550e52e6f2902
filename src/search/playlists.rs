//! Finding playlists: by their title and description, by a tag, and by whose they are, newest first.

use super::merge::Place;
use super::query::Query;
use super::written::{self, Statements, Written, statements};
use crate::base::id::UserId;
use crate::playlists::playlist::Playlist;
use crate::playlists::row::{self, PlaylistRow, columns, joined};
use crate::social::sight::playlist_seen;
use crate::store::{Store, StoreError};
use crate::web::page::{Page, Paging};

/// How playlists are read.
pub const STATEMENTS: Statements = statements!(
    "playlists",
    "playlist_grams",
    "playlist_tags",
    "playlist_id",
    "owner_id",
    columns!("$1"),
    joined!(),
    playlist_seen!("$1")
);

impl Written for PlaylistRow {
    const STATEMENTS: Statements = STATEMENTS;

    fn place(&self) -> Place {
        Place { at: self.playlist.created_at.millis(), id: self.playlist.id.to_string() }
    }

    fn texts(&self) -> [&str; 2] {
        [&self.playlist.title, &self.playlist.description]
    }
}

/// One page of playlists that hold the query, have it in a tag, or are of somebody of that name, as `viewer` may see them.
///
/// # Errors
/// The database does not answer.
pub async fn find(store: &Store, viewer: UserId, query: &Query, paging: &Paging) -> Result<Page<Playlist>, StoreError> {
    row::page(store, Some(viewer), written::find(store, viewer, query, paging).await?).await
}
