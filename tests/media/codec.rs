//! VP8 there and back, and what is refused.

use std::time::Instant;

use moodcall::base::clock;
use moodcall::media::Frame;
use moodcall::media::codec::vp8::{Decoder, Encoder, Speed};

use super::{clip, portrait, psnr};

#[test]
fn a_picture_survives_the_way_there_and_back() {
    for (width, height, bound) in [(640, 480, 36.0), (321, 241, 33.0), (1280, 720, 36.0)] {
        let frame = portrait(width, height);
        let (mut encoder, mut decoder) = (Encoder::new(2_000_000), Decoder::new().unwrap());
        let mut quality = 0.0;
        for index in 0..10 {
            let encoded = encoder.encode(frame.view(), index * 3000).unwrap().unwrap();
            assert_eq!(encoded.keyframe, index == 0);
            let decoded = decoder.decode(encoded.data).unwrap().unwrap();
            assert_eq!(decoded.size(), (width, height));
            quality = psnr(frame.view(), decoded, 0..width, 0..height);
        }
        assert!(quality > bound, "{width}x{height}: {quality:.1} dB");
    }
}

#[test]
fn the_smallest_and_oddest_sizes_work() {
    for (width, height) in [(1, 1), (2, 2), (17, 1), (1, 33), (15, 15), (1919, 3)] {
        let frame = Frame::new(width, height);
        let (mut encoder, mut decoder) = (Encoder::new(300_000), Decoder::new().unwrap());
        let encoded = encoder.encode(frame.view(), 0).unwrap().unwrap();
        assert_eq!(decoder.decode(encoded.data).unwrap().unwrap().size(), (width, height));
    }
}

#[test]
fn keyframes_come_on_demand_and_with_a_new_size_only() {
    let (large, small) = (portrait(640, 480), portrait(320, 240));
    let mut encoder = Encoder::new(800_000);
    let keyframe = |encoder: &mut Encoder, frame: &Frame, index: u32| {
        encoder.encode(frame.view(), index * 3000).unwrap().unwrap().keyframe
    };
    assert!(keyframe(&mut encoder, &large, 0));
    encoder.set_bitrate(300_000).unwrap();
    encoder.set_speed(Speed::Overload).unwrap();
    assert!(!keyframe(&mut encoder, &large, 1), "neither rate nor speed need one");
    encoder.request_keyframe();
    assert!(keyframe(&mut encoder, &large, 2));
    assert!(!keyframe(&mut encoder, &large, 3));
    assert!(keyframe(&mut encoder, &small, 4));
    assert!(!keyframe(&mut encoder, &small, 5));
}

#[test]
fn the_rate_is_kept_and_can_be_changed() {
    let portrait = moodcall::bench::clip::Portrait::load().unwrap();
    let frames: Vec<_> = (0..60).map(|index| portrait.frame(320, 240, index)).collect();
    let mut encoder = Encoder::new(600_000);
    let rate = |encoder: &mut Encoder, from: u32| {
        let octets: usize = (0..120)
            .map(|index| {
                // To and fro, so that the motion has no jump.
                let at = if index % 118 < 60 { index % 118 } else { 118 - index % 118 };
                encoder.encode(frames[at].view(), (from + index as u32) * 3000).unwrap().map_or(0, |e| e.data.len())
            })
            .sum();
        octets * 8 / 4
    };
    rate(&mut encoder, 0);
    let before = rate(&mut encoder, 120);
    encoder.set_bitrate(150_000).unwrap();
    rate(&mut encoder, 240);
    let after = rate(&mut encoder, 360);
    assert!((300_000..750_000).contains(&before), "{before}");
    assert!((90_000..210_000).contains(&after), "{after}");
}

/// Neither noise nor damaged pictures may do more than fail.
#[test]
fn six_thousand_broken_frames_do_no_harm() {
    let clip = clip((160, 120), 30);
    let mut random = Random::new(0x6d6f_6f64);
    let mut decoder = Decoder::new().unwrap();
    let (mut refused, start): (u32, Instant) = (0, clock::now());
    for index in 0..6000 {
        let mut frame = clip.pictures[index % 30].data.clone();
        match index % 3 {
            0 => frame = (0..random.below(400)).map(|_| random.below(256) as u8).collect(),
            1 => frame.truncate(random.below(frame.len())),
            _ => {
                for _ in 0..1 + random.below(8) {
                    let at = random.below(frame.len());
                    frame[at] = random.below(256) as u8;
                }
            }
        }
        match decoder.decode(&frame) {
            Ok(Some(view)) => assert!(view.width() <= 1920 && view.height() <= 1920),
            Ok(None) => {}
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 2000, "{refused} refused in {:?}", clock::now() - start);
}

/// xorshift64*: the same frames every time.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound.max(1)
    }
}
