//! Wanting to see nothing of somebody, and being seen by them no more: `PUT` and `DELETE /me/blocks/{user}`.

use axum::extract::State;
use axum::http::StatusCode;

use super::pair::{Pair, Terms, Trouble, begin, patiently};
use super::{target, ties};
use crate::base::id::{CallId, UserId};
use crate::base::timestamp::Timestamp;
use crate::notices::Parting;
use crate::notices::put::take_back_all;
use crate::protocol::code::Code;
use crate::state::AppState;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Block somebody
///
/// Ends following and friendship both ways and withdraws open requests. Neither sees the other in any list, search or
/// notification afterwards, and neither can enter a call that the other is in. In a call that both are in already, whoever was
/// blocked loses their seat, except in a room of their own.
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
    let calls = patiently(|| block(&state, pair, me.id, other)).await?;
    state.partings.announce(Parting::Blocked { blocker: me.id, blocked: other });
    for call in calls {
        state.notices.ring(me.id, call);
        state.notices.ring(other, call);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// What ends when one of the two blocks the other: a call between them. Which calls those were.
const CALLS: &str = "UPDATE calls SET ended_at = $3, status = CASE WHEN status = 'accepted' THEN 'ended' ELSE 'canceled' END \
     WHERE status IN ('ringing', 'accepted') \
     AND ((caller_id = $1 AND callee_id = $2) OR (caller_id = $2 AND callee_id = $1)) RETURNING id";

/// What let `$2` into rooms of `$1`, or asked for it, is over.
const SHUT_OUT: &[&str] = &[
    "DELETE FROM room_members WHERE user_id = $2 AND standing = 'admitted' \
     AND room_id IN (SELECT id FROM rooms WHERE host_id = $1)",
    "DELETE FROM room_knocks WHERE user_id = $2 AND room_id IN (SELECT id FROM rooms WHERE host_id = $1)",
];

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
    for (host, guest) in [(me, other), (other, me)] {
        for statement in SHUT_OUT {
            sqlx::query(*statement).bind(host).bind(guest).execute(&mut *transaction).await?;
        }
    }
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
