//! From whole VP8 frames to RTP packets (RFC 7741): 15-bit picture ids, TL0PICIDX, packets of even size.

use bytes::{BufMut, Bytes, BytesMut};

use crate::media::codec::EncodedFrame;
use crate::rtp::packet::Packet;
use crate::rtp::payload::vp8::{Descriptor, PictureId, TemporalLayer};

/// The largest payload, descriptor included: fits the path through a tunnel with all headers and the SRTP tag.
pub const MAX_PAYLOAD: usize = 1200;

/// Takes packets, one call each. A marker ends a picture.
pub trait PacketSink {
    /// Takes one packet.
    fn packet(&mut self, packet: Packet);
}

impl PacketSink for Vec<Packet> {
    fn packet(&mut self, packet: Packet) {
        self.push(packet);
    }
}

/// Makes the packets of one stream.
pub struct Packetizer {
    payload_type: u8,
    ssrc: u32,
    sequence: u16,
    picture_id: u16,
    tl0_pic_idx: u8,
    descriptor: Vec<u8>,
}

impl Packetizer {
    /// A stream that begins with sequence number and picture id `first`.
    #[must_use]
    pub fn new(payload_type: u8, ssrc: u32, first: u16) -> Self {
        Self { payload_type, ssrc, sequence: first, picture_id: first & 0x7fff, tl0_pic_idx: 0, descriptor: Vec::new() }
    }

    /// Cuts a frame into packets. All of them share one allocation.
    pub fn packetize(&mut self, frame: EncodedFrame<'_>, out: &mut impl PacketSink) {
        let mut descriptor = Descriptor {
            start_of_partition: true,
            picture_id: Some(PictureId { value: self.picture_id, long: true }),
            tl0_pic_idx: Some(self.tl0_pic_idx),
            // TL0PICIDX may not stand without a layer number.
            temporal_layer: Some(TemporalLayer { id: 0, sync: false }),
            ..Descriptor::default()
        };
        self.descriptor.clear();
        descriptor.write(&mut self.descriptor);
        let overhead = self.descriptor.len();
        let parts = frame.data.len().div_ceil(MAX_PAYLOAD - overhead).max(1);
        let mut buffer = BytesMut::with_capacity(frame.data.len() + parts * overhead);
        let mut rest = frame.data;
        for part in 0..parts {
            let (now, later) = rest.split_at(rest.len().div_ceil(parts - part));
            rest = later;
            buffer.put_slice(&self.descriptor);
            buffer.put_slice(now);
            let payload: Bytes = buffer.split().freeze();
            out.packet(Packet {
                marker: part + 1 == parts,
                payload_type: self.payload_type,
                sequence: self.sequence,
                timestamp: frame.timestamp,
                ssrc: self.ssrc,
                payload,
            });
            self.sequence = self.sequence.wrapping_add(1);
            if part == 0 {
                descriptor.start_of_partition = false;
                self.descriptor.clear();
                descriptor.write(&mut self.descriptor);
            }
        }
        self.picture_id = (self.picture_id + 1) & 0x7fff;
        self.tl0_pic_idx = self.tl0_pic_idx.wrapping_add(1);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::depacketize::Depacketizer;
    use super::*;
    use crate::base::clock;

    #[test]
    fn packets_are_even_and_never_too_large() {
        let mut packetizer = Packetizer::new(100, 7, 0xffff);
        let data = vec![0; 3000];
        let mut packets = Vec::new();
        for timestamp in [0, 3000] {
            packetizer.packetize(EncodedFrame { data: &data, keyframe: true, timestamp }, &mut packets);
        }
        assert_eq!(packets.len(), 6);
        assert!(packets.iter().all(|packet| packet.payload.len() == 1006), "1000 octets and a descriptor of 6 each");
        let sequences: Vec<_> = packets.iter().map(|packet| packet.sequence).collect();
        assert_eq!(sequences, [0xffff, 0, 1, 2, 3, 4]);
        let ids: Vec<_> = [0, 3]
            .map(|index: usize| Descriptor::parse(&packets[index].payload).unwrap())
            .map(|d| (d.picture_id.unwrap(), d.tl0_pic_idx.unwrap(), d.start_of_partition))
            .into();
        let long = |value| PictureId { value, long: true };
        assert_eq!(ids, [(long(0x7fff), 0, true), (long(0), 1, true)]);
        assert!(!Descriptor::parse(&packets[1].payload).unwrap().start_of_partition);
    }

    proptest! {
        #[test]
        fn what_is_packetized_comes_out_again(sizes in prop::collection::vec(1usize..6000, 1..12), first: u16) {
            let (mut packetizer, mut depacketizer, now) = (Packetizer::new(96, 1, first), Depacketizer::default(), clock::now());
            for (index, size) in sizes.into_iter().enumerate() {
                let mut data: Vec<u8> = (0..size).map(|byte| (byte * 31 + index) as u8).collect();
                data[0] = u8::from(index != 0);
                let timestamp = index as u32 * 3000;
                let mut packets = Vec::new();
                packetizer.packetize(EncodedFrame { data: &data, keyframe: index == 0, timestamp }, &mut packets);
                for packet in packets {
                    prop_assert!(packet.payload.len() <= MAX_PAYLOAD);
                    depacketizer.push(packet, now);
                }
                let frame = depacketizer.next_frame(now).expect("a whole frame");
                prop_assert_eq!(frame.data, &data[..]);
                prop_assert_eq!((frame.timestamp, frame.keyframe), (timestamp, index == 0));
            }
        }
    }
}
