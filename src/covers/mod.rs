//! Covers of playlists, drawn from a mood, a genre and a seed: an SVG that becomes a PNG.
//!
//! The mood gives the colors and the weather, the genre the motif, the seed everything else; the same three give the same
//! picture. Nothing is read from elsewhere: no font, no picture, no word that a person wrote.

mod dice;
mod ink;
pub mod mark;
mod motif;
mod scene;
mod shape;
mod sheet;
mod weather;

#[cfg(test)]
mod tests;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg;
use thiserror::Error;

use self::mark::Origin;
use crate::protocol::MoodLabel;
use crate::protocol::genre::Genre;

/// Width and height of a cover, in pixels.
pub const PIXELS: u32 = 640;
/// The same in the SVG's units.
const SIDE: f32 = 640.0;

/// What a cover is drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Motif {
    /// The mood; none is whichever the seed picks.
    pub mood: Option<MoodLabel>,
    /// The genre; none is whichever the seed picks.
    pub genre: Option<Genre>,
    /// What makes it different from every other of its mood and genre.
    pub seed: u64,
}

/// A cover could not be drawn: a mistake of ours.
#[derive(Debug, Error)]
#[error("a cover cannot be drawn: {0}")]
pub struct DrawError(String);

/// Draws a cover: a PNG of [`PIXELS`] by [`PIXELS`] that says in its metadata that a program made it. Takes tens of
/// milliseconds of a processor: not for an asynchronous thread.
///
/// # Errors
/// [`DrawError`].
pub fn draw(motif: &Motif) -> Result<Vec<u8>, DrawError> {
    encode(&paint(motif, PIXELS)?)
}

/// The picture so many pixels wide and high.
fn paint(motif: &Motif, pixels: u32) -> Result<Pixmap, DrawError> {
    let tree = usvg::Tree::from_str(&scene::draw(motif), &usvg::Options::default())
        .map_err(|error| DrawError(error.to_string()))?;
    let mut picture = Pixmap::new(pixels, pixels).ok_or_else(|| DrawError("no room for it".into()))?;
    let scale = pixels as f32 / SIDE;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    Ok(picture)
}

/// The largest file that a cover should be, in bytes.
const LARGEST: usize = 195_000;

/// As PNG, with as many colors as fit into [`LARGEST`].
fn encode(picture: &Pixmap) -> Result<Vec<u8>, DrawError> {
    // Most of a file is the last bit of soft colors, which nobody sees; blue and red can do with less than green.
    let mut bytes = write(picture, [7, 7, 7])?;
    for bits in [[6, 7, 6], [6, 6, 6], [5, 6, 5]] {
        if bytes.len() > LARGEST {
            bytes = write(picture, bits)?;
        }
    }
    Ok(bytes)
}

/// As PNG with so many bits of red, green and blue.
fn write(picture: &Pixmap, bits: [u8; 3]) -> Result<Vec<u8>, DrawError> {
    let wrap = |error: png::EncodingError| DrawError(error.to_string());
    // The first bits stand in for the last ones, so that white stays white.
    let few = |value: u8, bits: u8| {
        let kept = value & (u8::MAX << (8 - bits));
        kept | (kept >> bits)
    };
    // The backdrop covers all of it, so there is no alpha to keep.
    let pixel = |pixel: &[u8]| [few(pixel[0], bits[0]), few(pixel[1], bits[1]), few(pixel[2], bits[2])];
    let pixels: Vec<u8> = picture.data().chunks_exact(4).flat_map(pixel).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width(), picture.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    encoder.set_filter(png::Filter::MinEntropy);
    encoder.add_itxt_chunk("XML:com.adobe.xmp".into(), Origin::Drawn.xmp()).map_err(wrap)?;
    let mut writer = encoder.write_header().map_err(wrap)?;
    writer.write_image_data(&pixels).map_err(wrap)?;
    writer.finish().map_err(wrap)?;
    Ok(bytes)
}
