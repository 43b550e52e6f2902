//! From one status to the next. The statement names the status that it leaves, so of two turns at once one is done.

use sqlx::AnyConnection;

use super::row::CallRow;
use crate::base::clock;
use crate::base::id::{CallId, NoticeId};
use crate::base::timestamp::Timestamp;
use crate::notices::{self, Notice};
use crate::protocol::call::CallStatus;
use crate::protocol::notification::NoticeKind;
use crate::rooms::Rooms;
use crate::social::pair::{Pair, Trouble, begin, patiently};
use crate::store::StoreError;
use crate::web::error::ApiError;

/// Writes that a call which rings is accepted. False when it rings no longer.
///
/// # Errors
/// The database does not answer.
pub async fn accept(transaction: &mut AnyConnection, call: CallId, now: Timestamp) -> Result<bool, StoreError> {
    let turned =
        sqlx::query("UPDATE calls SET status = 'accepted', answered_at = $2 WHERE id = $1 AND status = 'ringing'")
            .bind(call)
            .bind(now)
            .execute(transaction)
            .await?;
    Ok(turned.rows_affected() > 0)
}

/// Writes that a call is over, if it still stands as `from` says. What the callee is told of a call that they did not
/// answer is the notice; the transaction holds the locks on both ([`begin`]).
///
/// # Errors
/// The database does not answer.
pub async fn close(
    transaction: &mut AnyConnection,
    call: &CallRow,
    to: CallStatus,
    now: Timestamp,
) -> Result<Option<Option<NoticeId>>, StoreError> {
    let turned = sqlx::query("UPDATE calls SET status = $3, ended_at = $4 WHERE id = $1 AND status = $2")
        .bind(call.id)
        .bind(call.status.as_str())
        .bind(to.as_str())
        .bind(now)
        .execute(&mut *transaction)
        .await?;
    if turned.rows_affected() == 0 {
        return Ok(None);
    }
    Ok(Some(match to {
        CallStatus::Missed | CallStatus::Canceled => missed(transaction, call, now).await?,
        _ => None,
    }))
}

/// Tells the callee that somebody rang in vain.
///
/// # Errors
/// The database does not answer.
pub async fn missed(
    transaction: &mut AnyConnection,
    call: &CallRow,
    now: Timestamp,
) -> Result<Option<NoticeId>, StoreError> {
    let notice = Notice { kind: NoticeKind::CallMissed, actor: call.caller, subject: Some(call.id.to_string()) };
    notices::put(transaction, call.callee, &notice, now).await
}

/// Ends a call that stands as its row says, in a transaction of its own, and tells both. False when it did not stand so
/// any more.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn end(rooms: &Rooms, call: CallRow, to: CallStatus) -> Result<bool, ApiError> {
    let state = &rooms.state;
    let pair = Pair::of(call.caller, call.callee)?;
    let closed = patiently(async || -> Result<_, Trouble> {
        let mut transaction = begin(&state.store, pair).await?;
        let closed = close(&mut transaction, &call, to, Timestamp::now()).await?;
        transaction.commit().await?;
        Ok(closed)
    })
    .await?;
    let Some(notice) = closed else { return Ok(false) };
    rooms.calls().open().over(call.id);
    tell(rooms, &call);
    if let Some(notice) = notice {
        state.notices.wake(call.callee, notice);
    }
    tracing::debug!(call = %call.id, status = to.as_str(), "a call is over");
    Ok(true)
}

/// Has this process watch a call as its row stands now: after its own turns, and when somebody else was faster.
pub fn watch(rooms: &Rooms, call: &CallRow) {
    let calls = rooms.calls();
    let now = clock::now();
    match (call.status, call.parties()) {
        (CallStatus::Ringing, Some(parties)) => {
            calls.open().ring(call.id, parties, rooms, now + rooms.state.config.rooms.ring())
        }
        (CallStatus::Accepted, Some(parties)) => {
            calls.open().accept(call.id, parties, now + rooms.state.config.rooms.seat());
        }
        _ => calls.open().over(call.id),
    }
    calls.changed.notify_one();
}

/// Has every page of both read the row.
pub fn tell(rooms: &Rooms, call: &CallRow) {
    rooms.state.notices.ring(call.callee, call.id);
    rooms.state.notices.ring(call.caller, call.id);
}
