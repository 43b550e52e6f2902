//! Writing a notification, and taking it back.

use sqlx::AnyConnection;

use crate::base::id::{NoticeId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::notification::NoticeKind;
use crate::store::StoreError;

/// Something that somebody is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What happened.
    pub kind: NoticeKind,
    /// Who did it.
    pub actor: UserId,
    /// What it is about.
    pub subject: Option<String>,
}

impl Notice {
    /// What makes two notices of one person the same: the same somebody did the same kind of thing, to the same thing
    /// where the kind has one.
    fn sameness(&self) -> String {
        let (kind, actor) = (self.kind.as_str(), self.actor);
        match &self.subject {
            Some(subject) if self.kind.is_of_a_subject() => format!("{kind}:{actor}:{subject}"),
            _ => format!("{kind}:{actor}"),
        }
    }

    /// Whether the same thing, done again, is news once the first notice was read. To follow or like again is not.
    fn returns(&self) -> bool {
        !matches!(self.kind, NoticeKind::Followed | NoticeKind::PostLiked | NoticeKind::PlaylistLiked)
    }
}

/// Writes the notice of `user`, unless the same one is there or the two have blocked each other. The row to wake their
/// sockets for, once the transaction is committed.
///
/// Whoever calls this holds the lock on the row of `user`, so that the count of unread ones is right.
///
/// # Errors
/// The database does not answer.
pub async fn put(
    transaction: &mut AnyConnection,
    user: UserId,
    notice: &Notice,
    now: Timestamp,
) -> Result<Option<NoticeId>, StoreError> {
    let blocks: i64 = sqlx::query_scalar(BLOCKS).bind(user).bind(notice.actor).fetch_one(&mut *transaction).await?;
    if blocks > 0 {
        return Ok(None);
    }
    let fresh: Option<NoticeId> = sqlx::query_scalar(
        "INSERT INTO notifications (id, user_id, kind, actor_id, subject_id, sameness, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (user_id, sameness) DO NOTHING RETURNING id",
    )
    .bind(NoticeId::new())
    .bind(user)
    .bind(notice.kind.as_str())
    .bind(notice.actor)
    .bind(notice.subject.clone())
    .bind(notice.sameness())
    .bind(now)
    .fetch_optional(&mut *transaction)
    .await?;
    if fresh.is_some() {
        count(transaction, user, 1).await?;
        return Ok(fresh);
    }
    if notice.returns() { bring_back(transaction, user, notice, now).await } else { Ok(None) }
}

const BLOCKS: &str = "SELECT COUNT(*) FROM blocks WHERE (blocker_id = $1 AND blocked_id = $2) \
                      OR (blocker_id = $2 AND blocked_id = $1)";

/// The same thing again: it stands on top, unread, and is about the new subject.
async fn bring_back(
    transaction: &mut AnyConnection,
    user: UserId,
    notice: &Notice,
    now: Timestamp,
) -> Result<Option<NoticeId>, StoreError> {
    let read: Vec<i64> = sqlx::query_scalar(
        "SELECT COUNT(*) FROM notifications WHERE user_id = $1 AND sameness = $2 AND read_at IS NOT NULL",
    )
    .bind(user)
    .bind(notice.sameness())
    .fetch_all(&mut *transaction)
    .await?;
    let id: Option<NoticeId> = sqlx::query_scalar(
        "UPDATE notifications SET created_at = $3, subject_id = $4, read_at = NULL \
         WHERE user_id = $1 AND sameness = $2 RETURNING id",
    )
    .bind(user)
    .bind(notice.sameness())
    .bind(now)
    .bind(notice.subject.clone())
    .fetch_optional(&mut *transaction)
    .await?;
    count(transaction, user, read.into_iter().sum()).await?;
    Ok(id)
}

/// Takes back what `user` was told, such as a request that was withdrawn.
///
/// # Errors
/// The database does not answer.
pub async fn take_back(transaction: &mut AnyConnection, user: UserId, notice: &Notice) -> Result<(), StoreError> {
    let unread: Vec<i64> = sqlx::query_scalar(
        "DELETE FROM notifications WHERE user_id = $1 AND sameness = $2 \
         RETURNING CAST(CASE WHEN read_at IS NULL THEN 1 ELSE 0 END AS BIGINT)",
    )
    .bind(user)
    .bind(notice.sameness())
    .fetch_all(&mut *transaction)
    .await?;
    count(transaction, user, -unread.into_iter().sum::<i64>()).await
}

/// Takes back everything that `actor` made `user` hear.
///
/// # Errors
/// The database does not answer.
pub async fn take_back_all(transaction: &mut AnyConnection, user: UserId, actor: UserId) -> Result<(), StoreError> {
    let unread: Vec<i64> = sqlx::query_scalar(
        "DELETE FROM notifications WHERE actor_id = $2 AND user_id = $1 \
         RETURNING CAST(CASE WHEN read_at IS NULL THEN 1 ELSE 0 END AS BIGINT)",
    )
    .bind(user)
    .bind(actor)
    .fetch_all(&mut *transaction)
    .await?;
    count(transaction, user, -unread.into_iter().sum::<i64>()).await
}

/// Moves the count of unread ones by `by`.
///
/// # Errors
/// The database does not answer.
pub async fn count(transaction: &mut AnyConnection, user: UserId, by: i64) -> Result<(), StoreError> {
    if by != 0 {
        sqlx::query("UPDATE users SET unread_count = unread_count + $2 WHERE id = $1")
            .bind(user)
            .bind(by)
            .execute(transaction)
            .await?;
    }
    Ok(())
}
