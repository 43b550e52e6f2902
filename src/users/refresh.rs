//! Going on with a log-in: a refresh token for a new one and a new access token.
//!
//! Each token is good for one use. The second use of one ends the whole log-in at once: either the owner or a thief came
//! second, and nobody can tell which. Of many uses at the same moment one wins, and the others, coming second, end what it
//! won; there is no time of grace, so a client serializes its refreshes (browsers: a lock over all tabs).

use axum::response::{IntoResponse, Response};

use super::asker::Asker;
use super::session::{Begun, add_token};
use super::{Users, cookie};
use crate::base::id::{SessionId, UserId};
use crate::base::timestamp::Timestamp;
use crate::base::token::{self, TokenHash};
use crate::protocol::code::Code;
use crate::web::error::ApiError;

/// Answers with the next pair of tokens; the refresh token where the old one was.
///
/// # Errors
/// 401 `session-over`, which also empties the cookie; 403 `origin` for a cookie on a page of others; 503.
pub async fn handle(users: &Users, asker: &Asker, shown: Option<String>) -> Result<Response, ApiError> {
    let in_cookie = shown.is_none();
    if in_cookie {
        asker.on_our_page()?;
    }
    let Some(shown) = shown.or_else(|| asker.cookie.clone()) else {
        return Err(ApiError::Unauthorized(Code::SessionOver));
    };
    match rotate(users, token::hash(&shown)).await? {
        Some(begun) => users.welcome(begun, in_cookie).await,
        None if in_cookie => Ok(([cookie::clear()], ApiError::Unauthorized(Code::SessionOver)).into_response()),
        None => Err(ApiError::Unauthorized(Code::SessionOver)),
    }
}

/// Uses a token up and makes the next one; none when its log-in is over, which it also is by a second use.
async fn rotate(users: &Users, shown: TokenHash) -> Result<Option<Begun>, ApiError> {
    let now = Timestamp::now();
    let mut transaction = users.state.store.begin().await?;
    let fresh: Option<SessionId> = sqlx::query_scalar(
        "UPDATE refresh_tokens SET used_at = $2 WHERE hash = $1 AND used_at IS NULL RETURNING session_id",
    )
    .bind(shown.to_hex())
    .bind(now)
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(id) = fresh else {
        let ended: Option<SessionId> = sqlx::query_scalar(
            "UPDATE sessions SET revoked_at = $2 WHERE revoked_at IS NULL \
             AND id = (SELECT session_id FROM refresh_tokens WHERE hash = $1) RETURNING id",
        )
        .bind(shown.to_hex())
        .bind(now)
        .fetch_optional(&mut *transaction)
        .await?;
        transaction.commit().await?;
        if let Some(session) = ended {
            tracing::warn!(%session, "a refresh token was used twice: the log-in has ended");
            metrics::counter!("moodcall_refresh_reuses_total").increment(1);
            users.live.forget(session).await;
        }
        return Ok(None);
    };
    let standing: Option<(UserId, i16)> = sqlx::query_as(
        "UPDATE sessions SET used_at = $2, expires_at = $3 WHERE id = $1 AND revoked_at IS NULL AND expires_at > $2 \
         AND user_id IN (SELECT id FROM users WHERE deletes_at IS NULL) RETURNING user_id, remember",
    )
    .bind(id)
    .bind(now)
    .bind(now.after(users.state.config.accounts.session()))
    .fetch_optional(&mut *transaction)
    .await?;
    let Some((user, remember)) = standing else { return Ok(None) };
    let refresh = add_token(&mut transaction, id, now).await?;
    transaction.commit().await?;
    Ok(Some(Begun { id, user, refresh, remember: remember != 0, restored: false }))
}
