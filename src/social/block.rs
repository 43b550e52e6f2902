//! Wanting to see nothing of somebody, and being seen by them no more: `PUT` and `DELETE /me/blocks/{user}`.

use axum::extract::State;
use axum::http::StatusCode;

use super::pair::{Pair, Terms, Trouble, begin, patiently};
use super::{target, ties};
use crate::base::id::{CallId, UserId};
use crate::base::timestamp::Timestamp;
use crate::notices::put::take_back_all;
use crate::protocol::code::Code;
use crate::state::AppState;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Block somebody
///
/// Ends following and friendship both ways and withdraws open requests. Neither sees the other in any list, search or
/// notification afterwards, and neither can enter a call that the other is in.
#[utoipa::path(put, path = "/me/blocks/{user}", tag = "social", operation_id = "blockUser",
    params(("user" = String, Path, description = "Identifier or handle.")),
    responses(
        (status = 204, description = "They are blocked."),
        (status = 404, description = "Nobody of that name is to be seen."),
        (status = 409, description = "`oneself`."),
    ),
    security(("access" = []))
)]
pub async fn put(
    State(state): State<AppState>,
    me: CurrentUser,
    Segment(user): Segment<String>,
) -> Result<StatusCode, ApiError> {
    let other = target::named(&state.store, &user).await?;
    let pair = Pair::of(me.id, other)?;
    for call in patiently(|| block(&state, pair, me.id, other)).await? {
        state.notices.ring(me.id, call);
        state.notices.ring(other, call);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// What ends when one of the two blocks the other: a call between them. Which calls those were.
const CALLS: &str = "UPDATE calls SET ended_at = $3, status = CASE WHEN status = 'accepted' THEN 'ended' ELSE 'cancelled' END \
     WHERE status IN ('ringing', 'accepted') \
     AND ((caller_id = $1 AND callee_id = $2) OR (caller_id = $2 AND callee_id = $1)) RETURNING id";

/// The calls that ended by it.
async fn block(state: &AppState, pair: Pair, me: UserId, other: UserId) -> Result<Vec<CallId>, Trouble> {
    let mut transaction = begin(&state.store, pair).await?;
    let terms = Terms::between(&mut transaction, me, other).await?;
    if terms.blocks {
        return Ok(Vec::new());
    }
    terms.open()?;
    let now = Timestamp::now();
    sqlx::query(
        "INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES ($1, $2, $3) \
         ON CONFLICT (blocker_id, blocked_id) DO NOTHING",
    )
    .bind(me)
    .bind(other)
    .bind(now)
    .execute(&mut *transaction)
    .await?;
    ties::unfollow(&mut transaction, me, other).await?;
    ties::unfollow(&mut transaction, other, me).await?;
    ties::unfriend(&mut transaction, pair).await?;
    ties::withdraw_request(&mut transaction, pair, now).await?;
    take_back_all(&mut transaction, me, other).await?;
    take_back_all(&mut transaction, other, me).await?;
    let calls = sqlx::query_scalar(CALLS).bind(me).bind(other).bind(now).fetch_all(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(calls)
}

/// Unblock somebody
///
/// Nothing that the block ended comes back by itself.
#[utoipa::path(delete, path = "/me/blocks/{user}", tag = "social", operation_id = "unblockUser",
    params(("user" = String, Path, description = "Identifier or handle.")),
    responses(
        (status = 204, description = "They are not blocked."),
        (status = 404, description = "Nobody of that name is to be seen."),
        (status = 409, description = "`oneself`."),
    ),
    security(("access" = []))
)]
pub async fn delete(
    State(state): State<AppState>,
    me: CurrentUser,
    Segment(user): Segment<String>,
) -> Result<StatusCode, ApiError> {
    let other = target::named(&state.store, &user).await?;
    Pair::of(me.id, other)?;
    let cut = sqlx::query("DELETE FROM blocks WHERE blocker_id = $1 AND blocked_id = $2")
        .bind(me.id)
        .bind(other)
        .execute(state.store.write())
        .await?
        .rows_affected();
    if cut == 0 && super::blocks::has_blocked(&state.store, other, me.id).await? {
        return Err(ApiError::NotFound(Code::NotFound));
    }
    Ok(StatusCode::NO_CONTENT)
}
