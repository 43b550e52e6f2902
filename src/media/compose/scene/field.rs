//! The soft ground of each scene: for every cell of a coarse grid a position on the scene's ramp and some light on top.
//!
//! Time enters only as a phase in 0..1 through whole numbers of periods, which is what makes every loop seamless.

use super::wave::{Noise, Seeded, smoothstep, wave};
use crate::media::Mood;

/// What stands still in a scene's ground, computed once per size.
#[derive(Clone, Debug)]
pub struct Field {
    mood: Mood,
    aspect: f32,
    columns: usize,
    rows: usize,
    /// Horizontal coordinate of each column, 0..aspect.
    across: Vec<f32>,
    /// Resting position on the ramp, per cell.
    base: Vec<f32>,
    /// What else a scene needs per cell: an angle, a weight.
    extra: Vec<f32>,
    /// Height of each ridge over each column at the moment that is being drawn; only dunes have them.
    crests: Vec<[f32; RIDGES]>,
    noise: Noise,
}

impl Field {
    /// The ground of `mood` for a grid that covers a picture of this aspect (width over height).
    pub fn new(mood: Mood, columns: usize, rows: usize, aspect: f32, seeded: &mut Seeded) -> Self {
        let across: Vec<f32> = (0..columns).map(|x| (x as f32 + 0.5) / columns as f32 * aspect).collect();
        let noise = Noise::new(seeded, 3, 4);
        let mut base = Vec::with_capacity(columns * rows);
        let mut extra = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            let v = (row as f32 + 0.5) / rows as f32;
            for &u in &across {
                let (b, e) = resting(mood, u, v, aspect);
                base.push(b);
                extra.push(e);
            }
        }
        Self { mood, aspect, columns, rows, across, base, extra, crests: vec![[0.0; RIDGES]; columns], noise }
    }

    /// Computes what all rows of the moment share. Goes before [`Self::row`].
    pub fn begin(&mut self, phase: f32) {
        if self.mood == Mood::Contempt {
            for (crests, &u) in self.crests.iter_mut().zip(&self.across) {
                *crests = std::array::from_fn(|ridge| crest(ridge, u / self.aspect, phase));
            }
        }
    }

    /// Fills one row: `tone` with positions on the ramp, `light` with luma to add.
    pub fn row(&self, row: usize, phase: f32, tone: &mut [f32], light: &mut [f32]) {
        let v = (row as f32 + 0.5) / self.rows as f32;
        let range = row * self.columns..(row + 1) * self.columns;
        let cells = Cells { u: &self.across, base: &self.base[range.clone()], extra: &self.extra[range], v, phase };
        match self.mood {
            Mood::Happiness => golden_hour(&cells, tone, light),
            Mood::Sadness => blue_rain(&cells, tone, light),
            Mood::Anger => embers(&cells, &self.noise, tone, light),
            Mood::Fear => night_fog(&cells, &self.noise, tone, light),
            Mood::Disgust => green_water(&cells, tone, light),
            Mood::Surprise => confetti(&cells, tone, light),
            Mood::Contempt => dunes(&cells, &self.crests, tone, light),
            Mood::Neutral | Mood::Unsure => calm(&cells, tone, light),
        }
    }
}

struct Cells<'a> {
    u: &'a [f32],
    base: &'a [f32],
    extra: &'a [f32],
    v: f32,
    phase: f32,
}

impl Cells<'_> {
    fn fill(&self, tone: &mut [f32], light: &mut [f32], cell: impl Fn(f32, f32, f32) -> (f32, f32)) {
        let cells = self.u.iter().zip(self.base).zip(self.extra);
        for (((&u, &base), &extra), (tone, light)) in cells.zip(tone.iter_mut().zip(light)) {
            (*tone, *light) = cell(u, base, extra);
        }
    }
}

/// What never moves: (resting tone, extra).
fn resting(mood: Mood, u: f32, v: f32, aspect: f32) -> (f32, f32) {
    let middle = aspect / 2.0;
    let from = |x: f32, y: f32| ((u - x).powi(2) + (v - y).powi(2)).sqrt();
    match mood {
        Mood::Happiness => {
            let (sun_x, sun_y) = (aspect * 0.80, 0.16);
            let sun = (-from(sun_x, sun_y).powi(2) * 1.5).exp();
            let tone = 0.10 + 0.62 * sun + 0.08 * (1.0 - v);
            (tone, (v - sun_y).atan2(u - sun_x) / std::f32::consts::TAU)
        }
        Mood::Sadness => {
            let window = (-(from(middle * 0.8, 0.30) / 0.75).powi(2)).exp();
            (0.16 + 0.44 * window + 0.24 * (1.0 - v) - 0.08 * smoothstep(0.75, 1.0, v), 0.0)
        }
        Mood::Anger => {
            let fire = smoothstep(0.15, 1.15, v + 0.10 * (1.0 - ((u - middle) / middle).abs()));
            (0.25 + 0.50 * fire, smoothstep(0.1, 0.9, v))
        }
        Mood::Fear => {
            let moon = (-(from(aspect * 0.24, 0.20) / 0.42).powi(2)).exp();
            let vignette = smoothstep(0.35, 1.05, from(middle, 0.48) / (0.5 + 0.18 * aspect));
            (0.34 + 0.42 * moon - 0.34 * vignette, (0.35 + 0.65 * v) * (1.0 - 0.75 * vignette))
        }
        Mood::Disgust => {
            let depth = 1.0 - smoothstep(0.0, 1.1, v);
            (0.28 + 0.42 * depth, 0.35 + 0.65 * depth)
        }
        Mood::Surprise => {
            let angle = (v - 0.62).atan2(u - middle) / std::f32::consts::TAU;
            (0.5 + 0.62 * ((u / aspect - 0.5) * 0.9 + (0.5 - v) * 0.6), angle)
        }
        Mood::Contempt => (0.86 - 0.20 * v, 0.0),
        Mood::Neutral | Mood::Unsure => {
            let left = (-(from(aspect * 0.25, 0.25) / 0.70).powi(2)).exp();
            let right = (-(from(aspect * 0.85, 0.65) / 0.80).powi(2)).exp();
            (0.26 + 0.46 * left + 0.26 * right - 0.08 * v, left - right)
        }
    }
}

/// Warm light from one corner, with faint shafts turning about it.
fn golden_hour(cells: &Cells<'_>, tone: &mut [f32], light: &mut [f32]) {
    let (v, p) = (cells.v, cells.phase);
    let sun = cells.u.last().copied().unwrap_or(1.0) * 0.80;
    cells.fill(tone, light, |u, base, angle| {
        let distance = (u - sun) * (u - sun) + (v - 0.16) * (v - 0.16);
        let shafts = wave(angle * 7.0 + p) * wave(angle * 11.0 - p) * smoothstep(0.01, 0.35, distance);
        let drift = wave(0.55 * u + 0.40 * v - p) + 0.6 * wave(0.30 * u - 0.65 * v + p);
        (base + 0.030 * drift, 9.0 * shafts * base)
    });
}

/// A window at dusk; the rain itself is made of sprites.
fn blue_rain(cells: &Cells<'_>, tone: &mut [f32], light: &mut [f32]) {
    let (v, p) = (cells.v, cells.phase);
    cells.fill(tone, light, |u, base, _| {
        let mist = wave(0.8 * u + 0.5 * v + p) + wave(0.5 * u - 1.1 * v - p);
        (base + 0.022 * mist, 0.0)
    });
}

/// A bed of coals out of sight below, heat rising from it.
fn embers(cells: &Cells<'_>, noise: &Noise, tone: &mut [f32], light: &mut [f32]) {
    let (v, p) = (cells.v, cells.phase);
    cells.fill(tone, light, |u, base, weight| {
        // The shimmer bends what lies behind it, more toward the sides.
        let bend = 0.02 * wave(2.0 * v + 2.0 * p) + 0.012 * wave(3.0 * v + 1.5 * u + 3.0 * p);
        let heat = noise.at(0.55 * u + bend, 0.55 * v + p) - 0.5;
        let slow = noise.at(0.35 * u + 0.4 + bend, 0.30 * v) - 0.5;
        (base + weight * (0.34 * heat + 0.22 * slow) + 0.05 * slow, 0.0)
    });
}

/// Two sheets of fog passing each other below a moon, dark toward the corners.
fn night_fog(cells: &Cells<'_>, noise: &Noise, tone: &mut [f32], light: &mut [f32]) {
    let (v, p) = (cells.v, cells.phase);
    cells.fill(tone, light, |u, base, weight| {
        let near = noise.at(0.62 * u + p, 1.15 * v + 0.03 * wave(p));
        let far = noise.at(0.95 * u - p + 0.37, 1.7 * v + 0.5);
        let fog = near * 0.75 + far * 0.35;
        (base + weight * (0.85 * fog - 0.30), 0.0)
    });
}

/// Light through moving water: thin bright lines where warped waves cross zero together.
fn green_water(cells: &Cells<'_>, tone: &mut [f32], light: &mut [f32]) {
    let (v, p) = (cells.v, cells.phase);
    cells.fill(tone, light, |u, base, depth| {
        let x = u + 0.10 * wave(0.9 * v + p) + 0.05 * wave(1.7 * v - 0.8 * u - p);
        let y = v + 0.09 * wave(0.8 * u - p) + 0.05 * wave(1.5 * u + 0.9 * v + p);
        let sum = wave(1.30 * x + 0.55 * y + p) + wave(-0.75 * x + 1.35 * y - p) + wave(0.35 * x - 1.75 * y + p);
        let line = 1.0 - (sum * 0.5).abs().min(1.0);
        let line = line * line;
        let line = line * line;
        let shaft = wave(0.9 * u + 0.35 * v + 0.08 * wave(p)) * 0.5 + 0.5;
        (base + 0.045 * sum * depth + 0.18 * line * depth, 7.0 * shaft * depth - 3.0)
    });
}

/// Rays that open once from behind the person and dissolve.
fn confetti(cells: &Cells<'_>, tone: &mut [f32], light: &mut [f32]) {
    let (v, p) = (cells.v, cells.phase);
    let open = smoothstep(0.02, 0.34, p) * (1.0 - smoothstep(0.55, 0.98, p));
    let reach = 0.25 + 1.3 * smoothstep(0.02, 0.45, p);
    let middle = cells.u.last().copied().unwrap_or(1.0) / 2.0;
    cells.fill(tone, light, |u, base, angle| {
        let distance = ((u - middle) * (u - middle) + (v - 0.62) * (v - 0.62)).sqrt();
        let ray = (wave(angle * 14.0) * 1.6).clamp(-1.0, 1.0);
        let edge = (1.0 - smoothstep(reach - 0.5, reach, distance)) * smoothstep(0.03, 0.30, distance);
        let halo = (1.0 - distance * 0.9).max(0.0);
        (
            base + 0.02 * wave(0.5 * u + 0.5 * v + p),
            14.0 * open * edge * ray * (0.35 + 0.5 * distance) + 16.0 * halo * halo,
        )
    });
}

/// Long ridges, each sliding across the one behind it.
fn dunes(cells: &Cells<'_>, crests: &[[f32; RIDGES]], tone: &mut [f32], light: &mut [f32]) {
    let columns = cells.base.iter().zip(crests).zip(tone.iter_mut().zip(light));
    for ((&base, crests), (tone, light)) in columns {
        (*tone, *light) = (base, 0.0);
        // From the front: what one ridge hides need not be painted.
        let first = (0..RIDGES).rev().find(|&ridge| cells.v - crests[ridge] > EDGE.1).unwrap_or(0);
        for (ridge, crest) in crests.iter().enumerate().skip(first) {
            let below = cells.v - crest;
            if below > EDGE.0 {
                let cover = smoothstep(EDGE.0, EDGE.1, below);
                let lit = 0.80 - 0.13 * ridge as f32 - 1.15 * below.clamp(0.0, 0.32);
                *tone += (lit - *tone) * cover;
                *light += (7.0 * (1.0 - smoothstep(0.0, 0.05, below)) - *light) * cover;
            }
        }
    }
}

/// Number of ridges, and how far above and below its crest one is soft.
const RIDGES: usize = 5;
const EDGE: (f32, f32) = (-0.006, 0.010);

/// How high a ridge stands at `x` (0..1) across the picture; neighbors slide in opposite ways.
fn crest(ridge: usize, x: f32, phase: f32) -> f32 {
    let number = ridge as f32;
    let side = if ridge.is_multiple_of(2) { 1.0 } else { -1.0 };
    0.24 + 0.19 * number
        + side * 0.16 * (x - 0.5)
        + (0.045 + 0.005 * number) * wave(0.55 * x + 0.21 * number + side * phase)
        + 0.018 * wave(1.2 * x - 0.33 * number - side * phase)
}

/// Two soft lights that breathe in turn.
fn calm(cells: &Cells<'_>, tone: &mut [f32], light: &mut [f32]) {
    let (v, p) = (cells.v, cells.phase);
    let breath = wave(p);
    cells.fill(tone, light, |u, base, lean| {
        let drift = wave(0.45 * u + 0.30 * v + p);
        (base + 0.045 * breath * lean + 0.020 * drift, 0.0)
    });
}
