//! What a drawn cover costs one processor: the mean over every mood and genre, and each genre.

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use moodcall::covers::{Motif, draw};
use moodcall::protocol::MoodLabel;
use moodcall::protocol::genre::Genre;

fn covers(c: &mut Criterion) {
    let mut group = c.benchmark_group("cover");
    let mut seed = 0;
    group.bench_function("any", |b| {
        b.iter(|| {
            seed += 1;
            draw(&Motif { mood: None, genre: None, seed }).expect("a cover")
        });
    });
    for genre in Genre::ALL {
        group.bench_function(BenchmarkId::from_parameter(genre.as_str()), |b| {
            b.iter(|| {
                seed += 1;
                draw(&Motif { mood: Some(MoodLabel::Sadness), genre: Some(genre), seed }).expect("a cover")
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(3));
    targets = covers
}
criterion_main!(benches);
