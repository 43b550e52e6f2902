//! Keyframe requests to one source: many ask, the source hears at most one request per interval, and it hears again
//! while no keyframe has come.

use std::time::{Duration, Instant};

/// The least time between two requests to the same source.
pub const INTERVAL: Duration = Duration::from_millis(500);

/// Requests sent for one wish before giving up: a source that is paused answers none, and whoever resumes it asks anew.
const ATTEMPTS: u32 = 12;

/// What one source still owes.
#[derive(Debug, Default)]
pub struct Keyframes {
    last_sent: Option<Instant>,
    /// Somebody asked and no keyframe has begun since.
    wanted: bool,
    attempts: u32,
    requests: u64,
}

impl Keyframes {
    /// Somebody needs a keyframe. Then call [`Keyframes::poll`].
    pub fn request(&mut self) {
        self.requests += 1;
        self.wanted = true;
        self.attempts = 0;
    }

    /// A keyframe has begun: whoever asked before has what they wanted.
    pub fn arrived(&mut self) {
        self.wanted = false;
        self.attempts = 0;
    }

    /// Whether to send a request to the source now; a `true` is taken as sent.
    pub fn poll(&mut self, now: Instant) -> bool {
        if self.poll_timeout(now).is_none_or(|due| due > now) {
            return false;
        }
        self.last_sent = Some(now);
        self.attempts += 1;
        self.wanted = self.attempts < ATTEMPTS;
        true
    }

    /// When [`Keyframes::poll`] will next say yes: `now` at the earliest, `None` while nobody waits.
    pub fn poll_timeout(&self, now: Instant) -> Option<Instant> {
        self.wanted.then(|| self.last_sent.map_or(now, |sent| now.max(sent + INTERVAL)))
    }

    /// Whether somebody still waits for a keyframe.
    pub fn wanted(&self) -> bool {
        self.wanted
    }

    /// Requests made by subscribers so far, sent or not.
    pub fn requests(&self) -> u64 {
        self.requests
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::clock;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn the_first_request_goes_out_at_once_and_the_next_waits_for_the_interval() {
        let (mut keyframes, start) = (Keyframes::default(), clock::now());
        keyframes.request();
        assert!(keyframes.poll(start));
        keyframes.arrived();
        keyframes.request();
        assert!(!keyframes.poll(start + ms(100)));
        assert_eq!(keyframes.poll_timeout(start + ms(100)), Some(start + INTERVAL));
        assert!(keyframes.poll(start + INTERVAL));
    }

    #[test]
    fn a_keyframe_inside_the_interval_answers_those_who_wait() {
        let (mut keyframes, start) = (Keyframes::default(), clock::now());
        keyframes.request();
        assert!(keyframes.poll(start));
        keyframes.request();
        keyframes.arrived();
        assert!(!keyframes.poll(start + ms(5000)));
        assert_eq!(keyframes.poll_timeout(start), None);
    }

    #[test]
    fn a_source_that_stays_silent_is_asked_again_but_not_for_ever() {
        let (mut keyframes, start) = (Keyframes::default(), clock::now());
        keyframes.request();
        let sent = (0..600).filter(|step| keyframes.poll(start + ms(step * 100))).count();
        assert_eq!(sent, ATTEMPTS as usize);
        keyframes.request();
        assert!(keyframes.poll(start + ms(60_000)), "whoever asks anew is heard");
    }

    proptest! {
        #[test]
        fn no_interval_ever_holds_two_requests(steps in prop::collection::vec((0u64..300, 0u8..3), 1..300)) {
            let (mut keyframes, mut now) = (Keyframes::default(), clock::now());
            let mut last: Option<Instant> = None;
            for (pause, what) in steps {
                now += ms(pause);
                match what {
                    0 => keyframes.request(),
                    1 => keyframes.arrived(),
                    _ => {}
                }
                if keyframes.poll(now) {
                    prop_assert!(last.is_none_or(|last| now - last >= INTERVAL));
                    last = Some(now);
                }
            }
        }

        #[test]
        fn every_wish_is_answered_by_a_request_after_it_or_a_keyframe(pauses in prop::collection::vec(0u64..200, 1..50)) {
            let (mut keyframes, mut now) = (Keyframes::default(), clock::now());
            for pause in pauses {
                now += ms(pause);
                keyframes.request();
                keyframes.poll(now);
                let due = keyframes.poll_timeout(now).expect("somebody waits");
                prop_assert!(due <= now + INTERVAL);
            }
        }
    }
}
