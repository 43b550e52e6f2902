//! The small mathematics of the scenes: a fast sine, seeded numbers, smooth noise that tiles.

/// `sin(2π·turns)` by a corrected parabola: within 0.0011, and simple enough for the compiler to vectorize.
#[inline(always)]
pub fn wave(turns: f32) -> f32 {
    // Adding and taking away 1.5·2²³ rounds to the nearest integer without a call; good for |turns| < 4 million.
    const ROUND: f32 = 12_582_912.0;
    let t = turns - ((turns + ROUND) - ROUND);
    let parabola = t * (8.0 - 16.0 * t.abs());
    parabola * (0.775 + 0.225 * parabola.abs())
}

/// 0 below `from`, 1 above `to`, an S between them.
#[inline(always)]
pub fn smoothstep(from: f32, to: f32, x: f32) -> f32 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Numbers that are the same on every node for the same seed (SplitMix64).
#[derive(Clone, Debug)]
pub struct Seeded(u64);

impl Seeded {
    /// A sequence of its own for each seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in 0..1.
    pub fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// Uniform in `from..to`.
    pub fn between(&mut self, from: f32, to: f32) -> f32 {
        from + (to - from) * self.unit()
    }

    /// One of `0..n`.
    pub fn below(&mut self, n: usize) -> usize {
        ((self.unit() * n as f32) as usize).min(n.saturating_sub(1))
    }
}

/// Side of the noise texture, a power of two.
const SIDE: usize = 128;

/// Smooth noise between 0 and 1 that repeats every 1.0 in both directions, so that scrolling it by whole numbers loops.
#[derive(Clone, Debug)]
pub struct Noise {
    texels: Vec<f32>,
}

impl Noise {
    /// Octaves of value noise, each half as strong and twice as fine as the one before, spread to fill 0..1.
    pub fn new(seeded: &mut Seeded, first_cells: usize, octaves: u32) -> Self {
        let mut texels = vec![0.0f32; SIDE * SIDE];
        let mut weight = 1.0;
        for octave in 0..octaves {
            let cells = first_cells << octave;
            let lattice: Vec<f32> = (0..cells * cells).map(|_| seeded.unit()).collect();
            for (index, texel) in texels.iter_mut().enumerate() {
                let (x, y) = (index % SIDE, index / SIDE);
                *texel += weight * lattice_at(&lattice, cells, x as f32 / SIDE as f32, y as f32 / SIDE as f32);
            }
            weight *= 0.5;
        }
        let low = texels.iter().copied().fold(f32::MAX, f32::min);
        let high = texels.iter().copied().fold(f32::MIN, f32::max);
        for texel in &mut texels {
            *texel = (*texel - low) / (high - low).max(1e-6);
        }
        Self { texels }
    }

    /// The noise at (`x`, `y`), bilinear between texels.
    #[inline(always)]
    pub fn at(&self, x: f32, y: f32) -> f32 {
        // An offset keeps the argument positive, so that truncation is a floor.
        let (x, y) = ((x + 64.0) * SIDE as f32, (y + 64.0) * SIDE as f32);
        let (x0, y0) = (x as usize, y as usize);
        let (fx, fy) = (x - x0 as f32, y - y0 as f32);
        let (left, right) = (x0 % SIDE, (x0 + 1) % SIDE);
        let (top, bottom) = ((y0 % SIDE) * SIDE, ((y0 + 1) % SIDE) * SIDE);
        let upper = self.texels[top + left] + (self.texels[top + right] - self.texels[top + left]) * fx;
        let lower = self.texels[bottom + left] + (self.texels[bottom + right] - self.texels[bottom + left]) * fx;
        upper + (lower - upper) * fy
    }
}

fn lattice_at(lattice: &[f32], cells: usize, x: f32, y: f32) -> f32 {
    let (x, y) = (x * cells as f32, y * cells as f32);
    let (x0, y0) = (x as usize % cells, y as usize % cells);
    let (x1, y1) = ((x0 + 1) % cells, (y0 + 1) % cells);
    let (fx, fy) = (smoothstep(0.0, 1.0, x.fract()), smoothstep(0.0, 1.0, y.fract()));
    let upper = lattice[y0 * cells + x0] * (1.0 - fx) + lattice[y0 * cells + x1] * fx;
    let lower = lattice[y1 * cells + x0] * (1.0 - fx) + lattice[y1 * cells + x1] * fx;
    upper * (1.0 - fy) + lower * fy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wave_is_a_sine() {
        for step in -4000..4000 {
            let turns = step as f32 / 731.0;
            assert!((wave(turns) - (turns * std::f32::consts::TAU).sin()).abs() < 0.0012, "{turns}");
        }
    }

    #[test]
    fn noise_tiles_and_fills_its_range() {
        let noise = Noise::new(&mut Seeded::new(5), 4, 3);
        for step in 0..50 {
            let (x, y) = (step as f32 * 0.137, step as f32 * 0.071);
            assert!((noise.at(x, y) - noise.at(x + 1.0, y - 2.0)).abs() < 1e-2, "{x} {y}");
            assert!((0.0..=1.0).contains(&noise.at(x, y)));
        }
    }
}
