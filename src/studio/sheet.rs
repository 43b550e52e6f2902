//! Draws a still: tiles side by side, names and time on them if asked, encoded as PNG and WebP.

use std::io::Cursor;
use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont, point};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder, ImageError, Rgb, RgbImage};

use crate::media::compose::palette::PALETTES;
use crate::media::{Frame, color, scale};

/// Width and height of a tile in pixels.
pub const TILE: (usize, usize) = (640, 480);
/// Tiles in a row, at most.
const COLUMNS: usize = 4;
/// Height of names and time in pixels.
const TEXT: f32 = 22.0;
/// From the tile's edge to the text.
const MARGIN: i64 = 16;
const WHITE: [u8; 3] = [0xF4, 0xF5, 0xF8];

/// What one tile shows.
pub struct Tile {
    /// The person's name.
    pub name: String,
    /// The picture; without one, initials stand for the person.
    pub picture: Option<Frame>,
}

/// The font for names, which knows Hangul (Pretendard, OFL 1.1). Where it was missing when the program was built, no text
/// is drawn.
static FONT: LazyLock<Option<FontRef<'static>>> = LazyLock::new(|| {
    let file: Option<&'static [u8]> = include!(concat!(env!("OUT_DIR"), "/font.rs"));
    FontRef::try_from_slice(file?)
        .inspect_err(|error| tracing::warn!(%error, "stills have no text: the font cannot be read"))
        .ok()
});

/// Lays the tiles side by side. `names` writes each person's name; who has no picture is named in any case. `time` goes into the last tile's corner.
///
/// # Errors
/// OpenCV's, which is not known to happen.
pub fn draw(tiles: &[Tile], names: bool, time: Option<&str>) -> Result<RgbImage, opencv::Error> {
    let count = tiles.len().max(1);
    let columns = count.min(COLUMNS);
    let rows = count.div_ceil(columns);
    let mut sheet = RgbImage::from_pixel((columns * TILE.0) as u32, (rows * TILE.1) as u32, Rgb([0x12, 0x15, 0x1C]));
    for (index, tile) in tiles.iter().enumerate() {
        let (x, y) = ((index % columns * TILE.0) as i64, (index / columns * TILE.1) as i64);
        let picture = match &tile.picture {
            Some(frame) => covering(frame)?,
            None => nobody(index, &tile.name),
        };
        image::imageops::replace(&mut sheet, &picture, x, y);
        if names || tile.picture.is_none() {
            let baseline = y + TILE.1 as i64 - MARGIN;
            write(
                &mut sheet,
                &tile.name,
                (x + MARGIN, baseline),
                TEXT,
                Place::Left(TILE.0 as f32 - 2.0 * MARGIN as f32),
            );
        }
    }
    if let Some(time) = time {
        let at = (sheet.width() as i64 - MARGIN, MARGIN + TEXT as i64);
        write(&mut sheet, time, at, TEXT * 0.8, Place::Right);
    }
    Ok(sheet)
}

/// PNG and WebP (lossless, the only kind that `image` writes), in this order.
///
/// # Errors
/// The encoder's, which is not known to happen.
pub fn encode(sheet: &RgbImage) -> Result<(Vec<u8>, Vec<u8>), ImageError> {
    let (mut png, mut webp) = (Vec::new(), Vec::new());
    let (width, height) = sheet.dimensions();
    PngEncoder::new_with_quality(Cursor::new(&mut png), CompressionType::Fast, FilterType::Adaptive).write_image(
        sheet.as_raw(),
        width,
        height,
        ExtendedColorType::Rgb8,
    )?;
    WebPEncoder::new_lossless(Cursor::new(&mut webp)).write_image(
        sheet.as_raw(),
        width,
        height,
        ExtendedColorType::Rgb8,
    )?;
    Ok((png, webp))
}

/// The picture scaled and cropped so that it fills the tile.
fn covering(frame: &Frame) -> Result<RgbImage, opencv::Error> {
    let (left, top, width, height) = scale::cover(frame.size(), TILE);
    let (left, top) = (left & !1, top & !1);
    let mut part = Frame::new(width, height);
    for ((from, mut to), shift) in frame.view().planes().into_iter().zip(part.planes_mut()).zip([0, 1, 1]) {
        let (left, top) = (left >> shift, top >> shift);
        for row in 0..to.height() {
            let columns = left..left + to.width();
            to.row(row).copy_from_slice(&from.row((top + row).min(from.height() - 1))[columns]);
        }
    }
    let mut fitted = Frame::new(TILE.0, TILE.1);
    scale::picture(&part, &mut fitted)?;
    let mut pixels = Vec::new();
    color::i420_to_rgb(fitted.view(), &mut pixels);
    // The buffer has exactly the length that the size asks for.
    Ok(RgbImage::from_raw(TILE.0 as u32, TILE.1 as u32, pixels).unwrap_or_else(|| RgbImage::new(1, 1)))
}

/// A quiet ground with a person's initials on it.
fn nobody(index: usize, name: &str) -> RgbImage {
    let palette = &PALETTES[index % PALETTES.len()];
    let shade = |from: u8, to: u8, t: f32| (f32::from(from) + (f32::from(to) - f32::from(from)) * t) as u8;
    let mut tile = RgbImage::from_fn(TILE.0 as u32, TILE.1 as u32, |_, y| {
        let t = 0.35 + 0.65 * y as f32 / TILE.1 as f32;
        Rgb([0, 1, 2].map(|c| shade(palette.glow[c], palette.deep[c], t)))
    });
    let middle = (TILE.0 as i64 / 2, TILE.1 as i64 / 2 + 40);
    write(&mut tile, &initials(name), middle, 120.0, Place::Center);
    tile
}

/// The first letters of the first and the last word; of a Hangul name, its first syllable.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let Some(first) = words.next() else { return "?".into() };
    let hangul = ('\u{AC00}'..='\u{D7A3}').contains(&first);
    let last = words.next_back().filter(|_| !hangul);
    [Some(first), last].into_iter().flatten().flat_map(char::to_uppercase).collect()
}

/// Where a line of text stands relative to its point.
#[derive(Clone, Copy)]
enum Place {
    /// Begins there; cut off at this width.
    Left(f32),
    Center,
    Right,
}

/// Writes one line; `at` is a point of its baseline. A shadow keeps it legible on anything.
fn write(sheet: &mut RgbImage, text: &str, at: (i64, i64), size: f32, place: Place) {
    let Some(font) = FONT.as_ref() else { return };
    let scaled = font.as_scaled(PxScale::from(size * 1.3));
    let mut glyphs: Vec<(GlyphId, f32)> = Vec::new();
    let mut width = 0.0;
    for letter in text.chars().filter(|letter| !letter.is_control()).take(80) {
        let glyph = font.glyph_id(letter);
        if let Some((before, _)) = glyphs.last() {
            width += scaled.kern(*before, glyph);
        }
        if let Place::Left(most) = place
            && width + scaled.h_advance(glyph) > most
        {
            break;
        }
        glyphs.push((glyph, width));
        width += scaled.h_advance(glyph);
    }
    let left = match place {
        Place::Left(_) => at.0 as f32,
        Place::Center => at.0 as f32 - width / 2.0,
        Place::Right => at.0 as f32 - width,
    };
    for (color, offset) in [([0; 3], 2.0), (WHITE, 0.0)] {
        for &(glyph, x) in &glyphs {
            let glyph = glyph
                .with_scale_and_position(PxScale::from(size * 1.3), point(left + x + offset, at.1 as f32 + offset));
            let Some(outline) = font.outline_glyph(glyph) else { continue };
            let bounds = outline.px_bounds();
            let strength = if offset > 0.0 { 0.55 } else { 1.0 };
            outline.draw(|x, y, coverage| {
                let (x, y) = (bounds.min.x as i64 + i64::from(x), bounds.min.y as i64 + i64::from(y));
                if (0..i64::from(sheet.width())).contains(&x) && (0..i64::from(sheet.height())).contains(&y) {
                    let pixel = sheet.get_pixel_mut(x as u32, y as u32);
                    let alpha = coverage.clamp(0.0, 1.0) * strength;
                    for (channel, ink) in pixel.0.iter_mut().zip(color) {
                        *channel = (f32::from(*channel) * (1.0 - alpha) + f32::from(ink) * alpha + 0.5) as u8;
                    }
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tile(name: &str, color: Option<[u8; 3]>, size: (usize, usize)) -> Tile {
        let picture = color.map(|color| {
            let mut frame = Frame::new(size.0, size.1);
            frame.fill(color::yuv(color));
            frame
        });
        Tile { name: name.into(), picture }
    }

    fn close(pixel: &Rgb<u8>, color: [u8; 3]) -> bool {
        pixel.0.iter().zip(color).all(|(a, b)| a.abs_diff(b) <= 4)
    }

    #[test]
    fn two_people_stand_side_by_side_whatever_their_cameras_sizes() {
        let tiles = [tile("Ada", Some([200, 30, 30]), (1280, 720)), tile("Ben", Some([30, 30, 200]), (161, 241))];
        let sheet = draw(&tiles, false, None).unwrap();
        assert_eq!(sheet.dimensions(), (1280, 480));
        for (x, y) in [(0, 0), (320, 240), (639, 479)] {
            assert!(close(sheet.get_pixel(x, y), [200, 30, 30]));
            assert!(close(sheet.get_pixel(x + 640, y), [30, 30, 200]));
        }
    }

    #[test]
    fn a_wide_picture_loses_its_sides_and_keeps_its_shape() {
        let mut frame = Frame::new(1280, 720);
        frame.fill(color::yuv([0, 0, 0]));
        let [mut y, ..] = frame.planes_mut();
        for row in 0..720 {
            // The 4:3 middle is white.
            y.row(row)[160..1120].fill(235);
        }
        let sheet = draw(&[Tile { name: String::new(), picture: Some(frame) }], false, None).unwrap();
        assert!(sheet.get_pixel(3, 240).0[0] > 200 && sheet.get_pixel(636, 240).0[0] > 200);
    }

    #[test]
    fn whoever_cannot_be_shown_has_a_named_place() {
        let sheet =
            draw(&[tile("김하나", None, (1, 1)), tile("Ada Byron", None, (1, 1))], true, Some("2026-11-21 22:00 UTC"))
                .unwrap();
        let bright = |left: u32| {
            (0..640 * 480).filter(|i| sheet.get_pixel(left + i % 640, i / 640).0.iter().all(|&c| c > 235)).count()
        };
        if FONT.is_some() {
            assert!(bright(0) > 300 && bright(640) > 300, "initials and names are written");
        }
        let unasked = draw(&[tile("김하나", None, (1, 1)), tile("Ada", Some([9; 3]), (1, 1))], false, None).unwrap();
        let line = |left: u32| (0..640 * 40).any(|i| unasked.get_pixel(left + i % 640, 440 + i / 640).0[0] > 235);
        assert_eq!((line(0), line(640)), (FONT.is_some(), false), "only whoever cannot be seen is named unasked");
    }

    #[test]
    fn initials_fit_the_script() {
        for (name, letters) in
            [("Ada Byron", "AB"), ("ben", "B"), ("김하나", "김"), ("김 하나", "김"), ("", "?"), ("a b c", "AC")]
        {
            assert_eq!(initials(name), letters, "{name}");
        }
    }

    #[test]
    fn eight_people_make_two_rows_and_nobody_makes_an_empty_sheet() {
        let tiles: Vec<Tile> = (0..8).map(|n| tile(&n.to_string(), None, (1, 1))).collect();
        assert_eq!(draw(&tiles, true, None).unwrap().dimensions(), (2560, 960));
        assert_eq!(draw(&[], true, None).unwrap().dimensions(), (640, 480));
    }

    #[test]
    fn both_files_hold_the_same_picture() {
        let sheet = draw(&[tile("Ada", Some([90, 140, 60]), (64, 48))], false, None).unwrap();
        let (png, webp) = encode(&sheet).unwrap();
        let read = |bytes: &[u8], format| image::load_from_memory_with_format(bytes, format).unwrap().into_rgb8();
        assert!(read(&png, image::ImageFormat::Png) == sheet);
        assert!(read(&webp, image::ImageFormat::WebP) == sheet);
    }
}
