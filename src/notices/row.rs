//! Reading notifications.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool, FromRow, Row as _};

use crate::base::id::{NoticeId, UserId};
use crate::protocol::notification::{NoticeKind, Notification, Person};
use crate::store::StoreError;

/// A notification as it stands in its row, with who did it. Somebody whose account is being deleted is nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted(Notification);

/// The newest before a place: `user_id`, time, identifier, rows.
pub const NEWEST: &str = "SELECT n.id AS notice_id, n.kind, n.subject_id, n.created_at, n.read_at, \
     u.id AS actor_id, u.handle, u.nickname, u.avatar \
     FROM notifications n LEFT JOIN users u ON u.id = n.actor_id AND u.deletes_at IS NULL \
     WHERE n.user_id = $1 AND (n.created_at, n.id) < ($2, $3) \
     ORDER BY n.created_at DESC, n.id DESC LIMIT $4";

/// One: `user_id`, identifier.
pub const ONE: &str = "SELECT n.id AS notice_id, n.kind, n.subject_id, n.created_at, n.read_at, \
     u.id AS actor_id, u.handle, u.nickname, u.avatar \
     FROM notifications n LEFT JOIN users u ON u.id = n.actor_id AND u.deletes_at IS NULL \
     WHERE n.user_id = $1 AND n.id = $2";

impl Noted {
    /// Notifications of `user`, newest first, strictly before the place `before`.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn newest(
        pool: &AnyPool,
        user: UserId,
        (at, id): (i64, &str),
        rows: i64,
    ) -> Result<Vec<Self>, StoreError> {
        Ok(sqlx::query_as(NEWEST).bind(user).bind(at).bind(id).bind(rows).fetch_all(pool).await?)
    }

    /// One notification of `user`.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn one(pool: &AnyPool, user: UserId, id: NoticeId) -> Result<Option<Self>, StoreError> {
        Ok(sqlx::query_as(ONE).bind(user).bind(id).fetch_optional(pool).await?)
    }

    /// The same, and how many are unread now.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn with_unread(pool: &AnyPool, user: UserId, id: NoticeId) -> Result<Option<(Self, i64)>, StoreError> {
        let Some(row) = Self::one(pool, user, id).await? else { return Ok(None) };
        let unread = unread(&mut *pool.acquire().await?, user).await?;
        Ok(Some((row, unread)))
    }

    /// As people see it; `picture` makes an address of the picture's name.
    pub fn shown(self, picture: impl Fn(&str) -> String) -> Notification {
        let mut notification = self.0;
        if let Some(actor) = &mut notification.actor {
            actor.avatar = actor.avatar.as_deref().map(picture);
        }
        notification
    }
}

/// How many notifications somebody has not read.
///
/// # Errors
/// The database does not answer.
pub async fn unread(connection: &mut AnyConnection, user: UserId) -> Result<i64, StoreError> {
    let unread: Option<i64> = sqlx::query_scalar("SELECT unread_count FROM users WHERE id = $1")
        .bind(user)
        .fetch_optional(connection)
        .await?;
    Ok(unread.unwrap_or(0).max(0))
}

impl<'r> FromRow<'r, AnyRow> for Noted {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let kind: String = row.try_get("kind")?;
        let kind = NoticeKind::of(&kind).ok_or_else(|| sqlx::Error::Decode(format!("no such kind: {kind}").into()))?;
        let actor = match row.try_get::<Option<UserId>, _>("actor_id")? {
            None => None,
            Some(id) => Some(Person {
                id,
                handle: row.try_get("handle")?,
                nickname: row.try_get("nickname")?,
                avatar: row.try_get("avatar")?,
            }),
        };
        Ok(Self(Notification {
            id: row.try_get("notice_id")?,
            kind,
            actor,
            subject: row.try_get("subject_id")?,
            created_at: row.try_get("created_at")?,
            read_at: row.try_get("read_at")?,
        }))
    }
}
