//! The ledger in Redis, for several nodes: `SET NX EX`, which is one atomic step there.
//!
//! A Redis that hangs is worse than one that is down, so every command has a short time-out, and no answer is a refusal.

use std::future::Future;
use std::time::Duration;

use async_trait::async_trait;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisResult};

use super::{BusError, Ledger};

/// Spent tokens as keys that expire by themselves.
pub struct RedisLedger {
    connection: ConnectionManager,
    timeout: Duration,
}

impl RedisLedger {
    /// Connects at the first command, and again by itself after a loss.
    ///
    /// # Errors
    /// The address cannot be read.
    pub fn new(url: &str, timeout: Duration) -> Result<Self, BusError> {
        let service = |error: redis::RedisError| BusError::Service(error.to_string());
        let client = Client::open(url).map_err(service)?;
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(timeout))
            .set_connection_timeout(Some(timeout))
            .set_max_delay(Duration::from_secs(1))
            .set_number_of_retries(1);
        let connection = ConnectionManager::new_lazy_with_config(client, config).map_err(service)?;
        Ok(Self { connection, timeout })
    }

    async fn bounded<T>(&self, command: impl Future<Output = RedisResult<T>>) -> Result<T, BusError> {
        match tokio::time::timeout(self.timeout, command).await {
            Ok(answer) => answer.map_err(|error| BusError::Service(error.to_string())),
            Err(_) => Err(BusError::Timeout(self.timeout)),
        }
    }
}

#[async_trait]
impl Ledger for RedisLedger {
    async fn spend(&self, token: &str, keep: Duration) -> Result<bool, BusError> {
        let mut connection = self.connection.clone();
        let mut command = redis::cmd("SET");
        command.arg(format!("moodcall:spent:{token}")).arg(1).arg("NX").arg("EX").arg(keep.as_secs().max(1));
        let answer: Option<String> = self.bounded(command.query_async(&mut connection)).await?;
        Ok(answer.is_some())
    }

    async fn ready(&self) -> Result<(), BusError> {
        let mut connection = self.connection.clone();
        let _: String = self.bounded(redis::cmd("PING").query_async(&mut connection)).await?;
        Ok(())
    }
}
