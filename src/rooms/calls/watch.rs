//! The one task that ends calls by itself, and what makes of a crash no call that goes on for ever.

use std::time::{Duration, Instant};

use super::open::Witness;
use super::row::CallRow;
use super::turn;
use crate::base::clock;
use crate::base::id::{CallId, RoomId, UserId};
use crate::base::shutdown::Phase;
use crate::base::timestamp::Timestamp;
use crate::protocol::call::CallStatus;
use crate::rooms::Rooms;
use crate::store::StoreError;
use crate::web::error::ApiError;

/// How long to wait after the database did not answer.
const AGAIN: Duration = Duration::from_secs(1);

impl Witness for Rooms {
    fn hears(&self, user: UserId) -> bool {
        self.state.notices.hears(user)
    }

    fn sits(&self, user: UserId, room: RoomId) -> bool {
        self.live().company(room).contains(&user)
    }
}

/// Ends what is due, until the server stops; whatever is not over then, ends with it. Calls that began before `started`
/// are of a server that went down.
pub async fn run(rooms: Rooms, started: Timestamp) {
    let shutdown = rooms.state.shutdown.clone();
    let work = async {
        while let Err(error) = forget(&rooms, started).await {
            tracing::warn!(?error, "calls of before could not be closed");
            tokio::time::sleep(AGAIN).await;
        }
        loop {
            let seats = rooms.shared.changed.notified();
            tokio::pin!(seats);
            // Armed before the look, so that a change between the two is not missed.
            seats.as_mut().enable();
            let next = round(&rooms).await;
            let wait = async {
                match next {
                    Some(at) => tokio::time::sleep_until(at.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = &mut seats => {}
                () = rooms.calls().changed.notified() => {}
                () = rooms.state.notices.silence() => {}
                () = wait => {}
            }
        }
    };
    tokio::select! { () = work => {} () = shutdown.reached(Phase::Stopping) => {} }
    let left = rooms.calls().open().all();
    for call in left {
        if let Err(error) = stop(&rooms, call).await {
            tracing::warn!(?error, %call, "a call is closed at the next start");
        }
    }
}

/// Ends every call that is due now. Returns when to look again.
pub async fn round(rooms: &Rooms) -> Option<Instant> {
    let now = clock::now();
    let (due, mut next) = rooms.calls().open().due(rooms, now);
    for (call, becomes) in due {
        if let Err(error) = turn(rooms, call, becomes).await {
            tracing::warn!(?error, %call, "a call could not be ended; it is tried again");
            next = Some(next.map_or(now + AGAIN, |next| next.min(now + AGAIN)));
        }
    }
    next
}

/// Ends a call as `becomes` says, unless somebody was faster.
async fn turn(rooms: &Rooms, call: CallId, becomes: CallStatus) -> Result<(), ApiError> {
    let from = if becomes == CallStatus::Ended { CallStatus::Accepted } else { CallStatus::Ringing };
    let row = load(rooms, call).await?;
    match row {
        Some(row) if row.status == from => {
            if !turn::end(rooms, row, becomes).await? {
                // The next round reads the row anew.
                rooms.calls().changed.notify_one();
            }
        }
        Some(row) => turn::watch(rooms, &row),
        // The room or one of the two is gone, and the row with them.
        None => rooms.calls().open().over(call),
    }
    Ok(())
}

async fn load(rooms: &Rooms, call: CallId) -> Result<Option<CallRow>, StoreError> {
    CallRow::load(&mut *rooms.state.store.read().acquire().await?, call).await
}

impl Rooms {
    /// Ends what somebody rings: they may talk to nobody now.
    ///
    /// # Errors
    /// 503.
    pub(in crate::rooms) async fn hush(&self, user: UserId) -> Result<(), ApiError> {
        let open = CallRow::open(&mut *self.state.store.read().acquire().await?, user).await?;
        for call in open.into_iter().filter(|call| call.caller == user && call.status == CallStatus::Ringing) {
            turn::end(self, call, CallStatus::Canceled).await?;
        }
        Ok(())
    }
}

/// The server goes: nobody answers any more.
async fn stop(rooms: &Rooms, call: CallId) -> Result<(), ApiError> {
    match load(rooms, call).await? {
        Some(row) if row.status == CallStatus::Ringing => turn::end(rooms, row, CallStatus::Canceled).await.map(drop),
        Some(row) if row.status == CallStatus::Accepted => turn::end(rooms, row, CallStatus::Ended).await.map(drop),
        _ => Ok(()),
    }
}

/// Calls that ring or go on since before `$1`.
pub const LEFT: &str = "SELECT id, caller_id, callee_id, room_id, status FROM calls \
     WHERE status IN ('ringing', 'accepted') AND created_at < $1";

/// After a crash nobody rings and nobody talks: what rang was missed, and when the others ended nobody knows.
async fn forget(rooms: &Rooms, started: Timestamp) -> Result<(), ApiError> {
    // The first condition is that of the index.
    sqlx::query(
        "UPDATE calls SET status = 'ended' \
         WHERE status IN ('ringing', 'accepted') AND status = 'accepted' AND created_at < $1",
    )
    .bind(started)
    .execute(rooms.state.store.write())
    .await?;
    let rang: Vec<CallRow> = sqlx::query_as(LEFT).bind(started).fetch_all(rooms.state.store.read()).await?;
    for row in rang {
        turn::end(rooms, row, CallStatus::Missed).await?;
    }
    Ok(())
}
