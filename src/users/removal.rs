//! The end of accounts whose time of grace is over: their rows, their files, and their share in other people's counts.

use std::time::Duration;

use super::Users;
use super::export::work;
use crate::base::id::UserId;
use crate::base::shutdown::Phase;
use crate::base::timestamp::Timestamp;
use crate::notices::Parting;
use crate::web::error::ApiError;

/// Time between two rounds.
const EVERY: Duration = Duration::from_secs(60);
/// Accounts of one round at most.
const ROUND: i64 = 100;

/// Ends what is over, now and every minute, until the server stops. The first round also looks for files that a crash
/// left over.
pub async fn run(users: Users) {
    let now = Timestamp::now();
    if let Err(error) = users.uploads.sweep(now).await {
        tracing::warn!(?error, "files that nobody owns could not be looked for");
    }
    if let Err(error) = work::sweep(&users, now).await {
        tracing::warn!(%error, "copies that nobody owns could not be looked for");
    }
    loop {
        let now = Timestamp::now();
        if let Err(error) = work::expire(&users, now).await {
            tracing::warn!(%error, "old copies of data could not be thrown away");
        }
        if let Err(error) = round(&users, now).await {
            tracing::warn!(?error, "an account could not be deleted; the next round tries again");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = users.state.shutdown.reached(Phase::Stopping) => return,
        }
    }
}

/// Deletes the accounts whose grace was over at `now`. Returns how many.
///
/// # Errors
/// 503 when the database or the files cannot be used.
pub async fn round(users: &Users, now: Timestamp) -> Result<usize, ApiError> {
    let due: Vec<UserId> =
        sqlx::query_scalar("SELECT id FROM users WHERE deletes_at <= $1 ORDER BY deletes_at LIMIT $2")
            .bind(now)
            .bind(ROUND)
            .fetch_all(users.state.store.read())
            .await?;
    let mut gone = 0;
    for user in due {
        gone += usize::from(remove(users, user, now).await?);
    }
    Ok(gone)
}

/// What must be right after somebody is gone; everything else goes with the row. `$1` is the person.
const FAREWELL: &[&str] = &[
    "UPDATE users SET follower_count = follower_count - 1 \
     WHERE id IN (SELECT followee_id FROM follows WHERE follower_id = $1)",
    "UPDATE users SET following_count = following_count - 1 \
     WHERE id IN (SELECT follower_id FROM follows WHERE followee_id = $1)",
    "UPDATE users SET friend_count = friend_count - 1 \
     WHERE id IN (SELECT high_id FROM friendships WHERE low_id = $1 \
                  UNION ALL SELECT low_id FROM friendships WHERE high_id = $1)",
    "UPDATE users SET unread_count = unread_count - (SELECT COUNT(*) FROM notifications n \
         WHERE n.user_id = users.id AND n.actor_id = $1 AND n.read_at IS NULL) \
     WHERE id IN (SELECT user_id FROM notifications WHERE actor_id = $1 AND read_at IS NULL)",
    "UPDATE posts SET comment_count = comment_count - (SELECT COUNT(*) FROM comments c \
         WHERE c.post_id = posts.id AND c.author_id = $1 AND c.deleted_at IS NULL) \
     WHERE id IN (SELECT post_id FROM comments WHERE author_id = $1 AND deleted_at IS NULL)",
    "UPDATE playlists SET comment_count = comment_count - (SELECT COUNT(*) FROM comments c \
         WHERE c.playlist_id = playlists.id AND c.author_id = $1 AND c.deleted_at IS NULL) \
     WHERE id IN (SELECT playlist_id FROM comments WHERE author_id = $1 AND deleted_at IS NULL)",
    "UPDATE playlists SET heat = created_at + CAST(604800000 AS BIGINT) \
         * (like_count + 2 * comment_count) / (like_count + 2 * comment_count + 30) \
     WHERE id IN (SELECT playlist_id FROM comments WHERE author_id = $1)",
    "UPDATE comments SET reply_count = reply_count - (SELECT COUNT(*) FROM comments r \
         WHERE r.parent_id = comments.id AND r.author_id = $1 AND r.deleted_at IS NULL) \
     WHERE id IN (SELECT parent_id FROM comments WHERE author_id = $1 AND deleted_at IS NULL)",
    // What others replied stays, under an empty place; the comments without replies go with the row.
    "UPDATE comments SET author_id = NULL, body = '', deleted_at = COALESCE(deleted_at, created_at) \
     WHERE author_id = $1 AND reply_count > 0",
    "UPDATE reports SET excerpt = '' WHERE author_id = $1",
    "UPDATE reports SET note = '' WHERE reporter_id = $1",
    "UPDATE posts SET like_count = like_count - 1 WHERE id IN (SELECT post_id FROM post_likes WHERE user_id = $1)",
    // Playlists are as hot as is written beside the counts.
    "UPDATE playlists SET like_count = like_count - 1, heat = created_at + CAST(604800000 AS BIGINT) \
         * (like_count - 1 + 2 * comment_count) / (like_count - 1 + 2 * comment_count + 30) \
     WHERE id IN (SELECT playlist_id FROM playlist_likes WHERE user_id = $1)",
    "UPDATE tags SET item_count = item_count - (SELECT COUNT(*) FROM playlists p \
         JOIN playlist_tags x ON x.playlist_id = p.id \
         WHERE p.owner_id = $1 AND p.is_public = 1 AND p.deleted_at IS NULL AND x.tag_id = tags.id) \
     WHERE id IN (SELECT x.tag_id FROM playlists p JOIN playlist_tags x ON x.playlist_id = p.id WHERE p.owner_id = $1)",
    "UPDATE tags SET item_count = item_count - (SELECT COUNT(*) FROM posts p JOIN post_tags x ON x.post_id = p.id \
         WHERE p.author_id = $1 AND p.visibility = 'public' AND p.deleted_at IS NULL AND x.tag_id = tags.id) \
     WHERE id IN (SELECT x.tag_id FROM posts p JOIN post_tags x ON x.post_id = p.id WHERE p.author_id = $1)",
    "UPDATE tags SET item_count = item_count - (SELECT COUNT(*) FROM rooms r JOIN room_tags x ON x.room_id = r.id \
         WHERE r.host_id = $1 AND r.visibility = 'open' AND r.guests = 1 AND r.callee_id IS NULL AND x.tag_id = tags.id) \
     WHERE id IN (SELECT x.tag_id FROM rooms r JOIN room_tags x ON x.room_id = r.id WHERE r.host_id = $1)",
    "DELETE FROM idempotency_keys WHERE owner = $1",
];

/// Deletes one account for good; false when a log-in took it back in the last moment.
async fn remove(users: &Users, user: UserId, now: Timestamp) -> Result<bool, ApiError> {
    let mut transaction = users.state.store.begin().await?;
    // Taken first: a log-in that would bring the account back waits, and then finds nothing.
    let emails: Option<(String, String)> = sqlx::query_as(
        "UPDATE users SET updated_at = $2 WHERE id = $1 AND deletes_at <= $2 RETURNING email, email_key",
    )
    .bind(user)
    .bind(now)
    .fetch_optional(&mut *transaction)
    .await?;
    let Some((email, email_key)) = emails else { return Ok(false) };
    for statement in FAREWELL {
        sqlx::query(*statement).bind(user).execute(&mut *transaction).await?;
    }
    sqlx::query("DELETE FROM mail_outbox WHERE recipient = $1").bind(email).execute(&mut *transaction).await?;
    sqlx::query("DELETE FROM email_verifications WHERE email_key = $1")
        .bind(email_key)
        .execute(&mut *transaction)
        .await?;
    let pictures: Vec<String> = sqlx::query_scalar("SELECT blob FROM uploads WHERE owner_id = $1")
        .bind(user)
        .fetch_all(&mut *transaction)
        .await?;
    let copies: Vec<Option<String>> = sqlx::query_scalar("SELECT blob FROM exports WHERE user_id = $1")
        .bind(user)
        .fetch_all(&mut *transaction)
        .await?;
    let stills: Vec<String> =
        sqlx::query_scalar("SELECT id FROM stills WHERE owner_id = $1").bind(user).fetch_all(&mut *transaction).await?;
    sqlx::query("DELETE FROM users WHERE id = $1").bind(user).execute(&mut *transaction).await?;
    transaction.commit().await?;
    users.state.partings.announce(Parting::Gone(user));
    users.uploads.release(pictures).await?;
    for still in stills {
        for name in [format!("{still}.png"), format!("{still}.webp")] {
            if let Ok(name) = name.parse() {
                users.state.blobs.delete(&name).await?;
            }
        }
    }
    users.exports.delete(copies.into_iter().flatten()).await?;
    tracing::info!(%user, "an account was deleted for good");
    Ok(true)
}
