//! A subscriber who asks for keyframes and retransmissions as fast as it can: the publisher and the link hardly notice.

use std::time::Duration;

use moodcall::base::clock;
use moodcall::base::id::RoomId;
use moodcall::sfu::Kind;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtcp::transport_feedbacks::transport_layer_nack::{TransportLayerNack, nack_pairs_from_sequence_numbers};

use crate::attacker::Attacker;
use crate::guest::{Camera, Guest, settled, sfu};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_requests_a_second_reach_the_publisher_as_two() {
    let (sfu, room) = (sfu(), RoomId::new());
    let anna = Guest::join(&sfu, room).await;
    let _camera = Camera::vp8(&anna.peer, 1);
    anna.publish(Kind::Video).await;
    let attacker = Attacker::join(&sfu, room).await;
    let media_ssrc = attacker.watched().await;
    let (before, begin) = (sfu.stats(), clock::now());
    let mut sent = 0u64;
    while clock::now() - begin < Duration::from_secs(4) {
        for _ in 0..10 {
            attacker.rtcp(PictureLossIndication { sender_ssrc: 1, media_ssrc });
            sent += 1;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    settled(&sfu, |stats| stats.keyframe_requests >= before.keyframe_requests + sent / 2).await;
    let (after, took) = (sfu.stats(), clock::now() - begin);
    let asked = after.keyframe_requests_sent - before.keyframe_requests_sent;
    println!("{sent} requests in {took:?}: the publisher saw {asked}");
    assert!(sent > 1000, "a storm: {sent}");
    assert!(asked >= 2, "the wish itself is heard");
    assert!(asked as f64 <= took.as_secs_f64() * 2.0 + 1.0, "{asked} in {took:?}");
    sfu.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asking_for_everything_again_costs_no_more_than_sending_it_twice() {
    let (sfu, room) = (sfu(), RoomId::new());
    let anna = Guest::join(&sfu, room).await;
    let _camera = Camera::vp8(&anna.peer, 1);
    anna.publish(Kind::Video).await;
    let attacker = Attacker::join(&sfu, room).await;
    let media_ssrc = attacker.watched().await;
    let (before, begin) = (sfu.stats(), clock::now());
    let mut nacks = 0;
    while clock::now() - begin < Duration::from_secs(4) {
        let newest = attacker.seen.lock().media.last().map_or(0, |(_, sequence, _)| *sequence);
        let window: Vec<u16> = (0..250).rev().map(|back| newest.wrapping_sub(back)).collect();
        let nacks_of_window = nack_pairs_from_sequence_numbers(&window);
        attacker.rtcp(TransportLayerNack { sender_ssrc: 1, media_ssrc, nacks: nacks_of_window });
        nacks += 1;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let after = sfu.stats();
    let forwarded = after.forwarded_packets - before.forwarded_packets;
    let datagrams = after.sent_datagrams - before.sent_datagrams;
    println!("{nacks} NACKs of 250 packets: {forwarded} packets forwarded, {datagrams} datagrams sent");
    assert!(forwarded > 200, "the call goes on");
    // Checks, handshakes and reports come on top; what was sent before the storm pays for a part of it as well.
    assert!(after.sent_datagrams <= 2 * after.forwarded_packets + 300, "{datagrams} for {forwarded}");
    sfu.shutdown().await;
}
