//! From the planes of a frame to a network's input: resize and color conversion in one pass, row by row.
//!
//! Shrinking by 1.5 or more averages the area under each output sample, so that fine patterns do not turn into noise;
//! milder changes interpolate between the two nearest samples. Weights have 7 bits, so a row of weighted sums fits `i16`.

use crate::media::frame::{FrameView, Plane};

/// The sum of an output sample's weights.
const ONE: i16 = 128;
/// From this ratio of source to output on, areas are averaged.
const AREA_RATIO: f32 = 1.5;
/// The most source samples that one output sample mixes in a row: enough for 1920 pixels on 128.
const MOST_TAPS: usize = 16;

/// How values enter the network: RGB in 0 to 255, times `scale`, plus `offset`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normalization {
    /// Multiplies first.
    pub scale: f32,
    /// Adds then.
    pub offset: f32,
}

/// A rectangle of the network's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// Left edge.
    pub x: usize,
    /// Upper edge.
    pub y: usize,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

/// Which source samples make an output sample, and how much of each.
#[derive(Debug, Default)]
struct Axis {
    source: usize,
    output: usize,
    taps: usize,
    starts: Vec<usize>,
    weights: Vec<i16>,
}

impl Axis {
    fn prepare(&mut self, source: usize, output: usize) {
        if (self.source, self.output) == (source, output) {
            return;
        }
        let ratio = source as f32 / output as f32;
        (self.source, self.output) = (source, output);
        self.taps = match ratio {
            r if r < AREA_RATIO => 2,
            r if r <= 3.0 => 4,
            r if r <= 7.0 => 8,
            _ => MOST_TAPS,
        };
        self.starts.clear();
        self.weights.clear();
        let mut exact = [0.0f32; MOST_TAPS];
        for index in 0..output {
            exact.fill(0.0);
            let start = if ratio < AREA_RATIO {
                let center = ((index as f32 + 0.5) * ratio - 0.5).clamp(0.0, (source - 1) as f32);
                exact[1] = center.fract();
                exact[0] = 1.0 - exact[1];
                center as usize
            } else {
                let (from, to) = (index as f32 * ratio, ((index + 1) as f32 * ratio).min(source as f32));
                let start = from as usize;
                for (tap, weight) in exact[..self.taps].iter_mut().enumerate() {
                    let left = (start + tap) as f32;
                    *weight = ((left + 1.0).min(to) - left.max(from)).max(0.0) / ratio;
                }
                start
            };
            self.starts.push(start.min(source - 1));
            self.push_weights(exact);
        }
    }

    /// Rounds the weights; the largest one takes up what rounding lost.
    fn push_weights(&mut self, exact: [f32; MOST_TAPS]) {
        let base = self.weights.len();
        self.weights.extend(exact[..self.taps].iter().map(|weight| (weight * f32::from(ONE)).round() as i16));
        let rounded = &mut self.weights[base..];
        let missing = ONE - rounded.iter().sum::<i16>();
        if let Some(largest) = rounded.iter_mut().max() {
            *largest += missing;
        }
    }

    fn at(&self, index: usize) -> (usize, &[i16]) {
        (self.starts[index], &self.weights[index * self.taps..][..self.taps])
    }
}

/// Both axes of one plane and a row between them.
#[derive(Debug, Default)]
struct PlaneSampler {
    columns: Axis,
    rows: Axis,
    sums: Vec<i16>,
    out: Vec<f32>,
}

impl PlaneSampler {
    fn prepare(&mut self, plane: Plane<'_>, width: usize, height: usize) {
        self.columns.prepare(plane.width(), width);
        self.rows.prepare(plane.height(), height);
        // Taps beyond the last column have no weight but are read.
        self.sums.clear();
        self.sums.resize(plane.width() + MOST_TAPS, 0);
        self.out.resize(width, 0.0);
    }

    /// One output row, 0 to 255.
    fn row(&mut self, plane: Plane<'_>, index: usize) -> &[f32] {
        let (start, weights) = self.rows.at(index);
        let sums = &mut self.sums[..plane.width()];
        let row = |tap: usize| plane.row((start + tap).min(plane.height() - 1));
        for (sum, &sample) in sums.iter_mut().zip(row(0)) {
            *sum = i16::from(sample) * weights[0];
        }
        for (tap, &weight) in weights.iter().enumerate().skip(1).filter(|(_, weight)| **weight != 0) {
            for (sum, &sample) in sums.iter_mut().zip(row(tap)) {
                *sum += i16::from(sample) * weight;
            }
        }
        match self.columns.taps {
            2 => gather::<2>(&self.sums, &self.columns, &mut self.out),
            4 => gather::<4>(&self.sums, &self.columns, &mut self.out),
            8 => gather::<8>(&self.sums, &self.columns, &mut self.out),
            _ => gather::<MOST_TAPS>(&self.sums, &self.columns, &mut self.out),
        }
        &self.out
    }
}

fn gather<const TAPS: usize>(sums: &[i16], axis: &Axis, out: &mut [f32]) {
    const UNIT: f32 = 1.0 / (ONE as f32 * ONE as f32);
    for ((sample, &start), weights) in out.iter_mut().zip(&axis.starts).zip(axis.weights.chunks_exact(TAPS)) {
        let total: i32 =
            sums[start..start + TAPS].iter().zip(weights).map(|(&s, &w)| i32::from(s) * i32::from(w)).sum();
        *sample = total as f32 * UNIT;
    }
}

/// Fills network inputs from frames. Keeps its tables while the sizes stay.
#[derive(Debug, Default)]
pub struct TensorFiller {
    luma: PlaneSampler,
    blue: PlaneSampler,
    red: PlaneSampler,
}

impl TensorFiller {
    /// Writes the whole frame, stretched, into `area` of a planar RGB tensor of `width` by `height` (`3 * width * height`
    /// values). The rest of the tensor stays as it is.
    ///
    /// # Panics
    /// If the area is empty or does not lie in the tensor: a bug of the caller.
    pub fn fill(
        &mut self,
        frame: FrameView<'_>,
        tensor: &mut [f32],
        (width, height): (usize, usize),
        area: Area,
        normalization: Normalization,
    ) {
        assert_eq!(tensor.len(), 3 * width * height, "the tensor has three planes");
        self.luma.prepare(frame.y(), area.width, area.height);
        self.blue.prepare(frame.u(), area.width, area.height);
        self.red.prepare(frame.v(), area.width, area.height);
        let (red_plane, rest) = tensor.split_at_mut(width * height);
        let (green_plane, blue_plane) = rest.split_at_mut(width * height);
        for index in 0..area.height {
            let at = (area.y + index) * width + area.x;
            convert(
                [self.luma.row(frame.y(), index), self.blue.row(frame.u(), index), self.red.row(frame.v(), index)],
                [
                    &mut red_plane[at..at + area.width],
                    &mut green_plane[at..at + area.width],
                    &mut blue_plane[at..at + area.width],
                ],
                normalization,
            );
        }
    }
}

/// BT.601, limited range, to RGB in full range, normalized.
fn convert(yuv: [&[f32]; 3], rgb: [&mut [f32]; 3], Normalization { scale, offset }: Normalization) {
    let [luma, blue, red] = yuv;
    let [red_out, green_out, blue_out] = rgb;
    let samples = luma.iter().zip(blue).zip(red);
    for ((((y, u), v), r), (g, b)) in samples.zip(red_out).zip(green_out.iter_mut().zip(blue_out)) {
        let (y, u, v) = ((y - 16.0) * 1.164_383, u - 128.0, v - 128.0);
        *r = (y + 1.596_027 * v).clamp(0.0, 255.0) * scale + offset;
        *g = (y - 0.391_762 * u - 0.812_968 * v).clamp(0.0, 255.0) * scale + offset;
        *b = (y + 2.017_232 * u).clamp(0.0, 255.0) * scale + offset;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::frame::Frame;

    const PLAIN: Normalization = Normalization { scale: 1.0, offset: 0.0 };

    fn whole(width: usize, height: usize) -> Area {
        Area { x: 0, y: 0, width, height }
    }

    #[test]
    fn flat_colors_stay_flat_at_every_ratio() {
        for (width, height) in [(1, 1), (33, 17), (127, 255), (640, 480), (1280, 720), (1919, 1079)] {
            let mut frame = Frame::new(width, height);
            frame.fill([81, 90, 240]);
            let mut tensor = vec![0.0; 3 * 128 * 96];
            TensorFiller::default().fill(frame.view(), &mut tensor, (128, 96), whole(128, 96), PLAIN);
            for (plane, expected) in tensor.chunks(128 * 96).zip([254.4, 0.0, 0.0]) {
                let off = plane.iter().map(|value| (value - expected).abs()).fold(0.0, f32::max);
                assert!(off < 1.5, "{width}x{height}: off by {off}");
            }
        }
    }

    #[test]
    fn shrinking_averages_areas() {
        // Black and white columns in turn: every output sample must be grey, wherever it falls.
        let mut frame = Frame::new(640, 480);
        for (index, sample) in frame.planes_mut()[0].data().iter_mut().enumerate() {
            *sample = if index % 2 == 0 { 16 } else { 235 };
        }
        let mut tensor = vec![0.0; 3 * 64 * 64];
        TensorFiller::default().fill(frame.view(), &mut tensor, (64, 64), whole(64, 64), PLAIN);
        assert!(tensor.iter().all(|value| (value - 127.5).abs() < 8.0));
    }

    #[test]
    fn a_gradient_keeps_its_place() {
        let mut frame = Frame::new(512, 256);
        for (index, sample) in frame.planes_mut()[0].data().iter_mut().enumerate() {
            *sample = ((index % 512) / 2) as u8;
        }
        let mut tensor = vec![0.0; 3 * 256 * 256];
        TensorFiller::default().fill(frame.view(), &mut tensor, (256, 256), whole(256, 256), PLAIN);
        for column in [40, 100, 200] {
            let expected = (column as f32 - 16.0) * 1.164_383;
            assert!((tensor[256 * 10 + column] - expected).abs() < 1.5, "column {column}");
        }
    }

    #[test]
    fn leaves_the_rest_of_the_tensor_alone() {
        let mut tensor = vec![-1.0; 3 * 8 * 8];
        let area = Area { x: 2, y: 3, width: 4, height: 2 };
        let half = Normalization { scale: 1.0 / 127.5, offset: -1.0 };
        let mut white = Frame::new(16, 8);
        white.fill([235, 128, 128]);
        TensorFiller::default().fill(white.view(), &mut tensor, (8, 8), area, half);
        let inside = |index: usize| (2..6).contains(&(index % 8)) && (3..5).contains(&(index / 8 % 8));
        for (index, value) in tensor.iter().enumerate() {
            let expected = if inside(index) { 1.0 } else { -1.0 };
            assert!((value - expected).abs() < 0.01, "{index}: {value}");
        }
    }
}
