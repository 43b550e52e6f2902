//! Taps and injectors.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use moodcall::base::id::RoomId;
use moodcall::rtp::packet::Packet;
use moodcall::sfu::{Codec, Kind, SfuError, Tap};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::guest::{Camera, Guest, PATIENCE, mark, settled, sfu, vp8};

struct Copies(mpsc::UnboundedSender<Packet>);

impl Tap for Copies {
    fn packet(&mut self, packet: &Packet, _: Instant) {
        let _ = self.0.send(packet.clone());
    }
}

/// One picture of the processed source, in two packets.
fn processed(keyframe: bool, picture: u16) -> Vec<Packet> {
    [true, false]
        .into_iter()
        .zip(0u16..)
        .map(|(first, part)| Packet {
            marker: !first,
            payload_type: 96,
            sequence: (picture * 2 + part).wrapping_add(60_000),
            timestamp: u32::from(picture) * 900,
            ssrc: 1,
            payload: Bytes::from(vp8(keyframe && first, picture + 500, first, 200)),
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tap_gets_every_packet_once_and_in_order() {
    let (sfu, room) = (sfu(), RoomId::new());
    let anna = Guest::join(&sfu, room).await;
    let track = anna.publish(Kind::Video).await;
    let (copy, mut copies) = mpsc::unbounded_channel();
    let tap = sfu.tap(track, Box::new(Copies(copy))).await.unwrap();
    assert_eq!((tap.track(), tap.codec()), (track, Some(Codec::Vp8)));
    let _camera = Camera::vp8(&anna.peer, 3);
    let mut last: Option<u16> = None;
    for _ in 0..200 {
        let packet = timeout(PATIENCE, copies.recv()).await.expect("in time").expect("a tap");
        assert!(last.is_none_or(|last| packet.sequence == last.wrapping_add(1)));
        last = Some(packet.sequence);
    }
    tap.request_keyframe();
    let keyframe = async { while copies.recv().await.is_some_and(|packet| packet.payload[4] & 1 == 1) {} };
    timeout(PATIENCE, keyframe).await.expect("a keyframe");
    drop(tap);
    settled(&sfu, |stats| stats.taps == 0).await;
    sfu.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_processed_source_takes_over_on_its_keyframe_and_gives_way_again() {
    let (sfu, room) = (sfu(), RoomId::new());
    let (anna, mut boris) = (Guest::join(&sfu, room).await, Guest::join(&sfu, room).await);
    let track = anna.publish(Kind::Video).await;
    let _camera = Camera::vp8(&anna.peer, 3);
    boris.shown(track).await;
    boris.arrival(Kind::Video, |packet| mark(packet).0 == 3).await;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let on_keyframe = Box::new(move || {
        count.fetch_add(1, Ordering::Relaxed);
    });
    let injector = sfu.inject(track, on_keyframe).await.unwrap();
    assert_eq!(sfu.inject(track, Box::new(|| ())).await.unwrap_err(), SfuError::AlreadyInjected);
    injector.show(true);
    // Delta frames alone switch nothing: the camera goes on until the processed keyframe.
    for picture in 0..20 {
        assert!(injector.send(processed(false, picture)));
    }
    settled(&sfu, |stats| stats.injected_packets >= 40).await;
    for _ in 0..20 {
        assert_eq!(mark(&boris.arrival(Kind::Video, |_| true).await).0, 3);
    }
    assert_eq!(asked.load(Ordering::Relaxed), 1, "the encoder was asked, once");
    asked.store(0, Ordering::Relaxed);
    let begin = 20;
    let sender = tokio::spawn(async move {
        for picture in begin.. {
            // On a busy machine the keyframe may be lost on the way; then it is asked for again.
            let due = picture == begin || asked.swap(0, Ordering::Relaxed) > 0;
            injector.send(processed(due, picture));
            tokio::time::sleep(Duration::from_millis(10)).await;
            if picture == begin + 150 {
                injector.show(false);
            }
            if picture == begin + 180 {
                return;
            }
        }
    });
    let end = tokio::time::Instant::now() + Duration::from_secs(30);
    let (mut last, mut switches, mut of_processed) = (boris.arrival(Kind::Video, |_| true).await, 0, 0);
    while switches < 2 {
        assert!(tokio::time::Instant::now() < end, "{switches} switches in time");
        let packet = boris.arrival(Kind::Video, |_| true).await;
        assert_eq!(packet.sequence, last.sequence.wrapping_add(1), "the stream has no gap");
        let step = packet.timestamp.wrapping_sub(last.timestamp);
        assert!(step < 90_000, "time goes on, by {step} ticks");
        let ((before, old), (after, new)) = (mark(&last), mark(&packet));
        assert!(new == old || new == (old + 1) & 0x7fff, "picture ids go on: {old}, {new}");
        if before != after {
            switches += 1;
            assert_eq!(packet.payload[4] & 1, 0, "a switch begins with a keyframe");
        }
        of_processed += usize::from(after == 200);
        last = packet;
    }
    assert!(of_processed >= 100);
    sender.await.unwrap();
    settled(&sfu, |stats| stats.injectors == 0).await;
    sfu.shutdown().await;
}
