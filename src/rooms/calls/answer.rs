//! Accepting, declining, giving up and hanging up: `PATCH /calls/{id}`.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::call::Call;
use super::row::CallRow;
use super::turn;
use crate::base::id::{CallId, NoticeId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::call::CallStatus;
use crate::protocol::code::Code;
use crate::rooms::Rooms;
use crate::social::pair::{Pair, Terms, Trouble, begin, patiently};
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};

/// Body of `PATCH /calls/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallChange {
    /// What one does with it.
    pub status: CallAnswer,
}

/// What one does with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CallAnswer {
    /// The callee says yes.
    Accepted,
    /// The callee says no.
    Declined,
    /// The caller gives up.
    Canceled,
    /// Either hangs up. While it rings that is giving up, or saying no.
    Ended,
}

/// What a transaction did.
struct Turned {
    row: CallRow,
    shown: Call,
    /// Whether the call stood so before.
    before: bool,
    notice: Option<NoticeId>,
}

/// Answer a call, give up, or hang up
///
/// Whoever accepts enters the room that the answer names; every other page of both hears of it and rings no longer. Of two
/// answers at once the first one counts. To end again what is over in the same way changes nothing.
#[utoipa::path(patch, path = "/calls/{id}", tag = "calls", operation_id = "answerCall",
    params(("id" = CallId, Path, description = "The call.")), request_body = CallChange,
    responses(
        (status = 200, description = "The call stands so.", body = Call),
        (status = 403, description = "That is for the other one to do; `suspended`, where it says yes."),
        (status = 404, description = "One has no such call."),
        (status = 409, description = "`answered`: it is over, or was accepted already."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(rooms): State<Rooms>,
    me: CurrentUser,
    Segment(call): Segment<CallId>,
    Body(body): Body<CallChange>,
) -> Result<Json<Call>, ApiError> {
    if body.status == CallAnswer::Accepted {
        me.active()?;
    }
    // A page that is closed meanwhile must not leave a row that nobody was told of.
    let turning = rooms.state.tasks.spawn({
        let rooms = rooms.clone();
        async move { change(&rooms, me.id, call, body.status).await }
    });
    turning.await.map_err(|_| ApiError::Internal)?.map(Json)
}

async fn change(rooms: &Rooms, me: UserId, call: CallId, answer: CallAnswer) -> Result<Call, ApiError> {
    let row = CallRow::load(&mut *rooms.state.store.read().acquire().await?, call).await?;
    let row = row.filter(|row| row.has(me)).ok_or(ApiError::NotFound(Code::NotFound))?;
    let pair = Pair::of(row.caller, row.callee)?;
    let turned = patiently(|| attempt(rooms, pair, me, call, answer)).await?;
    if !turned.before {
        turn::watch(rooms, &turned.row);
        turn::tell(rooms, &turned.row);
        if let Some(notice) = turned.notice {
            rooms.state.notices.wake(turned.row.callee, notice);
        }
    }
    Ok(turned.shown)
}

async fn attempt(rooms: &Rooms, pair: Pair, me: UserId, call: CallId, answer: CallAnswer) -> Result<Turned, Trouble> {
    let mut transaction = begin(&rooms.state.store, pair).await?;
    let gone = || ApiError::NotFound(Code::NotFound);
    let mut row = CallRow::load(&mut transaction, call).await?.ok_or_else(gone)?;
    let to = answer.by(&row, me)?;
    let now = Timestamp::now();
    let before = row.status == to && to.is_over();
    let mut notice = None;
    let turned = match (row.status, to) {
        _ if before => true,
        (CallStatus::Ringing, CallStatus::Accepted) => {
            Terms::between(&mut transaction, row.caller, row.callee).await?.open()?;
            // Without a room there is nowhere to meet.
            row.room.is_some() && turn::accept(&mut transaction, call, now).await?
        }
        (CallStatus::Ringing, CallStatus::Declined | CallStatus::Canceled)
        | (CallStatus::Accepted, CallStatus::Ended) => {
            let closed = turn::close(&mut transaction, &row, to, now).await?;
            notice = closed.flatten();
            closed.is_some()
        }
        _ => false,
    };
    if !turned {
        return Err(ApiError::Conflict(Code::Answered).into());
    }
    row.status = to;
    let shown = Call::load(&mut transaction, me, call).await?.ok_or_else(gone)?;
    transaction.commit().await?;
    Ok(Turned { row, shown, before, notice })
}

impl CallAnswer {
    /// What the call becomes when `user` says so.
    fn by(self, call: &CallRow, user: UserId) -> Result<CallStatus, ApiError> {
        let calls = call.caller == user;
        Ok(match self {
            Self::Accepted if !calls => CallStatus::Accepted,
            Self::Declined if !calls => CallStatus::Declined,
            Self::Canceled if calls => CallStatus::Canceled,
            Self::Ended if matches!(call.status, CallStatus::Ringing | CallStatus::Canceled) && calls => {
                CallStatus::Canceled
            }
            Self::Ended if matches!(call.status, CallStatus::Ringing | CallStatus::Declined) && !calls => {
                CallStatus::Declined
            }
            Self::Ended => CallStatus::Ended,
            _ => return Err(ApiError::Forbidden(Code::Forbidden)),
        })
    }
}
