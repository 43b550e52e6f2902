//! Following somebody, and no longer: `PUT` and `DELETE /me/following/{user}`.

use axum::extract::State;
use axum::http::StatusCode;

use super::pair::{Pair, Terms, Trouble, begin, patiently};
use super::{target, ties};
use crate::base::id::{NoticeId, UserId};
use crate::base::timestamp::Timestamp;
use crate::notices::{self, Notice};
use crate::protocol::notification::NoticeKind;
use crate::state::AppState;
use crate::users::{ActiveUser, CurrentUser};
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Follow somebody
///
/// They are told, the first time. To follow again whom one follows changes nothing.
#[utoipa::path(put, path = "/me/following/{user}", tag = "social", operation_id = "followUser",
    params(("user" = String, Path, description = "Identifier or handle.")),
    responses(
        (status = 204, description = "One follows them."),
        (status = 403, description = "`suspended`."),
        (status = 404, description = "Nobody of that name is to be seen."),
        (status = 409, description = "`oneself`."),
    ),
    security(("access" = []))
)]
pub async fn put(
    State(state): State<AppState>,
    ActiveUser(me): ActiveUser,
    Segment(user): Segment<String>,
) -> Result<StatusCode, ApiError> {
    let other = target::seen(&state.store, me.id, &user).await?;
    let pair = Pair::of(me.id, other)?;
    // Most repetitions end here, without a lock.
    if follows(&state, me.id, other).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    if let Some(notice) = patiently(|| follow(&state, pair, me.id, other)).await? {
        state.notices.wake(other, notice);
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn follows(state: &AppState, follower: UserId, followee: UserId) -> Result<bool, ApiError> {
    let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM follows WHERE follower_id = $1 AND followee_id = $2")
        .bind(follower)
        .bind(followee)
        .fetch_one(state.store.read())
        .await?;
    Ok(rows > 0)
}

async fn follow(state: &AppState, pair: Pair, me: UserId, other: UserId) -> Result<Option<NoticeId>, Trouble> {
    let mut transaction = begin(&state.store, pair).await?;
    Terms::between(&mut transaction, me, other).await?.open()?;
    let now = Timestamp::now();
    let mut told = None;
    if ties::follow(&mut transaction, me, other, now).await? {
        let notice = Notice { kind: NoticeKind::Followed, actor: me, subject: None };
        told = notices::put(&mut transaction, other, &notice, now).await?;
    }
    transaction.commit().await?;
    Ok(told)
}

/// Stop following somebody
///
/// They are not told.
#[utoipa::path(delete, path = "/me/following/{user}", tag = "social", operation_id = "unfollowUser",
    params(("user" = String, Path, description = "Identifier or handle.")),
    responses(
        (status = 204, description = "One does not follow them."),
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
    let other = target::seen(&state.store, me.id, &user).await?;
    let pair = Pair::of(me.id, other)?;
    if !follows(&state, me.id, other).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    patiently(async || -> Result<(), Trouble> {
        let mut transaction = begin(&state.store, pair).await?;
        ties::unfollow(&mut transaction, me.id, other).await?;
        Ok(transaction.commit().await?)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
