//! `DELETE /me/identities/{provider}`: a provider opens the account no more. Nobody locks themselves out by it.

use axum::extract::State;
use axum::http::StatusCode;

use crate::protocol::code::Code;
use crate::users::{CurrentUser, Users};
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Unlink a provider
///
/// # Errors
/// 404 when it is not linked, 409 `last-log-in` when nothing else would open the account.
#[utoipa::path(
    delete, path = "/me/identities/{provider}", tag = "auth", operation_id = "unlinkProvider",
    params(("provider" = String, Path, description = "Its `id` in the list of providers")),
    responses(
        (status = 204, description = "Unlinked"),
        (status = 404, description = "Not linked"),
        (status = 409, description = "`last-log-in`: there is no password and no other provider"),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(users): State<Users>,
    user: CurrentUser,
    Segment(provider): Segment<String>,
) -> Result<StatusCode, ApiError> {
    let mut transaction = users.state.store.begin().await?;
    // Holds the account's row, so that two of these cannot each count on what the other one removes.
    let hash: Option<String> =
        sqlx::query_scalar("UPDATE users SET updated_at = updated_at WHERE id = $1 RETURNING password_hash")
            .bind(user.id)
            .fetch_one(&mut *transaction)
            .await?;
    let removed = sqlx::query("DELETE FROM identities WHERE user_id = $1 AND provider = $2")
        .bind(user.id)
        .bind(&provider)
        .execute(&mut *transaction)
        .await?;
    if removed.rows_affected() == 0 {
        return Err(ApiError::NotFound(Code::NotFound));
    }
    let others: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM identities WHERE user_id = $1")
        .bind(user.id)
        .fetch_one(&mut *transaction)
        .await?;
    if hash.is_none() && others == 0 {
        return Err(ApiError::Conflict(Code::LastLogIn));
    }
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
