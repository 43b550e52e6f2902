//! The end of the work: the playlist with all that belongs to it, and the end of the job, in one transaction.

use sqlx::AnyConnection;
use thiserror::Error;

use super::compose::{Composed, Songs};
use super::held::Held;
use super::wish::Wish;
use crate::base::id::{PlaylistId, SongId};
use crate::base::timestamp::Timestamp;
use crate::playlists::artwork::Artwork;
use crate::playlists::create::{Draft, insert};
use crate::playlists::playlist::CoverKind;
use crate::songs::named::{NamedSong, find_or_insert};
use crate::store::StoreError;
use crate::users::Users;
use crate::web::error::ApiError;

/// Why a playlist could not be kept.
#[derive(Debug, Error)]
pub enum SaveError {
    /// Somebody canceled it, or somebody else holds it, or the person is gone.
    #[error("it is not ours any more")]
    Lost,
    /// The playlist was refused.
    #[error("the playlist was refused with {0}")]
    Refused(&'static str),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for SaveError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<ApiError> for SaveError {
    fn from(error: ApiError) -> Self {
        Self::Refused(error.code().as_str())
    }
}

/// Locks the row `$1` of the try `$2`, if it is still ours.
pub const LOCK: &str = "UPDATE playlist_generations SET steps_done = steps_done \
    WHERE id = $1 AND tries = $2 AND status = 'running'";

/// Ends it at `$3` with the playlist `$2`, and forgets what was said about the mood.
pub const DONE: &str = "UPDATE playlist_generations \
    SET status = 'done', playlist_id = $2, input = '', step = '', steps_done = 5, held_until = NULL, \
        ended_at = $3, updated_at = $3 \
    WHERE id = $1";

/// Keeps the playlist with its cover.
///
/// # Errors
/// [`SaveError`]; then nothing is kept.
pub async fn save(
    users: &Users,
    held: &Held,
    wish: &Wish,
    composed: Composed,
    artwork: Artwork,
) -> Result<PlaylistId, SaveError> {
    let write = async |transaction: &mut AnyConnection, cover| write(transaction, held, wish, composed, cover).await;
    artwork.keep(users, held.user, write).await
}

async fn write(
    transaction: &mut AnyConnection,
    held: &Held,
    wish: &Wish,
    composed: Composed,
    cover: (String, CoverKind),
) -> Result<PlaylistId, SaveError> {
    let now = Timestamp::now();
    // Taken first: whoever cancels it waits, and then finds that it is done; or was faster, and nothing is kept.
    let ours = sqlx::query(LOCK).bind(held.id).bind(held.tries).execute(&mut *transaction).await?;
    if ours.rows_affected() == 0 {
        return Err(SaveError::Lost);
    }
    let songs = match composed.songs {
        Songs::Known(songs) => songs,
        Songs::Named(songs) => kept(&mut *transaction, &songs, now).await?,
    };
    let draft = Draft {
        owner: held.user,
        title: composed.title,
        description: composed.description,
        is_public: wish.is_public,
        genre: wish.genre,
        mood: composed.mood,
        tags: composed.keywords,
        songs,
        cover: Some(cover),
        generated_by: Some(composed.by),
        request_key: None,
    };
    let playlist = insert(&mut *transaction, &draft, now).await?;
    sqlx::query(DONE).bind(held.id).bind(playlist).bind(now).execute(&mut *transaction).await?;
    Ok(playlist)
}

/// The rows of songs that were named, in the same order. They are written in the order of their keys, so that two who name
/// the same songs never wait for each other.
async fn kept(transaction: &mut AnyConnection, songs: &[NamedSong], now: Timestamp) -> Result<Vec<SongId>, StoreError> {
    let mut order: Vec<usize> = (0..songs.len()).collect();
    order.sort_by_key(|at| songs[*at].key());
    let mut rows = Vec::with_capacity(songs.len());
    for at in order {
        rows.push((at, find_or_insert(transaction, &songs[at], now).await?));
    }
    rows.sort_by_key(|(at, _)| *at);
    Ok(rows.into_iter().map(|(_, song)| song).collect())
}
