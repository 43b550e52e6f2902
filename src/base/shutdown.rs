//! One value that says how far the shutdown is; everybody who must stop watches it.

use tokio::sync::watch;

/// How far the shutdown is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Business as usual.
    Running,
    /// Nobody new comes in; calls go on until they end or the time is over.
    Draining,
    /// Everything stops now.
    Stopping,
}

/// Handle on the phase; clones share it.
#[derive(Clone, Debug)]
pub struct Shutdown(watch::Sender<Phase>);

impl Default for Shutdown {
    fn default() -> Self {
        Self(watch::Sender::new(Phase::Running))
    }
}

impl Shutdown {
    /// The phase now.
    pub fn phase(&self) -> Phase {
        *self.0.borrow()
    }

    /// Whether nobody new may come in.
    pub fn draining(&self) -> bool {
        self.phase() >= Phase::Draining
    }

    /// Goes on to `phase`; never back.
    pub fn advance(&self, phase: Phase) {
        self.0.send_if_modified(|current| {
            let forward = phase > *current;
            *current = (*current).max(phase);
            forward
        });
    }

    /// Waits until the phase is `phase` or later.
    pub async fn reached(&self, phase: Phase) {
        let mut receiver = self.0.subscribe();
        // The sender lives in `self`, so waiting cannot fail.
        let _ = receiver.wait_for(|current| *current >= phase).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_phase_goes_forward_only_and_wakes_who_waits() {
        let shutdown = Shutdown::default();
        let waiting = tokio::spawn({
            let shutdown = shutdown.clone();
            async move { shutdown.reached(Phase::Draining).await }
        });
        assert!(!shutdown.draining());
        shutdown.advance(Phase::Stopping);
        shutdown.advance(Phase::Draining);
        waiting.await.unwrap();
        assert_eq!(shutdown.phase(), Phase::Stopping);
    }
}
