//! Changing a playlist: by its owner, and nobody else.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow, Row as _};

use crate::base::id::{PlaylistId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::social::sight;
use crate::tags::set::Sight;
use crate::web::error::ApiError;

/// A playlist that its owner is changing: its row is locked, and its version is the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    /// The version before.
    pub version: i64,
    /// The title before.
    pub title: String,
    /// The description before.
    pub description: String,
    /// Whether everybody saw it before.
    pub is_public: bool,
    /// How many songs are in it.
    pub song_count: i64,
    /// The file of its cover.
    pub cover: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl<'r> FromRow<'r, AnyRow> for Owned {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            version: row.try_get::<i64, _>("version")? - 1,
            title: row.try_get("title")?,
            description: row.try_get("description")?,
            is_public: row.try_get::<i16, _>("is_public")? != 0,
            song_count: row.try_get("song_count")?,
            cover: row.try_get("cover")?,
            created_at: row.try_get("created_at")?,
        })
    }
}

/// Begins a change of a playlist that is there: playlist, owner, time.
pub const LOCK: &str = "UPDATE playlists SET version = version + 1, edited_at = $3, updated_at = $3 \
     WHERE id = $1 AND owner_id = $2 AND deleted_at IS NULL \
     RETURNING version, title, description, is_public, song_count, cover, created_at";

impl Owned {
    /// Begins a change. The transaction is to be given up if nothing is changed after all.
    ///
    /// # Errors
    /// 404 for a playlist that is not to be seen, 403 for another's.
    pub async fn lock(transaction: &mut AnyConnection, playlist: PlaylistId, owner: UserId) -> Result<Self, ApiError> {
        let query = sqlx::query_as(LOCK).bind(playlist).bind(owner).bind(Timestamp::now());
        let Some(owned) = query.fetch_optional(&mut *transaction).await? else {
            sight::owner(transaction, playlist, Some(owner)).await?;
            return Err(ApiError::Forbidden(Code::Forbidden));
        };
        Ok(owned)
    }

    /// Who saw it before.
    #[must_use]
    pub fn sight(&self) -> Sight {
        Sight::of(self.is_public)
    }
}
