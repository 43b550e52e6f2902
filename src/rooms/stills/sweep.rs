//! Removes files that nobody owns when their time is over: stills of guests, and what a crash left behind.

use std::collections::BTreeSet;
use std::time::Duration;

use super::files;
use crate::base::id::StillId;
use crate::base::shutdown::Phase;
use crate::base::timestamp::Timestamp;
use crate::rooms::Rooms;
use crate::web::error::ApiError;

/// Time between two rounds.
const EVERY: Duration = Duration::from_secs(600);
/// Rows that are read at once.
const ROWS: i64 = 1000;

/// Stills that somebody owns, in order: first, last, rows.
pub const OWNED: &str = "SELECT id FROM stills WHERE id >= $1 AND id <= $2 ORDER BY id LIMIT $3";

/// Looks now and every few minutes, until the shutdown stops everything.
pub async fn run(rooms: Rooms) {
    loop {
        match round(&rooms, Timestamp::now()).await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "old stills removed"),
            Err(error) => tracing::warn!(?error, "old stills cannot be removed"),
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = rooms.state.shutdown.reached(Phase::Stopping) => return,
        }
    }
}

/// Removes what nobody owns and was over at `now`. Returns how many stills.
///
/// # Errors
/// 503 when the files or the database cannot be used.
pub async fn round(rooms: &Rooms, now: Timestamp) -> Result<usize, ApiError> {
    let state = &rooms.state;
    let old = state.blobs.older(now.before(state.config.stills.keep())).await?;
    let mut over: BTreeSet<StillId> =
        old.iter().filter_map(|name| name.as_str().split_once('.')?.0.parse().ok()).collect();
    let (Some(mut from), Some(last)) = (over.first().copied(), over.last().copied()) else { return Ok(0) };
    loop {
        let owned: Vec<StillId> =
            sqlx::query_scalar(OWNED).bind(from).bind(last).bind(ROWS).fetch_all(state.store.read()).await?;
        for still in &owned {
            over.remove(still);
        }
        match owned.last() {
            Some(still) if owned.len() as i64 == ROWS => from = *still,
            _ => break,
        }
    }
    let mut removed = 0;
    for still in &over {
        let mut whole = true;
        for name in files(*still).map_err(|_| ApiError::Internal)? {
            // One that cannot be removed is in nobody's way.
            if let Err(error) = state.blobs.delete(&name).await {
                tracing::warn!(%error, %still, "a file that nobody owns cannot be removed");
                whole = false;
            }
        }
        removed += usize::from(whole);
    }
    Ok(removed)
}
