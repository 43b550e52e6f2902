//! Ends seats that a block, the end of an account or a suspension leaves nobody the right to.

use tokio::sync::mpsc::UnboundedReceiver;

use super::Rooms;
use crate::base::shutdown::Phase;
use crate::notices::Parting;

/// Runs until the shutdown stops everything.
pub async fn run(rooms: Rooms, mut partings: UnboundedReceiver<Parting>) {
    let shutdown = rooms.state.shutdown.clone();
    loop {
        let parting = tokio::select! {
            parting = partings.recv() => parting,
            () = shutdown.reached(Phase::Stopping) => None,
        };
        match parting {
            Some(Parting::Blocked { blocker, blocked }) => {
                let freed = rooms.live().part(blocker, blocked);
                for participant in freed {
                    rooms.freed(participant).await;
                }
            }
            Some(Parting::Gone(user)) => {
                let hosted = rooms.live().hosted(user);
                for room in hosted {
                    rooms.end(room).await;
                }
            }
            Some(Parting::Suspended(user)) => {
                let freed = rooms.live().suspend(user);
                for participant in freed {
                    rooms.freed(participant).await;
                }
                if let Err(error) = rooms.hush(user).await {
                    tracing::warn!(?error, "what somebody rings, who is suspended, goes on until its time is over");
                }
            }
            None => return,
        }
    }
}
