//! A participant's browser: a full ICE agent as far as the server notices, a camera, a decoder for everybody else.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use moodcall::base::id::ParticipantId;
use moodcall::rtp::payload::vp8::PictureId;
use moodcall::sfu::ice::{Credentials, Path};
use moodcall::sfu::munger::{Incoming, Rewritten};
use moodcall::sfu::stun::{Builder, Class, Key, Message, Role, TransactionId};
use rand::Rng;
use rand::rngs::StdRng;

use super::decoder::Decoder;

/// What a packet really is, whatever its numbers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Media {
    pub source: u32,
    pub picture: u64,
    pub index: u16,
    pub last: bool,
    pub keyframe: bool,
}

/// What travels between a client and the server.
#[derive(Clone, Debug)]
pub enum Datagram {
    Stun(Vec<u8>),
    /// Towards the server: a packet as its source numbered it.
    Camera(Incoming, Media),
    /// Towards a client: a packet of somebody, as rewritten.
    Forwarded(ParticipantId, Rewritten, Media),
    /// Towards the server: a keyframe of somebody is wanted. Towards a client: of its own camera.
    Pli(ParticipantId),
}

/// An encoder with numbers of its own.
pub struct Encoder {
    pub source: u32,
    incoming: Incoming,
    picture: u64,
    wanted: bool,
    pub keyframes: u64,
}

impl Encoder {
    pub fn new(source: u32, random: &mut StdRng) -> Self {
        let id = PictureId { value: random.random::<u16>() & 0x7fff, long: true };
        let incoming = Incoming {
            sequence: random.random(),
            timestamp: random.random(),
            picture_id: Some(id),
            tl0_pic_idx: Some(random.random()),
            keyframe_start: false,
        };
        Self { source, incoming, picture: 0, wanted: true, keyframes: 0 }
    }

    pub fn want_keyframe(&mut self) {
        self.wanted = true;
    }

    /// The next picture, 50 ms after the one before.
    pub fn encode(&mut self, random: &mut StdRng) -> Vec<(Incoming, Media)> {
        let keyframe = std::mem::take(&mut self.wanted);
        self.keyframes += u64::from(keyframe);
        self.picture += 1;
        self.incoming.timestamp = self.incoming.timestamp.wrapping_add(4500);
        self.incoming.tl0_pic_idx = self.incoming.tl0_pic_idx.map(|tl0| tl0.wrapping_add(1));
        self.incoming.picture_id =
            self.incoming.picture_id.map(|id| PictureId { value: (id.value + 1) & 0x7fff, ..id });
        let count = if keyframe { random.random_range(4..8) } else { random.random_range(1..4) };
        (0..count)
            .map(|index| {
                self.incoming.sequence = self.incoming.sequence.wrapping_add(1);
                self.incoming.keyframe_start = keyframe && index == 0;
                let last = index + 1 == count;
                (self.incoming, Media { source: self.source, picture: self.picture, index, last, keyframe })
            })
            .collect()
    }
}

/// One client.
pub struct Client {
    pub address: SocketAddr,
    pub own: Credentials,
    pub server: Credentials,
    pub camera: Encoder,
    pub decoders: BTreeMap<ParticipantId, Decoder>,
    pub plis_received: Vec<Instant>,
    pub next_check: Instant,
    pub next_picture: Instant,
    connected: bool,
}

impl Client {
    pub fn new(address: SocketAddr, own: Credentials, server: Credentials, camera: Encoder, now: Instant) -> Self {
        Self {
            address,
            own,
            server,
            camera,
            decoders: BTreeMap::new(),
            plis_received: Vec::new(),
            next_check: now,
            next_picture: now,
            connected: false,
        }
    }

    pub fn path(&self) -> Path {
        Path::udp(self.address)
    }

    pub fn check(&self) -> Vec<u8> {
        Builder::new(Class::Request, TransactionId::fresh())
            .username(&self.server.fragment, &self.own.fragment)
            .priority(1)
            .role(Role::Controlling(1))
            .use_candidate()
            .sign(&Key::new(&self.server.password))
            .finish()
    }

    pub fn handle(&mut self, datagram: Datagram, now: Instant) -> Option<Datagram> {
        match datagram {
            Datagram::Stun(bytes) => return self.handle_stun(&bytes),
            Datagram::Forwarded(publisher, wire, media) => {
                self.decoders.entry(publisher).or_default().push(wire, media, now);
            }
            Datagram::Pli(_) => {
                self.plis_received.push(now);
                self.camera.want_keyframe();
            }
            Datagram::Camera(..) => unreachable!("servers have no camera"),
        }
        None
    }

    fn handle_stun(&mut self, bytes: &[u8]) -> Option<Datagram> {
        let message = Message::parse(bytes).expect("the server sends well-formed messages");
        if message.class != Class::Request {
            self.connected |= message.class == Class::Success;
            return None;
        }
        assert!(message.verify(&Key::new(&self.own.password)), "the server asks in our credentials");
        let answer = Builder::new(Class::Success, message.transaction).mapped(self.address);
        Some(Datagram::Stun(answer.sign(&Key::new(&self.own.password)).finish()))
    }

    /// What the clock makes it send: checks every 2.5 s (every 50 ms until connected), pictures 20 times a second.
    pub fn tick(&mut self, random: &mut StdRng, now: Instant) -> Vec<Datagram> {
        let mut out = Vec::new();
        if now >= self.next_check {
            out.push(Datagram::Stun(self.check()));
            self.next_check = now + Duration::from_millis(if self.connected { 2500 } else { 50 });
        }
        if self.connected && now >= self.next_picture {
            out.extend(
                self.camera.encode(random).into_iter().map(|(incoming, media)| Datagram::Camera(incoming, media)),
            );
            self.next_picture = now + Duration::from_millis(50);
        }
        for (publisher, decoder) in &mut self.decoders {
            if decoder.poll(now) {
                out.push(Datagram::Pli(*publisher));
            }
        }
        out
    }
}
