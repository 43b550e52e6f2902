//! One at a time for each of many things.

use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// How long a lock is remembered after it was last waited for. Nothing may be locked for longer.
const REMEMBERED: Duration = Duration::from_secs(60);

/// Locks of this process, one for each `K`; clones share them.
#[derive(Clone)]
pub struct Locks<K>(Cache<K, Arc<Mutex<()>>>);

impl<K: Eq + Hash + Send + Sync + 'static> Default for Locks<K> {
    fn default() -> Self {
        Self(Cache::builder().time_to_idle(REMEMBERED).build())
    }
}

impl<K: Eq + Hash + Send + Sync + 'static> Locks<K> {
    /// Waits until nobody else holds the lock of `key`.
    pub async fn lock(&self, key: K) -> OwnedMutexGuard<()> {
        self.0.get_with(key, async { Arc::default() }).await.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_at_a_time_has_the_lock_of_a_key() {
        let locks = Locks::default();
        let one = locks.lock("one").await;
        drop(locks.lock("another").await);
        assert!(tokio::time::timeout(Duration::from_millis(50), locks.clone().lock("one")).await.is_err());
        drop(one);
        drop(locks.lock("one").await);
    }
}
