//! The interceptors of a transport, in an order that keeps the RTCP of one hop from harming the next.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rtc::interceptor::{
    Attribute, AttributedPacket, Interceptor, NackGeneratorBuilder, Packet, Registry, Slot, StreamInfo, TaggedPacket,
};
use rtc::peer_connection::configuration::interceptor_registry::{configure_rtcp_reports, configure_twcc_receiver_only};
use rtc::peer_connection::configuration::media_engine::MediaEngine;
use rtc::rtcp::payload_feedbacks::full_intra_request::FullIntraRequest;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtp_transceiver::rtp_sender::{RTCRtpHeaderExtensionCapability, RtpCodecKind};
use rtc::sansio::Protocol;
use rtc::shared::error::Error;

use super::TransportError;
use super::payload_types::PayloadTypes;
use super::retransmit::{Refused, Retransmitter};
use crate::sfu::negotiation::Extension;

/// Times that a lost packet is asked for. Without a bound `rtc` asks until the packet leaves its log.
const NACKS_PER_PACKET: u16 = 10;

/// Between two rounds of asking.
const NACK_INTERVAL: Duration = Duration::from_millis(50);

/// Retransmissions go back into their stream before the NACK generator looks, or it would never learn that a gap was
/// filled.
const RTX_UNWRAP: usize = 6_500;

/// Above everything that makes or reads RTCP, next to the application.
const KEYFRAME_TAP: usize = 14_000;

/// The chain of one transport.
pub(super) fn registry(
    engine: &mut MediaEngine,
    payload_types: &Arc<PayloadTypes>,
    refused: &Arc<Refused>,
) -> Result<Registry, TransportError> {
    let audio_level = RTCRtpHeaderExtensionCapability { uri: Extension::AudioLevel.uri().to_owned() };
    engine.register_header_extension(audio_level, RtpCodecKind::Audio, None)?;
    let registry = configure_twcc_receiver_only(configure_rtcp_reports(Registry::new()), engine)?;
    let nack =
        NackGeneratorBuilder::new().with_max_nacks_per_packet(NACKS_PER_PACKET).with_interval(NACK_INTERVAL).build();
    Ok(registry
        .with(Slot::NackResponder, Retransmitter::new(payload_types.clone(), refused.clone()))
        .with(Slot::from(RTX_UNWRAP), RtxUnwrap::new(payload_types.clone()))
        .with(Slot::NackGenerator, nack)
        .with(Slot::from(KEYFRAME_TAP), KeyframeTap::default()))
}

/// Puts retransmitted packets back in the stream that they repair (RFC 4588, section 4).
struct RtxUnwrap {
    payload_types: Arc<PayloadTypes>,
    /// From the SSRC of retransmissions to that of the stream.
    streams: HashMap<u32, u32>,
    read: VecDeque<TaggedPacket>,
    write: VecDeque<TaggedPacket>,
}

impl RtxUnwrap {
    fn new(payload_types: Arc<PayloadTypes>) -> Self {
        Self { payload_types, streams: HashMap::new(), read: VecDeque::new(), write: VecDeque::new() }
    }

    /// Whether anything is left of the packet.
    fn unwrap(&self, packet: &mut rtc::rtp::Packet) -> bool {
        let Some(&primary) = self.streams.get(&packet.header.ssrc) else { return true };
        let Some(payload_type) = self.payload_types.primary_of(packet.header.payload_type) else { return false };
        // Padding that only probes the bandwidth has no original sequence number.
        let Some(sequence) = packet.payload.get(..2).map(|bytes| u16::from_be_bytes([bytes[0], bytes[1]])) else {
            return false;
        };
        packet.header.ssrc = primary;
        packet.header.payload_type = payload_type;
        packet.header.sequence_number = sequence;
        packet.payload = packet.payload.slice(2..);
        !packet.payload.is_empty()
    }
}

impl Interceptor for RtxUnwrap {
    fn bind_local_stream(&mut self, _: &StreamInfo) {}
    fn unbind_local_stream(&mut self, _: &StreamInfo) {}

    fn bind_remote_stream(&mut self, info: &StreamInfo) {
        if let Some(rtx) = info.ssrc_rtx {
            self.streams.insert(rtx, info.ssrc);
        }
    }

    fn unbind_remote_stream(&mut self, info: &StreamInfo) {
        if let Some(rtx) = info.ssrc_rtx {
            self.streams.remove(&rtx);
        }
    }
}

impl Protocol<TaggedPacket, TaggedPacket, ()> for RtxUnwrap {
    type Rout = TaggedPacket;
    type Wout = TaggedPacket;
    type Eout = ();
    type Error = Error;
    type Time = Instant;

    fn handle_read(&mut self, mut message: TaggedPacket) -> Result<(), Error> {
        let keep = match &mut message.message.packet {
            Packet::Rtp(packet) => self.unwrap(packet),
            _ => true,
        };
        if keep {
            self.read.push_back(message);
        }
        Ok(())
    }

    fn poll_read(&mut self) -> Option<TaggedPacket> {
        self.read.pop_front()
    }

    fn handle_write(&mut self, message: TaggedPacket) -> Result<(), Error> {
        self.write.push_back(message);
        Ok(())
    }

    fn poll_write(&mut self) -> Option<TaggedPacket> {
        self.write.pop_front()
    }
}

/// Takes the keyframe requests out of compound RTCP, each on its own: `rtc` routes a compound by its first packet only.
#[derive(Default)]
struct KeyframeTap {
    read: VecDeque<TaggedPacket>,
    write: VecDeque<TaggedPacket>,
}

impl Interceptor for KeyframeTap {
    fn bind_local_stream(&mut self, _: &StreamInfo) {}
    fn unbind_local_stream(&mut self, _: &StreamInfo) {}
    fn bind_remote_stream(&mut self, _: &StreamInfo) {}
    fn unbind_remote_stream(&mut self, _: &StreamInfo) {}
}

impl Protocol<TaggedPacket, TaggedPacket, ()> for KeyframeTap {
    type Rout = TaggedPacket;
    type Wout = TaggedPacket;
    type Eout = ();
    type Error = Error;
    type Time = Instant;

    fn handle_read(&mut self, message: TaggedPacket) -> Result<(), Error> {
        let Packet::Rtcp(packets) = &message.message.packet else {
            self.read.push_back(message);
            return Ok(());
        };
        for packet in packets {
            let any = packet.as_any();
            if any.is::<PictureLossIndication>() || any.is::<FullIntraRequest>() {
                let request = Packet::Rtcp(vec![packet.cloned()]);
                self.read.push_back(TaggedPacket {
                    now: message.now,
                    transport: message.transport,
                    message: AttributedPacket::new(request).with(Attribute::DeliverToApplication),
                });
            }
        }
        // The rest has been acted upon by the interceptors below and ends here.
        Ok(())
    }

    fn poll_read(&mut self) -> Option<TaggedPacket> {
        self.read.pop_front()
    }

    fn handle_write(&mut self, message: TaggedPacket) -> Result<(), Error> {
        self.write.push_back(message);
        Ok(())
    }

    fn poll_write(&mut self) -> Option<TaggedPacket> {
        self.write.pop_front()
    }
}
