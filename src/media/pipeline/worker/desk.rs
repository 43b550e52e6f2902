//! What lies between those who push and the worker: one bounded inbox per take. The lock is held for moves only.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use super::{EventSink, PictureSink, Sink, SnapshotSink};
use crate::media::Background;
use crate::rtp::packet::Packet;

/// A picture's packets come together: the worker is woken by the last one. If that one is lost, by this time.
const STRAGGLERS: Duration = Duration::from_millis(5);
/// Or when this many have come.
const MANY: usize = 64;

/// What a take is told.
pub(super) enum Command {
    Filter { sink: Sink, events: EventSink },
    Still { events: EventSink, picture: PictureSink },
    Background(Background),
    Keyframe,
    Bitrate(u32),
    Snapshot(SnapshotSink),
}

/// What the worker does next.
pub(super) enum Work {
    /// Obey.
    Command(u64, Command),
    /// Packets were lost on the way.
    Flush(u64),
    /// The packets in the batch; `newer` ones wait behind them.
    Packets { take: u64, newer: bool },
    /// The take is over.
    Close(u64),
    /// Everything is.
    Stop,
}

pub(super) type Batch = Vec<(Packet, Instant)>;

struct Inbox {
    take: u64,
    commands: VecDeque<Command>,
    packets: VecDeque<(Packet, Instant)>,
    /// Markers among the packets.
    pictures: usize,
    overflowed: bool,
    closed: bool,
}

#[derive(Default)]
struct State {
    inboxes: Vec<Inbox>,
    /// Where the next search begins, so that every take gets its turn.
    turn: usize,
    stopped: bool,
}

/// One worker's inboxes.
pub(super) struct Desk {
    state: Mutex<State>,
    wake: Condvar,
    queue: usize,
}

impl Desk {
    pub fn new(queue: usize) -> Self {
        Self { state: Mutex::default(), wake: Condvar::new(), queue }
    }

    /// Takes that are not over.
    pub fn takes(&self) -> usize {
        self.state.lock().inboxes.iter().filter(|inbox| !inbox.closed).count()
    }

    pub fn open(&self, take: u64, first: Command) {
        self.state.lock().inboxes.push(Inbox {
            take,
            commands: VecDeque::from([first]),
            packets: VecDeque::new(),
            pictures: 0,
            overflowed: false,
            closed: false,
        });
        self.wake.notify_one();
    }

    pub fn push(&self, take: u64, packet: &Packet, received: Instant) -> bool {
        let mut state = self.state.lock();
        let Some(inbox) = state.inbox(take).filter(|inbox| !inbox.closed) else { return false };
        if inbox.packets.len() >= self.queue {
            inbox.overflowed = true;
            inbox.packets.clear();
            inbox.pictures = 0;
            drop(state);
            self.wake.notify_one();
            return false;
        }
        inbox.pictures += usize::from(packet.marker);
        inbox.packets.push_back((packet.clone(), received));
        // The first one starts the worker's watch for stragglers.
        let wake = packet.marker || inbox.packets.len() == 1 || inbox.packets.len() == MANY;
        drop(state);
        if wake {
            self.wake.notify_one();
        }
        true
    }

    pub fn command(&self, take: u64, command: Command) {
        let mut state = self.state.lock();
        let Some(inbox) = state.inbox(take).filter(|inbox| !inbox.closed) else { return };
        inbox.commands.push_back(command);
        drop(state);
        self.wake.notify_one();
    }

    pub fn close(&self, take: u64) {
        if let Some(inbox) = self.state.lock().inbox(take) {
            inbox.closed = true;
        }
        self.wake.notify_one();
    }

    pub fn stop(&self) {
        self.state.lock().stopped = true;
        self.wake.notify_one();
    }

    /// Waits for something to do. Packets, up to the end of a picture, are put in `batch`, which must be empty.
    pub fn next(&self, batch: &mut Batch) -> Work {
        let mut state = self.state.lock();
        let mut impatient = false;
        loop {
            if state.stopped {
                return Work::Stop;
            }
            if let Some(work) = state.next(batch, impatient) {
                return work;
            }
            if state.inboxes.iter().any(|inbox| !inbox.packets.is_empty()) {
                impatient = self.wake.wait_for(&mut state, STRAGGLERS).timed_out();
            } else {
                self.wake.wait(&mut state);
                impatient = false;
            }
        }
    }
}

impl State {
    fn inbox(&mut self, take: u64) -> Option<&mut Inbox> {
        self.inboxes.iter_mut().find(|inbox| inbox.take == take)
    }

    fn next(&mut self, batch: &mut Batch, impatient: bool) -> Option<Work> {
        let count = self.inboxes.len();
        for offset in 0..count {
            let index = (self.turn + offset) % count;
            let inbox = &mut self.inboxes[index];
            let take = inbox.take;
            if inbox.closed {
                self.inboxes.swap_remove(index);
                return Some(Work::Close(take));
            }
            if let Some(command) = inbox.commands.pop_front() {
                return Some(Work::Command(take, command));
            }
            if std::mem::take(&mut inbox.overflowed) {
                return Some(Work::Flush(take));
            }
            let ready = inbox.pictures > 0 || inbox.packets.len() >= MANY || impatient;
            if !ready || inbox.packets.is_empty() {
                continue;
            }
            while let Some(entry) = inbox.packets.pop_front() {
                let marker = entry.0.marker;
                batch.push(entry);
                if marker {
                    inbox.pictures -= 1;
                    break;
                }
            }
            let newer = inbox.pictures > 0;
            self.turn = index + 1;
            return Some(Work::Packets { take, newer });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::base::clock;

    fn packet(sequence: u16, marker: bool) -> Packet {
        Packet { marker, payload_type: 96, sequence, timestamp: 0, ssrc: 1, payload: Bytes::new() }
    }

    fn desk(takes: u64, queue: usize) -> Desk {
        let desk = Desk::new(queue);
        let mut batch = Batch::new();
        for take in 1..=takes {
            desk.open(take, Command::Keyframe);
            assert!(matches!(desk.next(&mut batch), Work::Command(..)));
        }
        desk
    }

    #[test]
    fn hands_out_a_picture_at_a_time_and_tells_of_newer_ones() {
        let (desk, now, mut batch) = (desk(1, 64), clock::now(), Batch::new());
        for (sequence, marker) in [(1, false), (2, true), (3, true)] {
            assert!(desk.push(1, &packet(sequence, marker), now));
        }
        assert!(matches!(desk.next(&mut batch), Work::Packets { take: 1, newer: true }));
        assert_eq!(batch.drain(..).map(|entry| entry.0.sequence).collect::<Vec<_>>(), [1, 2]);
        assert!(matches!(desk.next(&mut batch), Work::Packets { take: 1, newer: false }));
    }

    #[test]
    fn every_take_gets_its_turn() {
        let (desk, now, mut batch) = (desk(3, 64), clock::now(), Batch::new());
        for take in [1, 1, 1, 2, 3, 3] {
            desk.push(take, &packet(0, true), now);
        }
        let order: Vec<u64> = (0..6)
            .map(|_| match desk.next(&mut batch) {
                Work::Packets { take, .. } => take,
                _ => 0,
            })
            .collect();
        assert_eq!(order, [1, 2, 3, 1, 3, 1]);
    }

    #[test]
    fn an_overflow_drops_all_and_says_so_first() {
        let (desk, now, mut batch) = (desk(1, 2), clock::now(), Batch::new());
        assert!(desk.push(1, &packet(1, true), now) && desk.push(1, &packet(2, true), now));
        assert!(!desk.push(1, &packet(3, true), now));
        assert!(desk.push(1, &packet(4, true), now));
        assert!(matches!(desk.next(&mut batch), Work::Flush(1)));
        assert!(matches!(desk.next(&mut batch), Work::Packets { newer: false, .. }));
        assert_eq!(batch[0].0.sequence, 4);
    }

    #[test]
    fn packets_without_an_end_are_handed_out_after_a_while() {
        let (desk, now, mut batch) = (desk(1, 64), clock::now(), Batch::new());
        desk.push(1, &packet(1, false), now);
        assert!(matches!(desk.next(&mut batch), Work::Packets { take: 1, newer: false }));
    }

    #[test]
    fn a_closed_take_takes_nothing() {
        let (desk, now, mut batch) = (desk(1, 64), clock::now(), Batch::new());
        desk.push(1, &packet(1, true), now);
        desk.close(1);
        assert!(!desk.push(1, &packet(2, true), now));
        assert!(matches!(desk.next(&mut batch), Work::Close(1)));
        assert_eq!(desk.takes(), 0);
        desk.stop();
        assert!(matches!(desk.next(&mut batch), Work::Stop));
    }
}
