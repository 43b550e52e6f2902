//! Scenes: what stands behind a person, drawn by our own code as seamless loops, the same on every node.
//!
//! A scene is a coarse grid of tones from a ramp of colours, scaled up, with small shapes stamped over it. Nothing is
//! rendered ahead, so a scene costs no memory to speak of, and a picture of any moment can be drawn at once.

mod field;
mod particles;
mod ramp;
mod sprite;
mod wave;

use std::time::Duration;

use self::field::Field;
use self::particles::Particles;
use self::ramp::Ramp;
use self::wave::Seeded;
use super::palette::{Rgb, palette};
use crate::media::frame::Frame;
use crate::media::{Mood, scale};

/// One mood's scene for pictures of one size.
#[derive(Clone, Debug)]
pub struct Scene {
    mood: Mood,
    ramp: Ramp,
    field: Field,
    far: Particles,
    near: Particles,
    grid: Frame,
    /// Less than one step of luma per cell, so that slow gradients show no bands.
    dither: Vec<f32>,
    tone: Vec<f32>,
    light: Vec<f32>,
}

impl Scene {
    /// The scene of `mood` for frames of `width` x `height` pixels, at least one each. `Unsure` has none: Calm is drawn.
    #[must_use]
    pub fn new(mood: Mood, width: usize, height: usize) -> Self {
        let mut seeded = Seeded::new(0x6D6F_6F64 + mood as u64);
        // Fine where the ground has lines, coarse where it is a glow. Larger frames get the same grid, scaled up more.
        let lines: usize = match mood {
            Mood::Disgust | Mood::Contempt | Mood::Surprise => 120,
            Mood::Happiness | Mood::Sadness | Mood::Anger | Mood::Fear => 60,
            Mood::Neutral | Mood::Unsure => 40,
        };
        let rows = lines.min(height.div_ceil(2)).max(1);
        let columns = (rows * width / height).clamp(1, 4 * lines);
        let aspect = width as f32 / height as f32;
        Self {
            mood,
            ramp: Ramp::new(stops(mood)),
            field: Field::new(mood, columns, rows, aspect, &mut seeded),
            far: Particles::far(mood, columns, rows, &mut seeded),
            near: Particles::new(mood, width, height, &mut seeded),
            grid: Frame::new(columns, rows),
            dither: (0..columns * rows).map(|_| seeded.unit()).collect(),
            tone: vec![0.0; columns],
            light: vec![0.0; columns],
        }
    }

    /// Whose scene it is.
    #[must_use]
    pub fn mood(&self) -> Mood {
        self.mood
    }

    /// Draws the moment `elapsed` after the loop's beginning over all of `frame`, which has the scene's size.
    pub fn draw(&mut self, elapsed: Duration, frame: &mut Frame) {
        let seconds = f64::from(palette(self.mood).seconds.max(1));
        let phase = (elapsed.as_secs_f64() / seconds).fract() as f32;
        self.paint_grid(phase);
        self.far.draw(&mut self.grid, phase);
        if let Err(error) = scale::picture(&self.grid, frame) {
            tracing::warn!(%error, "a scene's ground could not be scaled");
        }
        self.near.draw(frame, phase);
    }

    fn paint_grid(&mut self, phase: f32) {
        self.field.begin(phase);
        let columns = self.grid.width();
        let [mut luma, mut u, mut v] = self.grid.planes_mut();
        for row in 0..luma.height() {
            self.field.row(row, phase, &mut self.tone, &mut self.light);
            let dither = &self.dither[row * columns..][..columns];
            let cells = self.tone.iter().zip(&self.light).zip(dither);
            for ((pixel, ((&tone, &light), &dither)), column) in luma.row(row).iter_mut().zip(cells).zip(0..) {
                let [y, blue, red] = self.ramp.at(tone);
                *pixel = (y + light + dither).clamp(16.0, 235.0) as u8;
                if row % 2 == 0 && column % 2 == 0 {
                    u.row(row / 2)[column / 2] = (blue + dither) as u8;
                    v.row(row / 2)[column / 2] = (red + dither) as u8;
                }
            }
        }
    }
}

/// The ramp of each scene, dark to bright: the palette's colours with steps between and beyond that light it well.
fn stops(mood: Mood) -> &'static [(f32, Rgb)] {
    match mood {
        Mood::Happiness => &[
            (0.0, [0x6A, 0x24, 0x1E]),
            (0.30, [0xC4, 0x4A, 0x2A]),
            (0.55, [0xE8, 0x78, 0x33]),
            (0.85, [0xFF, 0xB9, 0x38]),
            (1.0, [0xFF, 0xE0, 0x94]),
        ],
        Mood::Sadness => &[
            (0.0, [0x16, 0x26, 0x4A]),
            (0.40, [0x2E, 0x4E, 0x8C]),
            (0.80, [0x5A, 0x88, 0xD2]),
            (1.0, [0x94, 0xB8, 0xEC]),
        ],
        Mood::Anger => &[
            (0.0, [0x3A, 0x0B, 0x12]),
            (0.40, [0x8C, 0x1E, 0x20]),
            (0.70, [0xD1, 0x46, 0x2F]),
            (1.0, [0xF6, 0x9A, 0x4C]),
        ],
        Mood::Fear => &[
            (0.0, [0x17, 0x11, 0x2E]),
            (0.40, [0x4A, 0x38, 0x7E]),
            (0.75, [0x8A, 0x6E, 0xCE]),
            (1.0, [0xC4, 0xB4, 0xEE]),
        ],
        Mood::Disgust => &[
            (0.0, [0x22, 0x33, 0x1A]),
            (0.40, [0x45, 0x69, 0x2B]),
            (0.75, [0x86, 0xAA, 0x42]),
            (1.0, [0xD4, 0xE4, 0x94]),
        ],
        Mood::Surprise => &[
            (0.0, [0x12, 0x8C, 0xA8]),
            (0.30, [0x2C, 0x9E, 0xC4]),
            (0.55, [0x6E, 0x78, 0xC4]),
            (0.80, [0xAE, 0x48, 0xA0]),
            (1.0, [0xC8, 0x3E, 0x84]),
        ],
        Mood::Contempt => &[
            (0.0, [0x3A, 0x2C, 0x26]),
            (0.45, [0x7C, 0x5E, 0x49]),
            (0.80, [0xB8, 0x91, 0x70]),
            (1.0, [0xE2, 0xC6, 0xA4]),
        ],
        Mood::Neutral | Mood::Unsure => {
            // Chroma hardly changes along it: on so plain a ground even one step of it would show.
            &[(0.0, [0x34, 0x41, 0x4F]), (0.50, [0x68, 0x75, 0x84]), (1.0, [0x9D, 0xAA, 0xB9])]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::compose::palette::scenes;

    const SIZES: [(usize, usize); 3] = [(160, 120), (321, 241), (1, 1)];

    fn mean(frame: &Frame) -> f32 {
        let data = frame.view().y().data();
        data.iter().map(|&y| f32::from(y)).sum::<f32>() / data.len() as f32
    }

    /// Mean luma in an 8 by 6 raster: what an eye takes for light and dark.
    fn regions(frame: &Frame) -> Vec<f32> {
        let (width, height) = frame.size();
        let mut sums = vec![(0.0, 0.0); 48];
        for (y, row) in frame.view().y().rows().enumerate() {
            for (x, &luma) in row.iter().enumerate() {
                let cell = &mut sums[y * 6 / height * 8 + x * 8 / width];
                *cell = (cell.0 + f32::from(luma), cell.1 + 1.0);
            }
        }
        sums.into_iter().map(|(sum, count)| sum / f32::max(count, 1.0)).collect()
    }

    #[test]
    fn every_scene_is_neither_dark_nor_glaring_at_any_moment() {
        for palette in scenes() {
            let mut scene = Scene::new(palette.mood, 320, 240);
            let mut frame = Frame::new(320, 240);
            for step in 0..16 {
                scene.draw(Duration::from_millis(500 * step), &mut frame);
                let mean = mean(&frame);
                assert!((70.0..=140.0).contains(&mean), "{} at {step}: mean luma {mean}", palette.label);
            }
        }
    }

    #[test]
    fn every_loop_is_seamless() {
        for palette in scenes() {
            let mut scene = Scene::new(palette.mood, 320, 240);
            let seconds = Duration::from_secs(palette.seconds.into());
            let (mut first, mut again) = (Frame::new(320, 240), Frame::new(320, 240));
            scene.draw(Duration::ZERO, &mut first);
            scene.draw(seconds, &mut again);
            assert!(first == again, "{}", palette.label);
            scene.draw(seconds - Duration::from_millis(1), &mut again);
            let planes = first.view().y().data().iter().zip(again.view().y().data());
            let mean = planes.map(|(a, b)| f32::from(a.abs_diff(*b))).sum::<f32>() / (320.0 * 240.0);
            assert!(mean < 0.5, "{}: {mean} across the seam", palette.label);
        }
    }

    #[test]
    fn nothing_flashes() {
        // WCAG 2.3.1 speaks of 10 % of full luminance within a flash; here no region may swing that far in half a second.
        for palette in scenes() {
            let mut scene = Scene::new(palette.mood, 320, 240);
            let mut frame = Frame::new(320, 240);
            let moments: Vec<Vec<f32>> = (0..palette.seconds * 15)
                .map(|step| {
                    scene.draw(Duration::from_secs(1) * step / 15, &mut frame);
                    regions(&frame)
                })
                .collect();
            for (step, pair) in moments.windows(2).enumerate() {
                for (a, b) in pair[0].iter().zip(&pair[1]) {
                    assert!((a - b).abs() < 5.0, "{} at {step}: {a} to {b} in one frame", palette.label);
                }
            }
            for (step, now) in moments.iter().enumerate() {
                let then = &moments[(step + 7) % moments.len()];
                for (a, b) in now.iter().zip(then) {
                    assert!((a - b).abs() < 22.0, "{} at {step}: {a} to {b} in half a second", palette.label);
                }
            }
        }
    }

    #[test]
    fn a_scene_is_the_same_on_every_node_and_fits_any_size() {
        for palette in scenes() {
            for (width, height) in SIZES {
                let draw = || {
                    let mut frame = Frame::new(width, height);
                    Scene::new(palette.mood, width, height).draw(Duration::from_millis(1234), &mut frame);
                    frame
                };
                assert!(draw() == draw(), "{} {width}x{height}", palette.label);
            }
        }
    }
}
