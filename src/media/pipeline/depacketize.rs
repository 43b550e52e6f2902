//! From RTP packets to whole VP8 frames (RFC 7741), in order.
//!
//! Packets may come in any order within a window, and late ones (repaired by retransmission) are waited for. What is
//! still missing after that breaks the chain of references: everything is dropped up to the next keyframe, which is asked for.

use std::time::{Duration, Instant};

use crate::media::codec::EncodedFrame;
use crate::rtp::packet::Packet;
use crate::rtp::payload::vp8;

/// Packets kept while a picture is incomplete: 600 KB, four times the largest keyframe seen at 1080p.
const WINDOW: u16 = 512;
/// A missing packet is waited for this long; a retransmission takes a round trip.
const PATIENCE: Duration = Duration::from_millis(250);
/// Or until this many later ones have come.
const PATIENCE_PACKETS: u16 = 128;
/// This many packets in a row from before the window mean that the sender counts anew.
const RESTART: u32 = 32;
/// Keyframes are asked for this often while none comes.
const REQUEST_INTERVAL: Duration = Duration::from_millis(500);

/// Collects the packets of one stream.
pub struct Depacketizer {
    ring: Box<[Option<Packet>]>,
    /// The first packet of the picture in progress; `None` while waiting for a keyframe.
    start: Option<u16>,
    /// The first packet that was not looked at yet.
    scan: u16,
    newest: u16,
    gap_since: Option<Instant>,
    outdated: u32,
    requested: Option<Instant>,
    frame: Vec<u8>,
}

impl Default for Depacketizer {
    fn default() -> Self {
        Self {
            ring: (0..WINDOW).map(|_| None).collect(),
            start: None,
            scan: 0,
            newest: 0,
            gap_since: None,
            outdated: 0,
            requested: None,
            frame: Vec::new(),
        }
    }
}

impl Depacketizer {
    /// Takes a packet. Frames that it completes are handed out by [`Self::next_frame`].
    pub fn push(&mut self, packet: Packet, received: Instant) {
        let sequence = packet.sequence;
        if let Some(start) = self.start {
            let ahead = sequence.wrapping_sub(start);
            if ahead >= 0x8000 {
                self.outdated += 1;
                if self.outdated < RESTART {
                    return;
                }
                self.lose();
            } else if ahead >= WINDOW {
                self.lose();
            }
        }
        self.outdated = 0;
        let in_gap = self.gap_since.is_some();
        if (self.start.is_none() || in_gap) && vp8::is_keyframe_start(&packet.payload) {
            // A keyframe needs nothing of what came before or is missing.
            self.start = Some(sequence);
            (self.scan, self.newest, self.gap_since) = (sequence, sequence, None);
        }
        if self.start.is_none() || sequence.wrapping_sub(self.newest) < 0x8000 {
            self.newest = sequence;
        }
        self.ring[usize::from(sequence % WINDOW)] = Some(packet);
        self.look_ahead(received);
    }

    /// The next complete frame, if there is one. Its bytes live until the next call.
    pub fn next_frame(&mut self, received: Instant) -> Option<EncodedFrame<'_>> {
        let start = self.start?;
        let end = self.end(start)?;
        self.frame.clear();
        let (mut timestamp, mut sequence) = (0, start);
        while sequence != end {
            let packet = self.ring[usize::from(sequence % WINDOW)].take()?;
            sequence = sequence.wrapping_add(1);
            if packet.payload.is_empty() {
                continue;
            }
            let first = self.frame.is_empty();
            timestamp = packet.timestamp;
            match vp8::Descriptor::parse(&packet.payload) {
                Ok(descriptor) if !first || (descriptor.start_of_partition && descriptor.partition == 0) => {
                    self.frame.extend_from_slice(&packet.payload[descriptor.len..]);
                }
                _ => {
                    self.lose();
                    return None;
                }
            }
        }
        self.start = Some(end);
        if self.scan.wrapping_sub(end) >= 0x8000 {
            self.scan = end;
        }
        self.look_ahead(received);
        if self.frame.is_empty() {
            return None;
        }
        let keyframe = self.frame[0] & 1 == 0;
        Some(EncodedFrame { data: &self.frame, keyframe, timestamp })
    }

    /// Whether at least two complete frames wait, so that the first one is not the newest.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.start.and_then(|start| self.end(start)).is_some_and(|next| self.end(next).is_some())
    }

    /// Gives up what is incomplete; nothing comes out before the next keyframe.
    pub fn lose(&mut self) {
        self.start = None;
        self.gap_since = None;
        self.ring.fill(None);
    }

    /// The same, and whoever was asked for a keyframe may not have heard it in time for what follows: ask again.
    pub fn restart(&mut self) {
        self.lose();
        self.requested = None;
    }

    /// Whether somebody should ask the sender for a keyframe now.
    pub fn wants_keyframe(&mut self, now: Instant) -> bool {
        let recently = self.requested.is_some_and(|at| now.saturating_duration_since(at) < REQUEST_INTERVAL);
        if self.start.is_some() || recently {
            return false;
        }
        self.requested = Some(now);
        true
    }

    fn at(&self, sequence: u16) -> Option<&Packet> {
        self.ring[usize::from(sequence % WINDOW)].as_ref().filter(|packet| packet.sequence == sequence)
    }

    /// Where the picture that begins at `start` ends (exclusive), if all of it is there. Senders mark the last packet; one that
    /// forgets to is recognized by the next picture's timestamp.
    fn end(&self, start: u16) -> Option<u16> {
        let mut timestamp = None;
        let mut sequence = start;
        while sequence != self.scan {
            let packet = self.at(sequence)?;
            if !packet.payload.is_empty() {
                if timestamp.is_some_and(|timestamp| timestamp != packet.timestamp) {
                    return Some(sequence);
                }
                timestamp = Some(packet.timestamp);
                if packet.marker {
                    return Some(sequence.wrapping_add(1));
                }
            }
            sequence = sequence.wrapping_add(1);
        }
        None
    }

    /// Moves on over what is there, and notices what is not.
    fn look_ahead(&mut self, received: Instant) {
        if self.start.is_none() {
            return;
        }
        let before = self.scan;
        while self.at(self.scan).is_some() {
            self.scan = self.scan.wrapping_add(1);
        }
        let missing = self.newest.wrapping_sub(self.scan) < 0x8000;
        if !missing {
            self.gap_since = None;
            return;
        }
        if before != self.scan {
            self.gap_since = None;
        }
        let since = *self.gap_since.get_or_insert(received);
        let beyond = self.newest.wrapping_sub(self.scan);
        if received.saturating_duration_since(since) > PATIENCE || beyond > PATIENCE_PACKETS {
            self.lose();
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;

    use super::*;
    use crate::base::clock;

    /// Pictures of three packets each; the first one is a keyframe.
    fn stream(pictures: u16, first: u16) -> Vec<Packet> {
        let mut packets = Vec::new();
        for picture in 0..pictures {
            for part in 0..3u16 {
                let descriptor: u8 = if part == 0 { 0x10 } else { 0 };
                let header = u8::from(picture != 0);
                packets.push(Packet {
                    marker: part == 2,
                    payload_type: 96,
                    sequence: first.wrapping_add(picture * 3 + part),
                    timestamp: u32::from(picture) * 3000,
                    ssrc: 1,
                    payload: Bytes::from(vec![descriptor, header, picture as u8, part as u8]),
                });
            }
        }
        packets
    }

    fn frames(depacketizer: &mut Depacketizer, packets: impl IntoIterator<Item = Packet>, at: Instant) -> Vec<u32> {
        let mut out = Vec::new();
        for packet in packets {
            depacketizer.push(packet, at);
            while let Some(frame) = depacketizer.next_frame(at) {
                assert_eq!(frame.data.len(), 9);
                assert_eq!(frame.keyframe, frame.timestamp == 0);
                out.push(frame.timestamp / 3000);
            }
        }
        out
    }

    #[test]
    fn joins_packets_in_any_order_across_the_wrap() {
        let mut packets = stream(40, 65_500);
        for pair in packets[3..].chunks_mut(4) {
            pair.reverse();
        }
        let got = frames(&mut Depacketizer::default(), packets, clock::now());
        assert_eq!(got, (0..40).collect::<Vec<_>>());
    }

    #[test]
    fn waits_for_a_keyframe_and_asks_for_it_twice_a_second() {
        let (mut depacketizer, mut now) = (Depacketizer::default(), clock::now());
        assert!(frames(&mut depacketizer, stream(5, 0).split_off(3), now).is_empty());
        assert!(depacketizer.wants_keyframe(now));
        assert!(!depacketizer.wants_keyframe(now));
        now += Duration::from_millis(500);
        assert!(depacketizer.wants_keyframe(now));
        assert_eq!(frames(&mut depacketizer, stream(2, 100), now), [0, 1]);
        now += Duration::from_secs(1);
        assert!(!depacketizer.wants_keyframe(now));
    }

    #[test]
    fn a_retransmission_in_time_repairs_the_stream() {
        let (mut depacketizer, now) = (Depacketizer::default(), clock::now());
        let mut packets = stream(6, 10);
        let lost = packets.remove(4);
        assert_eq!(frames(&mut depacketizer, packets, now), [0]);
        assert_eq!(frames(&mut depacketizer, [lost], now + Duration::from_millis(100)), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_lasting_gap_ends_in_a_keyframe() {
        let (mut depacketizer, mut now) = (Depacketizer::default(), clock::now());
        let mut packets = stream(6, 10);
        packets.remove(4);
        let last = packets.pop().unwrap();
        assert_eq!(frames(&mut depacketizer, packets, now), [0]);
        assert!(!depacketizer.wants_keyframe(now));
        now += Duration::from_millis(300);
        assert!(frames(&mut depacketizer, [last], now).is_empty());
        assert!(depacketizer.wants_keyframe(now));
        assert_eq!(frames(&mut depacketizer, stream(3, 40), now), [0, 1, 2]);
    }

    #[test]
    fn a_keyframe_beyond_a_gap_is_taken_at_once() {
        let (mut depacketizer, now) = (Depacketizer::default(), clock::now());
        let mut packets = stream(3, 10);
        packets.remove(4);
        packets.extend(stream(2, 25));
        assert_eq!(frames(&mut depacketizer, packets, now), [0, 0, 1]);
    }

    #[test]
    fn missing_markers_and_empty_packets_do_no_harm() {
        let (mut depacketizer, now) = (Depacketizer::default(), clock::now());
        let mut packets = stream(3, 0);
        packets.iter_mut().for_each(|packet| packet.marker = false);
        packets.push(Packet { sequence: 9, payload: Bytes::new(), ..packets[8].clone() });
        let more = stream(4, 1).split_off(9);
        packets.extend(more);
        assert_eq!(frames(&mut depacketizer, packets, now), [0, 1, 2, 3]);
    }

    #[test]
    fn a_sender_that_counts_anew_is_followed() {
        let (mut depacketizer, now) = (Depacketizer::default(), clock::now());
        assert_eq!(frames(&mut depacketizer, stream(3, 40_000), now), [0, 1, 2]);
        let mut again = stream(12, 20_000);
        again.extend(stream(2, 20_036));
        assert_eq!(frames(&mut depacketizer, again, now), [0, 1]);
    }

    proptest! {
        #[test]
        fn takes_any_packets(packets in prop::collection::vec(
            (any::<bool>(), any::<u16>(), 0u32..4, prop::collection::vec(any::<u8>(), 0..12)), 0..200)
        ) {
            let (mut depacketizer, now) = (Depacketizer::default(), clock::now());
            for (marker, sequence, timestamp, payload) in packets {
                let packet = Packet { marker, payload_type: 96, sequence: sequence % 64, timestamp, ssrc: 1, payload: payload.into() };
                depacketizer.push(packet, now);
                while depacketizer.next_frame(now).is_some() {}
                depacketizer.wants_keyframe(now);
            }
        }
    }
}
