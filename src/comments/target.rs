//! What a comment stands under, and whether somebody may see it.

use sqlx::AnyConnection;

use crate::base::id::{PlaylistId, PostId, UserId};
use crate::protocol::code::Code;
use crate::social::sight;
use crate::store::StoreError;
use crate::web::error::ApiError;

/// A thing that can be commented on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A post.
    Post(PostId),
    /// A playlist.
    Playlist(PlaylistId),
}

/// Moves the count of comments of a playlist, and how hot that makes it (as `heat` of posts): playlist, by how many.
pub const COUNT_OF_PLAYLIST: &str = "UPDATE playlists SET comment_count = comment_count + $2, \
     heat = created_at + CAST(604800000 AS BIGINT) * (like_count + 2 * (comment_count + $2)) \
     / (like_count + 2 * (comment_count + $2) + 30) WHERE id = $1 AND (deleted_at IS NULL OR $2 < 0)";

impl Target {
    /// What a row's two columns name; one of them is null.
    pub fn of(post: Option<PostId>, playlist: Option<PlaylistId>) -> Option<Self> {
        post.map(Self::Post).or(playlist.map(Self::Playlist))
    }

    /// The post, if it is one.
    pub fn post(self) -> Option<PostId> {
        if let Self::Post(post) = self { Some(post) } else { None }
    }

    /// The playlist, if it is one.
    pub fn playlist(self) -> Option<PlaylistId> {
        if let Self::Playlist(playlist) = self { Some(playlist) } else { None }
    }

    /// Whose it is, if `viewer` may see it.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn owner(
        self,
        connection: &mut AnyConnection,
        viewer: Option<UserId>,
    ) -> Result<Option<UserId>, StoreError> {
        let query = match self {
            Self::Post(post) => sqlx::query_scalar(sight::AUTHOR).bind(post),
            Self::Playlist(playlist) => sqlx::query_scalar(sight::OWNER).bind(playlist),
        };
        Ok(query.bind(viewer).fetch_optional(connection).await?)
    }

    /// Whose it is.
    ///
    /// # Errors
    /// 404 for what `viewer` may not see, the same as for what is not there.
    pub async fn seen(self, connection: &mut AnyConnection, viewer: Option<UserId>) -> Result<UserId, ApiError> {
        self.owner(connection, viewer).await?.ok_or(ApiError::NotFound(Code::NotFound))
    }

    /// Moves the count of comments by `by`, which also locks the thing. False when it is not there any more.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn count(self, transaction: &mut AnyConnection, by: i64) -> Result<bool, StoreError> {
        let query = match self {
            Self::Post(post) => sqlx::query(
                "UPDATE posts SET comment_count = comment_count + $2 \
                     WHERE id = $1 AND (deleted_at IS NULL OR $2 < 0)",
            )
            .bind(post)
            .bind(by),
            Self::Playlist(playlist) => sqlx::query(COUNT_OF_PLAYLIST).bind(playlist).bind(by),
        };
        Ok(query.execute(transaction).await?.rows_affected() > 0)
    }
}
