//! `DELETE /me`: leaving. The account is hidden at once and deleted for good after the time of grace; a log-in before
//! takes it back.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::language::Language;
use crate::base::timestamp::Timestamp;
use crate::mail::Letter;
use crate::notices::Parting;
use crate::protocol::code::Code;
use crate::users::asker::Asker;
use crate::users::limits::Try;
use crate::users::passwords::Verdict;
use crate::users::session::revoke_all;
use crate::users::{CurrentUser, Users, cookie};
use crate::web::error::ApiError;
use crate::web::extract::Body;

/// How long ago somebody without a password must have logged in to be believed.
const RECENT: Duration = Duration::from_secs(600);

/// The proof that somebody means it: their password, or without one their handle, soon after a log-in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Farewell {
    /// The password, for an account that has one.
    #[schema(max_length = 128, examples("violet-kettle-27-harbor"))]
    pub password: Option<String>,
    /// The account's own handle, for an account without a password.
    #[schema(max_length = 20, examples("ada"))]
    pub confirm: Option<String>,
}

/// An account on its way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Leaving {
    /// When it goes for good, unless its owner logs in before.
    pub deletes_at: Timestamp,
}

/// What is known of whoever leaves.
#[derive(sqlx::FromRow)]
struct Account {
    email: String,
    language: String,
    handle: String,
    password_hash: Option<String>,
    logged_in_at: Timestamp,
}

/// Delete one's account
///
/// Hides it at once, ends every log-in, and deletes it for good after a time of grace, in which a log-in takes it back.
/// An account without a password is deleted by its handle within ten minutes after a log-in.
///
/// # Errors
/// 403 `credentials` for a wrong password, `login-needed` when the log-in is too old; 422 for the wrong proof; 429.
#[utoipa::path(
    delete, path = "/me", tag = "users", operation_id = "deleteMe", request_body = Farewell,
    responses(
        (status = 200, description = "It will be deleted", body = Leaving,
            headers(("Set-Cookie" = String, description = "The cookie, emptied."))),
        (status = 403, description = "`credentials`: another password. `login-needed`: log in again first"),
        (status = 422, description = "The proof is missing, or another one is needed"),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(users): State<Users>,
    user: CurrentUser,
    asker: Asker,
    Body(farewell): Body<Farewell>,
) -> Result<Response, ApiError> {
    let gone = || ApiError::Unauthorized(Code::LoginNeeded);
    let account: Account = sqlx::query_as(
        "SELECT u.email, u.language, u.handle, u.password_hash, s.created_at AS logged_in_at \
         FROM users u JOIN sessions s ON s.user_id = u.id WHERE u.id = $1 AND s.id = $2",
    )
    .bind(user.id)
    .bind(user.session)
    .fetch_optional(users.state.store.read())
    .await?
    .ok_or_else(gone)?;
    let now = Timestamp::now();
    prove(&users, user, &asker, &farewell, &account, now).await?;
    let deletes_at = now.after(users.state.config.accounts.grace());
    let mut transaction = users.state.store.begin().await?;
    let marked = sqlx::query("UPDATE users SET deletes_at = $2, updated_at = $3 WHERE id = $1 AND deletes_at IS NULL")
        .bind(user.id)
        .bind(deletes_at)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
    if marked.rows_affected() == 0 {
        return Err(gone());
    }
    let ended = revoke_all(&mut transaction, user.id, None, now).await?;
    let letter = Letter::Leaving { at: deletes_at };
    let language = Language::from_tag(&account.language);
    users.state.mail.put(&mut transaction, &account.email, language, &letter).await?;
    transaction.commit().await?;
    users.forget_sessions(&ended).await;
    users.state.partings.announce(Parting::Gone(user.id));
    Ok(([cookie::clear()], Json(Leaving { deletes_at })).into_response())
}

/// Whether they mean it, and are who they seem: an access token alone, taken from an open page, must not be enough.
async fn prove(
    users: &Users,
    user: CurrentUser,
    asker: &Asker,
    farewell: &Farewell,
    account: &Account,
    now: Timestamp,
) -> Result<(), ApiError> {
    let Some(hash) = &account.password_hash else {
        if now.since(account.logged_in_at) > RECENT {
            return Err(ApiError::Forbidden(Code::LoginNeeded));
        }
        if farewell.confirm.as_deref().is_none_or(|typed| typed.trim().to_lowercase() != account.handle) {
            return Err(ApiError::field("/confirm", "To delete the account, type its handle."));
        }
        return Ok(());
    };
    let password = farewell.password.as_deref();
    let password = password.ok_or_else(|| ApiError::field("/password", "To delete the account, type its password."))?;
    users.limits.address(asker.caller())?;
    users.limits.account(Try::LogIn, &user.id.to_string(), asker.address)?;
    match users.passwords.verify(password, Some(hash)).await? {
        Verdict::Wrong => Err(ApiError::Forbidden(Code::Credentials)),
        Verdict::Right | Verdict::Outdated => Ok(()),
    }
}
