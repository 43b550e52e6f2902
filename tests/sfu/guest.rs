//! One participant: a WebRTC client and the events that the SFU has for it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use moodcall::base::clock;
use moodcall::base::id::{ParticipantId, RoomId, TrackId};
use moodcall::bench::client::peer::{Arrival, Outgoing, Peer, PeerOptions};
use moodcall::protocol;
use moodcall::rtp::packet::Packet;
use moodcall::sfu::{Event, Kind, Options, Publish, Section, Sfu, Source};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Longer than anything here takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// An SFU on loopback.
pub fn sfu() -> Sfu {
    Sfu::start(Options { bind: vec!["127.0.0.1".parse().unwrap()], ..Options::default() }).expect("an SFU")
}

pub struct Guest {
    pub sfu: Sfu,
    pub id: ParticipantId,
    pub peer: Arc<Peer>,
    pub events: mpsc::UnboundedReceiver<Event>,
    pub arrivals: mpsc::UnboundedReceiver<Arrival>,
    pub sections: Vec<Section>,
    /// Where its media goes instead of to the SFU's own address.
    bridge: Option<SocketAddr>,
}

impl Guest {
    /// Joins, offers and waits until media may flow.
    pub async fn join(sfu: &Sfu, room: RoomId) -> Self {
        Self::join_with(sfu, room, |options| options).await
    }

    pub async fn join_with(sfu: &Sfu, room: RoomId, with: impl FnOnce(PeerOptions) -> PeerOptions) -> Self {
        Self::join_over(sfu, room, None, with).await
    }

    /// Joins with the SFU's TCP port as the only way there.
    pub async fn join_over_tcp(sfu: &Sfu, room: RoomId) -> Self {
        let bridge = bridge(sfu.announced()[0]).await;
        Self::join_over(sfu, room, Some(bridge), |options| options).await
    }

    async fn join_over(
        sfu: &Sfu,
        room: RoomId,
        bridge: Option<SocketAddr>,
        with: impl FnOnce(PeerOptions) -> PeerOptions,
    ) -> Self {
        let mut guest = Self { bridge, ..Self::seat(sfu, room, with).await };
        guest.negotiate().await;
        guest.wait(|event| *event == Event::Connected).await;
        timeout(PATIENCE, guest.peer.connected()).await.expect("in time").expect("connected");
        guest
    }

    /// Joins and does not offer yet.
    async fn seat(sfu: &Sfu, room: RoomId, with: impl FnOnce(PeerOptions) -> PeerOptions) -> Self {
        let (told, events) = mpsc::unbounded_channel();
        let id = ParticipantId::new();
        sfu.join(room, id, told).await.expect("a seat");
        let (peer, arrivals) = page(with).await;
        Self { sfu: sfu.clone(), id, peer, events, arrivals, sections: Vec::new(), bridge: None }
    }

    /// Replaces the page, as a reload does.
    pub async fn reload(&mut self) {
        (self.peer, self.arrivals) = page(|options| options).await;
        self.negotiate().await;
        self.wait(|event| *event == Event::Connected).await;
    }

    /// Offers and applies the answer.
    pub async fn negotiate(&self) -> String {
        let offer = self.peer.offer().await.expect("an offer");
        let answer = self.sfu.offer(self.id, offer).await.expect("an answer");
        let heard = match self.bridge {
            Some(bridge) => redirected(&answer, bridge),
            None => answer.clone(),
        };
        self.peer.accept(heard).await.expect("a usable answer");
        answer
    }

    pub async fn publish(&self, kind: Kind) -> TrackId {
        let (mid, source) = match kind {
            Kind::Audio => ("0", Source::Microphone),
            Kind::Video => ("1", Source::Camera),
        };
        let publish = Publish { mid: mid.into(), kind, source, muted: false };
        self.sfu.publish(self.id, publish).await.expect("a publication")
    }

    /// Waits for an event, acting on others as a page would.
    pub async fn wait(&mut self, mut wanted: impl FnMut(&Event) -> bool) -> Event {
        loop {
            let event = timeout(PATIENCE, self.events.recv()).await;
            let event = event.unwrap_or_else(|_| panic!("no event in time: {:#?}", self.sfu.stats()));
            let event = event.expect("an SFU");
            if let Event::Sections(sections) = &event {
                self.sections.clone_from(sections);
            }
            let found = wanted(&event);
            if let Event::Negotiate { audio, video } = event {
                self.peer.grow(audio, video).await.expect("sections");
                self.negotiate().await;
            }
            if found {
                return event;
            }
        }
    }

    /// Waits until somebody's track is shown; returns the section.
    pub async fn shown(&mut self, track: TrackId) -> Section {
        loop {
            if let Some(section) = self.sections.iter().find(|section| section.track == track) {
                return section.clone();
            }
            self.wait(|event| matches!(event, Event::Sections(_))).await;
        }
    }

    /// Waits for a packet of a kind that fulfils a condition.
    pub async fn arrival(&mut self, kind: Kind, mut wanted: impl FnMut(&Packet) -> bool) -> Packet {
        let kind = if kind == Kind::Audio { protocol::Kind::Audio } else { protocol::Kind::Video };
        let search = async {
            loop {
                let arrival = self.arrivals.recv().await.expect("a connection");
                if arrival.kind == kind && wanted(&arrival.packet) {
                    return arrival.packet;
                }
            }
        };
        timeout(PATIENCE, search).await.expect("a packet in time")
    }

    pub async fn leave(self) {
        self.sfu.leave(self.id).await;
        let _ = self.peer.close().await;
    }
}

async fn page(with: impl FnOnce(PeerOptions) -> PeerOptions) -> (Arc<Peer>, mpsc::UnboundedReceiver<Arrival>) {
    let (arrived, arrivals) = mpsc::unbounded_channel();
    let on_arrival = Arc::new(move |arrival| drop(arrived.send(arrival)));
    let peer = Peer::new(with(PeerOptions::loopback(on_arrival))).await.expect("a client");
    (Arc::new(peer), arrivals)
}

/// Sends video until dropped: a picture of two packets every 10 ms, a keyframe when one is asked for.
pub struct Camera(tokio::task::JoinHandle<()>);

impl Camera {
    /// `mark` is the byte by which receivers know this camera's pictures.
    pub fn vp8(peer: &Arc<Peer>, mark: u8) -> Self {
        Self::start(peer.clone(), move |keyframe, picture, first| vp8(keyframe, picture, first, mark))
    }

    pub fn h264(peer: &Arc<Peer>, mark: u8) -> Self {
        Self::start(peer.clone(), move |keyframe, _, _| vec![if keyframe { 0x65 } else { 0x41 }, mark, 0, 0])
    }

    fn start(peer: Arc<Peer>, payload: impl Fn(bool, u16, bool) -> Vec<u8> + Send + 'static) -> Self {
        Self(tokio::spawn(async move {
            let (mut sequence, mut keyframe) = (rand::random::<u16>(), true);
            for picture in 0u16.. {
                for first in [true, false] {
                    let packet = Packet {
                        marker: !first,
                        payload_type: 0,
                        sequence,
                        timestamp: u32::from(picture).wrapping_mul(900),
                        ssrc: 0,
                        payload: Bytes::from(payload(keyframe && first, picture, first)),
                    };
                    sequence = sequence.wrapping_add(1);
                    if peer.video.send(packet).await.is_err() {
                        return;
                    }
                }
                let pause = Duration::from_millis(10);
                keyframe = timeout(pause, peer.video.keyframe_request()).await.is_ok_and(|asked| asked.is_some());
            }
        }))
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A VP8 packet: descriptor with a picture id of 15 bits, then a frame header that is a keyframe's or not, then `mark`.
pub fn vp8(keyframe: bool, picture: u16, first: bool, mark: u8) -> Vec<u8> {
    let id = picture & 0x7fff | 0x8000;
    let start = if first { 0x10 } else { 0 };
    let header = if keyframe { 0x10 } else { 0x11 };
    vec![0x80 | start, 0x80, (id >> 8) as u8, id as u8, header, mark, 0, 0]
}

/// The mark of a VP8 packet, and its picture id.
pub fn mark(packet: &Packet) -> (u8, u16) {
    (packet.payload[5], u16::from_be_bytes([packet.payload[2], packet.payload[3]]) & 0x7fff)
}

/// Sends audio until dropped.
pub struct Microphone(tokio::task::JoinHandle<()>);

impl Microphone {
    pub fn start(out: Outgoing, mark: u8) -> Self {
        Self(tokio::spawn(async move {
            for number in 0u16.. {
                let payload = Bytes::from(vec![mark; 80]);
                let timestamp = u32::from(number).wrapping_mul(960);
                let packet = Packet { marker: false, payload_type: 0, sequence: number, timestamp, ssrc: 0, payload };
                if out.send(packet).await.is_err() {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }))
    }
}

impl Drop for Microphone {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Waits until the SFU's figures fulfil a condition.
pub async fn settled(sfu: &Sfu, wanted: impl Fn(&moodcall::sfu::Stats) -> bool) {
    let begin = clock::now();
    while !wanted(&sfu.stats()) {
        assert!(clock::now() - begin < PATIENCE, "{:#?}", sfu.stats());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Carries what comes to a UDP port over one TCP connection, framed as in RFC 4571, and back: the client library's own
/// active TCP never nominates a pair.
async fn bridge(sfu: SocketAddr) -> SocketAddr {
    let udp = Arc::new(UdpSocket::bind("127.0.0.1:0").await.expect("a port"));
    let address = udp.local_addr().expect("an address");
    let (mut from, mut to) = TcpStream::connect(sfu).await.expect("a connection").into_split();
    let (client, back) = (Arc::new(std::sync::Mutex::new(None)), udp.clone());
    let known = client.clone();
    tokio::spawn(async move {
        let mut datagram = [0; 2048];
        while let Ok((length, remote)) = udp.recv_from(&mut datagram).await {
            *known.lock().unwrap() = Some(remote);
            let mut frame = (length as u16).to_be_bytes().to_vec();
            frame.extend_from_slice(&datagram[..length]);
            if to.write_all(&frame).await.is_err() {
                return;
            }
        }
    });
    tokio::spawn(async move {
        let mut frame = [0; 2048];
        while let Ok(length) = from.read_u16().await {
            let frame = &mut frame[..usize::from(length)];
            if from.read_exact(frame).await.is_err() {
                return;
            }
            let remote = *client.lock().unwrap();
            if let Some(remote) = remote {
                let _ = back.send_to(frame, remote).await;
            }
        }
    });
    address
}

/// The description with one candidate: `to`, over UDP.
fn redirected(sdp: &str, to: SocketAddr) -> String {
    let (mut out, mut told) = (String::new(), false);
    for line in sdp.lines() {
        if !line.starts_with("a=candidate:") {
            out += &format!("{line}\r\n");
        } else if !std::mem::replace(&mut told, true) {
            out += &format!("a=candidate:1 1 udp 2130706431 {} {} typ host\r\n", to.ip(), to.port());
        }
    }
    out
}
