//! Puts packets back in order before they are taken apart, and tells where some are missing for good.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::sequence::Unwrapper;

/// A packet this far behind is no late one: its sender began anew (RFC 3550, appendix A.1, allows 100).
const RESTART: u64 = 512;

/// How much a [`Reorder`] holds back while it waits for a missing packet.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Packets held; one more gives the missing one up.
    pub packets: usize,
    /// Age of the oldest packet held at which the missing one is given up.
    pub age: Duration,
}

/// What comes out: the packet, and how many before it never came.
#[derive(Debug, PartialEq, Eq)]
pub struct Ordered<T> {
    /// The packet as it was pushed.
    pub item: T,
    /// Packets given up between the one before and this one; 0 where the stream is whole.
    pub lost: u64,
}

/// A bounded buffer that hands out packets of one stream in the order of their sequence numbers.
#[derive(Debug)]
pub struct Reorder<T> {
    limits: Limits,
    numbers: Unwrapper,
    next: Option<u64>,
    held: BTreeMap<u64, (Instant, T)>,
    late: u64,
}

impl<T> Reorder<T> {
    /// An empty buffer.
    pub fn new(limits: Limits) -> Self {
        Self { limits, numbers: Unwrapper::default(), next: None, held: BTreeMap::new(), late: 0 }
    }

    /// Takes a packet in. Repeated ones, and those that come after their place was given up, are counted and dropped.
    pub fn push(&mut self, sequence: u16, item: T, now: Instant) {
        let mut number = self.numbers.extend(sequence);
        if self.next.is_some_and(|next| number + RESTART < next) {
            self.numbers = Unwrapper::default();
            self.held.clear();
            number = self.numbers.extend(sequence);
            self.next = None;
        }
        let next = *self.next.get_or_insert(number);
        if number < next || self.held.contains_key(&number) {
            self.late += 1;
            return;
        }
        self.held.insert(number, (now, item));
    }

    /// The next packet in order, if it is here or its missing forerunners are given up at `now`. Call until `None`.
    pub fn pop(&mut self, now: Instant) -> Option<Ordered<T>> {
        let (&number, &(since, _)) = self.held.first_key_value()?;
        let next = self.next.unwrap_or(number);
        let full = self.held.len() > self.limits.packets;
        if number != next && !full && now.saturating_duration_since(since) < self.limits.age {
            return None;
        }
        let (_, (_, item)) = self.held.pop_first()?;
        self.next = Some(number + 1);
        Some(Ordered { item, lost: number - next })
    }

    /// When [`Reorder::pop`] will give a missing packet up, if nothing else comes.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.held.first_key_value().map(|(_, (since, _))| *since + self.limits.age)
    }

    /// Packets dropped so far because they came twice or too late.
    pub fn late(&self) -> u64 {
        self.late
    }

    /// Packets held now.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::clock;

    const LIMITS: Limits = Limits { packets: 8, age: Duration::from_millis(50) };

    fn drain(buffer: &mut Reorder<u16>, now: Instant) -> Vec<(u16, u64)> {
        std::iter::from_fn(|| buffer.pop(now)).map(|ordered| (ordered.item, ordered.lost)).collect()
    }

    #[test]
    fn a_late_packet_is_put_in_its_place() {
        let (mut buffer, now) = (Reorder::new(LIMITS), clock::now());
        for sequence in [65535, 1, 0, 2] {
            buffer.push(sequence, sequence, now);
        }
        assert_eq!(drain(&mut buffer, now), [(65535, 0), (0, 0), (1, 0), (2, 0)]);
    }

    #[test]
    fn a_missing_packet_is_given_up_after_the_age() {
        let (mut buffer, now) = (Reorder::new(LIMITS), clock::now());
        for sequence in [10, 12, 13] {
            buffer.push(sequence, sequence, now);
        }
        assert_eq!(drain(&mut buffer, now), [(10, 0)]);
        assert_eq!(buffer.poll_timeout(), Some(now + LIMITS.age));
        assert_eq!(drain(&mut buffer, now + LIMITS.age), [(12, 1), (13, 0)]);
        buffer.push(11, 11, now + LIMITS.age);
        assert_eq!((buffer.len(), buffer.late()), (0, 1));
    }

    #[test]
    fn a_missing_packet_is_given_up_when_too_many_wait_behind_it() {
        let (mut buffer, now) = (Reorder::new(LIMITS), clock::now());
        for sequence in (0..1).chain(2..11) {
            buffer.push(sequence, sequence, now);
        }
        let out = drain(&mut buffer, now);
        assert_eq!(out[..2], [(0, 0), (2, 1)]);
        assert_eq!(out.len(), 10);
    }

    #[test]
    fn a_sender_that_restarts_goes_on_at_once() {
        let (mut buffer, now) = (Reorder::new(LIMITS), clock::now());
        buffer.push(30_000, 30_000, now);
        assert_eq!(drain(&mut buffer, now), [(30_000, 0)]);
        buffer.push(5, 5, now);
        assert_eq!(drain(&mut buffer, now), [(5, 0)]);
    }

    proptest! {
        #[test]
        fn what_comes_out_is_in_order_bounded_and_accounts_for_every_gap(
            start: u16,
            arrivals in prop::collection::vec((0u16..12, any::<bool>()), 1..300),
        ) {
            let (mut buffer, now) = (Reorder::new(LIMITS), clock::now());
            let (mut expected, mut base) = (None, 0u16);
            for (index, (ahead, advance)) in arrivals.into_iter().enumerate() {
                let now = now + Duration::from_millis(index as u64);
                let sequence = start.wrapping_add(base).wrapping_add(ahead);
                buffer.push(sequence, sequence, now);
                base = base.wrapping_add(u16::from(advance));
                for (item, lost) in drain(&mut buffer, now) {
                    if let Some(expected) = expected {
                        prop_assert_eq!(item, (expected + lost) as u16);
                        prop_assert_eq!(item.wrapping_sub(expected as u16), lost as u16);
                    }
                    expected = Some(u64::from(item) + 1);
                }
                prop_assert!(buffer.len() <= LIMITS.packets);
            }
        }
    }
}
