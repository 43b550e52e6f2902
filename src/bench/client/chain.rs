//! What the load client negotiates and how its packets are treated on the way: codecs, feedback, interceptors.

use std::collections::VecDeque;
use std::time::Instant;

use rtc::interceptor::{
    Attribute, Interceptor, NackGeneratorBuilder, NackResponderBuilder, Packet, Slot, StreamInfo, TaggedPacket,
};
use rtc::peer_connection::configuration::media_engine::{MIME_TYPE_H264, MIME_TYPE_OPUS, MIME_TYPE_RTX, MIME_TYPE_VP8};
use rtc::rtcp::payload_feedbacks::full_intra_request::FullIntraRequest;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtp_transceiver::rtp_sender::{RTCPFeedback, RTCRtpCodec, RTCRtpCodecParameters, RtpCodecKind};
use rtc::sansio::Protocol;
use rtc::shared::error::Error;
use webrtc::peer_connection::{MediaEngine, Registry, configure_rtcp_reports, configure_twcc_receiver_only};

/// What a client's camera is encoded with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VideoCodec {
    /// VP8 (RFC 7741).
    Vp8,
    /// H.264, constrained baseline, packetization mode 1 (RFC 6184).
    H264,
}

/// Payload type of Opus in the client's offers.
pub const OPUS: u8 = 111;

impl VideoCodec {
    /// Payload type in the client's offers.
    pub const fn payload_type(self) -> u8 {
        match self {
            Self::Vp8 => 96,
            Self::H264 => 102,
        }
    }

    /// The codec as the connection's tracks name it.
    pub(super) fn parameters(self) -> RTCRtpCodec {
        let (mime, fmtp) = match self {
            Self::Vp8 => (MIME_TYPE_VP8, ""),
            Self::H264 => (MIME_TYPE_H264, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"),
        };
        codec(mime, 90_000, 0, fmtp)
    }
}

/// Opus as the connection's tracks name it.
pub(super) fn opus() -> RTCRtpCodec {
    codec(MIME_TYPE_OPUS, 48_000, 2, "minptime=10;useinbandfec=1")
}

fn codec(mime: &str, clock_rate: u32, channels: u16, fmtp: &str) -> RTCRtpCodec {
    let feedback = |typ: &str, parameter: &str| RTCPFeedback { typ: typ.into(), parameter: parameter.into() };
    let rtcp_feedback = if clock_rate == 90_000 && mime != MIME_TYPE_RTX {
        vec![feedback("ccm", "fir"), feedback("nack", ""), feedback("nack", "pli")]
    } else {
        vec![]
    };
    RTCRtpCodec { mime_type: mime.into(), clock_rate, channels, sdp_fmtp_line: fmtp.into(), rtcp_feedback }
}

/// Registers Opus and `video`, each video codec with its retransmission, and the interceptors of an ordinary browser:
/// reports, NACK both ways, transport-wide feedback.
pub(super) fn negotiation(video: &[VideoCodec]) -> Result<(MediaEngine, Registry), Error> {
    let mut engine = MediaEngine::default();
    engine.register_codec(RTCRtpCodecParameters { rtp_codec: opus(), payload_type: OPUS }, RtpCodecKind::Audio)?;
    for each in video {
        let (rtp_codec, payload_type) = (each.parameters(), each.payload_type());
        engine.register_codec(RTCRtpCodecParameters { rtp_codec, payload_type }, RtpCodecKind::Video)?;
        let retransmission = codec(MIME_TYPE_RTX, 90_000, 0, &format!("apt={payload_type}"));
        engine.register_codec(
            RTCRtpCodecParameters { rtp_codec: retransmission, payload_type: payload_type + 1 },
            RtpCodecKind::Video,
        )?;
    }
    let registry = configure_rtcp_reports(Registry::new());
    let registry = configure_twcc_receiver_only(registry, &mut engine)?
        .with(Slot::NackResponder, NackResponderBuilder::new().build())
        .with(Slot::NackGenerator, NackGeneratorBuilder::new().with_max_nacks_per_packet(10).build())
        .with(Slot::from(14_000), KeyframeRequests::default());
    Ok((engine, registry))
}

/// Lets requests for a keyframe through to the application; all other RTCP ends here, after the interceptors that act
/// on it. Without it the chain swallows every RTCP packet.
#[derive(Default)]
struct KeyframeRequests {
    inbound: VecDeque<TaggedPacket>,
    outbound: VecDeque<TaggedPacket>,
}

impl Protocol<TaggedPacket, TaggedPacket, ()> for KeyframeRequests {
    type Rout = TaggedPacket;
    type Wout = TaggedPacket;
    type Eout = ();
    type Error = Error;
    type Time = Instant;

    fn handle_read(&mut self, mut message: TaggedPacket) -> Result<(), Error> {
        if let Packet::Rtcp(packets) = &mut message.message.packet {
            packets.retain(|packet| {
                let packet = packet.as_any();
                packet.is::<PictureLossIndication>() || packet.is::<FullIntraRequest>()
            });
            if packets.is_empty() {
                return Ok(());
            }
            message.message.add(Attribute::DeliverToApplication);
        }
        self.inbound.push_back(message);
        Ok(())
    }

    fn poll_read(&mut self) -> Option<TaggedPacket> {
        self.inbound.pop_front()
    }

    fn handle_write(&mut self, message: TaggedPacket) -> Result<(), Error> {
        self.outbound.push_back(message);
        Ok(())
    }

    fn poll_write(&mut self) -> Option<TaggedPacket> {
        self.outbound.pop_front()
    }
}

impl Interceptor for KeyframeRequests {
    fn bind_local_stream(&mut self, _: &StreamInfo) {}
    fn unbind_local_stream(&mut self, _: &StreamInfo) {}
    fn bind_remote_stream(&mut self, _: &StreamInfo) {}
    fn unbind_remote_stream(&mut self, _: &StreamInfo) {}
}
