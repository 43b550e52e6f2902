//! Limits by rate and by count, as values that are told the time.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

/// A bucket of tokens: `burst` at once, `rate` a second on average.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Bucket {
    /// A full bucket.
    pub fn full(burst: u32, now: Instant) -> Self {
        Self { tokens: f64::from(burst), at: now }
    }

    /// Takes one token.
    ///
    /// # Errors
    /// The time until the next token.
    pub fn take(&mut self, rate: f64, burst: u32, now: Instant) -> Result<(), Duration> {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = self.at.max(now);
        self.tokens = (self.tokens + passed * rate).min(f64::from(burst));
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return Ok(());
        }
        Err(Duration::from_secs_f64(((1.0 - self.tokens) / rate.max(1e-6)).min(3600.0)))
    }
}

/// How many of something each key holds now.
#[derive(Debug)]
pub struct Counts<K> {
    most: u32,
    held: HashMap<K, u32>,
}

impl<K: Eq + Hash> Counts<K> {
    /// At most `most` for each key.
    pub fn at_most(most: u32) -> Self {
        Self { most, held: HashMap::new() }
    }

    /// Takes one for `key`, or says no.
    pub fn take(&mut self, key: K) -> bool {
        let held = self.held.entry(key).or_insert(0);
        let free = *held < self.most;
        *held += u32::from(free);
        free
    }

    /// Gives one back.
    pub fn release(&mut self, key: &K) {
        if let Some(held) = self.held.get_mut(key) {
            *held = held.saturating_sub(1);
            if *held == 0 {
                self.held.remove(key);
            }
        }
    }

    /// Keys that hold something.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether nobody holds anything.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock;

    #[test]
    fn a_bucket_lets_a_burst_through_and_then_the_rate() {
        let start = clock::now();
        let mut bucket = Bucket::full(60, start);
        assert_eq!((0..100).filter(|_| bucket.take(20.0, 60, start).is_ok()).count(), 60);
        let wait = bucket.take(20.0, 60, start).unwrap_err();
        assert!(wait <= Duration::from_millis(50), "{wait:?}");
        let later = start + Duration::from_secs(1);
        assert_eq!((0..100).filter(|_| bucket.take(20.0, 60, later).is_ok()).count(), 20);
        assert!(bucket.take(20.0, 60, start).is_err(), "a clock that steps back gives nothing");
    }

    #[test]
    fn counts_hold_their_bound_and_leave_nothing() {
        let mut counts = Counts::at_most(2);
        assert!(counts.take("a") && counts.take("a") && !counts.take("a") && counts.take("b"));
        counts.release(&"a");
        assert!(counts.take("a"));
        for key in ["a", "a", "b", "c"] {
            counts.release(&key);
        }
        assert!(counts.is_empty());
    }
}
