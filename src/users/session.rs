//! A log-in: how it begins, how it ends. Its refresh tokens are one family.

use sqlx::AnyConnection;

use super::Users;
use super::asker::Asker;
use crate::base::id::{SessionId, UserId};
use crate::base::timestamp::Timestamp;
use crate::base::token;
use crate::store::StoreError;

/// A log-in that has begun and is not committed yet.
#[derive(Clone, Debug)]
pub struct Begun {
    /// The log-in.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// Its first refresh token; only the hash is kept.
    pub refresh: String,
    /// Whether the browser may keep it when it closes.
    pub remember: bool,
    /// Whether the account was deleted, within its time of grace, and is back by this.
    pub restored: bool,
}

impl Users {
    /// Begins a log-in, in the transaction of whatever proved who it is. A deleted account comes back by it.
    ///
    /// `method` is `password` or the provider's name.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such account, or its time of grace is over.
    pub async fn begin_session(
        &self,
        connection: &mut AnyConnection,
        user: UserId,
        method: &str,
        remember: bool,
        asker: &Asker,
    ) -> Result<Begun, StoreError> {
        let now = Timestamp::now();
        let restored = sqlx::query("UPDATE users SET deletes_at = NULL WHERE id = $1 AND deletes_at > $2")
            .bind(user)
            .bind(now)
            .execute(&mut *connection)
            .await?
            .rows_affected()
            == 1;
        let id = SessionId::new();
        let made = sqlx::query(
            "INSERT INTO sessions (id, user_id, method, user_agent, address, remember, created_at, used_at, expires_at) \
             SELECT $1, id, $3, $4, $5, $6, $7, $7, $8 FROM users WHERE id = $2 AND deletes_at IS NULL",
        )
        .bind(id)
        .bind(user)
        .bind(method)
        .bind(&asker.user_agent)
        .bind(asker.address.to_string())
        .bind(i16::from(remember))
        .bind(now)
        .bind(now.after(self.state.config.accounts.session()))
        .execute(&mut *connection)
        .await?;
        if made.rows_affected() == 0 {
            return Err(StoreError::Missing);
        }
        let refresh = add_token(connection, id, now).await?;
        Ok(Begun { id, user, refresh, remember, restored })
    }

    /// Ends log-ins after the transaction that revoked them was committed: their access tokens open nothing any more.
    pub async fn forget_sessions(&self, ended: &[SessionId]) {
        for session in ended {
            self.live.forget(*session).await;
        }
    }
}

/// A fresh refresh token in the family of a log-in.
///
/// # Errors
/// The row could not be written.
pub async fn add_token(
    connection: &mut AnyConnection,
    session: SessionId,
    now: Timestamp,
) -> Result<String, StoreError> {
    let (token, hash) = token::fresh();
    sqlx::query("INSERT INTO refresh_tokens (hash, session_id, created_at) VALUES ($1, $2, $3)")
        .bind(hash.to_hex())
        .bind(session)
        .bind(now)
        .execute(connection)
        .await?;
    Ok(token)
}

/// Revokes one log-in of somebody; false when they have none of that name that holds.
///
/// # Errors
/// The row could not be written.
pub async fn revoke(
    connection: &mut AnyConnection,
    user: UserId,
    session: SessionId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE sessions SET revoked_at = $3 \
         WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL AND expires_at > $3",
    )
    .bind(session)
    .bind(user)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Revokes every log-in of somebody but `except`, and says which; [`Users::forget_sessions`] follows the commit.
///
/// # Errors
/// The rows could not be written.
pub async fn revoke_all(
    connection: &mut AnyConnection,
    user: UserId,
    except: Option<SessionId>,
    now: Timestamp,
) -> Result<Vec<SessionId>, StoreError> {
    let except = except.map(|session| session.to_string()).unwrap_or_default();
    Ok(sqlx::query_scalar(
        "UPDATE sessions SET revoked_at = $3 WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL RETURNING id",
    )
    .bind(user)
    .bind(except)
    .bind(now)
    .fetch_all(connection)
    .await?)
}
