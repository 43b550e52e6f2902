//! Small soft shapes that are stamped over a scene in one colour: an alpha mask at luma size and one at chroma size.

use super::wave::smoothstep;
use crate::media::frame::{Frame, PlaneMut};

/// An alpha mask with an empty border of one pixel, so that it can be placed between pixels.
#[derive(Clone, Debug)]
struct Stencil {
    width: usize,
    height: usize,
    alpha: Vec<u8>,
    /// Where each row begins and ends to show anything.
    spans: Vec<(usize, usize)>,
}

/// One shape, for frames of one size.
#[derive(Clone, Debug)]
pub struct Sprite {
    luma: Stencil,
    chroma: Stencil,
}

impl Sprite {
    /// A shape of `width` x `height` pixels; `alpha(x, y)` in 0..1 gets pixel centers relative to the middle.
    pub fn new(width: usize, height: usize, alpha: impl Fn(f32, f32) -> f32) -> Self {
        let (width, height) = (width.max(2).next_multiple_of(2), height.max(2).next_multiple_of(2));
        let at = |x: usize, y: usize| {
            alpha(x as f32 + 0.5 - width as f32 / 2.0, y as f32 + 0.5 - height as f32 / 2.0).clamp(0.0, 1.0) * 255.0
        };
        let luma = Stencil::new(width, height, at);
        let chroma = Stencil::new(width / 2, height / 2, |x, y| {
            (at(2 * x, 2 * y) + at(2 * x + 1, 2 * y) + at(2 * x, 2 * y + 1) + at(2 * x + 1, 2 * y + 1)) / 4.0
        });
        Self { luma, chroma }
    }

    /// A disc as a lens shows a light out of focus: flat, with a slightly brighter rim and a soft edge.
    pub fn bokeh(radius: f32) -> Self {
        let side = (2.0 * radius + 3.0) as usize;
        let softness = (radius * 0.12).max(1.2);
        Self::new(side, side, |x, y| {
            let distance = (x * x + y * y).sqrt();
            let rim = smoothstep(radius * 0.55, radius * 0.95, distance);
            (0.62 + 0.38 * rim) * (1.0 - smoothstep(radius - softness, radius + softness * 0.4, distance))
        })
    }

    /// A light without an edge.
    pub fn glow(radius: f32) -> Self {
        let side = (2.0 * radius) as usize;
        Self::new(side, side, |x, y| {
            let falloff = (1.0 - (x * x + y * y) / (radius * radius)).max(0.0);
            falloff * falloff
        })
    }

    /// A bright point in a halo.
    pub fn ember(radius: f32) -> Self {
        let side = (2.0 * radius) as usize;
        Self::new(side, side, |x, y| {
            let distance = (x * x + y * y).sqrt() / radius;
            let halo = (1.0 - distance * distance).max(0.0).powi(3) * 0.45;
            halo + 1.0 - smoothstep(0.10, 0.34, distance)
        })
    }

    /// A falling line, faint above and strongest below; `lean` is its sideways shift from top to bottom.
    pub fn streak(length: f32, thickness: f32, lean: f32) -> Self {
        Self::new((thickness * 2.0 + lean.abs()) as usize + 3, length as usize, |x, y| {
            let along = (y / length + 0.5).clamp(0.0, 1.0);
            let off = (x - lean * (along - 0.5)).abs();
            let body = 1.0 - smoothstep(thickness * 0.35, thickness * 0.35 + 1.0, off);
            body * smoothstep(0.0, 0.75, along) * (1.0 - smoothstep(0.93, 1.0, along))
        })
    }

    /// The lit or the dark side of a drop of water on glass; `lit` is 1 below for the light, -1 above for the shade.
    pub fn drop(radius: f32, lit: f32) -> Self {
        let side = (2.4 * radius + 3.0) as usize;
        Self::new(side, side, |x, y| {
            let distance = (x * x + (y * 0.86) * (y * 0.86)).sqrt();
            let inside = 1.0 - smoothstep(radius - 1.0, radius + 0.4, distance);
            inside * smoothstep(-0.25, 1.0, lit * y / radius - 0.25 * x / radius)
        })
    }

    /// A piece of paper turned by `turn` (0..1) and tilted so that `openness` (0..1) of its width shows.
    pub fn paper(width: f32, height: f32, turn: f32, openness: f32) -> Self {
        let side = (width * width + height * height).sqrt() as usize + 3;
        let (sin, cos) = (turn * std::f32::consts::TAU).sin_cos();
        let half_width = (width / 2.0 * openness).max(0.7);
        Self::new(side, side, |x, y| {
            let (across, along) = (x * cos + y * sin, y * cos - x * sin);
            let edge = |off: f32, half: f32| 1.0 - smoothstep(half - 0.7, half + 0.7, off.abs());
            edge(across, half_width) * edge(along, height / 2.0)
        })
    }

    /// Blends `color` (Y, U, V) over the frame, the shape's middle at (`x`, `y`), as strong as `opacity` (0..1).
    pub fn stamp(&self, frame: &mut Frame, x: f32, y: f32, color: [u8; 3], opacity: f32) {
        let opacity = (opacity.clamp(0.0, 1.0) * 256.0) as u16;
        if opacity == 0 {
            return;
        }
        let [mut luma, mut u, mut v] = frame.planes_mut();
        self.luma.stamp(&mut luma, x, y, color[0], opacity);
        self.chroma.stamp(&mut u, x / 2.0, y / 2.0, color[1], opacity);
        self.chroma.stamp(&mut v, x / 2.0, y / 2.0, color[2], opacity);
    }
}

impl Stencil {
    fn new(width: usize, height: usize, alpha: impl Fn(usize, usize) -> f32) -> Self {
        let (outer_width, outer_height) = (width + 2, height + 2);
        let mut pixels = vec![0; outer_width * outer_height];
        for y in 0..height {
            for x in 0..width {
                pixels[(y + 1) * outer_width + x + 1] = alpha(x, y).round() as u8;
            }
        }
        let spans = pixels
            .chunks_exact(outer_width)
            .map(|row| {
                let first = row.iter().position(|&alpha| alpha > 0).unwrap_or(outer_width);
                (first, row.iter().rposition(|&alpha| alpha > 0).map_or(0, |last| last + 1))
            })
            .collect();
        Self { width: outer_width, height: outer_height, alpha: pixels, spans }
    }

    fn stamp(&self, plane: &mut PlaneMut<'_>, x: f32, y: f32, value: u8, opacity: u16) {
        let (left, top) = (x - self.width as f32 / 2.0, y - self.height as f32 / 2.0);
        let (column, row) = (left.floor(), top.floor());
        let (fx, fy) = (((left - column) * 16.0) as u16, ((top - row) * 16.0) as u16);
        let (column, row) = (column as isize, row as isize);
        let weights = [fx * fy, (16 - fx) * fy, fx * (16 - fy), (16 - fx) * (16 - fy)];
        let (width, height) = (plane.width() as isize, plane.height() as isize);
        // The border is empty, so the first row that can show anything is the second one.
        for line in (row + 1).max(0)..(row + self.height as isize).min(height) {
            let at = (line - row) as usize;
            let (above, here) = (self.spans[at - 1], self.spans[at]);
            // One more on the right: between pixels, the last one reaches over.
            let (first, end) = (above.0.min(here.0), (above.1.max(here.1) + 1).min(self.width));
            let from = (column + first as isize).max(0);
            let to = (column + end as isize).min(width);
            if from >= to {
                continue;
            }
            let at = at * self.width + (from - column) as usize;
            let count = (to - from) as usize;
            let upper = &self.alpha[at - self.width - 1..][..count + 1];
            let lower = &self.alpha[at - 1..][..count + 1];
            stamp_row(&mut plane.row(line as usize)[from as usize..to as usize], upper, lower, weights, value, opacity);
        }
    }
}

/// One row: the four neighbors make the alpha between pixels, and the alpha mixes `value` in. `upper` and `lower` begin
/// one pixel left of `target`. Plain indices over slices of one length are what the compiler vectorizes.
fn stamp_row(target: &mut [u8], upper: &[u8], lower: &[u8], weights: [u16; 4], value: u8, opacity: u16) {
    let count = target.len();
    let (a, b) = (&upper[..count], &upper[1..][..count]);
    let (c, d) = (&lower[..count], &lower[1..][..count]);
    let value = u16::from(value);
    for i in 0..count {
        let alpha = (u16::from(a[i]) * weights[0]
            + u16::from(b[i]) * weights[1]
            + u16::from(c[i]) * weights[2]
            + u16::from(d[i]) * weights[3])
            >> 8;
        let alpha = (alpha * opacity) >> 8;
        let sum = u16::from(target[i]) * (255 - alpha) + value * alpha + 128;
        target[i] = ((sum + (sum >> 8)) >> 8) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_may_hang_over_every_edge_or_lie_outside() {
        let sprite = Sprite::bokeh(9.0);
        let mut frame = Frame::new(31, 17);
        for y in -40..60 {
            for x in -40..80 {
                sprite.stamp(&mut frame, x as f32 + 0.3, y as f32 + 0.7, [235, 128, 128], 0.5);
            }
        }
        assert!(frame.view().y().data().iter().all(|&y| y > 200));
    }

    #[test]
    fn a_shape_between_pixels_weighs_as_much_as_one_on_them() {
        let sprite = Sprite::glow(8.0);
        let weight = |x: f32| {
            let mut frame = Frame::new(40, 40);
            sprite.stamp(&mut frame, x, 20.0, [235, 128, 128], 1.0);
            frame.view().y().data().iter().map(|&y| u32::from(y) - 16).sum::<u32>() as f32
        };
        let (on, between) = (weight(20.0), weight(20.5));
        assert!((on - between).abs() < on * 0.02, "{on} {between}");
    }
}
