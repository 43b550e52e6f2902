//! Throws away what is over: links of guests that nobody sits behind, old invitations, knocks that
//! nobody answered or that were answered long ago.

use std::time::Duration;

use super::Rooms;
use crate::base::id::RoomId;
use crate::base::shutdown::Phase;
use crate::base::timestamp::Timestamp;
use crate::store::StoreError;

/// Time between two rounds.
const EVERY: Duration = Duration::from_secs(60);
/// Rooms of one round at most.
const ROUND: i64 = 500;
/// How long an invitation that is over is shown as one that was there.
const INVITES: Duration = Duration::from_secs(30 * 24 * 3600);
/// How long a knock waits for its answer.
const KNOCKS: Duration = Duration::from_secs(24 * 3600);
/// How long the answer to a knock is kept, for pages that ask for it late. Who was let in stands elsewhere.
const ANSWERS: Duration = Duration::from_secs(30 * 24 * 3600);

/// Answers that are too old: until when.
pub const ANSWERED: &str = "DELETE FROM room_knocks WHERE answered_at <= $1";

/// Looks now and every minute, until the shutdown stops everything.
pub async fn run(rooms: Rooms) {
    loop {
        if let Err(error) = round(&rooms, Timestamp::now()).await {
            tracing::warn!(%error, "old rooms could not be thrown away");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = rooms.state.shutdown.reached(Phase::Stopping) => return,
        }
    }
}

/// Throws away what is over at `now`. Returns how many rooms.
///
/// # Errors
/// The database does not answer.
pub async fn round(rooms: &Rooms, now: Timestamp) -> Result<usize, StoreError> {
    let store = &rooms.state.store;
    let mut over: Vec<RoomId> =
        sqlx::query_scalar("SELECT id FROM rooms WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2")
            .bind(now)
            .bind(ROUND)
            .fetch_all(store.read())
            .await?;
    over.retain(|room| rooms.live().room(*room).is_none());
    for room in &over {
        sqlx::query("DELETE FROM rooms WHERE id = $1").bind(*room).execute(store.write()).await?;
        // Somebody may have come in since we looked.
        rooms.end(*room).await;
    }
    sqlx::query("DELETE FROM room_invites WHERE expires_at <= $1")
        .bind(now.before(INVITES))
        .execute(store.write())
        .await?;
    sqlx::query(
        "UPDATE room_knocks SET status = 'withdrawn', answered_at = $2 WHERE status = 'pending' AND created_at <= $1",
    )
    .bind(now.before(KNOCKS))
    .bind(now)
    .execute(store.write())
    .await?;
    sqlx::query(ANSWERED).bind(now.before(ANSWERS)).execute(store.write()).await?;
    Ok(over.len())
}
