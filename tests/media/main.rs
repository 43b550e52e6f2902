//! The media layer on a real picture, with numeric bounds.

mod codec;
mod pipeline;
mod vision;
mod worker;

use std::path::{Path, PathBuf};

use moodcall::bench::clip::{Clip, Portrait};
use moodcall::media::vision::Catalog;
use moodcall::media::{Frame, FrameView};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The networks of this repository. `lib/` lies here even if the target folder does not.
fn catalog() -> Catalog {
    let library: PathBuf = root().join("lib/libonnxruntime.so");
    Catalog::load(&root().join("models"), library.is_file().then_some(library.as_path()))
        .expect("scripts/setup.sh has run")
}

/// One picture of the portrait: the face is in the upper half, a little left of the middle.
fn portrait(width: usize, height: usize) -> Frame {
    Portrait::load().unwrap().frame(width, height, 0)
}

fn clip(size: (usize, usize), pictures: usize) -> Clip {
    Clip::portrait(size, pictures, || {}).unwrap()
}

/// Peak signal-to-noise ratio of luma over a part of the picture, in dB.
fn psnr(a: FrameView<'_>, b: FrameView<'_>, columns: std::ops::Range<usize>, rows: std::ops::Range<usize>) -> f64 {
    assert_eq!(a.size(), b.size());
    let count = (columns.len() * rows.len()) as f64;
    let errors = rows.map(|row| {
        let pair = a.y().row(row)[columns.clone()].iter().zip(&b.y().row(row)[columns.clone()]);
        pair.map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum::<f64>()
    });
    10.0 * (255.0 * 255.0 / (errors.sum::<f64>() / count).max(1e-9)).log10()
}
