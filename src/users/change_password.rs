//! `PUT /me/password`: another password, by somebody who knows the present one.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asker::Asker;
use super::limits::Try;
use super::new_password::{Keeper, set_password};
use super::passwords::Verdict;
use super::{CurrentUser, Users};
use crate::protocol::code::Code;
use crate::web::error::ApiError;
use crate::web::extract::Body;

/// The present password and another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangedPassword {
    /// The present one.
    #[schema(max_length = 128, examples("violet-kettle-27-harbor"))]
    pub current: String,
    /// The new one: hard to guess, whatever it is made of.
    #[schema(min_length = 8, max_length = 128, examples("copper-lantern-83-orchard"))]
    pub new: String,
}

/// Change one's password
///
/// Ends every other log-in and keeps this one. Whoever has no password yet gets one by a link (`POST /password-resets`).
///
/// # Errors
/// 401; 403 `credentials` for a wrong present one, or none; 422 `weak-password`; 429.
#[utoipa::path(
    put, path = "/me/password", tag = "users", operation_id = "changePassword", request_body = ChangedPassword,
    responses(
        (status = 204, description = "Changed; other log-ins have ended"),
        (status = 403, description = "`credentials`: the present password is another"),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(users): State<Users>,
    user: CurrentUser,
    asker: Asker,
    Body(body): Body<ChangedPassword>,
) -> Result<StatusCode, ApiError> {
    let refused = || ApiError::Forbidden(Code::Credentials);
    users.limits.address(asker.caller())?;
    users.limits.account(Try::LogIn, &user.id.to_string(), asker.address)?;
    let keeper = Keeper::load(&users.state.store, user.id).await?.ok_or_else(refused)?;
    let present = keeper.password_hash.as_deref();
    if users.passwords.verify(&body.current, present).await? == Verdict::Wrong {
        return Err(refused());
    }
    let kept = keeper.accept(&users.passwords, &body.new, "/new").await?;
    let mut transaction = users.state.store.begin().await?;
    // Of two changes at once one is the second, and it does not know the present password any more.
    let unchanged = sqlx::query("UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2")
        .bind(user.id)
        .bind(present.unwrap_or_default())
        .bind(&kept)
        .execute(&mut *transaction)
        .await?;
    if unchanged.rows_affected() == 0 {
        return Err(refused());
    }
    let ended = set_password(&users.state.mail, &mut transaction, &keeper, &kept, Some(user.session)).await?;
    transaction.commit().await?;
    users.forget_sessions(&ended).await;
    Ok(StatusCode::NO_CONTENT)
}
