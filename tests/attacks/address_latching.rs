//! RTP bleed and inject: media goes to and comes from validated addresses only, and a path is not moved by whoever
//! repeats what they saw.

use std::net::UdpSocket;
use std::time::Duration;

use moodcall::base::id::RoomId;
use moodcall::sfu::Kind;

use crate::attacker::Attacker;
use crate::guest::{Camera, Guest, mark, settled, sfu, vp8};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_third_address_gets_no_byte_and_puts_none_in() {
    let (sfu, room) = (sfu(), RoomId::new());
    let mut boris = Guest::join(&sfu, room).await;
    let _camera = Camera::vp8(&boris.peer, 2);
    boris.publish(Kind::Video).await;
    // Its owner is honest here, but shows us every datagram: somebody on the way sees as much.
    let victim = Attacker::join(&sfu, room).await;
    let track = victim.publish_video().await;
    victim.watched().await;
    boris.shown(track).await;
    let next = victim.show(&mut boris, 0, 1).await;
    for sequence in next..next + 100 {
        victim.rtp(victim.ssrc, sequence, vp8(true, sequence, true, 1));
    }
    boris.arrival(Kind::Video, |packet| mark(packet).1 == next + 99).await;
    let before = sfu.stats();

    let third = UdpSocket::bind("127.0.0.2:0").expect("a socket");
    third.set_read_timeout(Some(Duration::from_millis(500))).expect("a timeout");
    let target = sfu.announced()[0];
    let repeated: Vec<_> = victim.seen.lock().sent.iter().cloned().collect();
    let checks = repeated.iter().filter(|datagram| datagram[0] < 4).count();
    let media = repeated.iter().filter(|datagram| (128..192).contains(&datagram[0])).count();
    assert!(checks >= 1 && media >= 50, "{checks} checks and {media} packets to repeat");
    for datagram in &repeated {
        third.send_to(datagram, target).expect("sent");
    }
    // And what anybody can make up: the victim's SSRC with later numbers.
    for sequence in 0..500u16 {
        let mut forged = vec![0x80, 96];
        forged.extend_from_slice(&sequence.to_be_bytes());
        forged.extend_from_slice(&[0, 0, 1, 0]);
        forged.extend_from_slice(&victim.ssrc.to_be_bytes());
        forged.resize(200, sequence as u8);
        third.send_to(&forged, target).expect("sent");
    }
    settled(&sfu, |stats| stats.dropped_unvalidated >= before.dropped_unvalidated + 500).await;
    assert!(third.recv(&mut [0; 2048]).is_err(), "not one byte comes back");

    let after = sfu.stats();
    assert_eq!((after.addresses, after.path_changes), (before.addresses, before.path_changes));
    assert!(after.dropped_stun >= before.dropped_stun + checks as u64, "repeated checks are refused");
    let mut received = victim.seen.lock().media.len();
    for _ in 0..3 {
        settled(&sfu, |_| victim.seen.lock().media.len() > received + 20).await;
        received = victim.seen.lock().media.len();
    }
    sfu.shutdown().await;
}
