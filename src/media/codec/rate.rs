//! How many bits per second to spend: as many as come in, because the publisher's own congestion control knows its uplink
//! and nothing better is known about the downlinks. Somebody who does know sets a ceiling.

use std::time::{Duration, Instant};

/// The rate is measured over this long.
const WINDOW: Duration = Duration::from_secs(1);
/// Changes below this share of the current rate are not worth reconfiguring the encoder.
const WORTHWHILE: f64 = 0.1;
/// The share of the old estimate that a new window keeps.
const INERTIA: f64 = 0.5;
/// Composed scenes move; below this they turn to blocks whatever the camera sends.
const FLOOR: u32 = 150_000;
/// What a new stream gets until it was measured, and the most that any gets.
const START: u32 = 800_000;
const CEILING: u32 = 4_000_000;

/// Follows the incoming rate. Fed with every packet; says when the encoder should change.
#[derive(Debug)]
pub struct RateFollower {
    window_start: Option<Instant>,
    octets: usize,
    estimate: Option<f64>,
    ceiling: u32,
    target: u32,
}

impl Default for RateFollower {
    fn default() -> Self {
        Self { window_start: None, octets: 0, estimate: None, ceiling: CEILING, target: START }
    }
}

impl RateFollower {
    /// The rate in force, bits per second.
    #[must_use]
    pub fn target(&self) -> u32 {
        self.target
    }

    /// Never more than this many bits per second from now on. Returns the new target if it changes.
    pub fn limit(&mut self, bits_per_second: u32) -> Option<u32> {
        self.ceiling = bits_per_second.clamp(FLOOR, CEILING);
        self.settle()
    }

    /// Counts a packet. Returns the new target whenever it has moved enough.
    pub fn received(&mut self, octets: usize, now: Instant) -> Option<u32> {
        let start = *self.window_start.get_or_insert(now);
        self.octets += octets;
        let elapsed = now.saturating_duration_since(start);
        if elapsed < WINDOW {
            return None;
        }
        let measured = (self.octets * 8) as f64 / elapsed.as_secs_f64();
        (self.window_start, self.octets) = (Some(now), 0);
        // A gap (muted camera, lost network) says nothing about what the link can carry.
        if elapsed > 2 * WINDOW {
            return None;
        }
        let estimate = self.estimate.map_or(measured, |old| old * INERTIA + measured * (1.0 - INERTIA));
        self.estimate = Some(estimate);
        self.settle()
    }

    fn settle(&mut self) -> Option<u32> {
        let wanted = self.estimate.map_or(f64::from(START), |rate| rate.max(f64::from(FLOOR)));
        let wanted = wanted.min(f64::from(self.ceiling)) as u32;
        let change = (f64::from(wanted) - f64::from(self.target)).abs();
        if change < f64::from(self.target) * WORTHWHILE {
            return None;
        }
        self.target = wanted;
        Some(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends `rate` bits per second for `seconds` in 100 packets per second; returns every change.
    fn feed(follower: &mut RateFollower, clock: &mut Instant, rate: usize, seconds: usize) -> Vec<u32> {
        (0..seconds * 100)
            .filter_map(|_| {
                *clock += Duration::from_millis(10);
                follower.received(rate / 800, *clock)
            })
            .collect()
    }

    #[test]
    fn settles_on_the_incoming_rate() {
        let (mut follower, mut clock) = (RateFollower::default(), crate::base::clock::now());
        feed(&mut follower, &mut clock, 1_600_000, 8);
        assert!((1_500_000..1_700_000).contains(&follower.target()), "{}", follower.target());
        assert!(feed(&mut follower, &mut clock, 1_640_000, 8).is_empty(), "small changes are left alone");
        feed(&mut follower, &mut clock, 400_000, 8);
        assert!((380_000..440_000).contains(&follower.target()), "{}", follower.target());
    }

    #[test]
    fn stays_within_its_limits() {
        let (mut follower, mut clock) = (RateFollower::default(), crate::base::clock::now());
        feed(&mut follower, &mut clock, 20_000, 8);
        assert_eq!(follower.target(), FLOOR);
        feed(&mut follower, &mut clock, 20_000_000, 12);
        assert_eq!(follower.target(), CEILING);
        assert_eq!(follower.limit(500_000), Some(500_000));
        assert!(feed(&mut follower, &mut clock, 20_000_000, 4).is_empty());
    }

    #[test]
    fn ignores_a_gap() {
        let (mut follower, mut clock) = (RateFollower::default(), crate::base::clock::now());
        feed(&mut follower, &mut clock, 1_600_000, 8);
        let before = follower.target();
        clock += Duration::from_secs(30);
        assert_eq!(follower.received(100, clock), None);
        assert_eq!(follower.target(), before);
    }
}
