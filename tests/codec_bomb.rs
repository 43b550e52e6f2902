//! A keyframe that claims 16383x16383 pixels is refused at no cost. Alone in its process, so that memory can be read.

use std::time::Duration;

use moodcall::base::clock;
use moodcall::media::Frame;
use moodcall::media::codec::vp8::{Decoder, Encoder};
use moodcall::media::codec::{CodecError, GuardError};

/// Believed, one such packet costs libvpx 850 MiB and 6 s.
#[test]
fn a_keyframe_of_16383_pixels_is_refused_at_no_cost() {
    let mut bomb = vec![0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0xff, 0x3f, 0xff, 0x3f];
    bomb.resize(400, 0);
    let mut decoder = Decoder::new().unwrap();
    let (before, start) = (resident_kib(), clock::now());
    for _ in 0..100 {
        let refused = decoder.decode(&bomb);
        assert!(matches!(refused, Err(CodecError::Guard(GuardError::TooLarge { width: 16383, height: 16383 }))));
    }
    let (grown, spent) = (resident_kib().saturating_sub(before), clock::now() - start);
    assert!(spent < Duration::from_millis(100), "100 of them took {spent:?}");
    assert!(grown < 8 * 1024, "{grown} KiB");

    let mut encoder = Encoder::new(300_000);
    let picture = encoder.encode(Frame::new(160, 120).view(), 0).unwrap().unwrap();
    assert!(decoder.decode(picture.data).unwrap().is_some(), "the decoder lives");
}

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
