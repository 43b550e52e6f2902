//! What one subscriber received of one publisher, and how it lies over what was sent.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::client::peer::Arrival;
use super::client::publish::Sent;
use crate::protocol::Kind;
use crate::rtp::sequence::{Dedup, Unwrapper};

/// Received pictures that an offset is tried on before it is believed.
const TRIAL: usize = 12;
/// How many of them must have been sent with that offset.
const ENOUGH: usize = 9;
/// A picture is not expected to take longer than this through the server.
const LONGEST: Duration = Duration::from_secs(10);

/// One picture as it came.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Its media time, as received.
    pub timestamp: u32,
    /// When its last packet came, whichever that was.
    pub at: Instant,
    /// Different packets of it.
    pub packets: u32,
    /// Whether the packet with the marker came.
    pub marked: bool,
    /// See [`super::client::publish::tail`]; of the packet with the marker.
    pub tail: u64,
}

/// Packets so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Different packets that came.
    pub received: u64,
    /// Packets that must have been sent: by the highest sequence numbers.
    pub expected: u64,
}

impl Counts {
    /// What was added since `earlier`.
    pub fn since(self, earlier: Self) -> Self {
        Self { received: self.received - earlier.received, expected: self.expected - earlier.expected }
    }

    /// Packets that did not come.
    pub fn lost(self) -> u64 {
        self.expected.saturating_sub(self.received)
    }
}

/// Takes what one subscriber receives. Shared with the tasks of its connection.
#[derive(Default)]
pub struct Received {
    inner: Mutex<Inner>,
    began: Notify,
}

#[derive(Default)]
struct Inner {
    first: Option<Instant>,
    frames: Vec<Frame>,
    streams: HashMap<u32, Stream>,
}

#[derive(Default)]
struct Stream {
    numbers: Unwrapper,
    fresh: Dedup,
    first: u64,
    received: u64,
}

impl Received {
    /// Takes a packet.
    pub fn take(&self, arrival: &Arrival) {
        let packet = &arrival.packet;
        let mut inner = self.inner.lock();
        let stream = inner.streams.entry(packet.ssrc).or_default();
        let number = stream.numbers.extend(packet.sequence);
        if stream.received == 0 {
            stream.first = number;
        }
        if !stream.fresh.first_time(packet.sequence) {
            return;
        }
        stream.received += 1;
        if inner.first.is_none() {
            inner.first = Some(arrival.at);
            self.began.notify_waiters();
        }
        if arrival.kind == Kind::Video {
            inner.show(arrival);
        }
    }

    /// Waits for the first packet and says when it came.
    pub async fn first(&self) -> Instant {
        loop {
            let began = self.began.notified();
            if let Some(first) = self.inner.lock().first {
                return first;
            }
            began.await;
        }
    }

    /// Packets so far, of all streams.
    pub fn counts(&self) -> Counts {
        let inner = self.inner.lock();
        inner.streams.values().fold(Counts::default(), |sum, stream| Counts {
            received: sum.received + stream.received,
            expected: sum.expected + stream.numbers.newest().map_or(0, |newest| newest + 1 - stream.first),
        })
    }

    /// All pictures so far, in the order of their first packets.
    pub fn frames(&self) -> Vec<Frame> {
        self.inner.lock().frames.clone()
    }
}

impl Inner {
    fn show(&mut self, arrival: &Arrival) {
        let packet = &arrival.packet;
        let recent = self.frames.len().saturating_sub(8);
        let known = self.frames[recent..].iter().rposition(|frame| frame.timestamp == packet.timestamp);
        let index = match known {
            Some(index) => recent + index,
            None => {
                let (timestamp, at) = (packet.timestamp, arrival.at);
                self.frames.push(Frame { timestamp, at, packets: 0, marked: false, tail: 0 });
                self.frames.len() - 1
            }
        };
        let frame = &mut self.frames[index];
        frame.packets += 1;
        frame.at = arrival.at;
        if packet.marker {
            frame.marked = true;
            frame.tail = super::client::publish::tail(&packet.payload);
        }
    }
}

/// A sent picture and how it was received.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// As it left.
    pub sent: Sent,
    /// As it came.
    pub received: Frame,
}

impl Pair {
    /// From its last packet sent to its last packet received.
    pub fn delay(&self) -> Duration {
        self.received.at.saturating_duration_since(self.sent.at)
    }

    /// Whether the picture that came is another than the one that was sent.
    pub fn processed(&self) -> bool {
        self.received.tail != self.sent.tail
    }
}

/// Finds for each received picture the one that was sent. The server adds a constant to the timestamps, another one
/// after each switch of the source; the constant is the one with which many pictures in a row have been sent.
pub fn pair(sent: &[Sent], received: &[Frame]) -> Vec<Pair> {
    let by_time: HashMap<u32, usize> = sent.iter().enumerate().map(|(index, sent)| (sent.timestamp, index)).collect();
    let find = |frame: &Frame, offset: u32| {
        let index = *by_time.get(&frame.timestamp.wrapping_sub(offset))?;
        let sent = sent[index];
        let plausible = sent.at <= frame.at && frame.at - sent.at <= LONGEST;
        plausible.then_some(Pair { sent, received: *frame })
    };
    let mut offset: Option<u32> = None;
    let mut pairs = Vec::with_capacity(received.len());
    for (index, frame) in received.iter().enumerate() {
        if let Some(pair) = offset.and_then(|offset| find(frame, offset)) {
            pairs.push(pair);
            continue;
        }
        let trial = &received[index..received.len().min(index + TRIAL)];
        let newest = sent.partition_point(|sent| sent.at <= frame.at);
        let candidates = sent[..newest].iter().rev().take_while(|sent| frame.at - sent.at <= LONGEST);
        let votes = |offset: u32| trial.iter().filter(|frame| find(frame, offset).is_some()).count();
        let best = candidates
            .map(|sent| frame.timestamp.wrapping_sub(sent.timestamp))
            .map(|offset| (votes(offset), offset))
            .filter(|(votes, _)| *votes >= ENOUGH)
            .max_by_key(|(votes, _)| *votes);
        if let Some((_, better)) = best {
            offset = Some(better);
            pairs.extend(find(frame, better));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock;
    use crate::rtp::packet::Packet;

    fn sent(count: u32) -> Vec<Sent> {
        let start = clock::now();
        let each = |number: u32| Sent {
            timestamp: (number * 3000)
                .wrapping_add(super::super::client::publish::jitter(number))
                .wrapping_add(u32::MAX - 9000),
            at: start + Duration::from_millis(33) * number,
            packets: 1,
            keyframe: false,
            tail: u64::from(number),
            late: Duration::ZERO,
            picture: number as usize,
        };
        (0..count).map(each).collect()
    }

    fn after(sent: &Sent, offset: u32, delay: Duration) -> Frame {
        let timestamp = sent.timestamp.wrapping_add(offset);
        Frame { timestamp, at: sent.at + delay, packets: 1, marked: true, tail: sent.tail }
    }

    #[test]
    fn pictures_are_paired_across_a_change_of_the_constant_and_skipped_ones() {
        let sent = sent(90);
        let delay = Duration::from_millis(140);
        let early = sent[..40].iter().map(|each| after(each, 777_777, delay));
        let late = sent[40..].iter().step_by(2).map(|each| after(each, 3, delay));
        let received: Vec<Frame> = early.chain(late).collect();
        let pairs = pair(&sent, &received);
        // What follows a change is recognized; the last few pictures are too few to find a new constant on their own.
        assert_eq!(pairs.len(), received.len());
        assert!(pairs.iter().all(|pair| pair.delay() == delay && !pair.processed()));
    }

    #[test]
    fn pictures_of_another_source_are_not_paired() {
        let sent = sent(60);
        let foreign: Vec<Frame> =
            sent.iter().map(|each| after(each, each.tail as u32 * 7, Duration::from_millis(5))).collect();
        assert!(pair(&sent, &foreign).is_empty());
    }

    #[test]
    fn lost_and_repeated_packets_are_counted_apart() {
        let received = Received::default();
        for sequence in [65534_u16, 65535, 1, 1, 65534, 2] {
            let packet = Packet {
                marker: true,
                payload_type: 96,
                sequence,
                timestamp: u32::from(sequence),
                ssrc: 5,
                payload: bytes::Bytes::from_static(b"x"),
            };
            received.take(&Arrival { packet, kind: Kind::Video, at: clock::now() });
        }
        let counts = received.counts();
        assert_eq!(counts, Counts { received: 4, expected: 5 });
        assert_eq!(counts.lost(), 1);
        assert_eq!(received.frames().len(), 4);
    }
}
