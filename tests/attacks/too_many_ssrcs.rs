//! A joined participant with valid keys sends with a thousand sources, and with somebody else's: only what they declared
//! is taken, and the other's track stays the other's.

use moodcall::base::id::RoomId;
use moodcall::sfu::Kind;

use crate::attacker::Attacker;
use crate::guest::{Camera, Guest, mark, settled, sfu, vp8};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn undeclared_sources_are_dropped_and_nobody_is_impersonated() {
    let (sfu, room) = (sfu(), RoomId::new());
    let anna = Guest::join(&sfu, room).await;
    let _camera = Camera::vp8(&anna.peer, 1);
    let annas = anna.publish(Kind::Video).await;
    let mut boris = Guest::join(&sfu, room).await;
    boris.shown(annas).await;
    boris.arrival(Kind::Video, |packet| mark(packet).0 == 1).await;
    let attacker = Attacker::join(&sfu, room).await;
    let track = attacker.publish_video().await;
    boris.shown(track).await;
    let next = attacker.show(&mut boris, 0, 9).await;

    let before = sfu.stats();
    for number in 0..1000u32 {
        attacker.rtp(attacker.ssrc.wrapping_add(1 + number), 0, vp8(true, 0, true, 66));
        if number % 100 == 0 {
            // Somebody else's source, with keys of one's own.
            attacker.rtp(anna.peer.video.ssrc, number as u16, vp8(true, 0, true, 66));
            settled(&sfu, |stats| stats.received_datagrams >= before.received_datagrams + u64::from(number)).await;
        }
    }
    settled(&sfu, |stats| stats.received_datagrams >= before.received_datagrams + 900).await;
    attacker.show(&mut boris, next, 10).await;
    let mut annas = 0;
    while annas < 100 {
        let packet = boris.arrival(Kind::Video, |_| true).await;
        assert_ne!(mark(&packet).0, 66, "nothing of an undeclared source arrives");
        annas += usize::from(mark(&packet).0 == 1);
    }
    let after = sfu.stats();
    assert_eq!((after.publications, after.transports, after.panics), (2, 3, 0));
    sfu.shutdown().await;
}
