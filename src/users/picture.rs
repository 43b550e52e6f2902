//! From the bytes that somebody sent to a picture that may be shown: known by its content, bounded before it is decoded,
//! and written anew, so that nothing of the original file is kept: no metadata, no second file hidden behind the first.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, overlay};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, Rgba, RgbaImage};
use thiserror::Error;

/// Widest and highest picture, in pixels.
pub const SIDE: u32 = 4096;
/// Side of an avatar, in pixels.
pub const AVATAR: u32 = 256;
/// Side of a playlist's cover, in pixels.
pub const COVER: u32 = 640;
/// What a decoder may allocate, in bytes: [`SIDE`] by [`SIDE`] pixels of four bytes.
pub const MEMORY: u64 = 64 * 1024 * 1024;
/// Scans of a JPEG. A progressive one has about ten; each costs a pass over the whole picture, whatever it weighs.
const SCANS: usize = 32;
/// Quality of JPEGs that are written, of 100.
const QUALITY: u8 = 88;

/// The bytes make no picture. Nobody outside is told why.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no usable picture: {0}")]
pub struct PictureError(String);

impl From<image::ImageError> for PictureError {
    fn from(error: image::ImageError) -> Self {
        Self(error.to_string())
    }
}

/// What becomes of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// As large as it came.
    Whole,
    /// The middle of it, [`AVATAR`] by [`AVATAR`].
    Avatar,
    /// The middle of it, [`COVER`] by [`COVER`]; what can be seen through is white behind.
    Cover,
}

/// A picture of our own making.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The file.
    pub bytes: Vec<u8>,
    /// What it is (RFC 9110 media type).
    pub media_type: &'static str,
    /// The ending that names of such files have.
    pub ending: &'static str,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// Makes a picture of what somebody sent. Takes up to [`MEMORY`] bytes a few times over, and up to seconds of a processor
/// for the largest: not for an asynchronous thread.
///
/// # Errors
/// [`PictureError`]: no JPEG, PNG or WebP, damaged, or too large.
pub fn make(bytes: &[u8], shape: Shape) -> Result<Picture, PictureError> {
    let format = sniff(bytes).ok_or_else(|| PictureError("neither JPEG, PNG nor WebP".into()))?;
    if format == ImageFormat::Jpeg && scans(bytes) > SCANS {
        return Err(PictureError("too many scans".into()));
    }
    let image = decode(bytes, format)?;
    let image = match shape {
        Shape::Whole => image,
        Shape::Avatar => image.resize_to_fill(AVATAR, AVATAR, FilterType::Triangle),
        Shape::Cover => on_white(image.resize_to_fill(COVER, COVER, FilterType::Triangle)),
    };
    let clear = image.color().has_alpha();
    let wanted = match (format, shape, clear) {
        (ImageFormat::Png, Shape::Whole, _) => ImageFormat::Png,
        // WebP is written without loss only, which would blow up a photograph.
        (_, _, true) => ImageFormat::WebP,
        (_, _, false) => ImageFormat::Jpeg,
    };
    encode(&image, wanted)
}

/// The picture on white paper, where it can be seen through.
fn on_white(image: DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return image;
    }
    let mut paper = RgbaImage::from_pixel(image.width(), image.height(), Rgba([255; 4]));
    overlay(&mut paper, &image.to_rgba8(), 0, 0);
    DynamicImage::from(paper).to_rgb8().into()
}

/// What the content says that it is; names and declared types are not asked.
fn sniff(bytes: &[u8]) -> Option<ImageFormat> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(ImageFormat::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(ImageFormat::WebP),
        _ => None,
    }
}

/// Counts the markers that begin a scan (ITU-T T.81, B.1.1.3), which cannot stand within one.
fn scans(bytes: &[u8]) -> usize {
    bytes.windows(2).filter(|pair| *pair == [0xff, 0xda]).count()
}

/// Decodes the first picture in the file, turned as its metadata say.
fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, PictureError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE);
    limits.max_image_height = Some(SIDE);
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    // Not every decoder counts what it allocates for the picture itself.
    if width == 0 || height == 0 || width > SIDE || height > SIDE || decoder.total_bytes() > MEMORY {
        return Err(PictureError(format!("{width} by {height} pixels")));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    Ok(image)
}

fn encode(image: &DynamicImage, format: ImageFormat) -> Result<Picture, PictureError> {
    let mut bytes = Vec::new();
    let (media_type, ending) = match format {
        ImageFormat::Jpeg => {
            JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&image.to_rgb8())?;
            ("image/jpeg", "jpg")
        }
        ImageFormat::WebP => {
            DynamicImage::from(image.to_rgba8()).write_to(&mut Cursor::new(&mut bytes), format)?;
            ("image/webp", "webp")
        }
        _ => {
            let plain: DynamicImage =
                if image.color().has_alpha() { image.to_rgba8().into() } else { image.to_rgb8().into() };
            plain.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)?;
            ("image/png", "png")
        }
    };
    Ok(Picture { bytes, media_type, ending, width: image.width(), height: image.height() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    fn file(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        image.into().write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    /// A picture whose left half is red and whose right half is blue.
    fn halves(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) })
    }

    #[test]
    fn what_can_be_seen_through_stays_so_and_photographs_stay_small() {
        let clear = RgbaImage::from_pixel(40, 20, Rgba([1, 2, 3, 128]));
        let table = [
            (file(halves(40, 20), ImageFormat::Jpeg), Shape::Whole, "image/jpeg", (40, 20)),
            (file(halves(40, 20), ImageFormat::Png), Shape::Whole, "image/png", (40, 20)),
            (file(halves(40, 20), ImageFormat::WebP), Shape::Whole, "image/jpeg", (40, 20)),
            (file(clear.clone(), ImageFormat::WebP), Shape::Whole, "image/webp", (40, 20)),
            (file(clear.clone(), ImageFormat::Png), Shape::Avatar, "image/webp", (AVATAR, AVATAR)),
            (file(halves(3000, 10), ImageFormat::Png), Shape::Avatar, "image/jpeg", (AVATAR, AVATAR)),
        ];
        for (bytes, shape, media_type, size) in table {
            let picture = make(&bytes, shape).unwrap();
            assert_eq!((picture.media_type, (picture.width, picture.height)), (media_type, size));
            let again = image::load_from_memory(&picture.bytes).unwrap();
            assert_eq!((again.width(), again.height()), size);
            assert_eq!(again.color().has_alpha(), media_type == "image/webp");
        }
    }

    #[test]
    fn a_cover_is_square_and_nothing_shines_through_it() {
        let clear = RgbaImage::from_pixel(1200, 700, Rgba([0, 0, 0, 0]));
        let picture = make(&file(clear, ImageFormat::Png), Shape::Cover).unwrap();
        assert_eq!((picture.media_type, picture.width, picture.height), ("image/jpeg", COVER, COVER));
        assert_eq!(image::load_from_memory(&picture.bytes).unwrap().to_rgb8().get_pixel(9, 9), &Rgb([255; 3]));
    }

    #[test]
    fn a_picture_is_turned_as_its_camera_was_held() {
        let upright = file(halves(40, 20), ImageFormat::Jpeg);
        // Orientation 6: a quarter turn clockwise makes it upright.
        let exif = b"\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let turned = [&upright[..2], &exif[..], &upright[2..]].concat();
        let picture = make(&turned, Shape::Whole).unwrap();
        assert_eq!((picture.width, picture.height), (20, 40));
        let pixels = image::load_from_memory(&picture.bytes).unwrap().to_rgb8();
        assert!(pixels.get_pixel(10, 5)[0] > 200 && pixels.get_pixel(10, 35)[2] > 200, "red is above blue");
        assert!(!picture.bytes.windows(4).any(|four| four == b"Exif"));
    }

    #[test]
    fn a_jpeg_of_endless_scans_is_refused_before_it_is_decoded() {
        let plain = file(halves(40, 20), ImageFormat::Jpeg);
        assert!(make(&plain, Shape::Whole).is_ok());
        let scans = [&plain[..plain.len() - 2], &b"\xff\xda\x00\x02".repeat(SCANS + 1)].concat();
        assert_eq!(make(&scans, Shape::Whole), Err(PictureError("too many scans".into())));
    }
}
