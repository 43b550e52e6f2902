//! H.264 passes through, and nobody gets what they cannot decode.

use moodcall::base::id::RoomId;
use moodcall::bench::client::chain::VideoCodec;
use moodcall::sfu::{Codec, Event, Kind};

use crate::guest::{Camera, Guest, mark, sfu};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn h264_is_passed_through() {
    let (sfu, room) = (sfu(), RoomId::new());
    let only = |mut options: moodcall::bench::client::peer::PeerOptions| {
        options.video = vec![VideoCodec::H264];
        options
    };
    let mut anna = Guest::join_with(&sfu, room, only).await;
    let mut boris = Guest::join_with(&sfu, room, only).await;
    let _camera = Camera::h264(&anna.peer, 5);
    let track = anna.publish(Kind::Video).await;
    anna.wait(|event| *event == Event::PublicationCodec { track, codec: Codec::H264 }).await;
    boris.shown(track).await;
    let picture = boris.arrival(Kind::Video, |_| true).await;
    assert_eq!((picture.payload[0], picture.payload[1]), (0x65, 5), "a keyframe first");
    assert_eq!(picture.payload_type, VideoCodec::H264.payload_type());
    sfu.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn vp8_never_reaches_somebody_who_cannot_decode_it() {
    let (sfu, room) = (sfu(), RoomId::new());
    let anna = Guest::join(&sfu, room).await;
    let mut boris = Guest::join_with(&sfu, room, |mut options| {
        options.video = vec![VideoCodec::H264];
        options
    })
    .await;
    let mut carla = Guest::join(&sfu, room).await;
    let _camera = Camera::vp8(&anna.peer, 1);
    let track = anna.publish(Kind::Video).await;
    carla.shown(track).await;
    for _ in 0..50 {
        carla.arrival(Kind::Video, |packet| mark(packet).0 == 1).await;
    }
    assert!(boris.arrivals.try_recv().is_err());
    sfu.shutdown().await;
}
