//! The end of rows that ended a day ago.

use std::time::Duration;

use crate::base::shutdown::Phase;
use crate::base::timestamp::Timestamp;
use crate::state::AppState;
use crate::store::{Store, StoreError};

/// Time between two rounds.
const EVERY: Duration = Duration::from_secs(600);
/// How long a row is kept after its end: as long as the answer to a retry is.
pub const KEPT: Duration = Duration::from_secs(24 * 3600);

/// Ends rows now and then, until the server stops.
pub async fn run(state: AppState) {
    loop {
        if let Err(error) = round(&state.store, Timestamp::now()).await {
            tracing::warn!(%error, "old generations could not be deleted; the next round tries again");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = state.shutdown.reached(Phase::Stopping) => return,
        }
    }
}

/// One round at `now`. Returns how many rows went.
///
/// # Errors
/// The database does not answer.
pub async fn round(store: &Store, now: Timestamp) -> Result<u64, StoreError> {
    let gone = sqlx::query(OVER).bind(now.before(KEPT)).execute(store.write()).await?;
    Ok(gone.rows_affected())
}

/// Deletes what ended before `$1`.
pub const OVER: &str = "DELETE FROM playlist_generations WHERE ended_at <= $1";
