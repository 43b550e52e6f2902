//! One participant's association: DTLS, SRTP and the RTCP that belongs to a hop. The only folder that names crate `rtc`.
//!
//! ICE is not in here: `rtc` is told that it has one peer at a made-up address with which it is connected for ever, and
//! the driver decides what really reaches it and where its datagrams really go.

mod chain;
mod identity;
mod media;
mod payload_types;
mod retransmit;

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use rtc::media_stream::MediaStreamTrack;
use rtc::peer_connection::RTCPeerConnection;
use rtc::peer_connection::RTCPeerConnectionBuilder;
use rtc::peer_connection::configuration::RTCConfigurationBuilder;
use rtc::peer_connection::configuration::setting_engine::SettingEngineBuilder;
use rtc::peer_connection::event::RTCPeerConnectionEvent;
use rtc::peer_connection::message::{RTCMessage, TaggedRTCMessage};
use rtc::peer_connection::sdp::RTCSessionDescription;
use rtc::peer_connection::state::RTCPeerConnectionState;
use rtc::peer_connection::transport::{RTCDtlsRole, RTCIceCandidateInit};
use rtc::rtcp::payload_feedbacks::full_intra_request::FullIntraRequest;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtp_transceiver::rtp_sender::{RTCRtpCodingParameters, RTCRtpEncodingParameters, RTCRtpRtxParameters};
use rtc::sansio::Protocol;
use rtc::shared::{TransportContext, TransportProtocol};
use thiserror::Error;

pub(super) use identity::Identity;
pub(super) use retransmit::Refused;

use self::payload_types::PayloadTypes;
use super::ice::Credentials;
use super::negotiation::{Extension, Offer, OfferedSection, Sending, Setup};
use super::shadow::{self, Shadow};
use super::{Kind, negotiation};
use crate::rtp::packet::Packet;

/// Where `rtc` believes itself to be: as reserved (RFC 1112, class E) as its only peer, [`shadow::PEER`].
const LOCAL: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::new(240, 0, 0, 2), 1000));

/// Media sections that one transport may ever have had; a client that stops and adds them for ever needs a new one.
const MAX_SECTIONS_EVER: usize = 192;

/// Why a transport could not be made or would not take an offer.
#[derive(Debug, Error)]
#[error("{0}")]
pub(super) struct TransportError(String);

impl From<rtc::shared::error::Error> for TransportError {
    fn from(error: rtc::shared::error::Error) -> Self {
        Self(error.to_string())
    }
}

/// What came out of a transport.
pub(super) enum Output {
    /// A packet from the participant, decrypted and with retransmissions put back in their stream.
    Media(Received),
    /// The participant wants a keyframe of what we send them with this source.
    KeyframeWanted { ssrc: u32 },
    /// The DTLS handshake is done.
    Connected,
    /// The participant has said goodbye, or DTLS failed.
    Closed,
}

/// A packet with what its header extensions said.
pub(super) struct Received {
    pub(super) packet: Packet,
    /// RFC 6464: 0 (loudest) to 127 (silence).
    pub(super) audio_level: Option<u8>,
}

/// What we send in one media section.
struct Section {
    mid: String,
    sending: Sending,
}

/// One association.
pub(super) struct Transport {
    pc: RTCPeerConnection,
    shadow: Shadow,
    setup: Setup,
    /// Offers taken, for the `o=` line of the next answer.
    version: u64,
    sections: Vec<Section>,
    payload_types: Arc<PayloadTypes>,
    refused: Arc<Refused>,
    audio_level: Option<u8>,
    /// SSRCs that the participant may send RTP with, and those that RTCP came from so far.
    declared: Vec<u32>,
    reporters: Vec<u32>,
    deadline: Option<Instant>,
}

impl Transport {
    /// A transport for a new page. `offer` decides who begins the handshake; call [`Transport::negotiate`] next.
    pub(super) fn new(identity: &Identity, offer: &Offer, now: Instant) -> Result<Self, TransportError> {
        // RFC 5763, section 5, would have an answerer that may choose be active. We know a path after the client's first
        // check; the client may drop a handshake that comes before its own side is done, and would get the next try a
        // second later. So the client begins, when it is ready.
        let setup = if offer.setup == Setup::Passive { Setup::Active } else { Setup::Passive };
        let role = if setup == Setup::Active { RTCDtlsRole::Client } else { RTCDtlsRole::Server };
        let shadow = Shadow::new(Credentials::fresh(), Credentials::fresh());
        let payload_types = Arc::new(PayloadTypes::default());
        let refused = Arc::new(Refused::default());
        let mut engine = media::engine()?;
        let registry = chain::registry(&mut engine, &payload_types, &refused)?;
        let configuration =
            RTCConfigurationBuilder::new().with_certificates(vec![identity.certificate.clone()]).build();
        let settings = SettingEngineBuilder::new()
            .with_answering_dtls_role(role)
            .with_srtp_protection_profiles(media::protection_profiles())
            .with_ice_credentials(shadow.core().fragment.clone(), shadow.core().password.clone())
            .with_ice_timeouts(Some(Duration::ZERO), Some(Duration::ZERO), Some(Duration::ZERO))
            .with_multicast_dns_mode(rtc::ice::mdns::MulticastDnsMode::Disabled)
            .build();
        let pc = RTCPeerConnectionBuilder::new()
            .with_configuration(configuration)
            .with_media_engine(engine)
            .with_setting_engine(settings)
            .with_interceptor_registry(registry)
            .build(now)?;
        Ok(Self {
            pc,
            shadow,
            setup,
            version: 0,
            sections: Vec::new(),
            payload_types,
            refused,
            audio_level: None,
            declared: Vec::new(),
            reporters: Vec::new(),
            deadline: None,
        })
    }

    /// Takes an offer of the same page. Every section that we accept gets a source of ours, whether it receives yet or
    /// not, so that none is ever `inactive` for `rtc`, which would end it for good.
    pub(super) fn negotiate(&mut self, offer: &Offer, now: Instant) -> Result<(), TransportError> {
        let accepted = || offer.sections.iter().filter(|section| section.kind.is_some());
        let fresh = accepted().filter(|section| self.sending(&section.mid).is_none()).count();
        if self.sections.len() + fresh > MAX_SECTIONS_EVER {
            return Err(TransportError("too many media sections over time".into()));
        }
        self.version += 1;
        let shown = media::describe(offer, self.shadow.peer(), self.version);
        self.pc.set_remote_description(now, RTCSessionDescription::offer(shown)?)?;
        for section in accepted() {
            if self.sending(&section.mid).is_none() {
                let sending = self.add_source(section)?;
                self.sections.push(Section { mid: section.mid.clone(), sending });
            }
            for codec in &section.codecs {
                self.payload_types.pair(codec.payload_type, codec.rtx);
            }
        }
        if self.version == 1 {
            self.pc.add_local_candidate(local_candidate())?;
        }
        let answer = self.pc.create_answer(None)?;
        self.pc.set_local_description(now, answer)?;
        let sources = accepted().filter_map(|section| section.sources);
        self.declared = sources.flat_map(|sources| [Some(sources.primary), sources.rtx]).flatten().collect();
        let extensions = accepted().flat_map(|section| &section.extensions);
        let mut levels = extensions.filter(|(_, extension)| *extension == Extension::AudioLevel);
        self.audio_level = levels.next().map(|(number, _)| *number);
        self.settle();
        Ok(())
    }

    fn add_source(&mut self, section: &OfferedSection) -> Result<Sending, TransportError> {
        let kind = section.kind.unwrap_or(Kind::Audio);
        let same_kind = |other: &&Section| other.sending.kind == kind;
        let slot = self.sections.iter().filter(same_kind).count();
        let codec = section.codecs.first().ok_or_else(|| TransportError("a section without a codec".into()))?;
        let (ssrc, rtx_ssrc) = (fresh_ssrc(), (kind == Kind::Video).then(fresh_ssrc));
        let coding = RTCRtpCodingParameters {
            ssrc: Some(ssrc),
            rtx: rtx_ssrc.map(|ssrc| RTCRtpRtxParameters { ssrc }),
            ..Default::default()
        };
        let encoding = RTCRtpEncodingParameters {
            rtp_coding_parameters: coding,
            active: true,
            codec: media::codec(codec.format),
            ..Default::default()
        };
        let (stream, track) = (format!("slot{slot}"), format!("slot{slot}-{}", section.mid));
        let track = MediaStreamTrack::new(stream, track.clone(), track, media::kind(kind), vec![encoding]);
        self.pc.add_track(track)?;
        Ok(Sending { kind, slot, ssrc, rtx_ssrc })
    }

    /// What we send in a section.
    pub(super) fn sending(&self, mid: &str) -> Option<Sending> {
        self.sections.iter().find(|section| section.mid == mid).map(|section| section.sending)
    }

    /// Who begins the handshake, seen from us.
    pub(super) fn setup(&self) -> Setup {
        self.setup
    }

    /// Offers taken so far.
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// Retransmissions refused since the last call, because a subscriber asked for more than they may have.
    pub(super) fn take_refused(&self) -> u64 {
        self.refused.take()
    }

    /// A path to the participant is up: `rtc` may begin the handshake. Further calls do nothing.
    pub(super) fn start(&mut self, now: Instant) {
        let Some(nomination) = self.shadow.start() else { return };
        self.feed(BytesMut::from(nomination.as_slice()), now);
        while !self.shadow.connected() {
            let Some(sent) = self.pc.poll_write() else { break };
            for reply in self.shadow.handle(&sent.message) {
                self.feed(BytesMut::from(reply.as_slice()), now);
            }
        }
        // The nomination reaches DTLS as an event, and the first flight leaves DTLS with a timer: left alone, that takes
        // 200 ms. No event matters to us this early.
        while self.pc.poll_event().is_some() {}
        self.handle_timeout(now);
        self.settle();
    }

    /// Takes a datagram that came over the participant's own path and is not STUN.
    pub(super) fn handle_datagram(&mut self, datagram: BytesMut, now: Instant) {
        if self.admits(&datagram) {
            self.feed(datagram, now);
        }
    }

    /// `rtc` keeps state for every SSRC that carries a valid tag. Only declared ones may send RTP, and only as many
    /// more may send RTCP as a participant may declare.
    fn admits(&mut self, datagram: &[u8]) -> bool {
        let (Some(&first), Some(&second)) = (datagram.first(), datagram.get(1)) else { return false };
        if !(128..192).contains(&first) {
            return true;
        }
        let is_rtcp = (192..224).contains(&second);
        let at = if is_rtcp { 4 } else { 8 };
        let Some(ssrc) = datagram.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes)
        else {
            return false;
        };
        if self.declared.contains(&ssrc) || (is_rtcp && self.reporters.contains(&ssrc)) {
            return true;
        }
        let room = is_rtcp && self.reporters.len() < negotiation::MAX_SOURCES;
        if room {
            self.reporters.push(ssrc);
        }
        room
    }

    fn feed(&mut self, message: BytesMut, now: Instant) {
        let transport = TransportContext {
            local_addr: LOCAL,
            peer_addr: shadow::PEER,
            transport_protocol: TransportProtocol::UDP,
            ecn: None,
        };
        // Handlers report what they cannot use; a datagram of a peer is no error of ours.
        if let Err(error) = self.pc.handle_read(rtc::shared::TaggedBytesMut { now, transport, message }) {
            tracing::debug!(%error, "a datagram was not used");
        }
    }

    /// The next thing that came out, until `None`. Call after every input.
    pub(super) fn poll(&mut self) -> Option<Output> {
        while let Some(message) = self.pc.poll_media_read() {
            match message.message {
                RTCMessage::RtpPacket(_, packet) => {
                    let audio_level = self
                        .audio_level
                        .and_then(|number| packet.header.get_extension(number))
                        .and_then(|bytes| bytes.first().map(|byte| byte & 0x7f));
                    return Some(Output::Media(Received { packet: media::packet(packet), audio_level }));
                }
                RTCMessage::RtcpPacket(_, packets) => {
                    if let Some(ssrc) = packets.first().and_then(|packet| keyframe_target(packet.as_ref())) {
                        return Some(Output::KeyframeWanted { ssrc });
                    }
                }
                _ => {}
            }
        }
        while let Some(event) = self.pc.poll_event() {
            if let RTCPeerConnectionEvent::OnConnectionStateChangeEvent(state) = event {
                match state {
                    RTCPeerConnectionState::Connected => return Some(Output::Connected),
                    RTCPeerConnectionState::Failed | RTCPeerConnectionState::Closed => return Some(Output::Closed),
                    _ => {}
                }
            }
        }
        None
    }

    /// Queues one packet for the participant. Nothing is encrypted before [`Transport::poll_datagram`].
    pub(super) fn send(&mut self, packet: Packet, now: Instant) {
        let message = RTCMessage::RtpPacket(String::new(), media::fresh(packet));
        // Fails only when closed, and then nobody listens.
        let _ = self.pc.handle_write(TaggedRTCMessage { now, message });
    }

    /// Asks the participant for a keyframe of one of their sources (RFC 4585, section 6.3.1).
    pub(super) fn request_keyframe(&mut self, ssrc: u32, now: Instant) {
        let request = PictureLossIndication { sender_ssrc: 0, media_ssrc: ssrc };
        let message = RTCMessage::RtcpPacket(String::new(), vec![Box::new(request)]);
        let _ = self.pc.handle_write(TaggedRTCMessage { now, message });
    }

    /// The next datagram for the participant, until `None`.
    pub(super) fn poll_datagram(&mut self) -> Option<BytesMut> {
        loop {
            let datagram = self.pc.poll_write()?.message;
            // Its ICE agent goes on talking to the peer that it believes in.
            if datagram.first().is_some_and(|byte| *byte > 3) {
                return Some(datagram);
            }
        }
    }

    /// Recomputes the deadline; call once all outputs are taken.
    pub(super) fn settle(&mut self) {
        self.deadline = self.pc.poll_timeout();
    }

    /// When [`Transport::handle_timeout`] is due, as of the last [`Transport::settle`].
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Lets time pass.
    pub(super) fn handle_timeout(&mut self, now: Instant) {
        if let Err(error) = self.pc.handle_timeout(now) {
            tracing::debug!(%error, "a timer of a transport failed");
        }
    }

    /// Says goodbye. Then drain [`Transport::poll_datagram`] and drop it.
    pub(super) fn close(&mut self) {
        let _ = self.pc.close();
    }
}

fn keyframe_target(packet: &dyn rtc::rtcp::Packet) -> Option<u32> {
    if let Some(request) = packet.as_any().downcast_ref::<PictureLossIndication>() {
        return Some(request.media_ssrc);
    }
    packet.as_any().downcast_ref::<FullIntraRequest>()?.fir.first().map(|entry| entry.ssrc)
}

/// The one candidate of ours that `rtc` knows.
fn local_candidate() -> RTCIceCandidateInit {
    let (ip, port) = (LOCAL.ip(), LOCAL.port());
    RTCIceCandidateInit {
        candidate: format!("candidate:1 1 udp 2130706431 {ip} {port} typ host"),
        ..Default::default()
    }
}

fn fresh_ssrc() -> u32 {
    // Zero stands for "none" in some implementations.
    rand::random::<u32>().max(1)
}

#[cfg(test)]
mod tests;
