//! Answers NACKs (RFC 4585, RFC 4588) from what was sent lately, within a budget.
//!
//! In place of `rtc`'s own responder, which has no bound: a subscriber who asks for everything all the time would get
//! many times the media. And a section may carry VP8 now and H.264 later, each with retransmissions of its own type.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rtc::interceptor::{Attribute, AttributedPacket, Interceptor, Packet, StreamInfo, TaggedPacket};
use rtc::rtcp::transport_feedbacks::transport_layer_nack::TransportLayerNack;
use rtc::sansio::Protocol;
use rtc::shared::TransportContext;
use rtc::shared::error::Error;

use super::payload_types::PayloadTypes;

/// Packets of one stream that can be sent again: two seconds of 1 Mbit/s.
const HISTORY: usize = 256;

/// A packet is sent again at most this often, whoever asks.
const PAUSE: Duration = Duration::from_millis(20);

/// Bytes of retransmissions that a stream may save up: one large keyframe.
const BURST: usize = 128 * 1024;

/// Retransmissions that were refused, counted where the driver can see them.
#[derive(Default)]
pub(in crate::sfu) struct Refused(AtomicU64);

impl Refused {
    /// What was refused since the last call.
    pub(in crate::sfu) fn take(&self) -> u64 {
        self.0.swap(0, Ordering::Relaxed)
    }
}

/// The interceptor.
pub(super) struct Retransmitter {
    payload_types: Arc<PayloadTypes>,
    refused: Arc<Refused>,
    streams: HashMap<u32, Stream>,
    read: VecDeque<TaggedPacket>,
    write: VecDeque<TaggedPacket>,
}

struct Stream {
    rtx_ssrc: Option<u32>,
    rtx_sequence: u16,
    history: Vec<Option<Sent>>,
    /// Bytes that may still be sent again: what was sent pays for what is sent again, one to one.
    budget: usize,
}

struct Sent {
    packet: rtc::rtp::Packet,
    again: Option<Instant>,
}

impl Retransmitter {
    pub(super) fn new(payload_types: Arc<PayloadTypes>, refused: Arc<Refused>) -> Self {
        Self { payload_types, refused, streams: HashMap::new(), read: VecDeque::new(), write: VecDeque::new() }
    }

    fn answer(&mut self, nack: &TransportLayerNack, now: Instant) {
        let Some(stream) = self.streams.get_mut(&nack.media_ssrc) else { return };
        let mut refused = 0;
        for pair in &nack.nacks {
            let following = (0..16).filter(|bit| pair.lost_packets >> bit & 1 == 1).map(|bit| bit + 1);
            for offset in std::iter::once(0).chain(following) {
                match stream.again(pair.packet_id.wrapping_add(offset), &self.payload_types, now) {
                    Ok(packet) => self.write.push_back(TaggedPacket {
                        now,
                        transport: TransportContext::default(),
                        message: AttributedPacket::new(Packet::Rtp(packet)).with(Attribute::Retransmission),
                    }),
                    Err(Refusal::Unknown) => {}
                    Err(Refusal::TooMuch) => refused += 1,
                }
            }
        }
        self.refused.0.fetch_add(refused, Ordering::Relaxed);
    }
}

enum Refusal {
    Unknown,
    TooMuch,
}

impl Stream {
    fn remember(&mut self, packet: &rtc::rtp::Packet) {
        self.budget = (self.budget + packet.payload.len()).min(BURST);
        let slot = usize::from(packet.header.sequence_number) % HISTORY;
        if self.history.len() <= slot {
            self.history.resize_with(slot + 1, || None);
        }
        self.history[slot] = Some(Sent { packet: packet.clone(), again: None });
    }

    fn again(&mut self, sequence: u16, types: &PayloadTypes, now: Instant) -> Result<rtc::rtp::Packet, Refusal> {
        let slot = self.history.get_mut(usize::from(sequence) % HISTORY).and_then(Option::as_mut);
        let sent = slot.filter(|sent| sent.packet.header.sequence_number == sequence).ok_or(Refusal::Unknown)?;
        let length = sent.packet.payload.len();
        let too_soon = sent.again.is_some_and(|again| now.saturating_duration_since(again) < PAUSE);
        if too_soon || length > self.budget {
            return Err(Refusal::TooMuch);
        }
        self.budget -= length;
        sent.again = Some(now);
        let mut packet = sent.packet.clone();
        let rtx = self.rtx_ssrc.zip(types.rtx_of(packet.header.payload_type));
        if let Some((ssrc, payload_type)) = rtx {
            let mut payload = Vec::with_capacity(length + 2);
            payload.extend_from_slice(&sequence.to_be_bytes());
            payload.extend_from_slice(&packet.payload);
            packet.payload = payload.into();
            packet.header.ssrc = ssrc;
            packet.header.payload_type = payload_type;
            packet.header.sequence_number = self.rtx_sequence;
            self.rtx_sequence = self.rtx_sequence.wrapping_add(1);
        }
        Ok(packet)
    }
}

impl Interceptor for Retransmitter {
    fn bind_local_stream(&mut self, info: &StreamInfo) {
        // Opus conceals what it loses.
        if info.mime_type.to_ascii_lowercase().starts_with("video/") {
            let rtx_sequence = rand::random();
            let stream = Stream { rtx_ssrc: info.ssrc_rtx, rtx_sequence, history: Vec::new(), budget: 0 };
            self.streams.entry(info.ssrc).or_insert(stream);
        }
    }

    fn unbind_local_stream(&mut self, info: &StreamInfo) {
        self.streams.remove(&info.ssrc);
    }

    fn bind_remote_stream(&mut self, _: &StreamInfo) {}
    fn unbind_remote_stream(&mut self, _: &StreamInfo) {}
}

impl Protocol<TaggedPacket, TaggedPacket, ()> for Retransmitter {
    type Rout = TaggedPacket;
    type Wout = TaggedPacket;
    type Eout = ();
    type Error = Error;
    type Time = Instant;

    fn handle_read(&mut self, message: TaggedPacket) -> Result<(), Error> {
        if let Packet::Rtcp(packets) = &message.message.packet {
            for packet in packets {
                if let Some(nack) = packet.as_any().downcast_ref::<TransportLayerNack>() {
                    self.answer(nack, message.now);
                }
            }
        }
        self.read.push_back(message);
        Ok(())
    }

    fn poll_read(&mut self) -> Option<TaggedPacket> {
        self.read.pop_front()
    }

    fn handle_write(&mut self, message: TaggedPacket) -> Result<(), Error> {
        if let Packet::Rtp(packet) = &message.message.packet
            && let Some(stream) = self.streams.get_mut(&packet.header.ssrc)
        {
            stream.remember(packet);
        }
        self.write.push_back(message);
        Ok(())
    }

    fn poll_write(&mut self) -> Option<TaggedPacket> {
        self.write.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use rtc::rtcp::transport_feedbacks::transport_layer_nack::NackPair;

    use super::*;
    use crate::base::clock;

    const SSRC: u32 = 7;
    const RTX: u32 = 8;

    fn retransmitter() -> Retransmitter {
        let types = Arc::new(PayloadTypes::default());
        types.pair(96, Some(97));
        types.pair(102, Some(103));
        let mut retransmitter = Retransmitter::new(types, Arc::default());
        let info =
            StreamInfo { ssrc: SSRC, ssrc_rtx: Some(RTX), mime_type: "video/VP8".into(), ..StreamInfo::default() };
        retransmitter.bind_local_stream(&info);
        retransmitter
    }

    fn send(retransmitter: &mut Retransmitter, sequence: u16, payload_type: u8, now: Instant) {
        let header =
            rtc::rtp::Header { version: 2, ssrc: SSRC, sequence_number: sequence, payload_type, ..Default::default() };
        let packet = rtc::rtp::Packet { header, payload: vec![1; 1000].into() };
        let message = AttributedPacket::new(Packet::Rtp(packet));
        retransmitter.handle_write(TaggedPacket { now, transport: TransportContext::default(), message }).unwrap();
        retransmitter.poll_write().unwrap();
    }

    fn ask(retransmitter: &mut Retransmitter, first: u16, following: u16, now: Instant) -> Vec<rtc::rtp::Packet> {
        let nacks = vec![NackPair { packet_id: first, lost_packets: following }];
        let nack = TransportLayerNack { sender_ssrc: 1, media_ssrc: SSRC, nacks };
        let message = AttributedPacket::new(Packet::Rtcp(vec![Box::new(nack)]));
        retransmitter.handle_read(TaggedPacket { now, transport: TransportContext::default(), message }).unwrap();
        retransmitter.poll_read().unwrap();
        let answers = std::iter::from_fn(|| retransmitter.poll_write());
        answers
            .filter_map(|answer| match answer.message.packet {
                Packet::Rtp(packet) => Some(packet),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_lost_packet_comes_again_over_the_retransmission_type_of_its_own_codec() {
        let (mut retransmitter, now) = (retransmitter(), clock::now());
        send(&mut retransmitter, 65535, 96, now);
        send(&mut retransmitter, 0, 102, now);
        let again = ask(&mut retransmitter, 65535, 1, now);
        assert_eq!(again.iter().map(|packet| packet.header.payload_type).collect::<Vec<_>>(), [97, 103]);
        assert!(again.iter().all(|packet| packet.header.ssrc == RTX && packet.payload.len() == 1002));
        assert_eq!(again[0].payload[..2], 65535u16.to_be_bytes());
        assert_eq!(again[1].header.sequence_number, again[0].header.sequence_number.wrapping_add(1));
    }

    #[test]
    fn asking_for_everything_all_the_time_gets_at_most_as_much_again() {
        let (mut retransmitter, mut now) = (retransmitter(), clock::now());
        let (mut sent, mut again) = (0, 0);
        for sequence in 0..2000u16 {
            send(&mut retransmitter, sequence, 96, now);
            sent += 1000;
            for window in 0..4 {
                let answers = ask(&mut retransmitter, sequence.wrapping_sub(16 * (window + 1)), 0xffff, now);
                again += answers.iter().map(|packet| packet.payload.len()).sum::<usize>();
            }
            now += Duration::from_millis(8);
        }
        assert!(again <= sent + 2 * 2000 + BURST, "{again} bytes again for {sent} bytes");
        assert!(retransmitter.refused.take() > 0);
    }

    #[test]
    fn what_has_left_the_history_is_not_confused_with_what_took_its_place() {
        let (mut retransmitter, now) = (retransmitter(), clock::now());
        send(&mut retransmitter, 10, 96, now);
        send(&mut retransmitter, 10 + HISTORY as u16, 96, now);
        assert!(ask(&mut retransmitter, 10, 0, now).is_empty());
    }
}
