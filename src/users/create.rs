//! The one way in which an account comes to be, whoever proved what: a password or a provider's word.

use sqlx::AnyConnection;
use thiserror::Error;

use super::consent::Purpose;
use super::email;
use super::genre::{self, Genre};
use super::grams;
use super::theme::Theme;
use crate::base::fold::fold;
use crate::base::id::UserId;
use crate::base::language::Language;
use crate::base::timestamp::Timestamp;
use crate::store::StoreError;
use crate::web::error::ApiError;

/// An account before it is one. Everything was checked: names by [`super::name`], the address by a code or a provider.
#[derive(Clone, Debug)]
pub struct NewAccount<'a> {
    /// Address that was proved.
    pub email: &'a str,
    /// Unique handle.
    pub handle: &'a str,
    /// Unique nickname.
    pub nickname: &'a str,
    /// Hash of the password; none for whoever logs in through a provider only.
    pub password_hash: Option<&'a str>,
    /// What they say about themselves.
    pub about: &'a str,
    /// What they like to hear.
    pub genres: &'a [Genre],
    /// Language of letters and pages.
    pub language: Language,
    /// How the pages look.
    pub theme: Theme,
    /// What they agreed to or not, and the version of the text that they saw.
    pub consents: &'a [(Purpose, bool, &'a str)],
}

/// Why there is no account. The transaction is worth nothing any more.
#[derive(Debug, Error)]
pub enum CreateError {
    /// The address has an account.
    #[error("the address has an account")]
    Email,
    /// Somebody has the handle.
    #[error("the handle is taken")]
    Handle,
    /// Somebody has the nickname.
    #[error("the nickname is taken")]
    Nickname,
    /// The database.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for CreateError {
    fn from(error: StoreError) -> Self {
        match error {
            error if error.is_taken("users_email_key") => Self::Email,
            error if error.is_taken("users_handle") => Self::Handle,
            error if error.is_taken("users_nickname_key") => Self::Nickname,
            error => Self::Store(error),
        }
    }
}

impl From<sqlx::Error> for CreateError {
    fn from(error: sqlx::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<CreateError> for ApiError {
    fn from(error: CreateError) -> Self {
        match error {
            CreateError::Email => Self::Taken("/email"),
            CreateError::Handle => Self::Taken("/handle"),
            CreateError::Nickname => Self::Taken("/nickname"),
            CreateError::Store(error) => error.into(),
        }
    }
}

/// Writes the account, what it agreed to, and what search finds it by. The unique indexes decide a race for a name.
///
/// # Errors
/// [`CreateError`]; the caller rolls back.
pub async fn create_account(
    connection: &mut AnyConnection,
    account: &NewAccount<'_>,
    now: Timestamp,
) -> Result<UserId, CreateError> {
    let id = UserId::new();
    sqlx::query(
        "INSERT INTO users (id, email, email_key, handle, nickname, nickname_key, about, genres, password_hash, language, \
         theme, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)",
    )
    .bind(id)
    .bind(account.email)
    .bind(email::key(account.email))
    .bind(account.handle)
    .bind(account.nickname)
    .bind(fold(account.nickname))
    .bind(account.about)
    .bind(genre::to_row(account.genres))
    .bind(account.password_hash)
    .bind(account.language.tag())
    .bind(account.theme.tag())
    .bind(now)
    .execute(&mut *connection)
    .await?;
    for (purpose, granted, version) in account.consents {
        sqlx::query(
            "INSERT INTO consents (user_id, purpose, granted, version, changed_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id)
        .bind(purpose.tag())
        .bind(i16::from(*granted))
        .bind(*version)
        .bind(now)
        .execute(&mut *connection)
        .await?;
    }
    grams::write(connection, id, account.nickname, account.handle).await?;
    Ok(id)
}
