//! Work that keeps a processor busy for long: as much of it at once as there are processors, and never on an asynchronous
//! thread.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinError;

/// The processors; clones share them.
#[derive(Clone, Debug)]
pub struct Processors(Arc<Semaphore>);

impl Default for Processors {
    fn default() -> Self {
        let all = std::thread::available_parallelism().map_or(1, usize::from);
        Self(Arc::new(Semaphore::new(all)))
    }
}

impl Processors {
    /// Does it when one is free.
    ///
    /// # Errors
    /// The work panicked.
    pub async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, JoinError> {
        // Nobody closes it.
        let permit = self.0.clone().acquire_owned().await.ok();
        let working = tokio::task::spawn_blocking(move || {
            let made = work();
            drop(permit);
            made
        });
        working.await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_panics_frees_its_processor() {
        let processors = Processors(Arc::new(Semaphore::new(1)));
        assert!(processors.work(|| panic!("broken")).await.is_err());
        assert_eq!(processors.work(|| 7).await.ok(), Some(7));
    }
}
