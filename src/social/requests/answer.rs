//! `PATCH /friend-requests/{id}`: saying yes or no.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::accept;
use super::row::{self, Direction, FriendRequest, RequestStatus};
use crate::base::id::{NoticeId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::social::pair::{Pair, Trouble, begin, patiently};
use crate::state::AppState;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Be friends.
    Accepted,
    /// Do not.
    Rejected,
}

/// Body of `PATCH /friend-requests/{id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FriendAnswer {
    /// Yes or no.
    pub status: Verdict,
}

/// Answer a request for friendship
///
/// Only the one who was asked may. Who asked is told of a yes, and of a no they are not.
#[utoipa::path(patch, path = "/friend-requests/{id}", tag = "social", operation_id = "answerFriendRequest",
    params(("id" = String, Path, description = "The request.")),
    request_body = FriendAnswer,
    responses(
        (status = 200, description = "So it is.", body = FriendRequest),
        (status = 403, description = "It is one's own request; `suspended`, where it says yes."),
        (status = 404, description = "No such request of this person."),
        (status = 409, description = "`answered`: it was answered otherwise, or withdrawn."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    me: CurrentUser,
    Segment(id): Segment<String>,
    Body(FriendAnswer { status }): Body<FriendAnswer>,
) -> Result<Json<FriendRequest>, ApiError> {
    if status == Verdict::Accepted {
        me.active()?;
    }
    let id = row::id(&id)?;
    let mut connection = state.store.read().acquire().await?;
    let request = FriendRequest::load(&mut connection, id, me.id).await?;
    drop(connection);
    let request = request.ok_or(ApiError::NotFound(Code::NotFound))?;
    if request.direction == Direction::Outgoing {
        return Err(ApiError::Forbidden(Code::Forbidden));
    }
    let asker = request.user.id;
    let pair = Pair::of(me.id, asker)?;
    let (request, told) = patiently(|| answer(&state, pair, &request, me.id, status)).await?;
    if let Some(notice) = told {
        state.notices.wake(asker, notice);
    }
    Ok(Json(request))
}

async fn answer(
    state: &AppState,
    pair: Pair,
    request: &FriendRequest,
    me: UserId,
    verdict: Verdict,
) -> Result<(FriendRequest, Option<NoticeId>), Trouble> {
    let gone = || ApiError::NotFound(Code::NotFound);
    let mut transaction = begin(&state.store, pair).await?;
    let now = Timestamp::now();
    let current = FriendRequest::load(&mut transaction, request.id, me).await?.ok_or_else(gone)?;
    let told = match (current.status, verdict) {
        (RequestStatus::Accepted, Verdict::Accepted) | (RequestStatus::Rejected, Verdict::Rejected) => {
            return Ok((current, None));
        }
        (RequestStatus::Pending, Verdict::Accepted) => {
            accept(&mut transaction, pair, request.id, request.user.id, now).await?
        }
        (RequestStatus::Pending, Verdict::Rejected) => {
            sqlx::query("UPDATE friend_requests SET status = 'rejected', answered_at = $2 WHERE id = $1")
                .bind(request.id)
                .bind(now)
                .execute(&mut *transaction)
                .await?;
            None
        }
        _ => return Err(ApiError::Conflict(Code::Answered).into()),
    };
    let answered = FriendRequest::load(&mut transaction, request.id, me).await?.ok_or_else(gone)?;
    transaction.commit().await?;
    Ok((answered, told))
}
