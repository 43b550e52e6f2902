//! Sequence numbers: 16 bits on the wire, wrapping, now and then late or doubled (RFC 3550, section 5.1).

/// Packets behind the newest one that [`Dedup`] still remembers.
const WINDOW: u64 = 512;

/// Whether `a` was sent after `b`, when both lie within half the number space of each other (RFC 1982).
pub fn newer(a: u16, b: u16) -> bool {
    a != b && a.wrapping_sub(b) < 0x8000
}

/// Turns wrapping 16-bit sequence numbers into 64-bit ones that do not wrap.
#[derive(Clone, Debug, Default)]
pub struct Unwrapper {
    newest: Option<u64>,
}

impl Unwrapper {
    /// The extended number of `sequence`: the one nearest to the newest seen so far. The first lies above 65535, so
    /// that what was sent just before it still has a number.
    pub fn extend(&mut self, sequence: u16) -> u64 {
        let Some(newest) = self.newest else {
            let first = 0x1_0000 + u64::from(sequence);
            self.newest = Some(first);
            return first;
        };
        let step = sequence.wrapping_sub(newest as u16).cast_signed();
        let extended = newest.saturating_add_signed(i64::from(step));
        self.newest = Some(newest.max(extended));
        extended
    }

    /// The newest extended number so far.
    pub fn newest(&self) -> Option<u64> {
        self.newest
    }
}

/// Tells repeated packets of one SSRC from new ones: retransmissions that crossed, and the media that Chromium sends
/// again over RTX to probe for bandwidth.
#[derive(Clone, Debug, Default)]
pub struct Dedup {
    numbers: Unwrapper,
    seen: [u64; (WINDOW / 64) as usize],
    /// What would follow a packet from far behind: two such in a row mean that the sender began anew.
    after_stray: Option<u16>,
}

impl Dedup {
    /// Whether this is the first packet with that number. One from further back than the memory reaches counts as
    /// repeated, unless its successor follows it at once (RFC 3550, appendix A.1: the sender restarted).
    pub fn first_time(&mut self, sequence: u16) -> bool {
        let Some(newest) = self.numbers.newest() else {
            let first = self.numbers.extend(sequence);
            self.mark(first);
            return true;
        };
        let extended = self.numbers.extend(sequence);
        if extended > newest {
            self.after_stray = None;
            if extended - newest >= WINDOW {
                self.seen = [0; (WINDOW / 64) as usize];
            } else {
                for skipped in newest + 1..extended {
                    self.clear(skipped);
                }
            }
            self.mark(extended);
            return true;
        }
        if newest - extended >= WINDOW {
            if self.after_stray == Some(sequence) {
                *self = Self::default();
                return self.first_time(sequence);
            }
            self.after_stray = Some(sequence.wrapping_add(1));
            return false;
        }
        let fresh = self.seen[slot(extended)] & bit(extended) == 0;
        self.mark(extended);
        fresh
    }

    fn mark(&mut self, extended: u64) {
        self.seen[slot(extended)] |= bit(extended);
    }

    fn clear(&mut self, extended: u64) {
        self.seen[slot(extended)] &= !bit(extended);
    }
}

fn slot(extended: u64) -> usize {
    (extended % WINDOW / 64) as usize
}

fn bit(extended: u64) -> u64 {
    1 << (extended % 64)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn newer_looks_half_the_circle_ahead() {
        assert!(newer(1, 0));
        assert!(newer(0, 65535));
        assert!(newer(0x7fff, 0));
        assert!(!newer(0, 0));
        assert!(!newer(65535, 0));
        assert!(!newer(0x8000, 0));
    }

    #[test]
    fn extended_numbers_cross_the_wrap_in_both_directions() {
        let mut numbers = Unwrapper::default();
        let first = numbers.extend(65534);
        assert_eq!(numbers.extend(1), first + 3);
        assert_eq!(numbers.extend(65535), first + 1);
        assert_eq!(numbers.extend(2), first + 4);
        assert_eq!(numbers.extend(65533), first - 1);
    }

    #[test]
    fn a_sender_that_restarts_far_behind_is_let_in_with_its_second_packet() {
        let mut dedup = Dedup::default();
        for sequence in 20_000..20_600 {
            assert!(dedup.first_time(sequence));
        }
        assert!(!dedup.first_time(100), "one stray packet proves nothing");
        assert!(dedup.first_time(101));
        assert!(dedup.first_time(102));
        assert!(!dedup.first_time(102));
    }

    proptest! {
        #[test]
        fn every_number_within_the_window_passes_once(start: u16, steps in prop::collection::vec(0u64..500, 1..400)) {
            // A sender that moves on and repeats: each step looks back from the newest by up to the window.
            let (mut dedup, mut seen, mut newest) = (Dedup::default(), HashSet::new(), 1_000_000 + u64::from(start));
            prop_assert!(dedup.first_time(newest as u16));
            seen.insert(newest);
            for step in steps {
                let number = if step < 10 { newest + step } else { newest - step };
                newest = newest.max(number);
                prop_assert_eq!(dedup.first_time(number as u16), seen.insert(number));
            }
        }

        #[test]
        fn extending_is_exact_while_steps_stay_below_half_the_circle(start: u16, steps in prop::collection::vec(-3000i64..3000, 1..200)) {
            let mut numbers = Unwrapper::default();
            let mut truth = i64::try_from(numbers.extend(start)).unwrap();
            for step in steps {
                truth = (truth + step).max(0x1_0000);
                prop_assume!(truth + 0x8000 > i64::try_from(numbers.newest().unwrap()).unwrap());
                prop_assert_eq!(i64::try_from(numbers.extend(truth as u16)).unwrap(), truth);
            }
        }
    }
}
