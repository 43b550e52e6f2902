//! Sends a recorded camera in real time, and remembers when each picture left.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::sleep_until;

use super::chain::OPUS;
use super::peer::Outgoing;
use crate::base::clock;
use crate::rtp::packet::Packet;
use crate::rtp::payload::vp8::{Descriptor, PictureId};

/// Pictures a second.
pub const RATE: u32 = 30;
/// Media time of one picture at [`RATE`], on video's 90 kHz clock.
const TICKS: u32 = 90_000 / RATE;
/// Payload of a packet without its descriptor, as browsers cut it.
const CHUNK: usize = 1100;
/// An Opus packet of 20 ms of silence (RFC 6716, section 3.1: CELT, fullband, mono).
const SILENCE: &[u8] = &[0xf8, 0xff, 0xfe];

/// One encoded picture.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Its payloads in order, each with the codec's payload header; for VP8 the descriptor is renumbered when sent.
    pub payloads: Vec<Vec<u8>>,
    /// Whether decoding can start here.
    pub keyframe: bool,
}

/// Pictures to be sent in a loop. The first is a keyframe.
#[derive(Clone, Debug)]
pub struct Recording {
    pictures: Arc<[Picture]>,
    vp8: bool,
}

impl Recording {
    /// VP8 pictures as the encoder made them, each with whether it is a keyframe.
    pub fn vp8(pictures: impl IntoIterator<Item = (Vec<u8>, bool)>) -> Self {
        let cut = |(data, keyframe): (Vec<u8>, bool)| Picture { payloads: packetize_vp8(&data), keyframe };
        Self { pictures: pictures.into_iter().map(cut).collect(), vp8: true }
    }

    /// Payloads of another codec, sent as they are.
    pub fn raw(pictures: impl IntoIterator<Item = Picture>) -> Self {
        Self { pictures: pictures.into_iter().collect(), vp8: false }
    }

    /// Stand-in pictures of `size` octets with valid VP8 frame headers and nothing behind them: enough where nobody
    /// decodes. One keyframe in two seconds.
    pub fn blank(size: usize) -> Self {
        let picture = |index: u32| {
            let keyframe = index == 0;
            let mut data: Vec<u8> = (0..size.max(10)).map(|at| (at as u32 ^ index.wrapping_mul(31)) as u8).collect();
            // RFC 6386, section 9.1: the lowest bit is 0 for a keyframe, whose start code and size follow the tag.
            data[0] = u8::from(!keyframe) | 0x10;
            if keyframe {
                data[3..10].copy_from_slice(&[0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00]);
            }
            (data, keyframe)
        };
        Self::vp8((0..2 * RATE).map(picture))
    }
}

fn packetize_vp8(data: &[u8]) -> Vec<Vec<u8>> {
    let chunk = |(index, part): (usize, &[u8])| {
        let picture_id = Some(PictureId { value: 0, long: true });
        let descriptor = Descriptor { start_of_partition: index == 0, picture_id, ..Descriptor::default() };
        let mut payload = Vec::with_capacity(4 + part.len());
        descriptor.write(&mut payload);
        payload.extend_from_slice(part);
        payload
    };
    data.chunks(CHUNK).enumerate().map(chunk).collect()
}

/// One picture that left.
#[derive(Clone, Copy, Debug)]
pub struct Sent {
    /// Its media time, as sent.
    pub timestamp: u32,
    /// Just before its last packet was handed to the connection.
    pub at: Instant,
    /// How many packets it took.
    pub packets: u32,
    /// Whether decoding can start here.
    pub keyframe: bool,
    /// See [`tail`]; of its last packet.
    pub tail: u64,
    /// How long after its time it was begun.
    pub late: Duration,
    /// Which picture of the recording it is.
    pub picture: usize,
}

/// Fingerprint of the end of a payload: forwarding changes only its first octets, processing all of it (FNV-1a).
pub fn tail(payload: &[u8]) -> u64 {
    let end = &payload[payload.len().saturating_sub(48).max(payload.len().min(6))..];
    end.iter().fold(0xcbf2_9ce4_8422_2325, |hash, octet| (hash ^ u64::from(*octet)).wrapping_mul(0x0100_0000_01b3))
}

/// A camera (or microphone) at work. Dropping it switches it off.
pub struct Publisher {
    sent: Arc<Mutex<Vec<Sent>>>,
    tasks: Vec<JoinHandle<()>>,
}

impl Publisher {
    /// Sends `recording` in a loop, and goes back to its start with the next picture when a keyframe is asked for.
    pub fn camera(outgoing: Outgoing, recording: Recording) -> Self {
        let sent = Arc::new(Mutex::new(Vec::new()));
        let wanted = Arc::new(Notify::new());
        let listen = tokio::spawn({
            let (outgoing, wanted) = (outgoing.clone(), wanted.clone());
            async move {
                while outgoing.keyframe_request().await.is_some() {
                    wanted.notify_one();
                }
            }
        });
        let send = tokio::spawn(show(outgoing, recording, sent.clone(), wanted));
        Self { sent, tasks: vec![listen, send] }
    }

    /// Sends silence, 50 packets a second.
    pub fn microphone(outgoing: Outgoing) -> Self {
        debug_assert_eq!(outgoing.payload_type, OPUS, "only Opus can be silent");
        Self { sent: Arc::default(), tasks: vec![tokio::spawn(hum(outgoing))] }
    }

    /// Every picture sent so far, in order.
    pub fn sent(&self) -> Vec<Sent> {
        self.sent.lock().clone()
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn show(outgoing: Outgoing, recording: Recording, sent: Arc<Mutex<Vec<Sent>>>, wanted: Arc<Notify>) {
    let start = clock::now();
    let (mut sequence, base): (u16, u32) = (rand::random(), rand::random());
    let mut position = 0;
    for number in 0_u32.. {
        let due = start + Duration::from_secs(1) * number / RATE;
        sleep_until(due.into()).await;
        let late = clock::now().saturating_duration_since(due);
        // A picture that was asked for in between is the next one.
        if futures_util::FutureExt::now_or_never(wanted.notified()).is_some() {
            position = 0;
        }
        let Some(picture) = recording.pictures.get(position) else { return };
        let shown = position;
        position = (position + 1) % recording.pictures.len();
        let timestamp = base.wrapping_add(number.wrapping_mul(TICKS)).wrapping_add(jitter(number));
        let last = picture.payloads.len().saturating_sub(1);
        for (index, payload) in picture.payloads.iter().enumerate() {
            let mut payload = payload.clone();
            if recording.vp8 {
                crate::rtp::payload::vp8::rewrite(&mut payload, number as u16 & 0x7fff, 0);
            }
            let marker = index == last;
            if marker {
                let packets = picture.payloads.len() as u32;
                let (at, keyframe, tail) = (clock::now(), picture.keyframe, tail(&payload));
                sent.lock().push(Sent { timestamp, at, packets, keyframe, tail, late, picture: shown });
            }
            let payload = Bytes::from(payload);
            let packet = Packet { marker, payload_type: 0, sequence, timestamp, ssrc: 0, payload };
            sequence = sequence.wrapping_add(1);
            if outgoing.send(packet).await.is_err() {
                return;
            }
        }
    }
}

/// A camera's clock is never even; up to 5 ms of it, repeatable. It also makes the distances between timestamps unlike
/// each other, so that a received stream can be laid over the sent one whatever constant was added to it.
pub(in crate::bench) fn jitter(number: u32) -> u32 {
    number.wrapping_mul(0x9e37_79b9).rotate_left(13).wrapping_mul(0x85eb_ca6b) >> 16 & 0x1ff
}

async fn hum(outgoing: Outgoing) {
    let start = clock::now();
    let (sequence, base): (u16, u32) = (rand::random(), rand::random());
    for number in 0_u32.. {
        sleep_until((start + Duration::from_millis(20) * number).into()).await;
        let packet = Packet {
            marker: number == 0,
            payload_type: OPUS,
            sequence: sequence.wrapping_add(number as u16),
            timestamp: base.wrapping_add(number.wrapping_mul(960)),
            ssrc: 0,
            payload: Bytes::from_static(SILENCE),
        };
        if outgoing.send(packet).await.is_err() {
            return;
        }
    }
}
