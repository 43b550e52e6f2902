//! One peer connection of a load client: what it sends, what it receives, its offers.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rtc::ice::mdns::MulticastDnsMode;
use rtc::ice::network_type::NetworkType;
use rtc::media_stream::MediaStreamTrack;
use rtc::rtp_transceiver::rtp_sender::{RTCRtpCodec, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind};
use rtc::rtp_transceiver::{RTCRtpTransceiverDirection, RTCRtpTransceiverInit};
use tokio::sync::watch;
use webrtc::media_stream::track_local::TrackLocal;
use webrtc::media_stream::track_local::static_rtp::TrackLocalStaticRTP;
use webrtc::media_stream::track_remote::{TrackRemote, TrackRemoteEvent};
use webrtc::peer_connection::{
    PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCIceCandidateInit, RTCPeerConnectionState,
    RTCSessionDescription, SettingEngineBuilder, SrtpProtectionProfile,
};

use super::chain::{self, OPUS, VideoCodec};
use super::{ClientError, sdp};
use crate::base::clock;
use crate::protocol::Kind;
use crate::rtp::packet::Packet;

/// How often an unanswered connectivity check is repeated, and how long after the first answer the pair is nominated.
/// The crate's own 200 ms would be the largest part of the join time.
const CHECK_EVERY: Duration = Duration::from_millis(5);

/// The crate's own interval between checks of a pair that works; Chromium's is 2.5 s.
const KEEP_ALIVE: Duration = Duration::from_secs(2);

/// A packet and when it left the connection's queue.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The packet without header extensions.
    pub packet: Packet,
    /// Audio or video.
    pub kind: Kind,
    /// When the application got it.
    pub at: Instant,
}

/// What happens to each packet that arrives. Called on the tasks of the connection: must not block.
pub type OnArrival = Arc<dyn Fn(Arrival) + Send + Sync>;

/// How a peer connection is made.
#[derive(Clone)]
pub struct PeerOptions {
    /// What the camera sends, first. The crate offers a section that sends with its track's codec alone, so the others
    /// count only for sections that receive.
    pub video: Vec<VideoCodec>,
    /// Where its socket is bound; port 0 picks one.
    pub bind: SocketAddr,
    /// Whether an ICE restart also changes the client's address, as when a phone changes networks.
    pub restart_moves: bool,
    /// Connects by ICE-TCP (RFC 6544) instead of UDP.
    pub tcp: bool,
    /// Sends here instead of to the addresses in the server's answers.
    pub via: Option<SocketAddr>,
    /// How often the chosen pair is checked once the connection is up.
    pub keep_alive: Duration,
    /// Takes what arrives.
    pub on_arrival: OnArrival,
}

impl PeerOptions {
    /// A VP8 camera over UDP on loopback that hands what arrives to `on_arrival`.
    pub fn loopback(on_arrival: OnArrival) -> Self {
        let bind = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let video = vec![VideoCodec::Vp8];
        Self { video, bind, restart_moves: false, tcp: false, via: None, keep_alive: KEEP_ALIVE, on_arrival }
    }
}

/// Something the client sends: the media of one section.
#[derive(Clone)]
pub struct Outgoing {
    track: Arc<TrackLocalStaticRTP>,
    /// Synchronization source that its packets carry.
    pub ssrc: u32,
    /// Payload type that its packets carry.
    pub payload_type: u8,
}

impl Outgoing {
    fn new(kind: RtpCodecKind, codec: RTCRtpCodec, payload_type: u8) -> Self {
        let ssrc = rand::random();
        let name = if kind == RtpCodecKind::Audio { "microphone" } else { "camera" };
        let coding = RTCRtpCodingParameters { ssrc: Some(ssrc), ..Default::default() };
        let encoding = RTCRtpEncodingParameters { rtp_coding_parameters: coding, codec, ..Default::default() };
        let track = MediaStreamTrack::new("client".into(), name.into(), name.into(), kind, vec![encoding]);
        Self { track: Arc::new(TrackLocalStaticRTP::new(track)), ssrc, payload_type }
    }

    /// Sends one packet; its payload type and SSRC are replaced by the section's own. Waits while the connection's queue
    /// is full.
    ///
    /// # Errors
    /// [`ClientError::Connection`] once the connection is closed, and before it was negotiated.
    pub async fn send(&self, packet: Packet) -> Result<(), ClientError> {
        let header = rtc::rtp::header::Header {
            version: 2,
            marker: packet.marker,
            payload_type: self.payload_type,
            sequence_number: packet.sequence,
            timestamp: packet.timestamp,
            ssrc: self.ssrc,
            ..Default::default()
        };
        Ok(self.track.write_rtp(rtc::rtp::Packet { header, payload: packet.payload }).await?)
    }

    /// Waits for the next request for a keyframe; `None` once the connection is closed.
    pub async fn keyframe_request(&self) -> Option<()> {
        // The chain lets nothing else through.
        self.track.poll().await.map(drop)
    }
}

/// The connection of one client: one microphone, one camera, and what the room sends.
pub struct Peer {
    connection: Arc<dyn PeerConnection>,
    /// The section of the microphone.
    pub audio: Outgoing,
    /// The section of the camera.
    pub video: Outgoing,
    tcp: bool,
    via: Option<SocketAddr>,
    state: watch::Receiver<RTCPeerConnectionState>,
    sections: Mutex<HashMap<u32, String>>,
}

impl Peer {
    /// Builds a connection with one audio and one video section, both ways. Nothing is sent before [`Peer::accept`].
    ///
    /// # Errors
    /// [`ClientError::Connection`] if no socket can be bound.
    pub async fn new(options: PeerOptions) -> Result<Self, ClientError> {
        let (engine, registry) = chain::negotiation(&options.video)?;
        let networks =
            if options.tcp { [NetworkType::Tcp4, NetworkType::Tcp6] } else { [NetworkType::Udp4, NetworkType::Udp6] };
        let settings = SettingEngineBuilder::new()
            .with_network_types(networks.to_vec())
            .with_multicast_dns_mode(MulticastDnsMode::Disabled)
            .with_include_loopback_candidate(true)
            .with_ice_connection_attempts(Some(CHECK_EVERY), Some(2000))
            .with_ice_timeouts(None, None, Some(options.keep_alive))
            .with_srtp_protection_profiles(vec![SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80])
            .with_discard_local_candidates_during_ice_restart(options.restart_moves)
            .build();
        let (report, state) = watch::channel(RTCPeerConnectionState::New);
        let connection = PeerConnectionBuilder::new()
            .with_media_engine(engine)
            .with_interceptor_registry(registry)
            .with_setting_engine(settings)
            .with_handler(Arc::new(Handler { report, on_arrival: options.on_arrival }))
            .with_udp_addrs(if options.tcp { vec![] } else { vec![options.bind] })
            .with_tcp_addrs(if options.tcp { vec![options.bind] } else { vec![] })
            .build()
            .await?;
        let connection: Arc<dyn PeerConnection> = Arc::new(connection);
        let camera = options.video.first().copied().unwrap_or(VideoCodec::Vp8);
        let audio = Outgoing::new(RtpCodecKind::Audio, chain::opus(), OPUS);
        let video = Outgoing::new(RtpCodecKind::Video, camera.parameters(), camera.payload_type());
        for outgoing in [&audio, &video] {
            let both = init(RTCRtpTransceiverDirection::Sendrecv);
            connection.add_transceiver_from_track(outgoing.track.clone(), Some(both)).await?;
        }
        Ok(Self { connection, audio, video, tcp: options.tcp, via: options.via, state, sections: Mutex::default() })
    }

    /// Makes the next offer and applies it locally. The server learns the client's addresses from its checks, so no
    /// candidate is waited for.
    ///
    /// # Errors
    /// [`ClientError::Connection`] if the connection is closed or another offer is pending.
    pub async fn offer(&self) -> Result<String, ClientError> {
        let offer = self.connection.create_offer(None).await?;
        let sdp = offer.sdp.clone();
        self.connection.set_local_description(offer).await?;
        Ok(sdp)
    }

    /// Applies the server's answer.
    ///
    /// # Errors
    /// [`ClientError::Connection`] if the answer does not fit the offer.
    pub async fn accept(&self, answer: String) -> Result<(), ClientError> {
        *self.sections.lock() = sdp::sections(&answer);
        let answer = self.via.map_or(answer.clone(), |via| sdp::redirected(&answer, via));
        let listening: Vec<String> = sdp::tcp_candidates(&answer);
        self.connection.set_remote_description(RTCSessionDescription::answer(answer)?).await?;
        if self.tcp {
            // The crate dials only the candidates that are trickled, not those in a description.
            for candidate in listening {
                let candidate = RTCIceCandidateInit { candidate, sdp_mid: Some("0".into()), ..Default::default() };
                self.connection.add_ice_candidate(candidate).await?;
            }
        }
        Ok(())
    }

    /// Adds receiving sections until `audio` and `video` many of each kind can receive.
    ///
    /// # Errors
    /// [`ClientError::Connection`] if the connection is closed.
    pub async fn grow(&self, audio: u32, video: u32) -> Result<(), ClientError> {
        let mut have = HashMap::from([(RtpCodecKind::Audio, 0), (RtpCodecKind::Video, 0)]);
        for transceiver in self.connection.get_transceivers().await {
            let direction = transceiver.direction().await?;
            let receives =
                matches!(direction, RTCRtpTransceiverDirection::Sendrecv | RTCRtpTransceiverDirection::Recvonly);
            let kind = match transceiver.sender().await? {
                Some(sender) => sender.track().kind().await,
                None => match transceiver.receiver().await? {
                    Some(receiver) => receiver.track().kind().await,
                    None => continue,
                },
            };
            if receives {
                *have.entry(kind).or_insert(0) += 1;
            }
        }
        for (kind, want) in [(RtpCodecKind::Audio, audio), (RtpCodecKind::Video, video)] {
            for _ in have[&kind]..want {
                let receive = init(RTCRtpTransceiverDirection::Recvonly);
                self.connection.add_transceiver_from_kind(kind, Some(receive)).await?;
            }
        }
        Ok(())
    }

    /// Makes the next offer restart ICE.
    ///
    /// # Errors
    /// [`ClientError::Connection`] if the connection is closed.
    pub async fn restart_ice(&self) -> Result<(), ClientError> {
        Ok(self.connection.restart_ice().await?)
    }

    /// Waits until the connection is up.
    ///
    /// # Errors
    /// [`ClientError::Lost`] if it fails or is closed instead.
    pub async fn connected(&self) -> Result<(), ClientError> {
        let mut state = self.state.clone();
        let settled = |state: &RTCPeerConnectionState| {
            use RTCPeerConnectionState::{Closed, Connected, Failed};
            matches!(state, Connected | Failed | Closed)
        };
        match state.wait_for(settled).await.map(|state| *state) {
            Ok(RTCPeerConnectionState::Connected) => Ok(()),
            _ => Err(ClientError::Lost("the media connection failed".into())),
        }
    }

    /// The name of the section whose media carries `ssrc`, from the last answer.
    pub fn section_of(&self, ssrc: u32) -> Option<String> {
        self.sections.lock().get(&ssrc).cloned()
    }

    /// The first address that the server's last answer names.
    pub async fn server_address(&self) -> Option<SocketAddr> {
        let answer = self.connection.remote_description().await?;
        sdp::first_address(&answer.sdp)
    }

    /// Ends the connection. Dropping it without this leaves the server to find out by silence.
    ///
    /// # Errors
    /// [`ClientError::Connection`] if the connection cannot be ended in order.
    pub async fn close(&self) -> Result<(), ClientError> {
        Ok(self.connection.close().await?)
    }
}

fn init(direction: RTCRtpTransceiverDirection) -> RTCRtpTransceiverInit {
    RTCRtpTransceiverInit { direction, streams: vec![], send_encodings: vec![] }
}

/// Takes the connection's events. Its methods run on the connection's own task, so each only passes something on.
struct Handler {
    report: watch::Sender<RTCPeerConnectionState>,
    on_arrival: OnArrival,
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Handler {
    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        self.report.send_replace(state);
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        let on_arrival = self.on_arrival.clone();
        tokio::spawn(async move {
            let kind = if track.kind().await == RtpCodecKind::Audio { Kind::Audio } else { Kind::Video };
            while let Some(event) = track.poll().await {
                let TrackRemoteEvent::OnRtpPacket(packet) = event else { continue };
                let at = clock::now();
                on_arrival(Arrival { packet: from_wire(packet), kind, at });
            }
        });
    }
}

fn from_wire(packet: rtc::rtp::Packet) -> Packet {
    Packet {
        marker: packet.header.marker,
        payload_type: packet.header.payload_type,
        sequence: packet.header.sequence_number,
        timestamp: packet.header.timestamp,
        ssrc: packet.header.ssrc,
        payload: packet.payload,
    }
}
