//! H.264 goes through as it is, and cannot be processed yet.

use moodcall::bench::client::ClientError;
use moodcall::bench::client::chain::VideoCodec;
use moodcall::bench::client::publish::{Picture, Recording};
use moodcall::protocol::code::Code;
use moodcall::protocol::{Effects, Kind};
use moodcall::rtp::payload::h264;

use crate::stage::{PLAIN, Stage, missing, options};

/// Pictures of single NAL units without sense: an IDR slice, then others (RFC 6184, section 5.6).
fn h264_recording() -> Recording {
    let picture = |number: u8| {
        let keyframe = number == 0;
        let mut payload = vec![number; 900];
        payload[0] = if keyframe { 0x65 } else { 0x41 };
        Picture { payloads: vec![payload], keyframe }
    };
    Recording::raw((0..60).map(picture))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn h264_passes_through_and_effects_on_it_are_refused() {
    let stage = Stage::start(&[]).await;
    let room = stage.room(2).await;
    let h264 = |name| {
        let mut options = options(name);
        options.peer.video = vec![VideoCodec::H264];
        options
    };
    let mut ann = stage.try_join(&room, h264("Ann")).await.expect("a seat");
    let ben = stage.try_join(&room, h264("Ben")).await.expect("a seat");
    ann.show_recording(h264_recording()).await;
    let video = ben.inbox.wait("pictures", 0, Kind::Video, 45).await;
    assert!(h264::is_keyframe_start(&video[0].packet.payload), "the first packet starts a keyframe");
    assert!(video.iter().all(|arrival| arrival.packet.payload_type == VideoCodec::H264.payload_type()));
    assert_eq!(missing(&video), 0);

    for effects in [Effects::Blur, Effects::Mood] {
        let refused = ann.client.effects(effects, true).await;
        assert!(matches!(refused, Err(ClientError::Refused { code: Code::Codec, .. })), "{refused:?}");
    }
    let mark = ben.inbox.len();
    ben.inbox.wait("pictures all the same", mark, Kind::Video, 30).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn effects_are_refused_where_the_filter_is_off() {
    let stage = Stage::start(PLAIN).await;
    let room = stage.room(2).await;
    let mut ann = stage.host(&room, "Ann").await;
    ann.show().await;
    let refused = ann.client.effects(Effects::Blur, false).await;
    assert!(matches!(refused, Err(ClientError::Refused { code: Code::FilterUnavailable, .. })), "{refused:?}");
}
