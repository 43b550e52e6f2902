//! A ramp of colours from dark to bright, mixed in OKLab so that the steps look even, kept as Y, U, V.

use crate::media::color;
use crate::media::compose::palette::Rgb;

const STEPS: usize = 1024;

/// Colours between stops; looked up by a position in 0..1.
#[derive(Clone, Debug)]
pub struct Ramp {
    steps: Vec<[f32; 3]>,
}

impl Ramp {
    /// `stops` are (position, colour) with rising positions; the ends extend.
    pub fn new(stops: &[(f32, Rgb)]) -> Self {
        let labs: Vec<(f32, [f32; 3])> = stops.iter().map(|&(at, rgb)| (at, oklab(rgb))).collect();
        let steps =
            (0..STEPS).map(|step| color::yuv_exact(srgb(mix(&labs, step as f32 / (STEPS - 1) as f32)))).collect();
        Self { steps }
    }

    /// Y, U, V at `position`, clamped to 0..1.
    #[inline(always)]
    pub fn at(&self, position: f32) -> [f32; 3] {
        let index = (position.clamp(0.0, 1.0) * (STEPS - 1) as f32 + 0.5) as usize;
        self.steps[index.min(STEPS - 1)]
    }
}

fn mix(labs: &[(f32, [f32; 3])], position: f32) -> [f32; 3] {
    let after = labs.iter().position(|&(at, _)| at >= position).unwrap_or(labs.len() - 1);
    let before = after.saturating_sub(1);
    let ((from, a), (to, b)) = (labs[before], labs[after]);
    let t = if to > from { ((position - from) / (to - from)).clamp(0.0, 1.0) } else { 1.0 };
    [0, 1, 2].map(|i| a[i] + (b[i] - a[i]) * t)
}

// OKLab, Björn Ottosson 2020: https://bottosson.github.io/posts/oklab/
fn oklab(rgb: Rgb) -> [f32; 3] {
    let [r, g, b] = rgb.map(|c| {
        let c = f32::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    let l = (0.412_221_47 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
    let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
    let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
    [
        0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
        1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
        0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
    ]
}

fn srgb([lightness, a, b]: [f32; 3]) -> [f32; 3] {
    let l = (lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
    let m = (lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
    let s = (lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
    let linear = [
        4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
        -1.268_438 * l + 2.609_757_4 * m - 0.341_319_38 * s,
        -0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s,
    ];
    linear.map(|c| {
        let c = c.clamp(0.0, 1.0);
        if c <= 0.003_130_8 { 12.92 * c } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stops_have_their_own_colors() {
        let ramp = Ramp::new(&[(0.0, [58, 11, 18]), (1.0, [209, 54, 47])]);
        for (position, rgb) in [(0.0, [58, 11, 18]), (1.0, [209, 54, 47]), (-1.0, [58, 11, 18]), (2.0, [209, 54, 47])] {
            for (a, b) in ramp.at(position).into_iter().zip(color::yuv(rgb)) {
                assert!((a - f32::from(b)).abs() < 1.0, "{position}");
            }
        }
    }
}
