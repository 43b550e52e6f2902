//! How much of a service outside is used at once, and for how long one that has had enough is left alone.

use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::answer::OutsideError;
use crate::base::clock;

/// Turns at a service.
pub(super) struct Turns {
    places: Semaphore,
    resting: Mutex<Option<Instant>>,
    unsaid: Duration,
    longest: Duration,
}

impl Turns {
    /// So many at once, at least one. It is left alone for as long as it says, for `unsaid` when it does not, and never for
    /// more than `longest`.
    pub(super) fn new(at_once: usize, unsaid: Duration, longest: Duration) -> Self {
        Self { places: Semaphore::new(at_once.max(1)), resting: Mutex::default(), unsaid, longest }
    }

    /// Waits for a turn; it ends when it is dropped.
    pub(super) async fn take(&self) -> Result<SemaphorePermit<'_>, OutsideError> {
        // Nobody closes it.
        let turn = self.places.acquire().await.map_err(|_| OutsideError::Unusable)?;
        let left = self.resting.lock().map(|until| until.saturating_duration_since(clock::now()));
        match left {
            Some(left) if !left.is_zero() => Err(OutsideError::Limited(Some(left))),
            _ => Ok(turn),
        }
    }

    /// It has had enough, for so long if it says so.
    pub(super) fn rest(&self, wait: Option<Duration>) {
        *self.resting.lock() = Some(clock::now() + wait.unwrap_or(self.unsaid).min(self.longest));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_has_had_enough_is_left_alone_for_a_bounded_time() {
        let turns = Turns::new(1, Duration::from_secs(5), Duration::from_secs(60));
        drop(turns.take().await.unwrap());
        for (wait, longest) in [(None, 5), (Some(30), 30), (Some(86_400), 60)] {
            turns.rest(wait.map(Duration::from_secs));
            match turns.take().await.map(|_| ()) {
                Err(OutsideError::Limited(Some(left))) => {
                    let longest = Duration::from_secs(longest);
                    assert!(left <= longest && left + Duration::from_secs(3) > longest, "{wait:?}: {left:?}");
                }
                other => panic!("{wait:?}: {other:?}"),
            }
        }
        turns.rest(Some(Duration::ZERO));
        drop(turns.take().await.unwrap());
    }

    #[tokio::test]
    async fn there_are_so_many_turns_at_once() {
        let turns = Turns::new(2, Duration::ZERO, Duration::ZERO);
        let (_one, two) = (turns.take().await.unwrap(), turns.take().await.unwrap());
        assert!(tokio::time::timeout(Duration::from_millis(50), turns.take()).await.is_err());
        drop(two);
        drop(turns.take().await.unwrap());
    }
}
