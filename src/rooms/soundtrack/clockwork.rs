//! Goes on to the next song when one ends. It sleeps until then.

use std::time::Instant;

use crate::base::clock;
use crate::base::id::RoomId;
use crate::base::shutdown::Phase;
use crate::rooms::Rooms;
use crate::rooms::live::Live;

impl Live {
    /// When the next song ends anywhere.
    fn next_end(&self) -> Option<Instant> {
        self.rooms.values().filter_map(|inside| inside.soundtrack.as_ref()?.ends()).min()
    }

    /// Goes on wherever a song has ended, and tells whoever is there. Where that was.
    fn advance(&mut self, now: Instant) -> Vec<RoomId> {
        let mut advanced = Vec::new();
        for (room, inside) in &mut self.rooms {
            if inside.soundtrack.as_mut().is_some_and(|soundtrack| soundtrack.advance(now)) {
                inside.tell_soundtrack(None);
                advanced.push(*room);
            }
        }
        advanced
    }
}

/// Runs until the shutdown stops everything.
pub async fn run(rooms: Rooms) {
    let shutdown = rooms.state.shutdown.clone();
    let work = async {
        loop {
            let changed = rooms.shared.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let advanced = rooms.live().advance(clock::now());
            for room in advanced {
                rooms.renew_soundtrack(room);
            }
            let next = rooms.live().next_end();
            match next {
                Some(at) => {
                    let wait = at.saturating_duration_since(clock::now());
                    tokio::select! { () = tokio::time::sleep(wait) => {} () = &mut changed => {} }
                }
                None => changed.await,
            }
        }
    };
    tokio::select! { () = work => {} () = shutdown.reached(Phase::Stopping) => {} }
}
