//! A bounded queue that drops its oldest entry: one subscriber who stops reading costs the others nothing.

use std::collections::VecDeque;

/// What a [`Queue`] has seen since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Entries pushed.
    pub pushed: u64,
    /// Entries dropped to make room for newer ones.
    pub dropped: u64,
    /// Most entries that ever waited at the same time.
    pub deepest: usize,
}

/// First in, first out, at most `capacity` entries; the newest is always taken.
#[derive(Debug)]
pub struct Queue<T> {
    entries: VecDeque<T>,
    capacity: usize,
    counters: Counters,
}

impl<T> Queue<T> {
    /// An empty queue for `capacity` entries (at least one). Its memory grows with use.
    pub fn new(capacity: usize) -> Self {
        Self { entries: VecDeque::new(), capacity: capacity.max(1), counters: Counters::default() }
    }

    /// Appends `entry` and returns the one it pushed out, if the queue was full.
    pub fn push(&mut self, entry: T) -> Option<T> {
        self.counters.pushed += 1;
        let oldest = if self.entries.len() == self.capacity { self.entries.pop_front() } else { None };
        self.counters.dropped += u64::from(oldest.is_some());
        self.entries.push_back(entry);
        self.counters.deepest = self.counters.deepest.max(self.entries.len());
        oldest
    }

    /// Takes the oldest entry.
    pub fn pop(&mut self) -> Option<T> {
        self.entries.pop_front()
    }

    /// Drops everything that waits and counts it as dropped.
    pub fn clear(&mut self) {
        self.counters.dropped += self.entries.len() as u64;
        self.entries.clear();
    }

    /// Entries that wait.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What happened so far.
    pub fn counters(&self) -> Counters {
        self.counters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_drops_its_oldest_and_says_so() {
        let mut queue = Queue::new(3);
        let pushed_out: Vec<_> = (0..5).filter_map(|entry| queue.push(entry)).collect();
        assert_eq!(pushed_out, [0, 1]);
        assert_eq!(std::iter::from_fn(|| queue.pop()).collect::<Vec<_>>(), [2, 3, 4]);
        assert_eq!(queue.counters(), Counters { pushed: 5, dropped: 2, deepest: 3 });
    }

    #[test]
    fn a_queue_without_room_still_keeps_the_newest() {
        let mut queue = Queue::new(0);
        assert_eq!(queue.push('a'), None);
        assert_eq!(queue.push('b'), Some('a'));
        assert_eq!(queue.len(), 1);
    }

    #[test]
    fn clearing_counts_what_was_lost() {
        let mut queue = Queue::new(4);
        queue.push(1);
        queue.push(2);
        queue.clear();
        assert!(queue.is_empty());
        assert_eq!(queue.counters().dropped, 2);
    }
}
