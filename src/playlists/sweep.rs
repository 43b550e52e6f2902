//! The end of playlists whose deletion cannot be taken back any more, with their covers; and covers for those without.

use std::time::Duration;

use super::artwork;
use super::restore::GRACE;
use crate::base::id::PlaylistId;
use crate::base::shutdown::Phase;
use crate::base::timestamp::Timestamp;
use crate::users::Users;
use crate::web::error::ApiError;

/// Time between two rounds.
const EVERY: Duration = Duration::from_secs(60);
/// Playlists of one round at most.
const ROUND: i64 = 200;
/// Covers that are drawn in one round at most.
const BARE_ONES: i64 = 50;
/// How long a playlist that staff took down is kept, for whoever looks at that again.
const TAKEN_DOWN: Duration = Duration::from_secs(30 * 86_400);
/// How long a playlist knows the request that made it: as long as an answer to a retry is kept, and a while.
const REQUEST: Duration = Duration::from_secs(25 * 3600);

/// Playlists whose time was over: deleted by their owners before `$1`, or taken down before `$2`.
pub const OVER: &str = "SELECT id FROM playlists WHERE deleted_at <= $1 AND (taken_down = 0 OR deleted_at <= $2) \
    ORDER BY deleted_at LIMIT $3";

/// The end of one of them, if its time is over still: playlist, and the two times.
pub const END: &str = "DELETE FROM playlists WHERE id = $1 AND deleted_at <= $2 \
    AND (taken_down = 0 OR deleted_at <= $3) RETURNING cover";

/// Ends what is over, now and every minute, until the server stops.
pub async fn run(users: Users) {
    loop {
        if let Err(error) = round(&users, Timestamp::now()).await {
            tracing::warn!(?error, "old playlists could not be deleted; the next round tries again");
        }
        if let Err(error) = dress(&users).await {
            tracing::warn!(?error, "covers could not be drawn; the next round tries again");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = users.state.shutdown.reached(Phase::Stopping) => return,
        }
    }
}

/// One round at `now`. Returns how many playlists went.
///
/// # Errors
/// 503 when the database or the files cannot be used.
pub async fn round(users: &Users, now: Timestamp) -> Result<usize, ApiError> {
    let store = &users.state.store;
    let over: Vec<PlaylistId> = sqlx::query_scalar(OVER)
        .bind(now.before(GRACE))
        .bind(now.before(TAKEN_DOWN))
        .bind(ROUND)
        .fetch_all(store.read())
        .await?;
    let mut gone = 0;
    for playlist in over {
        gone += usize::from(remove(users, playlist, now).await?);
    }
    sqlx::query("UPDATE playlists SET request_key = NULL WHERE request_key IS NOT NULL AND created_at <= $1")
        .bind(now.before(REQUEST))
        .execute(store.write())
        .await?;
    Ok(gone)
}

/// Playlists without a cover: how many at most.
const BARE: &str = "SELECT id FROM playlists WHERE cover IS NULL AND deleted_at IS NULL ORDER BY id LIMIT $1";

/// Draws covers for playlists that have none: their owner deleted the upload, or what made them died before it drew one.
///
/// # Errors
/// 500, 503.
pub async fn dress(users: &Users) -> Result<(), ApiError> {
    let bare: Vec<PlaylistId> = sqlx::query_scalar(BARE).bind(BARE_ONES).fetch_all(users.state.store.read()).await?;
    for id in bare {
        artwork::redraw(users, id, None).await?;
    }
    Ok(())
}

/// Deletes a playlist for good, with its cover; false when it was restored or taken down in the last moment. Its tags have
/// not counted it since its deletion. A room that played it plays nothing, a post that showed it shows none.
///
/// # Errors
/// 503 when the database or the files cannot be used.
pub async fn remove(users: &Users, playlist: PlaylistId, now: Timestamp) -> Result<bool, ApiError> {
    let mut transaction = users.state.store.begin().await?;
    let gone: Option<Option<String>> = sqlx::query_scalar(END)
        .bind(playlist)
        .bind(now.before(GRACE))
        .bind(now.before(TAKEN_DOWN))
        .fetch_optional(&mut *transaction)
        .await?;
    let Some(name) = gone else { return Ok(false) };
    let file = artwork::forget(&mut transaction, name.as_deref()).await?;
    transaction.commit().await?;
    users.uploads.release(file).await?;
    Ok(true)
}
