//! Media time: a 32-bit count of the codec's clock that starts anywhere and wraps (RFC 3550, section 5.1).

use std::time::Duration;

/// A codec's clock, in ticks per second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock(u32);

impl Clock {
    /// 90 kHz: every video payload format.
    pub const VIDEO: Clock = Clock(90_000);
    /// 48 kHz: Opus, at whatever rate it really runs (RFC 7587, section 4.1).
    pub const OPUS: Clock = Clock(48_000);

    /// Ticks per second.
    pub fn rate(self) -> u32 {
        self.0
    }

    /// `span` in ticks, rounded down and wrapped to 32 bits.
    pub fn ticks(self, span: Duration) -> u32 {
        (span.as_nanos() * u128::from(self.0) / 1_000_000_000) as u32
    }

    /// How long `ticks` last.
    pub fn span(self, ticks: u32) -> Duration {
        Duration::from_nanos(u64::from(ticks) * 1_000_000_000 / u64::from(self.0))
    }
}

/// Whether media time `a` is after `b`, when they lie within half the circle of each other.
pub fn newer(a: u32, b: u32) -> bool {
    a != b && a.wrapping_sub(b) < 0x8000_0000
}

/// Signed ticks from `earlier` to `later`; negative where `later` is in fact the older one.
pub fn difference(later: u32, earlier: u32) -> i32 {
    later.wrapping_sub(earlier).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_and_spans_convert_into_each_other() {
        assert_eq!(Clock::VIDEO.ticks(Duration::from_millis(40)), 3600);
        assert_eq!(Clock::OPUS.ticks(Duration::from_millis(20)), 960);
        assert_eq!(Clock::VIDEO.span(3000), Duration::from_nanos(33_333_333));
        assert_eq!(Clock::OPUS.span(u32::MAX).as_secs(), 89_478);
    }

    #[test]
    fn ticks_of_a_long_span_wrap() {
        let day = Duration::from_secs(86_400);
        assert_eq!(Clock::VIDEO.ticks(day), (86_400u64 * 90_000) as u32);
    }

    #[test]
    fn order_and_difference_cross_the_wrap() {
        assert!(newer(5, u32::MAX - 5));
        assert!(!newer(u32::MAX - 5, 5));
        assert!(!newer(7, 7));
        assert_eq!(difference(5, u32::MAX - 4), 10);
        assert_eq!(difference(u32::MAX - 4, 5), -10);
    }
}
