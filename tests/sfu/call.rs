//! Two and three people hear and see each other.

use moodcall::base::id::RoomId;
use moodcall::sfu::{Event, Kind};

use crate::guest::{Camera, Guest, Microphone, mark, settled, sfu};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn media_flows_both_ways_with_one_offer_each() {
    both_ways(false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn media_flows_both_ways_over_tcp_alone() {
    both_ways(true).await;
}

async fn both_ways(tcp: bool) {
    let (sfu, room) = (sfu(), RoomId::new());
    let join = async || if tcp { Guest::join_over_tcp(&sfu, room).await } else { Guest::join(&sfu, room).await };
    let (mut anna, mut boris) = (join().await, join().await);
    let (_cameras, _voices) = (
        (Camera::vp8(&anna.peer, 1), Camera::vp8(&boris.peer, 2)),
        (Microphone::start(anna.peer.audio.clone(), 1), Microphone::start(boris.peer.audio.clone(), 2)),
    );
    for guest in [&anna, &boris] {
        guest.publish(Kind::Audio).await;
        guest.publish(Kind::Video).await;
    }
    let picture = anna.arrival(Kind::Video, |_| true).await;
    assert_eq!(mark(&picture).0, 2);
    assert_eq!(anna.peer.section_of(picture.ssrc).as_deref(), Some("1"));
    assert_eq!(picture.payload[4] & 1, 0, "the first packet that arrives begins a keyframe");
    assert_eq!(mark(&boris.arrival(Kind::Video, |_| true).await).0, 1);
    assert_eq!(anna.arrival(Kind::Audio, |_| true).await.payload[0], 2);
    assert_eq!(boris.arrival(Kind::Audio, |_| true).await.payload[0], 1);
    while let Ok(event) = anna.events.try_recv() {
        assert!(!matches!(event, Event::Negotiate { .. }), "two people need no second offer");
    }
    assert_eq!(sfu.stats().tcp_connections > 0, tcp);
    anna.leave().await;
    boris.leave().await;
    sfu.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_third_makes_the_others_offer_again_and_all_see_all() {
    let (sfu, room) = (sfu(), RoomId::new());
    let mut guests = Vec::new();
    for number in 0..3u8 {
        let guest = Guest::join(&sfu, room).await;
        let track = guest.publish(Kind::Video).await;
        guests.push((Camera::vp8(&guest.peer, number), track, guest));
    }
    let tracks: Vec<_> = guests.iter().map(|(_, track, _)| *track).collect();
    for (own, (_, _, guest)) in guests.iter_mut().enumerate() {
        for (number, track) in tracks.iter().enumerate().filter(|(number, _)| *number != own) {
            let section = guest.shown(*track).await;
            let picture = guest.arrival(Kind::Video, |packet| mark(packet).0 == number as u8).await;
            assert_eq!(guest.peer.section_of(picture.ssrc), Some(section.mid));
        }
    }
    // Whoever leaves frees a section, and the next to come is shown in it.
    let (_, _, last) = guests.pop().unwrap();
    last.leave().await;
    let fourth = Guest::join(&sfu, room).await;
    let track = fourth.publish(Kind::Video).await;
    let _camera = Camera::vp8(&fourth.peer, 9);
    for (_, _, guest) in &mut guests {
        guest.shown(track).await;
        guest.arrival(Kind::Video, |packet| mark(packet).0 == 9).await;
    }
    sfu.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_may_see_themselves_and_turn_others_off() {
    let (sfu, room) = (sfu(), RoomId::new());
    let mut anna = Guest::join(&sfu, room).await;
    let track = anna.publish(Kind::Video).await;
    let _camera = Camera::vp8(&anna.peer, 7);
    sfu.subscribe(anna.id, anna.id, Kind::Video, true).await.unwrap();
    anna.shown(track).await;
    anna.arrival(Kind::Video, |packet| mark(packet).0 == 7).await;
    sfu.subscribe(anna.id, anna.id, Kind::Video, false).await.unwrap();
    anna.wait(|event| *event == Event::Sections(vec![])).await;
    assert_eq!(sfu.stats().subscriptions, 0);
    sfu.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_hears_nothing_of_another() {
    let sfu = sfu();
    let (mut anna, boris) = (Guest::join(&sfu, RoomId::new()).await, Guest::join(&sfu, RoomId::new()).await);
    let _camera = Camera::vp8(&boris.peer, 1);
    boris.publish(Kind::Video).await;
    settled(&sfu, |stats| stats.published_packets > 50).await;
    assert!(anna.arrivals.try_recv().is_err());
    assert_eq!(sfu.stats().forwarded_packets, 0);
    assert_eq!(sfu.stats().rooms, 2);
    sfu.shutdown().await;
}
