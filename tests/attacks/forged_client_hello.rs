//! The DTLS ClientHello race: whoever sends the first handshake message, or a fatal alert, from a third address must not
//! win against the real peer. ASVS 5.0, 17.2.6.

use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use moodcall::base::clock;
use moodcall::base::id::{ParticipantId, RoomId};
use moodcall::bench::client::peer::{Peer, PeerOptions};
use moodcall::sfu::stun::{Builder, Class, Key, Role, TransactionId};
use moodcall::sfu::{Kind, Sfu};
use parking_lot::Mutex;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::attacker::attribute;
use crate::guest::{Camera, Guest, PATIENCE, mark, sfu};

/// A DTLS 1.2 record of one type.
fn record(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![kind, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0];
    out.extend_from_slice(&(body.len() as u16).to_be_bytes());
    out.extend_from_slice(body);
    out
}

/// A ClientHello that offers the null cipher only: whoever takes it for the peer's has no cipher in common.
fn client_hello() -> Vec<u8> {
    let mut hello = vec![0xfe, 0xfd];
    hello.extend_from_slice(&[7; 32]);
    hello.extend_from_slice(&[0, 0, 0, 2, 0, 0, 1, 0]);
    let length = hello.len() as u32;
    let mut body = vec![1];
    body.extend_from_slice(&length.to_be_bytes()[1..]);
    body.extend_from_slice(&[0, 0, 0, 0, 0]);
    body.extend_from_slice(&length.to_be_bytes()[1..]);
    body.extend_from_slice(&hello);
    record(22, &body)
}

/// Sends all of it from 127.0.0.2 every few milliseconds until dropped.
struct Storm {
    stop: Arc<AtomicBool>,
    sent: Arc<AtomicUsize>,
    /// The longest thing that came back.
    received: Arc<AtomicUsize>,
    fragments: Arc<Mutex<(String, String)>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Storm {
    fn start(target: SocketAddr) -> Self {
        let socket = UdpSocket::bind("127.0.0.2:0").expect("all of 127/8 is ours");
        socket.set_read_timeout(Some(Duration::from_millis(3))).expect("a timeout");
        let (stop, sent, received) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default(), Arc::default());
        let fragments = Arc::new(Mutex::new((String::from("x"), String::from("y"))));
        let mut storm = Self { stop, sent, received, fragments, thread: None };
        let (stop, sent, received) = (storm.stop.clone(), storm.sent.clone(), storm.received.clone());
        let fragments = storm.fragments.clone();
        let thread = std::thread::spawn(move || {
            let mut buffer = [0; 2048];
            while !stop.load(Ordering::Relaxed) {
                let (server, client) = fragments.lock().clone();
                let forged = Builder::new(Class::Request, TransactionId::fresh())
                    .username(&server, &client)
                    .role(Role::Controlling(1))
                    .use_candidate()
                    .sign(&Key::new("not the password of anybody"))
                    .finish();
                let alert = record(21, &[2, 40]);
                for datagram in [client_hello(), alert, record(22, &[0xff; 40]), record(23, &[1; 8]), forged] {
                    let _ = socket.send_to(&datagram, target);
                    sent.fetch_add(1, Ordering::Relaxed);
                }
                if let Ok(length) = socket.recv(&mut buffer) {
                    let longest = if buffer[0] < 4 { length } else { usize::MAX };
                    received.fetch_max(longest, Ordering::Relaxed);
                }
            }
        });
        storm.thread = Some(thread);
        storm
    }
}

impl Drop for Storm {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Connects a client that begins the handshake itself (`active`) or waits for ours, and returns how long it took.
async fn connect(sfu: &Sfu, room: RoomId, active: bool, storm: Option<&Storm>) -> Duration {
    let (told, mut events) = mpsc::unbounded_channel();
    let id = ParticipantId::new();
    sfu.join(room, id, told).await.expect("a seat");
    let peer = Peer::new(PeerOptions::loopback(Arc::new(|_| ()))).await.expect("a client");
    let offer = peer.offer().await.expect("an offer");
    let fragment = attribute(&offer, "ice-ufrag").to_owned();
    let offer = offer.replace("a=setup:actpass", if active { "a=setup:active" } else { "a=setup:passive" });
    let begin = clock::now();
    let answer = sfu.offer(id, offer).await.expect("an answer");
    assert!(answer.contains(if active { "a=setup:passive" } else { "a=setup:active" }), "{answer}");
    if let Some(storm) = storm {
        *storm.fragments.lock() = (attribute(&answer, "ice-ufrag").to_owned(), fragment);
    }
    peer.accept(answer).await.expect("a usable answer");
    timeout(PATIENCE, peer.connected()).await.expect("in time").expect("connected");
    loop {
        let event = timeout(PATIENCE, events.recv()).await.expect("in time").expect("an SFU");
        if event == moodcall::sfu::Event::Connected {
            break;
        }
    }
    let took = clock::now() - begin;
    sfu.leave(id).await;
    took
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_connects_succeed_under_a_storm_of_forged_handshakes() {
    let (sfu, room) = (sfu(), RoomId::new());
    let target = sfu.announced()[0];
    let mut calm = Vec::new();
    for active in [false, true] {
        calm.push(connect(&sfu, room, active, None).await);
    }
    let storm = Storm::start(target);
    let mut stormy = Vec::new();
    for active in [false, true, false, true] {
        stormy.push(connect(&sfu, room, active, Some(&storm)).await);
    }
    let (sent, longest) = (storm.sent.load(Ordering::Relaxed), storm.received.load(Ordering::Relaxed));
    drop(storm);
    println!("calm {calm:?}, stormy {stormy:?}, {sent} forged datagrams");
    let stats = sfu.stats();
    assert!(stats.dropped_unvalidated > 20 && stats.dropped_stun > 5, "the storm was there: {stats:#?}");
    // One lost flight of a handshake costs a second: none was, in either role.
    for (number, took) in stormy.iter().enumerate() {
        let limit = calm[number % 2] + Duration::from_millis(900);
        assert!(*took < limit, "calm {calm:?}, stormy {stormy:?}");
    }
    assert!(longest <= 100, "short refusals at most, nothing but STUN: {longest}");
    sfu.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_established_call_does_not_notice_forged_handshakes() {
    let (sfu, room) = (sfu(), RoomId::new());
    let (anna, mut boris) = (Guest::join(&sfu, room).await, Guest::join(&sfu, room).await);
    let _camera = Camera::vp8(&anna.peer, 1);
    let track = anna.publish(Kind::Video).await;
    boris.shown(track).await;
    let storm = Storm::start(sfu.announced()[0]);
    let mut before = boris.arrival(Kind::Video, |_| true).await;
    for _ in 0..300 {
        let next = boris.arrival(Kind::Video, |packet| mark(packet).0 == 1).await;
        assert_eq!(next.sequence, before.sequence.wrapping_add(1), "nothing lost");
        before = next;
    }
    assert!(storm.sent.load(Ordering::Relaxed) > 100);
    assert_eq!(sfu.stats().path_changes, 0);
    drop(storm);
    sfu.shutdown().await;
}
