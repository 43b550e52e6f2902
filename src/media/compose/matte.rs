//! From the network's coarse mask to the matte: how opaque each pixel of the person is, at luma and at chroma size.
//!
//! The mask is scaled up first and shaped after, so that its soft slope stays smooth. The shape does three things at
//! once, all of them functions of the mask alone and thus cheap: an S-curve in place of the raw slope; its middle
//! above one half, which chokes the edge by about a pixel against halos; and a shoulder just inside the edge, through
//! which a quarter of the scene shows for 2 to 4 pixels, as light that wraps around a person does.

use crate::media::frame::chroma_size;
use crate::media::mask::Mask;
use crate::media::scale;

/// Where the S-curve begins and ends, on the mask's 0..=255. Its middle, 0.64, lies a good pixel inside the outline: a
/// bright room leaves a rim around a person before a dark scene otherwise.
const CORE: (u8, u8) = (100, 227);
/// Where the shoulder ends: from here on the person is opaque.
const SOLID: (u8, u8) = (210, 252);
/// How opaque the shoulder's outer end is, of 255: three quarters.
const SHOULDER: u16 = 191;

/// Opacity of the person for frames of one size, 0 to 255.
#[derive(Clone, Debug, Default)]
pub struct Matte {
    size: (usize, usize),
    luma: Vec<u8>,
    chroma: Vec<u8>,
    /// Mask and frame size that this was made from.
    made_from: Option<(u64, usize, usize)>,
}

impl Matte {
    /// Makes the matte for frames of `width` x `height`; nothing to do if this revision of the mask was the last one.
    ///
    /// # Errors
    /// OpenCV's, which is not known to happen.
    pub fn update(&mut self, mask: &Mask, width: usize, height: usize) -> Result<(), opencv::Error> {
        let key = Some((mask.revision(), width, height));
        if self.made_from == key {
            return Ok(());
        }
        let (chroma_width, chroma_height) = chroma_size(width, height);
        self.size = (width, height);
        self.luma.resize(width * height, 0);
        self.chroma.resize(chroma_width * chroma_height, 0);
        let from = (mask.width(), mask.height());
        scale::plane(mask.data(), from, &mut self.luma, (width, height))?;
        scale::plane(mask.data(), from, &mut self.chroma, (chroma_width, chroma_height))?;
        shape(&mut self.luma);
        shape(&mut self.chroma);
        self.made_from = key;
        Ok(())
    }

    /// Whether it was made for frames of this size.
    #[must_use]
    pub fn fits(&self, width: usize, height: usize) -> bool {
        self.made_from.is_some() && self.size == (width, height)
    }

    /// Forgets the mask it was made from: the next one may have the same revision and be another's.
    pub fn clear(&mut self) {
        self.made_from = None;
    }

    /// Opacity at luma size, packed.
    #[must_use]
    pub fn luma(&self) -> &[u8] {
        &self.luma
    }

    /// Opacity at chroma size, packed.
    #[must_use]
    pub fn chroma(&self) -> &[u8] {
        &self.chroma
    }
}

/// Turns values of the mask into opacities, in place. 16-bit arithmetic throughout, which the compiler vectorizes.
pub fn shape(values: &mut [u8]) {
    for value in values {
        // The S-curve 3t² - 2t³, t running over CORE.
        let t = ((u16::from(value.saturating_sub(CORE.0)) * 258) >> 7).min(255);
        let square = high_half(t * 257, t * 257);
        let core = (high_half(square, (765 - 2 * t) * 64) + 32) >> 6;
        // The shoulder, from SHOULDER up to 255 over SOLID.
        let inside = ((u16::from(value.saturating_sub(SOLID.0)) * 389) >> 6).min(255);
        let solid = SHOULDER + ((inside * 65) >> 8);
        let product = core * solid + 128;
        *value = ((product + (product >> 8)) >> 8) as u8;
    }
}

#[inline(always)]
fn high_half(a: u16, b: u16) -> u16 {
    ((u32::from(a) * u32::from(b)) >> 16) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_is_what_its_constants_say() {
        let mut shaped: Vec<u8> = (0..=255).collect();
        shape(&mut shaped);
        assert!(shaped[..=usize::from(CORE.0)].iter().all(|&a| a == 0));
        assert!(shaped[usize::from(SOLID.1)..].iter().all(|&a| a == 255));
        assert!(shaped.windows(2).all(|pair| pair[0] <= pair[1]), "a more certain pixel is never less opaque");
        let at_the_shoulder = shaped[usize::from(CORE.1)];
        assert!((185..=220).contains(&at_the_shoulder), "{at_the_shoulder}: 20 to 30 % of the scene shows");
        for (mask, &alpha) in shaped.iter().enumerate() {
            let ramp = |from: f32, to: f32| ((mask as f32 - from) / (to - from)).clamp(0.0, 1.0);
            let t = ramp(f32::from(CORE.0), f32::from(CORE.1));
            let exact = t * t * (3.0 - 2.0 * t) * (191.0 + 64.0 * ramp(f32::from(SOLID.0), f32::from(SOLID.1)));
            assert!((exact - f32::from(alpha)).abs() < 3.0, "{mask}: {alpha} for {exact}");
        }
    }

    #[test]
    fn an_edge_is_choked_by_about_a_pixel_and_stays_soft() {
        // A slope of three mask pixels at the middle, as the network draws it.
        let mut mask = Mask::new(256, 256);
        mask.update(256, 256, |data| {
            for row in data.chunks_exact_mut(256) {
                for (x, value) in row.iter_mut().enumerate() {
                    *value = ((x as f32 - 128.0 + 0.5) / 3.0 + 0.5).mul_add(255.0, 0.0).clamp(0.0, 255.0) as u8;
                }
            }
        });
        let mut matte = Matte::default();
        matte.update(&mask, 640, 480).unwrap();
        let row = &matte.luma()[240 * 640..241 * 640];
        let half = row.iter().position(|&a| a >= 128).unwrap() as f32;
        assert!((0.5..=2.5).contains(&(half - 320.0)), "half opaque at {half}");
        let (first, last) = (row.iter().position(|&a| a > 8).unwrap(), row.iter().position(|&a| a > 247).unwrap());
        assert!((3..=9).contains(&(last - first)), "soft from {first} to {last}");
        assert_eq!((row[0], row[639]), (0, 255));
    }

    #[test]
    fn odd_sizes_and_masks_of_another_shape_fit() {
        let mut mask = Mask::new(256, 144);
        mask.update(256, 144, |data| data.fill(255));
        let mut matte = Matte::default();
        for (width, height) in [(1, 1), (3, 5), (641, 361)] {
            matte.update(&mask, width, height).unwrap();
            assert!(matte.fits(width, height));
            assert_eq!(matte.luma(), vec![255; width * height]);
            assert_eq!(matte.chroma(), vec![255; width.div_ceil(2) * height.div_ceil(2)]);
        }
    }
}
