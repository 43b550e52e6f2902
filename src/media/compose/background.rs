//! Backgrounds that are not drawn: the person's own room out of focus, and a picture of their own.

use image::{ImageReader, Limits};

use super::matte::Matte;
use crate::media::frame::{Frame, FrameView, Plane};
use crate::media::{Picture, color, scale};

/// Rows of the raster on which the blur works. Coarse enough that faces and letters in a room are gone.
const BLUR_ROWS: usize = 48;
/// Passes of the kernel 1 2 1, each along both axes.
const BLUR_PASSES: usize = 4;
/// Longest side of a background picture in pixels.
pub const MAX_SIDE: u32 = 4096;
/// Memory that decoding a background picture may take, in octets.
pub const MAX_DECODED: u64 = 64 * 1024 * 1024;

/// Why a picture cannot be a background.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// Not PNG, JPEG or WebP, damaged, or beyond the limits.
    #[error("the picture cannot be read: {0}")]
    Unreadable(#[from] image::ImageError),
    /// The format could not be told.
    #[error("the picture cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

/// Decodes a picture (PNG, JPEG or WebP) within [`MAX_SIDE`] and [`MAX_DECODED`].
///
/// # Errors
/// If it is none of these formats, damaged, or too large.
pub fn decode(bytes: &[u8]) -> Result<Picture, PictureError> {
    let mut reader = ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED);
    reader.limits(limits);
    Ok(Picture::new(reader.decode()?.into_rgb8()))
}

/// Draws a picture so that it covers the frame, its middle in the middle.
///
/// # Errors
/// OpenCV's, which is not known to happen.
pub fn fit(picture: &Picture, frame: &mut Frame) -> Result<(), opencv::Error> {
    let pixels = picture.pixels();
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    if width == 0 || height == 0 {
        frame.fill([16, 128, 128]);
        return Ok(());
    }
    let (x, y, width, height) = scale::cover((width, height), frame.size());
    let part = image::imageops::crop_imm(pixels, x as u32, y as u32, width as u32, height as u32).to_image();
    // Halving first keeps a large picture from flickering into single pixels when it is scaled far down.
    let mut source = Frame::new(width, height);
    color::rgb_to_i420(part.as_raw(), &mut source);
    while source.width() >= 2 * frame.width() && source.height() >= 2 * frame.height() {
        let mut half = Frame::new(source.width() / 2, source.height() / 2);
        scale::picture(&source, &mut half)?;
        source = half;
    }
    scale::picture(&source, frame)
}

/// Puts a room out of focus. The person is left out of the average, so that no shadow of them surrounds them.
#[derive(Clone, Debug)]
pub struct Blur {
    small: Frame,
    rasters: [Raster; 3],
}

#[derive(Clone, Debug, Default)]
struct Raster {
    columns: usize,
    rows: usize,
    value: Vec<f32>,
    weight: Vec<f32>,
    scratch: Vec<f32>,
    sums: Vec<u32>,
    weights: Vec<u32>,
}

impl Default for Blur {
    fn default() -> Self {
        Self { small: Frame::new(2, 2), rasters: Default::default() }
    }
}

impl Blur {
    /// Draws `frame` out of focus over all of `out`, which has its size. Without a matte everything is blurred alike.
    ///
    /// # Errors
    /// OpenCV's, which is not known to happen.
    pub fn draw(&mut self, frame: FrameView<'_>, matte: Option<&Matte>, out: &mut Frame) -> Result<(), opencv::Error> {
        let step = frame.height().div_ceil(BLUR_ROWS).next_multiple_of(2);
        self.small.resize(frame.width().div_ceil(step), frame.height().div_ceil(step));
        let alphas = [matte.map(Matte::luma), matte.map(Matte::chroma), matte.map(Matte::chroma)];
        let targets = self.small.planes_mut().into_iter();
        // Chroma is already half as fine, and its raster in `small` is half as fine again: the same step for all three.
        for (((plane, alpha), raster), mut target) in
            frame.planes().into_iter().zip(alphas).zip(&mut self.rasters).zip(targets)
        {
            raster.gather(plane, alpha, step);
            for _ in 0..BLUR_PASSES {
                raster.soften();
            }
            raster.write(target.data());
        }
        scale::picture(&self.small, out)
    }
}

impl Raster {
    /// Sums the pixels of each cell, weighed by how little they belong to the person.
    fn gather(&mut self, plane: Plane<'_>, alpha: Option<&[u8]>, step: usize) {
        let width = plane.width();
        (self.columns, self.rows) = (width.div_ceil(step), plane.height().div_ceil(step));
        self.value.clear();
        self.weight.clear();
        for first in (0..plane.height()).step_by(step) {
            self.sums.clear();
            self.sums.resize(width, 0);
            self.weights.clear();
            self.weights.resize(width, 0);
            for row in first..(first + step).min(plane.height()) {
                let pixels = plane.row(row);
                match alpha {
                    Some(alpha) => {
                        add_weighed(&mut self.sums, &mut self.weights, pixels, &alpha[row * width..][..width])
                    }
                    None => add(&mut self.sums, &mut self.weights, pixels),
                }
            }
            for (sums, weights) in self.sums.chunks(step).zip(self.weights.chunks(step)) {
                self.value.push(sums.iter().sum::<u32>() as f32);
                self.weight.push(weights.iter().sum::<u32>() as f32);
            }
        }
    }

    /// Value and weight are softened alike and divided at the end: a hole fills up from around it.
    fn soften(&mut self) {
        for plane in [&mut self.value, &mut self.weight] {
            self.scratch.resize(plane.len(), 0.0);
            for (row, out) in plane.chunks_exact(self.columns).zip(self.scratch.chunks_exact_mut(self.columns)) {
                let last = self.columns - 1;
                for x in 0..self.columns {
                    out[x] = row[x.saturating_sub(1)] + 2.0 * row[x] + row[(x + 1).min(last)];
                }
            }
            for y in 0..self.rows {
                let row = |y: usize| &self.scratch[y * self.columns..][..self.columns];
                let (above, here, below) = (row(y.saturating_sub(1)), row(y), row((y + 1).min(self.rows - 1)));
                let out = &mut plane[y * self.columns..][..self.columns];
                for x in 0..self.columns {
                    out[x] = (above[x] + 2.0 * here[x] + below[x]) / 16.0;
                }
            }
        }
    }

    fn write(&self, target: &mut [u8]) {
        for ((pixel, value), weight) in target.iter_mut().zip(&self.value).zip(&self.weight) {
            *pixel = (value / weight.max(1e-6) + 0.5) as u8;
        }
    }
}

/// Even the person's own pixels count a little, so that no cell is without any weight.
fn add_weighed(sums: &mut [u32], weights: &mut [u32], pixels: &[u8], alpha: &[u8]) {
    let count = sums.len();
    let (weights, pixels, alpha) = (&mut weights[..count], &pixels[..count], &alpha[..count]);
    for i in 0..count {
        let weight = 256 - u16::from(alpha[i]);
        sums[i] += u32::from(u16::from(pixels[i]).wrapping_mul(weight));
        weights[i] += u32::from(weight);
    }
}

fn add(sums: &mut [u32], weights: &mut [u32], pixels: &[u8]) {
    for ((sum, weight), &pixel) in sums.iter_mut().zip(weights).zip(pixels) {
        *sum += u32::from(pixel);
        *weight += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::mask::Mask;

    #[test]
    fn a_blur_keeps_a_flat_room_and_smooths_a_busy_one() {
        for (width, height) in [(640, 480), (321, 181), (5, 3), (1, 1)] {
            let mut frame = Frame::new(width, height);
            frame.fill([90, 100, 150]);
            let mut out = Frame::new(width, height);
            Blur::default().draw(frame.view(), None, &mut out).unwrap();
            for (plane, value) in out.view().planes().into_iter().zip([90u8, 100, 150]) {
                assert!(plane.data().iter().all(|pixel| pixel.abs_diff(value) <= 1), "{width}x{height}");
            }
        }
        let mut frame = Frame::new(640, 480);
        let [mut y, ..] = frame.planes_mut();
        for (index, pixel) in y.data().iter_mut().enumerate() {
            *pixel = if (index % 640 / 4).is_multiple_of(2) { 40 } else { 200 };
        }
        let mut out = Frame::new(640, 480);
        Blur::default().draw(frame.view(), None, &mut out).unwrap();
        let worst = out.view().y().data().iter().map(|pixel| pixel.abs_diff(120)).max();
        assert!(worst < Some(12), "{worst:?}");
    }

    #[test]
    fn no_shadow_of_the_person_is_left_around_them() {
        // A white person, 200 pixels wide, before a dark wall.
        let mut frame = Frame::new(640, 480);
        frame.fill([50, 128, 128]);
        let [mut y, ..] = frame.planes_mut();
        for row in 100..480 {
            y.row(row)[220..420].fill(230);
        }
        let mut mask = Mask::new(640, 480);
        mask.update(640, 480, |data| {
            for row in data.chunks_exact_mut(640).skip(98) {
                row[217..423].fill(255);
            }
        });
        let mut matte = Matte::default();
        matte.update(&mask, 640, 480).unwrap();
        let mut out = Frame::new(640, 480);
        Blur::default().draw(frame.view(), Some(&matte), &mut out).unwrap();
        let row = out.view().y().row(300);
        assert!(row[..214].iter().all(|&y| y < 62), "brightest wall: {:?}", row[..214].iter().max());
        let mut plain = Frame::new(640, 480);
        Blur::default().draw(frame.view(), None, &mut plain).unwrap();
        assert!(plain.view().y().row(300)[213] > 85, "what it would be without the matte");
    }

    #[test]
    fn pictures_cover_the_frame() {
        let mut pixels = image::RgbImage::from_pixel(900, 300, image::Rgb([255, 0, 0]));
        for x in 300..600 {
            for y in 0..300 {
                pixels.put_pixel(x, y, image::Rgb([0, 0, 255]));
            }
        }
        let mut frame = Frame::new(120, 120);
        fit(&Picture::new(pixels), &mut frame).unwrap();
        let blue = color::yuv([0, 0, 255]);
        assert!(frame.view().y().data().iter().all(|y| y.abs_diff(blue[0]) <= 2), "only the middle shows");
    }

    #[test]
    fn a_picture_too_large_or_none_at_all_is_refused() {
        let mut png = Vec::new();
        let wide = image::GrayImage::new(MAX_SIDE + 1, 1);
        wide.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
        assert!(decode(&png).is_err());
        assert!(decode(b"GIF89a").is_err());
        assert!(decode(b"").is_err());
    }
}
