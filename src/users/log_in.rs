//! Logging in by e-mail address or handle and password.

use sqlx::FromRow;

use super::asker::Asker;
use super::limits::Try;
use super::passwords::Verdict;
use super::session::Begun;
use super::{Users, email};
use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::store::StoreError;
use crate::web::error::ApiError;

/// What is known of an account to compare a password with.
#[derive(Clone, Debug, FromRow)]
struct Account {
    id: UserId,
    password_hash: Option<String>,
}

/// Begins a log-in. Known and unknown accounts take the same way: one row is asked for, one hash compared.
///
/// # Errors
/// 401 `credentials`, whatever was wrong; 429 for an address or an account that is tried too often; 503.
pub async fn by_password(
    users: &Users,
    asker: &Asker,
    login: &str,
    password: &str,
    remember: bool,
) -> Result<Begun, ApiError> {
    let wrong = || ApiError::Unauthorized(Code::Credentials);
    users.limits.address(asker.caller())?;
    let login = login.trim();
    if login.len() > email::LONGEST || login.contains('\0') {
        return Err(wrong());
    }
    // By what was typed and not by whom it names: a limit that an address and a handle share would say whose they are.
    users.limits.account(Try::LogIn, &login.to_lowercase(), asker.address)?;
    let account = find(users, login).await?;
    let kept = account.as_ref().and_then(|account| account.password_hash.as_deref());
    let verdict = users.passwords.verify(password, kept).await?;
    let Some(account) = account.filter(|_| verdict != Verdict::Wrong) else { return Err(wrong()) };
    let kept = account.password_hash.unwrap_or_default();
    let now_kept = match verdict {
        Verdict::Outdated => users.passwords.hash(password).await?,
        Verdict::Right | Verdict::Wrong => kept.clone(),
    };
    let mut transaction = users.state.store.begin().await?;
    // A password that was changed while this one was compared opens nothing any more.
    let unchanged = sqlx::query("UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2")
        .bind(account.id)
        .bind(kept)
        .bind(now_kept)
        .execute(&mut *transaction)
        .await?;
    if unchanged.rows_affected() == 0 {
        return Err(wrong());
    }
    let begun = users.begin_session(&mut transaction, account.id, "password", remember, asker).await;
    let begun = begun.map_err(|error| match error {
        StoreError::Missing => wrong(),
        error => error.into(),
    })?;
    transaction.commit().await?;
    Ok(begun)
}

async fn find(users: &Users, login: &str) -> Result<Option<Account>, StoreError> {
    let by = if login.contains('@') {
        "SELECT id, password_hash FROM users WHERE email_key = $1 AND (deletes_at IS NULL OR deletes_at > $2)"
    } else {
        "SELECT id, password_hash FROM users WHERE handle = $1 AND (deletes_at IS NULL OR deletes_at > $2)"
    };
    Ok(sqlx::query_as(by)
        .bind(login.to_lowercase())
        .bind(Timestamp::now())
        .fetch_optional(users.state.store.read())
        .await?)
}
