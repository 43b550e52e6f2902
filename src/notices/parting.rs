//! What ends seats at once, said in this process by whoever did it to whoever keeps seats: a block, the end of an account,
//! a suspension.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::base::id::UserId;

/// Something that is committed, and ends seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parting {
    /// One has blocked the other.
    Blocked {
        /// Who did it.
        blocker: UserId,
        /// To whom.
        blocked: UserId,
    },
    /// The account is gone, or is being deleted and hidden.
    Gone(UserId),
    /// Staff let them look only.
    Suspended(UserId),
}

/// Whoever listens; clones share them. Nothing is dropped: a right that was taken must be taken everywhere.
#[derive(Clone, Default)]
pub struct Partings(Arc<Mutex<Vec<UnboundedSender<Parting>>>>);

impl Partings {
    /// Hears everything from now on.
    pub fn listen(&self) -> UnboundedReceiver<Parting> {
        let (sender, receiver) = unbounded_channel();
        self.0.lock().push(sender);
        receiver
    }

    /// Tells everybody who listens. To be called once it is committed.
    pub fn announce(&self, parting: Parting) {
        self.0.lock().retain(|listener| listener.send(parting).is_ok());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn everybody_who_listens_hears_everything_and_nothing_is_kept_for_those_who_stopped() {
        let partings = Partings::default();
        let (mut one, two) = (partings.listen(), partings.listen());
        let gone: Vec<Parting> = (0..1000).map(|_| Parting::Gone(UserId::new())).collect();
        drop(two);
        gone.iter().for_each(|parting| partings.announce(*parting));
        for parting in gone {
            assert_eq!(one.recv().await, Some(parting));
        }
        assert_eq!(partings.0.lock().len(), 1);
    }
}
