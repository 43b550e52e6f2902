//! Coming and going, restarting, reloading.

use std::collections::HashSet;

use moodcall::base::id::RoomId;
use moodcall::sfu::{Kind, Stats};

use crate::guest::{Camera, Guest, mark, settled, sfu};

/// The gauges alone.
fn gauges(stats: Stats) -> [u64; 8] {
    [
        stats.rooms,
        stats.participants,
        stats.transports,
        stats.publications,
        stats.subscriptions,
        stats.taps,
        stats.injectors,
        stats.addresses,
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_rounds_of_joining_and_leaving_leave_nothing_behind() {
    let (sfu, room) = (sfu(), RoomId::new());
    let empty = gauges(sfu.stats());
    let anna = Guest::join(&sfu, room).await;
    let _camera = Camera::vp8(&anna.peer, 1);
    anna.publish(Kind::Video).await;
    settled(&sfu, |stats| stats.published_packets > 0).await;
    let alone = gauges(sfu.stats());
    for _ in 0..30 {
        let mut boris = Guest::join(&sfu, room).await;
        boris.publish(Kind::Video).await;
        boris.arrival(Kind::Video, |packet| mark(packet).0 == 1).await;
        boris.leave().await;
        assert_eq!(gauges(sfu.stats()), alone);
    }
    anna.leave().await;
    assert_eq!(gauges(sfu.stats()), empty);
    sfu.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ice_restart_does_not_interrupt_the_stream() {
    restart(false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_from_another_address_brings_the_media_back() {
    restart(true).await;
}

async fn restart(moves: bool) {
    let (sfu, room) = (sfu(), RoomId::new());
    let anna = Guest::join(&sfu, room).await;
    let mut boris = Guest::join_with(&sfu, room, |mut options| {
        options.restart_moves = moves;
        options
    })
    .await;
    let _camera = Camera::vp8(&anna.peer, 1);
    let track = anna.publish(Kind::Video).await;
    boris.shown(track).await;
    let first = boris.arrival(Kind::Video, |_| true).await;
    boris.peer.restart_ice().await.expect("a restart");
    let before = boris.negotiate().await;
    assert!(before.contains("a=ice-lite"));
    let mut seen = HashSet::from([first.sequence]);
    let last = first.sequence.wrapping_add(300);
    boris
        .arrival(Kind::Video, |packet| {
            seen.insert(packet.sequence);
            packet.sequence == last
        })
        .await;
    if !moves {
        let missing = (0..300).filter(|step| !seen.contains(&first.sequence.wrapping_add(*step))).count();
        // The client library itself discards what comes between its restart and its first answered check, some 10 ms;
        // an interruption by us would be more.
        assert!(missing <= 20, "{missing} of 300 packets around the restart are missing");
        assert_eq!(sfu.stats().path_changes, 0, "the old path was the new one");
    }
    assert_eq!(sfu.stats().transports, 2);
    sfu.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reloaded_page_takes_its_seat_and_its_tracks_back() {
    let (sfu, room) = (sfu(), RoomId::new());
    let mut anna = Guest::join(&sfu, room).await;
    let mut boris = Guest::join(&sfu, room).await;
    let camera = Camera::vp8(&anna.peer, 1);
    let track = anna.publish(Kind::Video).await;
    boris.shown(track).await;
    let before = boris.arrival(Kind::Video, |packet| mark(packet).0 == 1).await;
    drop(camera);
    anna.reload().await;
    assert_eq!(anna.publish(Kind::Video).await, track, "the same source is the same track");
    let _camera = Camera::vp8(&anna.peer, 2);
    let after = boris.arrival(Kind::Video, |packet| mark(packet).0 == 2).await;
    assert_eq!(after.ssrc, before.ssrc, "for the others the stream goes on");
    assert_eq!(after.payload[4] & 1, 0, "with a keyframe");
    assert_eq!(sfu.stats().transports, 2);
    sfu.shutdown().await;
}
