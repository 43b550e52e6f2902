//! A forgotten password: `POST /password-resets` sends a link, `PUT /password-resets/{token}` sets another password.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Users;
use super::asker::Asker;
use super::email::Email;
use super::limits::Try;
use super::new_password::{Keeper, set_password};
use crate::base::id::UserId;
use crate::base::language::Language;
use crate::base::timestamp::Timestamp;
use crate::base::token;
use crate::mail::Letter;
use crate::protocol::code::Code;
use crate::store::StoreError;
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};

/// How long a link is valid.
pub const VALID: Duration = Duration::from_secs(30 * 60);

/// Who has forgotten their password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Forgotten {
    /// Address of the account.
    #[schema(max_length = 254, examples("ada@example.org"))]
    pub email: String,
}

/// A new password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The password: hard to guess, whatever it is made of.
    #[schema(min_length = 8, max_length = 128, examples("violet-kettle-27-harbor"))]
    pub password: String,
}

/// Have a link sent to choose another password
///
/// The answer, and the time it takes, are the same whether the address has an account or not.
///
/// # Errors
/// 422 for what is no address; 429.
#[utoipa::path(
    post, path = "/password-resets", tag = "auth", operation_id = "forgetPassword", request_body = Forgotten,
    responses((status = 202, description = "If the address has an account, a letter is on its way"))
)]
pub async fn create(
    State(users): State<Users>,
    asker: Asker,
    Body(body): Body<Forgotten>,
) -> Result<StatusCode, ApiError> {
    users.limits.address(asker.caller())?;
    let email = Email::parse(&body.email, "/email")?;
    users.limits.account(Try::Link, &email.key, asker.address)?;
    // What there is to do is done after the answer, so the answer cannot tell whether there was anything.
    users.state.tasks.spawn({
        let users = users.clone();
        async move {
            if let Err(error) = send(&users, &email.key, &asker.origin).await {
                tracing::error!(%error, "a link for a new password was not sent");
            }
        }
    });
    Ok(StatusCode::ACCEPTED)
}

async fn send(users: &Users, email_key: &str, origin: &str) -> Result<(), StoreError> {
    let now = Timestamp::now();
    let (token, hash) = token::fresh();
    let mut transaction = users.state.store.begin().await?;
    let account: Option<(UserId, String, String)> = sqlx::query_as(
        "SELECT id, email, language FROM users WHERE email_key = $1 AND (deletes_at IS NULL OR deletes_at > $2)",
    )
    .bind(email_key)
    .bind(now)
    .fetch_optional(&mut *transaction)
    .await?;
    let Some((user, address, language)) = account else { return Ok(()) };
    sqlx::query("INSERT INTO password_resets (hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(hash.to_hex())
        .bind(user)
        .bind(now)
        .bind(now.after(VALID))
        .execute(&mut *transaction)
        .await?;
    let letter = Letter::PasswordReset { link: format!("{origin}/reset/{token}") };
    users.state.mail.put(&mut transaction, &address, Language::from_tag(&language), &letter).await?;
    transaction.commit().await?;
    Ok(())
}

/// Choose another password with a link
///
/// Ends every log-in of the account. The link is good for this and for nothing else, once.
///
/// # Errors
/// 403 `link`: wrong, too old, or used; 422 `weak-password`; 429.
#[utoipa::path(
    put, path = "/password-resets/{token}", tag = "auth", operation_id = "resetPassword", request_body = NewPassword,
    params(("token" = String, Path, description = "The last part of the link", max_length = 100,
        example = "pN3kz1kqXgqC0d9Yh0v7h2bq4m8s6t1uWcA5rE2yJxo")),
    responses(
        (status = 204, description = "The password is set; log in with it"),
        (status = 403, description = "`link`: wrong, too old, or used"),
    )
)]
pub async fn finish(
    State(users): State<Users>,
    asker: Asker,
    Segment(token): Segment<String>,
    Body(body): Body<NewPassword>,
) -> Result<StatusCode, ApiError> {
    let refused = || ApiError::Forbidden(Code::Link);
    users.limits.address(asker.caller())?;
    let hash = token::hash(&token).to_hex();
    let user: Option<UserId> = sqlx::query_scalar(
        "SELECT user_id FROM password_resets WHERE hash = $1 AND used_at IS NULL AND expires_at > $2",
    )
    .bind(&hash)
    .bind(Timestamp::now())
    .fetch_optional(users.state.store.read())
    .await?;
    let keeper = Keeper::load(&users.state.store, user.ok_or_else(refused)?).await?.ok_or_else(refused)?;
    let kept = keeper.accept(&users.passwords, &body.password, "/password").await?;
    let now = Timestamp::now();
    let mut transaction = users.state.store.begin().await?;
    let used =
        sqlx::query("UPDATE password_resets SET used_at = $2 WHERE hash = $1 AND used_at IS NULL AND expires_at > $2")
            .bind(&hash)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
    if used.rows_affected() == 0 {
        return Err(refused());
    }
    let ended = set_password(&users.state.mail, &mut transaction, &keeper, &kept, None).await?;
    transaction.commit().await?;
    users.forget_sessions(&ended).await;
    Ok(StatusCode::NO_CONTENT)
}
