//! The ledger in this process.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use parking_lot::Mutex;

use super::{BusError, Ledger};
use crate::base::clock;

/// Spent tokens until their time is over.
#[derive(Default)]
pub struct LocalLedger(Mutex<Spent>);

#[derive(Default)]
struct Spent {
    until: HashMap<String, Instant>,
    sweep_at: usize,
}

impl Spent {
    fn spend(&mut self, token: &str, keep: Duration, now: Instant) -> bool {
        // Amortized: the table is swept whenever it has doubled since the last sweep.
        if self.until.len() >= self.sweep_at.max(64) {
            self.until.retain(|_, until| *until > now);
            self.sweep_at = self.until.len() * 2;
        }
        let fresh = self.until.get(token).is_none_or(|until| *until <= now);
        if fresh {
            self.until.insert(token.to_owned(), now + keep);
        }
        fresh
    }
}

#[async_trait]
impl Ledger for LocalLedger {
    async fn spend(&self, token: &str, keep: Duration) -> Result<bool, BusError> {
        Ok(self.0.lock().spend(token, keep, clock::now()))
    }

    async fn ready(&self) -> Result<(), BusError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_spent_once_and_forgotten_after_its_time() {
        let now = clock::now();
        let mut spent = Spent::default();
        let keep = Duration::from_secs(35);
        assert!(spent.spend("a", keep, now));
        assert!(!spent.spend("a", keep, now));
        assert!(spent.spend("b", keep, now));
        assert!(spent.spend("a", keep, now + keep));
        for number in 0..10_000 {
            assert!(spent.spend(&format!("t{number}"), keep, now + keep * (number / 100)));
        }
        assert!(spent.until.len() < 400, "{}", spent.until.len());
    }
}
