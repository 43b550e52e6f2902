//! What nodes share. In process by default; Redis where there are several nodes.

pub mod local;
pub mod redis;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;

/// The bus did not answer as it should. Whoever asked must refuse: a ticket that may be used twice is worse than a retry.
#[derive(Debug, Error)]
pub enum BusError {
    /// No answer within the time-out.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    /// The service refused or cannot be reached.
    #[error("{0}")]
    Service(String),
}

/// Remembers which single-use tokens are spent.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Marks `token` as spent for `keep`. True exactly once for each token in that time, however many ask at once.
    async fn spend(&self, token: &str, keep: Duration) -> Result<bool, BusError>;

    /// Whether the ledger can be asked now.
    async fn ready(&self) -> Result<(), BusError>;
}

/// The ledger of this node: Redis when `url` is given, else in process.
///
/// # Errors
/// The address of Redis cannot be read. An unreachable Redis is no error here; it refuses later, and comes back alone.
pub fn ledger(url: Option<&str>, timeout: Duration) -> Result<Arc<dyn Ledger>, BusError> {
    match url {
        Some(url) => Ok(Arc::new(redis::RedisLedger::new(url, timeout)?)),
        None => Ok(Arc::new(local::LocalLedger::default())),
    }
}
