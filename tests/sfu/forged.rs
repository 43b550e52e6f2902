//! Whoever is not on the path: forged ClientHellos, alerts, media and checks change nothing.

use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use moodcall::base::id::RoomId;
use moodcall::sfu::{Event, Kind, Sfu};

use crate::guest::{Camera, Guest, mark, sfu};

/// Sends forgeries from another address every 3 ms until dropped.
struct Forger {
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Forger {
    /// `fragments` are those that a listener on the signaling's way would know: ours and the client's.
    fn start(sfu: &Sfu, fragments: (String, String), ssrc: u32) -> Self {
        let (target, stop) = (sfu.announced()[0], Arc::new(AtomicBool::new(false)));
        let socket = UdpSocket::bind("127.0.0.2:0").expect("another loopback address");
        let stopped = stop.clone();
        let thread = std::thread::spawn(move || forge(&socket, target, &fragments, ssrc, &stopped));
        Self { stop, thread: Some(thread) }
    }
}

impl Drop for Forger {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.thread.take().map(std::thread::JoinHandle::join);
    }
}

fn forge(socket: &UdpSocket, target: SocketAddr, fragments: &(String, String), ssrc: u32, stop: &AtomicBool) {
    // DTLS 1.2 records: a ClientHello that offers the null cipher alone, and a fatal alert.
    let mut hello = vec![22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 54, 1, 0, 0, 42, 0, 0, 0, 0, 0, 0, 0, 42, 254, 253];
    hello.extend_from_slice(&[7; 32]);
    hello.extend_from_slice(&[0, 0, 0, 2, 0, 0, 1, 0]);
    let alert = vec![21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40];
    let mut media = vec![0x80, 96, 0, 1, 0, 0, 0, 1];
    media.extend_from_slice(&ssrc.to_be_bytes());
    media.extend_from_slice(&[0; 100]);
    let username = format!("{}:{}", fragments.0, fragments.1);
    let mut check = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
    check.extend_from_slice(&[9; 12]);
    check.extend_from_slice(&[0, 6, 0, username.len() as u8]);
    check.extend_from_slice(username.as_bytes());
    check.resize(check.len().next_multiple_of(4), 0);
    check.extend_from_slice(&[0, 0x25, 0, 0, 0, 8, 0, 20]);
    check.extend_from_slice(&[5; 20]);
    let length = (check.len() - 20) as u16;
    check[2..4].copy_from_slice(&length.to_be_bytes());
    while !stop.load(Ordering::Relaxed) {
        for datagram in [&hello, &alert, &media, &check] {
            let _ = socket.send_to(datagram, target);
        }
        std::thread::sleep(Duration::from_millis(3));
    }
}

fn fragment(sdp: &str) -> String {
    sdp.lines().find_map(|line| line.strip_prefix("a=ice-ufrag:")).expect("a fragment").trim().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_connect_under_forgeries_from_a_third_address() {
    let sfu = sfu();
    for _ in 0..4 {
        let mut guest = Guest::seat(&sfu, RoomId::new()).await;
        let offer = guest.peer.offer().await.expect("an offer");
        let answer = sfu.offer(guest.id, offer.clone()).await.expect("an answer");
        let forger = Forger::start(&sfu, (fragment(&answer), fragment(&offer)), 1);
        tokio::time::sleep(Duration::from_millis(20)).await;
        guest.peer.accept(answer).await.expect("a usable answer");
        guest.wait(|event| *event == Event::Connected).await;
        drop(forger);
        guest.leave().await;
    }
    let stats = sfu.stats();
    assert!(stats.dropped_unvalidated > 0 && stats.dropped_stun > 0, "{stats:#?}");
    assert_eq!((stats.path_changes, stats.panics), (0, 0));
    sfu.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_goes_on_under_forgeries_and_forwards_none_of_them() {
    let (sfu, room) = (sfu(), RoomId::new());
    let (anna, mut boris) = (Guest::join(&sfu, room).await, Guest::join(&sfu, room).await);
    let track = anna.publish(Kind::Video).await;
    boris.shown(track).await;
    let answer = anna.negotiate().await;
    let _forger = Forger::start(&sfu, (fragment(&answer), "anybody".into()), anna.peer.video.ssrc);
    let _camera = Camera::vp8(&anna.peer, 4);
    let mut last = boris.arrival(Kind::Video, |_| true).await;
    for _ in 0..200 {
        let packet = boris.arrival(Kind::Video, |_| true).await;
        assert_eq!((mark(&packet).0, packet.sequence), (4, last.sequence.wrapping_add(1)));
        last = packet;
    }
    let stats = sfu.stats();
    assert!(stats.dropped_unvalidated > 100, "{stats:#?}");
    assert_eq!(stats.addresses, 2);
    sfu.shutdown().await;
}
