//! The hot functions of the media layer that are ours: everything between the codec and the networks.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use moodcall::base::clock;
use moodcall::bench::clip::{Clip, Portrait};
use moodcall::media::codec::EncodedFrame;
use moodcall::media::codec::vp8::{Decoder, Encoder, Speed};
use moodcall::media::pipeline::depacketize::Depacketizer;
use moodcall::media::pipeline::packetize::Packetizer;
use moodcall::media::vision::tensor::{Area, Normalization, TensorFiller};
use moodcall::rtp::payload::vp8;

const SIZES: [(usize, usize); 2] = [(640, 480), (1280, 720)];

fn descriptor(c: &mut Criterion) {
    let payload = [0x90, 0xe0, 0x92, 0x34, 0x05, 0x20, 0x9c, 0x01];
    c.bench_function("vp8 descriptor parse", |b| b.iter(|| vp8::Descriptor::parse(black_box(&payload))));
    let mut changed = payload;
    c.bench_function("vp8 descriptor rewrite", |b| {
        b.iter(|| vp8::rewrite(black_box(&mut changed), black_box(77), black_box(9)));
    });
}

fn tensors(c: &mut Criterion) {
    let mut group = c.benchmark_group("tensor fill");
    let portrait = Portrait::load().expect("the portrait is built in");
    for (width, height) in SIZES {
        let frame = portrait.frame(width, height, 0);
        for side in [128, 256] {
            let (mut filler, mut tensor) = (TensorFiller::default(), vec![0.0; 3 * side * side]);
            let area = Area { x: 0, y: 0, width: side, height: side };
            let plain = Normalization { scale: 1.0 / 255.0, offset: 0.0 };
            group.throughput(Throughput::Elements((width * height) as u64));
            group.bench_function(BenchmarkId::new(format!("{width}x{height}"), side), |b| {
                b.iter(|| filler.fill(frame.view(), black_box(&mut tensor), (side, side), area, plain));
            });
        }
    }
    group.finish();
}

fn packets(c: &mut Criterion) {
    let data: Vec<u8> = (0..4200u32).map(|index| (index * 7) as u8 & 0xfe).collect();
    let frame = EncodedFrame { data: &data, keyframe: true, timestamp: 0 };
    let mut packetizer = Packetizer::new(96, 1, 0);
    let mut out = Vec::new();
    c.bench_function("packetize 4 KB", |b| {
        b.iter(|| {
            out.clear();
            packetizer.packetize(black_box(frame), &mut out);
        });
    });
    let (mut depacketizer, now) = (Depacketizer::default(), clock::now());
    c.bench_function("packetize and depacketize 4 KB", |b| {
        b.iter(|| {
            out.clear();
            packetizer.packetize(black_box(frame), &mut out);
            out.drain(..).for_each(|packet| depacketizer.push(packet, now));
            depacketizer.next_frame(now).map(|frame| frame.data.len())
        });
    });
}

fn codec(c: &mut Criterion) {
    let mut group = c.benchmark_group("vp8");
    group.sample_size(20);
    for size in SIZES {
        let clip = Clip::portrait(size, 30, || {}).expect("libvpx encodes");
        let name = format!("{}x{}", size.0, size.1);
        let mut decoder = Decoder::new().expect("libvpx opens");
        let mut pictures = clip.pictures.iter().cycle();
        group.bench_function(BenchmarkId::new("decode", &name), |b| {
            b.iter(|| decoder.decode(&pictures.next().expect("a cycle").data).map(|view| view.map(|view| view.size())));
        });
        let portrait = Portrait::load().expect("the portrait is built in");
        let frames: Vec<_> = (0..30).map(|index| portrait.frame(size.0, size.1, index)).collect();
        for (speed, label) in [(Speed::Usual, "encode"), (Speed::Overload, "encode under overload")] {
            let (mut encoder, mut index) = (Encoder::new(800_000), 0u32);
            encoder.set_speed(speed).expect("nothing is open yet");
            group.bench_function(BenchmarkId::new(label, &name), |b| {
                b.iter(|| {
                    index += 1;
                    let frame = &frames[index as usize % frames.len()];
                    encoder.encode(frame.view(), index * 3000).map(|encoded| encoded.map(|encoded| encoded.data.len()))
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, descriptor, tensors, packets, codec);
criterion_main!(benches);
