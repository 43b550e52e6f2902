//! Another password for an account: what it must be, and what ends with it.

use sqlx::{AnyConnection, FromRow};

use super::passwords::Passwords;
use super::session::revoke_all;
use crate::base::id::{SessionId, UserId};
use crate::base::language::Language;
use crate::base::timestamp::Timestamp;
use crate::mail::{Letter, Mail};
use crate::store::{Store, StoreError};
use crate::web::error::ApiError;

/// Whose password it is.
#[derive(Clone, Debug, FromRow)]
pub struct Keeper {
    /// The person.
    pub id: UserId,
    email: String,
    handle: String,
    nickname: String,
    language: String,
    /// What is kept of the present password; none when they have none.
    pub password_hash: Option<String>,
}

impl Keeper {
    /// The person; none when there is no such account.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn load(store: &Store, user: UserId) -> Result<Option<Self>, StoreError> {
        Ok(sqlx::query_as("SELECT id, email, handle, nickname, language, password_hash FROM users WHERE id = $1")
            .bind(user)
            .fetch_optional(store.read())
            .await?)
    }

    /// Checks a new password of this person, and says what to keep of it.
    ///
    /// # Errors
    /// 422 with `pointer`, 503.
    pub async fn accept(
        &self,
        passwords: &Passwords,
        password: &str,
        pointer: &'static str,
    ) -> Result<String, ApiError> {
        passwords.check(password, &[&self.email, &self.handle, &self.nickname], pointer).await?;
        Ok(passwords.hash(password).await?)
    }
}

/// Sets the password, makes every open link worthless, revokes every log-in but `except`, and writes a letter about it.
/// Says which log-ins ended; they are forgotten after the commit.
///
/// # Errors
/// The rows could not be written.
pub async fn set_password(
    mail: &Mail,
    connection: &mut AnyConnection,
    keeper: &Keeper,
    kept: &str,
    except: Option<SessionId>,
) -> Result<Vec<SessionId>, StoreError> {
    let now = Timestamp::now();
    sqlx::query("UPDATE users SET password_hash = $2, updated_at = $3 WHERE id = $1")
        .bind(keeper.id)
        .bind(kept)
        .bind(now)
        .execute(&mut *connection)
        .await?;
    sqlx::query("UPDATE password_resets SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL")
        .bind(keeper.id)
        .bind(now)
        .execute(&mut *connection)
        .await?;
    let ended = revoke_all(connection, keeper.id, except, now).await?;
    mail.put(connection, &keeper.email, Language::from_tag(&keeper.language), &Letter::PasswordChanged).await?;
    Ok(ended)
}
