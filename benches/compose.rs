//! The hot functions of composing: the matte from a mask, the blend, the blur, the scenes, and conversion of color.
//! Sizes are the two that matter: 640x480 and 1280x720.

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use moodcall::media::compose::background::Blur;
use moodcall::media::compose::matte::Matte;
use moodcall::media::compose::palette::scenes;
use moodcall::media::compose::scene::Scene;
use moodcall::media::compose::{blend, matte};
use moodcall::media::{Frame, Mask, color};

const SIZES: [(usize, usize); 2] = [(640, 480), (1280, 720)];

fn outline() -> Mask {
    let mut mask = Mask::new(256, 256);
    mask.update(256, 256, |data| {
        for (index, value) in data.iter_mut().enumerate() {
            let (x, y) = ((index % 256) as f32 - 128.0, (index / 256) as f32 - 160.0);
            *value = (255.0 - ((x * x + y * y).sqrt() - 80.0) * 60.0).clamp(0.0, 255.0) as u8;
        }
    });
    mask
}

fn mattes(c: &mut Criterion) {
    let mut group = c.benchmark_group("matte");
    for (width, height) in SIZES {
        let mask = outline();
        let mut made = Matte::default();
        group.bench_function(BenchmarkId::from_parameter(format!("{width}x{height}")), |b| {
            b.iter(|| {
                made.clear();
                made.update(&mask, width, height)
            });
        });
    }
    let mut values = outline().data().to_vec();
    group.bench_function("shape/256x256", |b| b.iter(|| matte::shape(&mut values)));
    group.finish();
}

fn blends(c: &mut Criterion) {
    let mut group = c.benchmark_group("blend");
    for (width, height) in SIZES {
        let size = format!("{width}x{height}");
        let (mut person, mut scene, mut out) =
            (Frame::new(width, height), Frame::new(width, height), Frame::new(width, height));
        person.fill([150, 110, 140]);
        scene.fill([90, 150, 100]);
        let mut matte = Matte::default();
        matte.update(&outline(), width, height).expect("a valid mask");
        group.bench_function(BenchmarkId::new("over", &size), |b| {
            b.iter(|| blend::over(person.view(), scene.view(), &matte, [0, 0], &mut out));
        });
        group.bench_function(BenchmarkId::new("crossfade", &size), |b| {
            b.iter(|| blend::crossfade(person.view(), scene.view(), 0.4, &mut out));
        });
        let mut blur = Blur::default();
        group.bench_function(BenchmarkId::new("blur", &size), |b| {
            b.iter(|| blur.draw(person.view(), Some(&matte), &mut out));
        });
    }
    group.finish();
}

fn drawn(c: &mut Criterion) {
    let mut group = c.benchmark_group("scene");
    for palette in scenes() {
        let (mut scene, mut frame) = (Scene::new(palette.mood, 640, 480), Frame::new(640, 480));
        let mut at = Duration::ZERO;
        group.bench_function(BenchmarkId::new("draw/640x480", palette.label), |b| {
            b.iter(|| {
                at += Duration::from_millis(67);
                scene.draw(at, &mut frame);
            });
        });
        group.bench_function(BenchmarkId::new("new/640x480", palette.label), |b| {
            b.iter(|| Scene::new(palette.mood, 640, 480));
        });
    }
    group.finish();
}

fn colors(c: &mut Criterion) {
    let mut group = c.benchmark_group("color");
    for (width, height) in SIZES {
        let mut frame = Frame::new(width, height);
        let mut rgb = Vec::new();
        group.bench_function(BenchmarkId::new("i420_to_rgb", format!("{width}x{height}")), |b| {
            b.iter(|| color::i420_to_rgb(frame.view(), &mut rgb));
        });
        group.bench_function(BenchmarkId::new("rgb_to_i420", format!("{width}x{height}")), |b| {
            b.iter(|| color::rgb_to_i420(&rgb, &mut frame));
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(800));
    targets = mattes, blends, drawn, colors
}
criterion_main!(benches);
