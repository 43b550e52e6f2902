//! Links outlive a restart: they are written to the data folder when one was made, and read at the start.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::Rooms;
use super::live::{Link, Live};
use crate::base::clock;
use crate::base::id::RoomId;
use crate::base::shutdown::Phase;
use crate::base::token::TokenHash;

/// Links made within this time are written together; a crash loses at most those.
const TOGETHER: Duration = Duration::from_secs(1);

/// One link as it stands in the file. The host key is there as its hash only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    room: RoomId,
    capacity: u32,
    host: String,
    /// Seconds since the epoch.
    ends: u64,
}

impl Live {
    /// Every link that works, for the file. `unix` is the same moment as `now`.
    pub fn links_to_keep(&self, now: Instant, unix: Duration) -> Vec<Kept> {
        let kept = |(room, link): (&RoomId, &Link)| Kept {
            room: *room,
            capacity: link.capacity,
            host: link.host.to_hex(),
            ends: (unix + link.ends.saturating_duration_since(now)).as_secs(),
        };
        self.links().filter(|(_, link)| link.ends > now).map(kept).collect()
    }

    /// Puts kept links back; those whose time is over, or whose hash is none, are left out.
    pub fn restore_links(&mut self, kept: Vec<Kept>, now: Instant, unix: Duration) {
        for Kept { room, capacity, host, ends } in kept {
            let left = Duration::from_secs(ends).saturating_sub(unix);
            if let (Some(host), false) = (TokenHash::from_hex(&host), left.is_zero()) {
                self.restore_link(room, Link { capacity, ends: now + left, host });
            }
        }
    }
}

/// Reads the file. Without one, or with one that cannot be read, the server starts with no links.
pub fn read(rooms: &Rooms) {
    let path = path(rooms);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return,
        Err(error) => return tracing::warn!(path = %path.display(), %error, "links of before cannot be read"),
    };
    match serde_json::from_str::<Vec<Kept>>(&text) {
        Ok(kept) => {
            rooms.live().restore_links(kept, clock::now(), clock::unix());
        }
        Err(error) => tracing::warn!(path = %path.display(), %error, "links of before cannot be read"),
    }
}

/// Writes the file after each change, and a last time when everything stops.
pub async fn keep(rooms: Rooms) {
    let shutdown = rooms.state.shutdown.clone();
    loop {
        let over = tokio::select! {
            () = rooms.shared.created.notified() => false,
            () = shutdown.reached(Phase::Stopping) => true,
        };
        if !over {
            // Whatever is made meanwhile is in the same file; a shutdown does not wait for it.
            tokio::select! { () = tokio::time::sleep(TOGETHER) => {} () = shutdown.reached(Phase::Stopping) => {} }
        }
        write(&rooms).await;
        if over {
            return;
        }
    }
}

/// A new file in the place of the old one, so that a crash in between leaves a whole one.
async fn write(rooms: &Rooms) {
    let kept = rooms.live().links_to_keep(clock::now(), clock::unix());
    let path = path(rooms);
    let draft = path.with_extension("draft");
    let text = serde_json::to_vec(&kept).unwrap_or_default();
    let written = async {
        tokio::fs::write(&draft, text).await?;
        tokio::fs::rename(&draft, &path).await
    };
    if let Err(error) = written.await {
        tracing::warn!(path = %path.display(), %error, "links cannot be kept over a restart");
    }
}

fn path(rooms: &Rooms) -> PathBuf {
    rooms.state.config.server.data_dir.join("links.json")
}
