//! Publications: what is admitted, who hears it, when a keyframe is asked for.

use bytes::Bytes;

use super::*;
use crate::sfu::negotiation::Offer;

const CHROME: &str = include_str!("negotiation/chrome_offer.sdp");
const SSRC: u32 = 3_570_614_608;

fn camera() -> Publication {
    let mut publication = Publication::new(Kind::Video, Source::Camera, false);
    assert_eq!(publication.bind(&Offer::parse(CHROME).unwrap().sections[1], false), Some(Codec::Vp8));
    publication
}

fn packet(payload_type: u8, sequence: u16, payload: &'static [u8]) -> Packet {
    let payload = Bytes::from_static(payload);
    Packet { marker: true, payload_type, sequence, timestamp: 0, ssrc: SSRC, payload }
}

const VP8_KEYFRAME: &[u8] = &[0x90, 0x80, 0x80, 0x01, 0x10, 0, 0];
const H264_KEYFRAME: &[u8] = &[0x65, 1, 2, 3];

#[test]
fn the_codec_follows_the_payload_type_that_really_comes() {
    let mut publication = camera();
    assert_eq!(publication.admit(&packet(96, 1, VP8_KEYFRAME)).unwrap().codec, None, "as expected is no news");
    let admitted = publication.admit(&packet(108, 2, H264_KEYFRAME)).unwrap();
    assert_eq!((admitted.codec, admitted.format), (Some(Codec::H264), Format::H264 { mode: 1 }));
    assert!(admitted.incoming.keyframe_start);
    assert!(publication.admit(&packet(97, 3, VP8_KEYFRAME)).is_err(), "retransmissions have been unwrapped before");
}

#[test]
fn a_repeated_packet_counts_once() {
    let mut publication = camera();
    assert!(publication.admit(&packet(96, 65535, VP8_KEYFRAME)).is_ok());
    assert!(publication.admit(&packet(96, 0, VP8_KEYFRAME)).is_ok());
    assert_eq!(publication.admit(&packet(96, 65535, VP8_KEYFRAME)).err(), Some(Rejected::Repeated));
}

#[test]
fn what_subscribers_see_follows_mute_and_the_second_source() {
    let mut publication = camera();
    let track = publication.track;
    assert_eq!(publication.feed(), Some(Feed::Original { track, ssrc: SSRC }));
    let keyframes = Keyframes::default();
    publication.injection = Some(Injection { number: 4, on_keyframe: Box::new(|| ()), shown: true, keyframes });
    assert_eq!(publication.feed(), Some(Feed::Processed { track, number: 4 }));
    publication.want_keyframe(Feed::Processed { track, number: 4 });
    assert!(!publication.keyframes.wanted(), "the camera is not asked for the encoder's keyframes");
    publication.muted = true;
    assert_eq!(publication.feed(), None);
    publication.muted = false;
    publication.unbind();
    assert_eq!(publication.feed(), None, "without a page there is nothing to see");
}
