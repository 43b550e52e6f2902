//! Whom a comment concerns: who writes it, whose the thing is, who is replied to. They are locked before anything is
//! changed, and told.

use sqlx::{Any, AnyConnection, Transaction};

use super::target::Target;
use crate::base::id::{NoticeId, UserId};
use crate::base::timestamp::Timestamp;
use crate::notices::put::{Notice, put, take_back};
use crate::protocol::notification::NoticeKind;
use crate::store::{Engine, Store, StoreError};

/// The people around one comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// What the comment is under.
    pub target: Target,
    /// Who writes it.
    pub writer: UserId,
    /// Whose the thing is.
    pub owner: UserId,
    /// Who wrote the comment that it replies to, if it is a reply and they are still here.
    pub replied_to: Option<UserId>,
}

/// Not deleted comments of `$2` under the post `$1`, and how many of these reply to `$3`.
pub const LEFT: &str = "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN p.author_id = $3 THEN 1 ELSE 0 END), 0) AS BIGINT) \
     FROM comments c LEFT JOIN comments p ON p.id = c.parent_id \
     WHERE c.post_id = $1 AND c.author_id = $2 AND c.deleted_at IS NULL";

impl About {
    /// A transaction in which the counts of what these people have not read are right. Rows of `users` are locked in the
    /// order of their identifiers and before anything else, as everywhere ([`crate::social::pair`]).
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn begin(&self, store: &Store) -> Result<Transaction<'static, Any>, StoreError> {
        let mut transaction = store.begin().await?;
        if store.engine() == Engine::Postgres {
            sqlx::query("SELECT id FROM users WHERE id IN ($1, $2, $3) ORDER BY id FOR NO KEY UPDATE")
                .bind(self.writer)
                .bind(self.owner)
                .bind(self.replied_to.unwrap_or(self.writer))
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction)
    }

    /// Tells whom it concerns, never the writer: who is replied to hears of a reply, whose the post is of a comment, and
    /// who is both hears once. The rows to wake sockets for after the commit.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn tell(
        &self,
        transaction: &mut AnyConnection,
        now: Timestamp,
    ) -> Result<Vec<(UserId, NoticeId)>, StoreError> {
        let mut told = Vec::new();
        let replied_to = self.replied_to.filter(|user| *user != self.writer);
        if let (Some(user), Some(notice)) = (replied_to, self.notice(NoticeKind::CommentReplied)) {
            // Whoever may not see the post any more is told nothing about it.
            if self.target.owner(transaction, Some(user)).await?.is_some() {
                told.extend(put(transaction, user, &notice, now).await?.map(|notice| (user, notice)));
            }
        }
        if self.owner != self.writer
            && replied_to != Some(self.owner)
            && let Some(notice) = self.notice(NoticeKind::PostCommented)
        {
            told.extend(put(transaction, self.owner, &notice, now).await?.map(|notice| (self.owner, notice)));
        }
        Ok(told)
    }

    /// After a comment is deleted: takes back what was told, unless another comment of the same writer is reason enough.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn take_back(&self, transaction: &mut AnyConnection) -> Result<(), StoreError> {
        let Some(post) = self.target.post() else { return Ok(()) };
        let (any, to_them): (i64, i64) = sqlx::query_as(LEFT)
            .bind(post)
            .bind(self.writer)
            .bind(self.replied_to)
            .fetch_one(&mut *transaction)
            .await?;
        if let (0, Some(user), Some(notice)) = (to_them, self.replied_to, self.notice(NoticeKind::CommentReplied)) {
            take_back(transaction, user, &notice).await?;
        }
        if let (0, Some(notice)) = (any, self.notice(NoticeKind::PostCommented)) {
            take_back(transaction, self.owner, &notice).await?;
        }
        Ok(())
    }

    /// There are notices about posts only.
    fn notice(&self, kind: NoticeKind) -> Option<Notice> {
        let post = self.target.post()?;
        Some(Notice { kind, actor: self.writer, subject: Some(post.to_string()) })
    }
}
