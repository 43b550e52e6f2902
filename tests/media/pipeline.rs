//! The whole path of a frame, packets to packets.

use std::time::{Duration, Instant};

use bytes::Bytes;
use moodcall::base::clock;
use moodcall::bench::clip::{Clip, Portrait, STEP};
use moodcall::media::codec::vp8::Decoder;
use moodcall::media::pipeline::depacketize::Depacketizer;
use moodcall::media::pipeline::packetize::MAX_PAYLOAD;
use moodcall::media::pipeline::{Event, Options, Pipeline};
use moodcall::media::{Background, Frame, Mood};
use moodcall::rtp::packet::Packet;
use moodcall::rtp::payload::vp8;

use super::codec::Random;
use super::{catalog, clip, psnr};

const SIZE: (usize, usize) = (640, 480);
/// The ladder would answer to how busy the machine is.
const STEADY: Options = Options { payload_type: 100, ssrc: 7, first: 65_530, adaptive: false };

/// A pipeline, the receiver behind it, and the stream's time.
struct Run {
    pipeline: Pipeline,
    depacketizer: Depacketizer,
    decoder: Decoder,
    now: Instant,
    sent: Vec<Packet>,
    events: Vec<Event>,
}

impl Run {
    fn new(background: Background) -> Self {
        let mut pipeline = Pipeline::new(STEADY, catalog()).unwrap();
        pipeline.set_background(background);
        Self {
            pipeline,
            depacketizer: Depacketizer::default(),
            decoder: Decoder::new().unwrap(),
            now: clock::now(),
            sent: Vec::new(),
            events: Vec::new(),
        }
    }

    /// Pushes one picture's packets; returns what the receiver sees then.
    fn picture(&mut self, packets: Vec<Packet>) -> Option<(u32, Frame)> {
        self.now += Duration::from_millis(33);
        let mut out = Vec::new();
        for packet in packets {
            self.pipeline.push(packet, self.now, &mut out).unwrap();
        }
        self.events.extend(self.pipeline.drain_events());
        let mut seen = None;
        for packet in out {
            self.sent.push(packet.clone());
            self.depacketizer.push(packet, self.now);
            while let Some(encoded) = self.depacketizer.next_frame(self.now) {
                let view = self.decoder.decode(encoded.data).unwrap().unwrap();
                seen = Some((encoded.timestamp, Frame::from_view(view)));
            }
        }
        seen
    }

    fn clip(&mut self, clip: &Clip) -> Vec<(u32, Frame)> {
        clip.packets(96, 1).take(clip.pictures.len()).filter_map(|packets| self.picture(packets)).collect()
    }
}

#[test]
fn the_background_changes_and_the_person_stays() {
    let clip = clip(SIZE, 24);
    let original = Portrait::load().unwrap().frame(SIZE.0, SIZE.1, 23);
    for background in [Background::Scene(Mood::Sadness), Background::Blur, Background::Scene(Mood::Happiness)] {
        let mut run = Run::new(background.clone());
        let seen = run.clip(&clip);
        assert_eq!(seen.len(), 24, "every picture comes out");
        let (timestamp, last) = seen.last().unwrap();
        assert_eq!(*timestamp, 23 * STEP, "with the timestamp that it came with");
        // At picture 23, near the upper left: flag and wall; face; rocket.
        let face = psnr(last.view(), original.view(), 250..320, 90..190);
        let room = psnr(last.view(), original.view(), 430..600, 20..200);
        let flag = psnr(last.view(), original.view(), 0..90, 60..220);
        assert!(face > 28.0, "{background:?}: the face at {face:.1} dB");
        assert!(room < 24.0 && flag < 24.0, "{background:?}: room {room:.1} dB, flag {flag:.1} dB");
        assert_eq!(run.pipeline.last_frame().unwrap().size(), SIZE);
    }
}

#[test]
fn the_mood_of_the_portrait_arrives_within_a_second() {
    let mut run = Run::new(Background::FollowMood);
    run.clip(&clip(SIZE, 30));
    let moods: Vec<_> = run
        .events
        .iter()
        .filter_map(|event| if let Event::Mood { mood, .. } = event { Some(*mood) } else { None })
        .collect();
    assert_eq!(moods, [Mood::Happiness], "{:?}", run.events);
    let stats = run.pipeline.stats();
    assert_eq!((stats.mattes, stats.composed), (30, 30));
    assert!((4..=6).contains(&stats.faces) && (4..=6).contains(&stats.expressions), "{stats:?}");
}

#[test]
fn no_expression_is_read_unless_it_is_followed() {
    let mut run = Run::new(Background::Scene(Mood::Fear));
    run.clip(&clip(SIZE, 15));
    assert_eq!((run.pipeline.stats().faces, run.pipeline.stats().expressions), (0, 0));
    run.pipeline.set_background(Background::FollowMood);
    run.pipeline.set_background(Background::Blur);
    run.clip(&clip(SIZE, 15));
    assert_eq!((run.pipeline.stats().faces, run.pipeline.stats().expressions), (0, 0));
}

#[test]
fn packets_are_well_formed() {
    let mut run = Run::new(Background::Blur);
    run.clip(&clip(SIZE, 20));
    assert!(vp8::is_keyframe_start(&run.sent[0].payload));
    let mut picture_id = None;
    for (index, packet) in run.sent.iter().enumerate() {
        assert_eq!(packet.sequence, 65_530u16.wrapping_add(index as u16));
        assert_eq!((packet.ssrc, packet.payload_type), (7, 100));
        assert!(packet.payload.len() <= MAX_PAYLOAD);
        let descriptor = vp8::Descriptor::parse(&packet.payload).unwrap();
        let id = descriptor.picture_id.unwrap();
        assert!(id.long && descriptor.tl0_pic_idx.is_some());
        if descriptor.start_of_partition {
            assert!(picture_id.is_none_or(|before: u16| (before + 1) & 0x7fff == id.value));
            picture_id = Some(id.value);
        }
        let last = run.sent.get(index + 1).is_none_or(|next| next.timestamp != packet.timestamp);
        assert_eq!(packet.marker, last);
    }
}

#[test]
fn a_requested_keyframe_comes_once() {
    let mut run = Run::new(Background::Blur);
    let clip = clip((320, 240), 50);
    let mut packets = clip.packets(96, 1);
    let mut keyframes = |run: &mut Run, pictures: usize| {
        let before = run.pipeline.stats().keyframes;
        (0..pictures).for_each(|_| drop(run.picture(packets.next().unwrap())));
        run.pipeline.stats().keyframes - before
    };
    assert_eq!(keyframes(&mut run, 15), 1, "the first picture is one");
    run.pipeline.request_keyframe();
    run.pipeline.request_keyframe();
    assert_eq!(keyframes(&mut run, 15), 1);
    run.pipeline.request_keyframe();
    assert_eq!(keyframes(&mut run, 1), 1);
    run.pipeline.request_keyframe();
    assert_eq!(keyframes(&mut run, 8), 0, "no more than three a second");
    assert_eq!(keyframes(&mut run, 2), 1, "but it is not forgotten");
}

#[test]
fn a_lost_packet_ends_in_a_request_and_a_clean_picture() {
    let mut run = Run::new(Background::Scene(Mood::Neutral));
    let clip = clip((320, 240), 20);
    let mut streams = clip.packets(96, 1);
    for index in 0..20 {
        let mut packets = streams.next().unwrap();
        if index == 6 {
            packets.remove(0);
        }
        run.picture(packets);
    }
    assert_eq!(run.events.iter().filter(|event| **event == Event::NeedKeyframe).count(), 1, "{:?}", run.events);
    assert_eq!(run.pipeline.stats().decoded, 6);
    let seen: Vec<_> = streams.take(5).filter_map(|packets| run.picture(packets)).collect();
    assert_eq!(seen.len(), 5, "the clip begins again with a keyframe");
}

#[test]
fn a_new_size_in_mid_stream_is_followed() {
    let mut run = Run::new(Background::Scene(Mood::Surprise));
    let mut sequence = 0;
    for size in [(640, 480), (320, 180), (960, 540), (161, 121)] {
        let clip = clip(size, 3);
        let mut last = None;
        for packets in clip.packets(96, 1).take(3) {
            let packets = packets.into_iter().map(|packet| {
                sequence += 1;
                Packet { sequence, timestamp: u32::from(sequence) * 50, ..packet }
            });
            let packets: Vec<_> = packets.collect();
            let timestamp = packets[0].timestamp;
            last = run.picture(packets.into_iter().map(|packet| Packet { timestamp, ..packet }).collect());
        }
        assert_eq!(last.unwrap().1.size(), size);
    }
}

#[test]
fn garbage_is_dropped_and_the_stream_goes_on() {
    let mut run = Run::new(Background::Blur);
    let mut random = Random::new(99);
    for index in 0..6000u32 {
        let payload: Vec<u8> = (0..random.below(60)).map(|_| random.below(256) as u8).collect();
        let mut payload = payload;
        // Every other one looks like the start of a keyframe of a random size.
        if index % 2 == 0 && payload.len() > 11 {
            payload[..7].copy_from_slice(&[0x10, 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a]);
        }
        let packet = Packet {
            marker: random.below(2) == 0,
            payload_type: 96,
            sequence: random.below(600) as u16,
            timestamp: random.below(5) as u32 * STEP,
            ssrc: 1,
            payload: Bytes::from(payload),
        };
        run.now += Duration::from_millis(1);
        run.pipeline.push(packet, run.now, &mut Vec::new()).unwrap();
    }
    run.now += Duration::from_secs(1);
    run.pipeline.flush(run.now);
    assert!(run.pipeline.drain_events().any(|event| event == Event::NeedKeyframe));
    assert_eq!(run.clip(&clip((320, 240), 3)).len(), 3);
}

#[test]
fn off_passes_packets_on_as_they_are() {
    let mut pipeline = Pipeline::new(STEADY, catalog()).unwrap();
    let clip = clip((160, 120), 2);
    let mut out = Vec::new();
    let packets: Vec<_> = clip.packets(96, 1).take(2).flatten().collect();
    for packet in &packets {
        pipeline.push(packet.clone(), clock::now(), &mut out).unwrap();
    }
    assert_eq!(out, packets);
}
