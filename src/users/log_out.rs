//! `DELETE /tokens/current`: logging out.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::asker::Asker;
use super::{CurrentUser, Users, cookie};
use crate::base::id::SessionId;
use crate::base::timestamp::Timestamp;
use crate::base::token;
use crate::protocol::code::Code;
use crate::web::error::ApiError;

/// Log out
///
/// Ends the log-in of the access token, and the one whose refresh token is in the cookie; every refresh token of it is
/// dead, and the cookie empty. An access token that is over already does no harm when there is a cookie.
///
/// # Errors
/// 401 when neither a token nor a cookie says which log-in; 403 `origin` for a cookie on a page of others.
#[utoipa::path(
    delete, path = "/tokens/current", tag = "auth", operation_id = "logOut",
    responses(
        (status = 204, description = "Logged out",
            headers(("Set-Cookie" = String, description = "The cookie, emptied."))),
        (status = 403, description = "`origin`: a page of another origin."),
    ),
    security(("access" = []), ("cookie" = []))
)]
pub async fn handler(State(users): State<Users>, asker: Asker, headers: HeaderMap) -> Result<Response, ApiError> {
    let bearer = headers.get("authorization").and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let person: Option<CurrentUser> = match bearer {
        Some(token) => users.recognize(token.trim()).await.ok(),
        None => None,
    };
    if asker.cookie.is_some() {
        asker.on_our_page()?;
    }
    if person.is_none() && asker.cookie.is_none() {
        return Err(ApiError::Unauthorized(Code::LoginNeeded));
    }
    let shown = asker.cookie.as_deref().map(|token| token::hash(token).to_hex()).unwrap_or_default();
    let named = person.map(|person| person.session.to_string()).unwrap_or_default();
    let ended: Vec<SessionId> = sqlx::query_scalar(
        "UPDATE sessions SET revoked_at = $3 WHERE revoked_at IS NULL \
         AND (id = $1 OR id = (SELECT session_id FROM refresh_tokens WHERE hash = $2)) RETURNING id",
    )
    .bind(named)
    .bind(shown)
    .bind(Timestamp::now())
    .fetch_all(users.state.store.write())
    .await?;
    users.forget_sessions(&ended).await;
    Ok((StatusCode::NO_CONTENT, [cookie::clear()]).into_response())
}
