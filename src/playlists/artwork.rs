//! Covers as files: all that makes one, names it, keeps it, puts it in the place of another, and forgets it.
//!
//! A cover is an upload of the playlist's owner under a random public name, which `playlists.cover` holds and only the
//! playlist tells. Whoever could see a playlist and cannot any more does not see its cover either: one that is made private
//! gives its cover another name ([`rename`]), and while a playlist is deleted or taken down its cover is not shown
//! ([`crate::users::upload::show`]). The row of a cover that nothing names goes with [`forget`], and then its file.

use sqlx::AnyConnection;

use super::leaning::Leaning;
use super::playlist::CoverKind;
use crate::base::id::{PlaylistId, UserId};
use crate::covers::mark::Origin;
use crate::covers::{self, Motif};
use crate::outside::pictures::{Drawn, Pictures, Subject};
use crate::protocol::MoodLabel;
use crate::protocol::mood::ClearMood;
use crate::users::Users;
use crate::users::genre::Genre;
use crate::users::picture::{Picture, Shape};
use crate::users::upload::fresh_name;
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
        let drawn = Drawn::new(users.state.processors.clone());
        Self::painted(&drawn, &Subject { motif, keywords: &[] }).await
    }

    /// Has one made. It takes as long as a model may take, so never within a transaction.
    ///
    /// # Errors
    /// 500 for a mistake of ours.
    pub async fn painted(pictures: &dyn Pictures, subject: &Subject<'_>) -> Result<Self, ApiError> {
        let painting = pictures.paint(subject).await.map_err(|error| {
            tracing::error!(%error, motif = ?subject.motif, "no cover");
            ApiError::Internal
        })?;
        let (kind, media_type, ending) = match painting.origin {
            Origin::Drawn => (CoverKind::Drawn, "image/png", "png"),
            Origin::Model => (CoverKind::Generated, "image/jpeg", "jpg"),
        };
        let (width, height) = (covers::PIXELS, covers::PIXELS);
        Ok(Self { picture: Picture { bytes: painting.bytes, media_type, ending, width, height }, kind })
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

/// What a cover of a playlist is drawn from, and whose it is: playlist.
pub const DRAWN_FROM: &str = "SELECT owner_id, mood, genre FROM playlists WHERE id = $1 AND deleted_at IS NULL";

/// Draws one for a playlist that is there, and tells whose it is; none when it is gone. Drawn from its mood and its genre,
/// and where nobody says, from those of most of its songs.
///
/// # Errors
/// 500 for a mistake of ours, 503.
pub async fn drawn_for(users: &Users, playlist: PlaylistId) -> Result<Option<(UserId, Artwork)>, ApiError> {
    let store = &users.state.store;
    let row: Option<(UserId, Option<String>, Option<String>)> =
        sqlx::query_as(DRAWN_FROM).bind(playlist).fetch_optional(store.read()).await?;
    let Some((owner, mood, genre)) = row else { return Ok(None) };
    let (mut mood, mut genre) = (mood.as_deref().and_then(ClearMood::of), genre.as_deref().and_then(Genre::of));
    if mood.is_none() || genre.is_none() {
        let leaning = Leaning::of_playlist(store, playlist).await?;
        (mood, genre) = (mood.or(leaning.mood), genre.or(leaning.genre));
    }
    Ok(Some((owner, Artwork::drawn(users, mood, genre, rand::random()).await?)))
}

/// Draws a cover in the place of `before`, unless the playlist has yet another by then: of several at once, one is kept.
///
/// # Errors
/// 500 for a mistake of ours, 503.
pub async fn redraw(users: &Users, playlist: PlaylistId, before: Option<&str>) -> Result<(), ApiError> {
    let Some((owner, artwork)) = drawn_for(users, playlist).await? else { return Ok(()) };
    let write = async |connection: &mut AnyConnection, (name, kind): (String, CoverKind)| {
        let sql = "UPDATE playlists SET cover = $2, cover_kind = $3 \
                   WHERE id = $1 AND deleted_at IS NULL AND COALESCE(cover, '') = $4";
        let put = sqlx::query(sql).bind(playlist).bind(&name).bind(kind.as_str()).bind(before.unwrap_or_default());
        let put = put.execute(&mut *connection).await?.rows_affected() > 0;
        forget(connection, if put { before } else { Some(&name) }).await
    };
    let file = artwork.keep(users, owner, write).await?;
    users.uploads.release(file).await
}

/// Puts a cover in the place of `before`, which the caller has read under the playlist's lock. Returns the file of that one,
/// for `uploads.release` after the commit.
///
/// # Errors
/// 503.
pub async fn put(
    transaction: &mut AnyConnection,
    playlist: PlaylistId,
    before: Option<&str>,
    (name, kind): (String, CoverKind),
) -> Result<Option<String>, ApiError> {
    sqlx::query("UPDATE playlists SET cover = $2, cover_kind = $3 WHERE id = $1")
        .bind(playlist)
        .bind(name)
        .bind(kind.as_str())
        .execute(&mut *transaction)
        .await?;
    forget(transaction, before).await
}

/// An upload that was a cover and is none any more: public name.
pub const FORGET: &str = "DELETE FROM uploads WHERE public_name = $1 \
     AND NOT EXISTS (SELECT 1 FROM playlists p WHERE p.cover = uploads.public_name) RETURNING blob";

/// Forgets a cover unless a playlist names it. Returns its file, for `uploads.release` after the commit.
///
/// # Errors
/// 503.
pub async fn forget(transaction: &mut AnyConnection, name: Option<&str>) -> Result<Option<String>, ApiError> {
    let Some(name) = name else { return Ok(None) };
    Ok(sqlx::query_scalar(FORGET).bind(name).fetch_optional(transaction).await?)
}

/// Gives the cover of a playlist another name, in the transaction that makes the playlist private: whoever knew the old one
/// does not see the picture any more, and the owner does.
///
/// # Errors
/// 503.
pub async fn rename(connection: &mut AnyConnection, playlist: PlaylistId, name: Option<&str>) -> Result<(), ApiError> {
    let Some(name) = name else { return Ok(()) };
    let other = fresh_name(name.rsplit('.').next().unwrap_or("png"));
    sqlx::query("UPDATE uploads SET public_name = $2 WHERE public_name = $1")
        .bind(name)
        .bind(&other)
        .execute(&mut *connection)
        .await?;
    sqlx::query("UPDATE playlists SET cover = $2 WHERE id = $1").bind(playlist).bind(other).execute(connection).await?;
    Ok(())
}
