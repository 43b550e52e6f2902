//! The hot functions of forwarding: what one VP8 packet costs one subscriber before encryption, and what one datagram
//! costs before its sender is known.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use moodcall::base::clock;
use moodcall::base::id::ParticipantId;
use moodcall::rtp::payload::vp8;
use moodcall::rtp::sequence::Dedup;
use moodcall::sfu::demux::Demux;
use moodcall::sfu::ice::Path;
use moodcall::sfu::munger::{Incoming, Munger};
use moodcall::sfu::stun::{Builder, Class, Key, Message, Role, TransactionId};

/// The payload of a delta frame as Chromium sends it: descriptor with picture id, TL0PICIDX and temporal layer.
fn payload() -> Vec<u8> {
    let mut payload = vec![0x90, 0xe0, 0x92, 0x34, 0x56, 0x20, 0x31, 0x02];
    payload.resize(1100, 0x5a);
    payload
}

fn rewriting(c: &mut Criterion) {
    let mut group = c.benchmark_group("forwarding");
    group.throughput(Throughput::Elements(1));
    let payload = payload();
    group.bench_function("parse VP8 descriptor", |b| b.iter(|| Incoming::vp8(1, 2, black_box(&payload))));
    group.bench_function("rewrite VP8 descriptor in place", |b| {
        b.iter_batched_ref(|| payload.clone(), |payload| vp8::rewrite(payload, 77, 7), BatchSize::SmallInput);
    });
    group.bench_function("munge one packet", |b| {
        let (mut munger, now) = (Munger::video(), clock::now());
        munger.switch(1u32);
        let mut packet = Incoming { keyframe_start: true, ..Incoming::vp8(0, 0, &payload) };
        b.iter(|| {
            packet.sequence = packet.sequence.wrapping_add(1);
            packet.timestamp = packet.timestamp.wrapping_add(300);
            munger.rewrite(1, black_box(&packet), now)
        });
    });
    group.bench_function("tell a repeated packet", |b| {
        let (mut dedup, mut sequence) = (Dedup::default(), 0u16);
        b.iter(|| {
            sequence = sequence.wrapping_add(1);
            dedup.first_time(black_box(sequence))
        });
    });
    group.finish();
}

fn receiving(c: &mut Criterion) {
    let mut group = c.benchmark_group("receiving");
    group.throughput(Throughput::Elements(1));
    let (mut demux, path) = (Demux::default(), Path::udp(([192, 0, 2, 1], 5000).into()));
    for port in 0..1000 {
        demux.add_path(Path::udp(([192, 0, 2, 2], port).into()), ParticipantId::new());
    }
    demux.add_path(path, ParticipantId::new());
    let media = [0x90; 1100];
    group
        .bench_function("route a media datagram among 1000 paths", |b| b.iter(|| demux.route(path, black_box(&media))));
    let key = Key::new("0123456789012345678901");
    let check = Builder::new(Class::Request, TransactionId::fresh())
        .username("serverserver", "client")
        .priority(1)
        .role(Role::Controlling(1))
        .use_candidate()
        .sign(&key)
        .finish();
    group.bench_function("parse and verify a check", |b| {
        b.iter(|| Message::parse(black_box(&check)).is_ok_and(|message| message.verify(&key)));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = rewriting, receiving
}
criterion_main!(benches);
