//! The end of posts whose deletion cannot be taken back any more, and of what else about posts is kept for a while.

use std::time::Duration;

use super::picture::drop_unused;
use super::restore::GRACE;
use super::view::VISIT;
use crate::base::id::{PostId, UploadId};
use crate::base::shutdown::Phase;
use crate::base::timestamp::Timestamp;
use crate::users::Users;
use crate::web::error::ApiError;

/// Time between two rounds.
const EVERY: Duration = Duration::from_secs(60);
/// Posts of one round at most.
const ROUND: i64 = 200;
/// How long a post that staff took down is kept, for whoever looks at that again.
const TAKEN_DOWN: Duration = Duration::from_secs(30 * 86_400);
/// How long a post knows the request that made it: as long as an answer to a retry is kept, and a while.
const REQUEST: Duration = Duration::from_secs(25 * 3600);

/// Posts whose time was over: deleted by their authors before `$1`, or taken down before `$2`.
pub const OVER: &str = "SELECT id FROM posts WHERE deleted_at <= $1 AND (taken_down = 0 OR deleted_at <= $2) \
    ORDER BY deleted_at LIMIT $3";

/// The end of one of them, if its time is over still: post, and the two times.
pub const END: &str = "DELETE FROM posts WHERE id = $1 AND deleted_at <= $2 AND (taken_down = 0 OR deleted_at <= $3)";

/// Ends what is over, now and every minute, until the server stops.
pub async fn run(users: Users) {
    loop {
        if let Err(error) = round(&users, Timestamp::now()).await {
            tracing::warn!(?error, "old posts could not be deleted; the next round tries again");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = users.state.shutdown.reached(Phase::Stopping) => return,
        }
    }
}

/// One round at `now`. Returns how many posts went.
///
/// # Errors
/// 503 when the database or the files cannot be used.
pub async fn round(users: &Users, now: Timestamp) -> Result<usize, ApiError> {
    let store = &users.state.store;
    let over: Vec<PostId> = sqlx::query_scalar(OVER)
        .bind(now.before(GRACE))
        .bind(now.before(TAKEN_DOWN))
        .bind(ROUND)
        .fetch_all(store.read())
        .await?;
    let mut gone = 0;
    for post in over {
        gone += usize::from(remove(users, post, now).await?);
    }
    sqlx::query("DELETE FROM post_views WHERE seen_at <= $1").bind(now.before(VISIT)).execute(store.write()).await?;
    sqlx::query("UPDATE posts SET request_key = NULL WHERE request_key IS NOT NULL AND created_at <= $1")
        .bind(now.before(REQUEST))
        .execute(store.write())
        .await?;
    Ok(gone)
}

/// Deletes a post for good, with the pictures that were made of stills for it alone; false when it was restored or taken down
/// in the last moment. Its tags have not counted it since its deletion.
///
/// # Errors
/// 503 when the database or the files cannot be used.
pub async fn remove(users: &Users, post: PostId, now: Timestamp) -> Result<bool, ApiError> {
    let mut transaction = users.state.store.begin().await?;
    let uploads: Vec<UploadId> = sqlx::query_scalar("SELECT upload_id FROM post_pictures WHERE post_id = $1")
        .bind(post)
        .fetch_all(&mut *transaction)
        .await?;
    let gone = sqlx::query(END)
        .bind(post)
        .bind(now.before(GRACE))
        .bind(now.before(TAKEN_DOWN))
        .execute(&mut *transaction)
        .await?
        .rows_affected();
    let files = drop_unused(&mut transaction, &uploads).await?;
    transaction.commit().await?;
    users.uploads.release(files).await?;
    Ok(gone > 0)
}
