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

macro_rules! left {
    ($target:literal) => {
        concat!(
            "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN p.author_id = $3 THEN 1 ELSE 0 END), 0) AS BIGINT) \
             FROM comments c LEFT JOIN comments p ON p.id = c.parent_id WHERE c.",
            $target,
            " = $1 AND c.author_id = $2 AND c.deleted_at IS NULL"
        )
    };
}

/// Not deleted comments of `$2` under the post `$1`, and how many of these reply to `$3`.
pub const LEFT_OF_POST: &str = left!("post_id");

/// The same under the playlist `$1`.
pub const LEFT_OF_PLAYLIST: &str = left!("playlist_id");

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

    /// Tells whom it concerns, never the writer: who is replied to hears of a reply, whose the thing is of a comment, and
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
        // Whoever may not see the thing any more is told nothing about it.
        if let Some(user) = replied_to
            && self.target.owner(transaction, Some(user)).await?.is_some()
        {
            let notice = self.replied();
            told.extend(put(transaction, user, &notice, now).await?.map(|notice| (user, notice)));
        }
        if self.owner != self.writer && replied_to != Some(self.owner) {
            let notice = self.commented();
            told.extend(put(transaction, self.owner, &notice, now).await?.map(|notice| (self.owner, notice)));
        }
        Ok(told)
    }

    /// After a comment is deleted: takes back what was told, unless another comment of the same writer is reason enough.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn take_back(&self, transaction: &mut AnyConnection) -> Result<(), StoreError> {
        let left = match self.target {
            Target::Post(post) => sqlx::query_as(LEFT_OF_POST).bind(post),
            Target::Playlist(playlist) => sqlx::query_as(LEFT_OF_PLAYLIST).bind(playlist),
        };
        let (any, to_them): (i64, i64) =
            left.bind(self.writer).bind(self.replied_to).fetch_one(&mut *transaction).await?;
        if let (0, Some(user)) = (to_them, self.replied_to) {
            take_back(transaction, user, &self.replied()).await?;
        }
        if any == 0 {
            take_back(transaction, self.owner, &self.commented()).await?;
        }
        Ok(())
    }

    /// What whose the thing is hears.
    fn commented(&self) -> Notice {
        self.notice(NoticeKind::PostCommented, NoticeKind::PlaylistCommented)
    }

    /// What who is replied to hears.
    fn replied(&self) -> Notice {
        self.notice(NoticeKind::CommentReplied, NoticeKind::PlaylistReplied)
    }

    fn notice(&self, on_post: NoticeKind, on_playlist: NoticeKind) -> Notice {
        let (kind, subject) = match self.target {
            Target::Post(post) => (on_post, post.to_string()),
            Target::Playlist(playlist) => (on_playlist, playlist.to_string()),
        };
        Notice { kind, actor: self.writer, subject: Some(subject) }
    }
}
