//! Throws away lines that are older than their room keeps them.

use std::time::Duration;

use crate::base::shutdown::Phase;
use crate::base::timestamp::Timestamp;
use crate::rooms::Rooms;
use crate::store::StoreError;

/// Time between two rounds.
const EVERY: Duration = Duration::from_secs(5 * 60);
/// Lines that are deleted by one statement, so that others can write in between.
const AT_ONCE: i64 = 500;

/// Lines that were too old at `$1`, at most `$2`.
pub const OLD: &str = "SELECT m.id FROM rooms r JOIN messages m ON m.room_id = r.id \
     AND m.created_at < $1 - r.message_days * 86400000 WHERE r.message_days > 0 LIMIT $2";

const DELETE: &str = "DELETE FROM messages WHERE id IN (SELECT m.id FROM rooms r JOIN messages m ON m.room_id = r.id \
     AND m.created_at < $1 - r.message_days * 86400000 WHERE r.message_days > 0 LIMIT $2)";

/// Looks now and every few minutes, until the server stops.
pub async fn run(rooms: Rooms) {
    loop {
        if let Err(error) = round(&rooms, Timestamp::now()).await {
            tracing::warn!(%error, "old lines of chat could not be thrown away");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = rooms.state.shutdown.reached(Phase::Stopping) => return,
        }
    }
}

/// Throws away what is too old at `now`. Returns how many lines.
///
/// # Errors
/// The database does not answer.
pub async fn round(rooms: &Rooms, now: Timestamp) -> Result<u64, StoreError> {
    let mut all = 0;
    loop {
        let gone =
            sqlx::query(DELETE).bind(now).bind(AT_ONCE).execute(rooms.state.store.write()).await?.rows_affected();
        all += gone;
        if gone < AT_ONCE as u64 {
            return Ok(all);
        }
    }
}
