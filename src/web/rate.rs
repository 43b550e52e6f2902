//! Limits by rate for any number of callers at once: who asks, and how often they may.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::error::ApiError;
use crate::base::id::UserId;
use crate::base::net::customer;

/// After this many questions, keys that are as good as new are forgotten, so that memory follows who is active.
const SWEEP: u32 = 4096;
/// A day.
const DAY: Duration = Duration::from_secs(86_400);

/// Who asks, as limits count: the person, or else the customer behind an address (IPv6 by its /64).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// Somebody who is logged in, wherever they are.
    Person(UserId),
    /// Nobody that we know, from this address.
    Address(IpAddr),
}

impl Caller {
    /// The person, or the customer behind `address`.
    pub fn new(person: Option<UserId>, address: IpAddr) -> Self {
        person.map_or_else(|| Self::Address(customer(address)), Self::Person)
    }
}

/// So many in a span for each key, of which all may come at once (GCRA: room for one more comes back evenly).
///
/// Kept in this process: with several nodes each counts for itself.
pub struct Rate<K: Clone + Eq + Hash> {
    limiter: DefaultKeyedRateLimiter<K>,
    clock: DefaultClock,
    asked: AtomicU32,
}

impl<K: Clone + Eq + Hash> Rate<K> {
    /// `most` a minute; at least one.
    pub fn per_minute(most: u32) -> Self {
        Self::new(Quota::per_minute(at_least_one(most)))
    }

    /// `most` an hour; at least one.
    pub fn per_hour(most: u32) -> Self {
        Self::new(Quota::per_hour(at_least_one(most)))
    }

    /// `most` a day; at least one.
    pub fn per_day(most: u32) -> Self {
        let most = at_least_one(most);
        // None only for a wait of nothing.
        let quota = Quota::with_period(DAY / most.get()).map(|quota| quota.allow_burst(most));
        Self::new(quota.unwrap_or(Quota::per_hour(most)))
    }

    fn new(quota: Quota) -> Self {
        Self { limiter: RateLimiter::keyed(quota), clock: DefaultClock::default(), asked: AtomicU32::new(0) }
    }

    /// Counts one for `key`.
    ///
    /// # Errors
    /// The time until there is room for one more; what was refused is not counted.
    pub fn take(&self, key: &K) -> Result<(), Duration> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(key).map_err(|refused| refused.wait_time_from(self.clock.now()))
    }

    /// The same, for a handler.
    ///
    /// # Errors
    /// 429 with the time to wait.
    pub fn admit(&self, key: &K) -> Result<(), ApiError> {
        self.take(key).map_err(ApiError::TooMany)
    }

    /// Keys that are remembered.
    pub fn len(&self) -> usize {
        self.limiter.len()
    }

    /// Whether no key is remembered.
    pub fn is_empty(&self) -> bool {
        self.limiter.is_empty()
    }
}

fn at_least_one(most: u32) -> NonZeroU32 {
    NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_may_so_many_and_is_told_how_long_to_wait() {
        let rate = Rate::per_minute(3);
        let caller = Caller::new(None, "192.0.2.1".parse().unwrap());
        assert_eq!((0..10).filter(|_| rate.take(&caller).is_ok()).count(), 3);
        let wait = rate.take(&caller).unwrap_err();
        assert!(wait <= Duration::from_secs(20) && wait > Duration::from_secs(10), "{wait:?}");
        rate.take(&Caller::new(None, "192.0.2.2".parse().unwrap())).unwrap();
    }

    #[test]
    fn what_is_counted_by_the_day_comes_back_over_the_day() {
        let rate = Rate::per_day(24);
        assert_eq!((0..100).filter(|_| rate.take(&"ada").is_ok()).count(), 24);
        let wait = rate.take(&"ada").unwrap_err();
        assert!(wait <= Duration::from_secs(3600) && wait > Duration::from_secs(3500), "{wait:?}");
        assert!(Rate::per_day(0).take(&"ada").is_ok());
        assert!(Rate::per_day(u32::MAX).take(&"ada").is_ok());
    }

    #[test]
    fn one_network_is_one_caller_and_a_person_is_one_everywhere() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let one = Caller::new(None, address("2001:db8:0:1::1"));
        assert_eq!(one, Caller::new(None, address("2001:db8:0:1:ffff::2")));
        assert_ne!(one, Caller::new(None, address("2001:db8:0:2::1")));
        let ada = UserId::new();
        assert_eq!(Caller::new(Some(ada), address("192.0.2.1")), Caller::new(Some(ada), address("192.0.2.2")));
    }

    #[test]
    fn quiet_keys_are_forgotten() {
        // A key is as good as new after a minute divided by this, which is long over when the next sweep comes.
        let rate = Rate::per_minute(60_000_000);
        for key in 0..3 * SWEEP {
            rate.take(&key).unwrap();
        }
        assert!(rate.len() <= SWEEP as usize + 1, "{}", rate.len());
    }
}
