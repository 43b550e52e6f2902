//! A participant who holds real keys and keeps to no rule: sends RTP with any SSRC, any RTCP, and any bytes from the
//! socket that the SFU has validated.

use std::collections::VecDeque;
use std::net::{SocketAddr, UdpSocket};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use moodcall::base::clock;
use moodcall::base::id::{ParticipantId, RoomId, TrackId};
use moodcall::sfu::{Event, Kind, Publish, Sfu, Source};
use parking_lot::Mutex;
use rtc::interceptor::Registry;
use rtc::media_stream::MediaStreamTrack;
use rtc::peer_connection::configuration::media_engine::MediaEngine;
use rtc::peer_connection::configuration::setting_engine::SettingEngineBuilder;
use rtc::peer_connection::message::{RTCMessage, TaggedRTCMessage};
use rtc::peer_connection::sdp::RTCSessionDescription;
use rtc::peer_connection::transport::RTCIceCandidateInit;
use rtc::peer_connection::{RTCPeerConnection, RTCPeerConnectionBuilder};
use rtc::rtp_transceiver::rtp_sender::{
    RTCRtpCodec, RTCRtpCodecParameters, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind,
};
use rtc::sansio::Protocol;
use rtc::shared::{TaggedBytesMut, TransportContext, TransportProtocol};
use tokio::sync::mpsc as events;
use tokio::time::timeout;

use crate::guest::{self, Guest, PATIENCE, vp8};

/// What the attacker's thread is told to do.
enum Order {
    Answer(String),
    Rtp {
        ssrc: u32,
        sequence: u16,
        payload: Vec<u8>,
    },
    Rtcp(Box<dyn rtc::rtcp::Packet>),
    /// Exactly these bytes.
    Datagram(Vec<u8>),
    Stop,
}

/// What went over its socket.
#[derive(Default)]
pub struct Seen {
    /// The last datagrams sent, checks and media.
    pub sent: VecDeque<Vec<u8>>,
    /// SSRC, sequence number and payload of packets received.
    pub media: Vec<(u32, u16, Bytes)>,
}

pub struct Attacker {
    pub id: ParticipantId,
    pub ssrc: u32,
    pub answer: String,
    pub seen: Arc<Mutex<Seen>>,
    pub events: events::UnboundedReceiver<Event>,
    sfu: Sfu,
    orders: mpsc::Sender<Order>,
    thread: Option<JoinHandle<()>>,
}

impl Attacker {
    /// Joins as anybody does, and connects.
    pub async fn join(sfu: &Sfu, room: RoomId) -> Self {
        let (told, events) = events::unbounded_channel();
        let id = ParticipantId::new();
        sfu.join(room, id, told).await.expect("a seat");
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        let address = socket.local_addr().expect("an address");
        let ssrc = rand::random::<u32>().max(1);
        let (mut connection, offer) = connection(address, ssrc);
        let (orders, taken) = mpsc::channel();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let answer = sfu.offer(id, offer).await.expect("an answer");
        let thread = std::thread::spawn({
            let seen = seen.clone();
            move || run(&mut connection, &socket, &taken, &seen)
        });
        let mut attacker = Self { id, ssrc, answer, seen, events, sfu: sfu.clone(), orders, thread: Some(thread) };
        attacker.order(Order::Answer(attacker.answer.clone()));
        attacker.wait(|event| *event == Event::Connected).await;
        attacker
    }

    pub async fn publish_video(&self) -> TrackId {
        let publish = Publish { mid: "0".into(), kind: Kind::Video, source: Source::Camera, muted: false };
        self.sfu.publish(self.id, publish).await.expect("a publication")
    }

    pub async fn wait(&mut self, wanted: impl Fn(&Event) -> bool) {
        loop {
            let event = timeout(PATIENCE, self.events.recv()).await.expect("an event in time").expect("an SFU");
            if wanted(&event) {
                return;
            }
        }
    }

    /// Waits until it has received media with a source of its choice, and returns that source.
    pub async fn watched(&self) -> u32 {
        let begin = clock::now();
        loop {
            if let Some((ssrc, ..)) = self.seen.lock().media.last() {
                return *ssrc;
            }
            assert!(clock::now() - begin < PATIENCE, "nothing to watch");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub fn rtp(&self, ssrc: u32, sequence: u16, payload: Vec<u8>) {
        self.order(Order::Rtp { ssrc, sequence, payload });
    }

    /// Sends keyframes of one packet until `guest` has received one; returns the next sequence number.
    pub async fn show(&self, guest: &mut Guest, mut sequence: u16, mark: u8) -> u16 {
        loop {
            self.rtp(self.ssrc, sequence, vp8(true, sequence, true, mark));
            sequence += 1;
            let arrival = guest.arrival(Kind::Video, |packet| guest::mark(packet).0 == mark);
            if timeout(Duration::from_millis(50), arrival).await.is_ok() {
                return sequence;
            }
            assert!(sequence < 1000, "nothing of it arrives");
        }
    }

    pub fn rtcp(&self, packet: impl rtc::rtcp::Packet + 'static) {
        self.order(Order::Rtcp(Box::new(packet)));
    }

    pub fn datagram(&self, bytes: Vec<u8>) {
        self.order(Order::Datagram(bytes));
    }

    fn order(&self, order: Order) {
        self.orders.send(order).expect("the attacker's thread lives");
    }
}

impl Drop for Attacker {
    fn drop(&mut self) {
        let _ = self.orders.send(Order::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The value of an attribute of a description.
pub fn attribute<'a>(sdp: &'a str, name: &str) -> &'a str {
    let line = sdp.lines().find_map(|line| line.trim_end().strip_prefix("a=")?.strip_prefix(name)?.strip_prefix(':'));
    line.unwrap_or_else(|| panic!("no {name} in {sdp}"))
}

/// A connection with one video section, both ways, and its offer.
fn connection(address: SocketAddr, ssrc: u32) -> (RTCPeerConnection, String) {
    let codec = RTCRtpCodec {
        mime_type: "video/VP8".into(),
        clock_rate: 90_000,
        rtcp_feedback: ["nack", "nack pli", "ccm fir"]
            .map(|feedback| {
                let (typ, parameter) = feedback.split_once(' ').unwrap_or((feedback, ""));
                rtc::rtp_transceiver::rtp_sender::RTCPFeedback { typ: typ.into(), parameter: parameter.into() }
            })
            .to_vec(),
        ..Default::default()
    };
    let mut engine = MediaEngine::default();
    let parameters = RTCRtpCodecParameters { rtp_codec: codec.clone(), payload_type: 96 };
    engine.register_codec(parameters, RtpCodecKind::Video).expect("a codec");
    let settings = SettingEngineBuilder::new()
        .with_include_loopback_candidate(true)
        .with_ice_connection_attempts(Some(Duration::from_millis(5)), Some(2000))
        .with_multicast_dns_mode(rtc::ice::mdns::MulticastDnsMode::Disabled)
        .build();
    let mut connection = RTCPeerConnectionBuilder::new()
        .with_media_engine(engine)
        .with_setting_engine(settings)
        .with_interceptor_registry(Registry::new())
        .build(clock::now())
        .expect("a connection");
    let encoding = RTCRtpEncodingParameters {
        rtp_coding_parameters: RTCRtpCodingParameters { ssrc: Some(ssrc), ..Default::default() },
        active: true,
        codec,
        ..Default::default()
    };
    let track = MediaStreamTrack::new("m".into(), "m".into(), "m".into(), RtpCodecKind::Video, vec![encoding]);
    connection.add_track(track).expect("a track");
    let candidate = format!("candidate:1 1 udp 2130706431 {} {} typ host", address.ip(), address.port());
    connection.add_local_candidate(RTCIceCandidateInit { candidate, ..Default::default() }).expect("a candidate");
    let offer = connection.create_offer(None).expect("an offer");
    let sdp = offer.sdp.clone();
    connection.set_local_description(clock::now(), offer).expect("usable");
    (connection, sdp)
}

fn run(connection: &mut RTCPeerConnection, socket: &UdpSocket, orders: &mpsc::Receiver<Order>, seen: &Mutex<Seen>) {
    let local_addr = socket.local_addr().expect("an address");
    socket.set_read_timeout(Some(Duration::from_millis(1))).expect("a timeout");
    let mut buffer = [0; 2048];
    let mut server = None;
    loop {
        for order in orders.try_iter() {
            let now = clock::now();
            match order {
                Order::Answer(sdp) => {
                    let candidate = attribute(&sdp, "candidate").to_owned();
                    let answer = RTCSessionDescription::answer(sdp).expect("an answer");
                    connection.set_remote_description(now, answer).expect("usable");
                    let words: Vec<_> = candidate.split(' ').collect();
                    server =
                        Some(SocketAddr::new(words[4].parse().expect("an address"), words[5].parse().expect("a port")));
                }
                Order::Rtp { ssrc, sequence, payload } => {
                    let timestamp = u32::from(sequence).wrapping_mul(900);
                    let header = rtc::rtp::header::Header {
                        version: 2,
                        marker: true,
                        payload_type: 96,
                        sequence_number: sequence,
                        timestamp,
                        ssrc,
                        ..Default::default()
                    };
                    let packet = rtc::rtp::Packet { header, payload: payload.into() };
                    let message = RTCMessage::RtpPacket(String::new(), packet);
                    let _ = connection.handle_write(TaggedRTCMessage { now, message });
                }
                Order::Rtcp(packet) => {
                    let message = RTCMessage::RtcpPacket(String::new(), vec![packet]);
                    let _ = connection.handle_write(TaggedRTCMessage { now, message });
                }
                Order::Datagram(bytes) => {
                    let server = server.expect("after the answer");
                    let _ = socket.send_to(&bytes, server);
                }
                Order::Stop => return,
            }
            drain(connection, socket, seen);
        }
        if let Ok((length, peer_addr)) = socket.recv_from(&mut buffer) {
            let transport =
                TransportContext { local_addr, peer_addr, transport_protocol: TransportProtocol::UDP, ecn: None };
            let message = BytesMut::from(&buffer[..length]);
            let _ = connection.handle_read(TaggedBytesMut { now: clock::now(), transport, message });
        }
        if connection.poll_timeout().is_some_and(|due| due <= clock::now()) {
            let _ = connection.handle_timeout(clock::now());
        }
        drain(connection, socket, seen);
    }
}

fn drain(connection: &mut RTCPeerConnection, socket: &UdpSocket, seen: &Mutex<Seen>) {
    while let Some(out) = connection.poll_write() {
        let _ = socket.send_to(&out.message, out.transport.peer_addr);
        let mut seen = seen.lock();
        seen.sent.push_back(out.message.to_vec());
        if seen.sent.len() > 1000 {
            seen.sent.pop_front();
        }
    }
    while connection.poll_event().is_some() {}
    while let Some(message) = connection.poll_media_read() {
        if let RTCMessage::RtpPacket(_, packet) = message.message {
            seen.lock().media.push((packet.header.ssrc, packet.header.sequence_number, packet.payload));
        }
    }
}
