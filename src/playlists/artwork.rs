//! Covers as files: drawn by this server, made by a model, or uploaded. They lie among the uploads of the playlist's owner,
//! under a random public name, and go when their row goes ([`forget`]).

use sqlx::AnyConnection;

use super::playlist::CoverKind;
use crate::base::id::{PlaylistId, UserId};
use crate::covers::mark::Origin;
use crate::covers::{self, Motif};
use crate::protocol::MoodLabel;
use crate::protocol::code::Code;
use crate::protocol::mood::ClearMood;
use crate::users::Users;
use crate::users::genre::Genre;
use crate::users::picture::{Picture, Shape};
use crate::web::error::ApiError;

/// A cover that is ready to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artwork {
    picture: Picture,
    kind: CoverKind,
}

impl Artwork {
    /// Draws one. It takes a few tenths of a second at worst, so never within a transaction.
    ///
    /// # Errors
    /// 500 for a mistake of ours.
    pub async fn drawn(
        users: &Users,
        mood: Option<ClearMood>,
        genre: Option<Genre>,
        seed: u64,
    ) -> Result<Self, ApiError> {
        let motif = Motif { mood: mood.map(MoodLabel::from), genre, seed };
        let broken = |error: &dyn std::error::Error| {
            tracing::error!(%error, ?motif, "no cover");
            ApiError::Internal
        };
        let drawn = users.uploads.work(move || covers::draw(&motif)).await.map_err(|error| broken(&error))?;
        let bytes = drawn.map_err(|error| broken(&error))?;
        let (width, height) = (covers::PIXELS, covers::PIXELS);
        let picture = Picture { bytes, media_type: "image/png", ending: "png", width, height };
        Ok(Self { picture, kind: CoverKind::Drawn })
    }

    /// Makes one of what a model sent: read with the limits of every picture, written anew, and marked.
    ///
    /// # Errors
    /// 400 `picture` for what is no picture within bounds: draw one instead.
    pub async fn generated(users: &Users, bytes: Vec<u8>) -> Result<Self, ApiError> {
        let mut picture = users.uploads.make(bytes, Shape::Cover).await?;
        if picture.media_type != "image/jpeg" {
            return Err(ApiError::BadRequest(Code::Picture, String::new()));
        }
        picture.bytes = Origin::Model.mark_jpeg(&picture.bytes);
        Ok(Self { picture, kind: CoverKind::Generated })
    }

    /// Makes one of what somebody sent.
    ///
    /// # Errors
    /// 400 `picture` for what is no JPEG, PNG or WebP within bounds.
    pub async fn uploaded(users: &Users, bytes: Vec<u8>) -> Result<Self, ApiError> {
        Ok(Self { picture: users.uploads.make(bytes, Shape::Cover).await?, kind: CoverKind::Uploaded })
    }

    /// Keeps the file and then, by `write`, whatever names it, in one transaction: `write` is given the public name of the
    /// file and where it comes from, as [`super::create::Draft`] takes them.
    ///
    /// # Errors
    /// 503 when the files or the database cannot be used; what `write` refuses. Nothing is kept then.
    pub async fn keep<T, E: From<ApiError>>(
        self,
        users: &Users,
        owner: UserId,
        write: impl AsyncFnOnce(&mut AnyConnection, (String, CoverKind)) -> Result<T, E>,
    ) -> Result<T, E> {
        let (kind, mut written) = (self.kind, None);
        let keeping = users.uploads.keep(owner, self.picture, async |connection, kept| {
            let result = write(connection, (kept.public_name.clone(), kind)).await;
            // The error of `write` itself is what is told; this one only undoes the rest.
            let undone = if result.is_ok() { Ok(()) } else { Err(ApiError::Internal) };
            written = Some(result);
            undone
        });
        let kept = keeping.await;
        match (kept, written) {
            (_, Some(Err(refused))) => Err(refused),
            (Ok(_), Some(Ok(written))) => Ok(written),
            (Ok(_), None) => Err(ApiError::Internal.into()),
            (Err(error), _) => Err(error.into()),
        }
    }
}

/// Forgets a cover that nothing names any more. Returns its file, for `uploads.release` after the commit.
///
/// # Errors
/// 503.
pub async fn forget(transaction: &mut AnyConnection, owner: UserId, name: &str) -> Result<Option<String>, ApiError> {
    let file = sqlx::query_scalar(FORGET).bind(name).bind(owner).fetch_optional(transaction).await?;
    Ok(file)
}

/// Deletes the row of a cover: public name, owner.
pub const FORGET: &str = "DELETE FROM uploads WHERE public_name = $1 AND owner_id = $2 RETURNING blob";

/// Deletes the row of a cover that the playlist does not name, because the same request had made it before: public name,
/// owner, playlist.
pub const UNNAMED: &str = "DELETE FROM uploads WHERE public_name = $1 AND owner_id = $2 \
     AND NOT EXISTS (SELECT 1 FROM playlists p WHERE p.id = $3 AND p.cover = $1)";

/// Forgets the cover of a playlist that had one already. The file is found by the sweep.
///
/// # Errors
/// 503.
pub async fn unless_named(
    transaction: &mut AnyConnection,
    owner: UserId,
    name: &str,
    playlist: PlaylistId,
) -> Result<(), ApiError> {
    sqlx::query(UNNAMED).bind(name).bind(owner).bind(playlist).execute(transaction).await?;
    Ok(())
}
