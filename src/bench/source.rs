//! Reads clips of one's own: IVF with VP8, Y4M (8 bits, 4:2:0), MJPEG.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::Path;

use anyhow::{Context, bail, ensure};
use image::{ImageFormat, ImageReader, Limits};

use crate::media::codec::guard::MAX_SIDE;
use crate::media::{Frame, color};

/// The largest compressed picture that is believed.
const MAX_PICTURE: usize = 4 << 20;

/// What a file holds.
pub enum Source {
    /// VP8 frames.
    Vp8(Vec<Vec<u8>>),
    /// Pictures, decoded one by one.
    Pictures(Box<dyn Iterator<Item = anyhow::Result<Frame>>>),
}

/// Opens a clip by its extension.
///
/// # Errors
/// If it can't be read or is of another kind.
pub fn open(path: &Path) -> anyhow::Result<Source> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension {
        "ivf" => Ok(Source::Vp8(ivf(BufReader::new(file))?)),
        "y4m" => Ok(Source::Pictures(Box::new(y4m(BufReader::new(file))?))),
        "mjpeg" | "mjpg" => Ok(Source::Pictures(Box::new(mjpeg(BufReader::new(file))?))),
        _ => bail!("{}: only .ivf, .y4m and .mjpeg are known", path.display()),
    }
}

fn ivf(mut file: impl Read) -> anyhow::Result<Vec<Vec<u8>>> {
    let mut header = [0; 32];
    file.read_exact(&mut header).context("the IVF header is cut short")?;
    ensure!(&header[..4] == b"DKIF", "this is no IVF file");
    ensure!(&header[8..12] == b"VP80", "only VP8 is known in IVF");
    let mut pictures = Vec::new();
    let mut picture_header = [0; 12];
    while file.read_exact(&mut picture_header).is_ok() {
        let [a, b, c, d, ..] = picture_header;
        let size = u32::from_le_bytes([a, b, c, d]) as usize;
        ensure!(size <= MAX_PICTURE, "a picture of {size} octets is too large");
        let mut picture = vec![0; size];
        file.read_exact(&mut picture).context("the last picture is cut short")?;
        pictures.push(picture);
    }
    Ok(pictures)
}

fn y4m(mut file: impl BufRead) -> anyhow::Result<impl Iterator<Item = anyhow::Result<Frame>>> {
    let mut header = String::new();
    file.by_ref().take(1024).read_line(&mut header).context("the Y4M header")?;
    let mut words = header.split_whitespace();
    ensure!(words.next() == Some("YUV4MPEG2"), "this is no Y4M file");
    let (mut width, mut height) = (0, 0);
    for word in words {
        match (word.get(..1), word.get(1..)) {
            (Some("W"), Some(value)) => width = value.parse().context("the width")?,
            (Some("H"), Some(value)) => height = value.parse().context("the height")?,
            (Some("C"), Some(value)) => {
                ensure!(
                    matches!(value, "420" | "420jpeg" | "420paldv" | "420mpeg2"),
                    "only 8 bits and 4:2:0, not {value}"
                );
            }
            _ => {}
        }
    }
    let limit = 1..=usize::from(MAX_SIDE);
    ensure!(limit.contains(&width) && limit.contains(&height), "{width}x{height} is too large or too small");
    Ok(std::iter::from_fn(move || {
        let mut line = String::new();
        match file.by_ref().take(1024).read_line(&mut line) {
            Ok(0) => return None,
            Ok(_) if line.starts_with("FRAME") => {}
            _ => return Some(Err(anyhow::anyhow!("the Y4M file is damaged"))),
        }
        let mut frame = Frame::new(width, height);
        let read: std::io::Result<()> =
            frame.planes_mut().iter_mut().try_for_each(|plane| file.read_exact(plane.data()));
        Some(read.map(|()| frame).context("the last picture is cut short"))
    }))
}

/// Pictures one after the other: each from a start marker to the last end marker before the next start.
fn mjpeg(mut file: impl Read) -> anyhow::Result<impl Iterator<Item = anyhow::Result<Frame>>> {
    const START: [u8; 3] = [0xff, 0xd8, 0xff];
    const END: [u8; 2] = [0xff, 0xd9];
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    ensure!(bytes.starts_with(&START), "this is no MJPEG file");
    let mut at = 0;
    Ok(std::iter::from_fn(move || {
        let rest = bytes.get(at..).filter(|rest| rest.starts_with(&START))?;
        let next = rest.windows(5).position(|window| window[..2] == END && window[2..] == START);
        let end = next.map_or(rest.len(), |position| position + 2);
        let picture = jpeg(&rest[..end]);
        at += end;
        Some(picture)
    }))
}

fn jpeg(bytes: &[u8]) -> anyhow::Result<Frame> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), ImageFormat::Jpeg);
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(MAX_SIDE.into()), Some(MAX_SIDE.into()));
    reader.limits(limits);
    let image = reader.decode().context("a picture of the clip")?.into_rgb8();
    let mut frame = Frame::new(image.width() as usize, image.height() as usize);
    color::rgb_to_i420(image.as_raw(), &mut frame);
    Ok(frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ivf() {
        let mut file = b"DKIF\0\0\x20\0VP80".to_vec();
        file.resize(32, 0);
        for picture in [&[1u8, 2, 3][..], &[4]] {
            file.extend((picture.len() as u32).to_le_bytes());
            file.extend([0; 8]);
            file.extend(picture);
        }
        assert_eq!(ivf(&file[..]).unwrap(), [vec![1, 2, 3], vec![4]]);
        assert!(ivf(&file[..file.len() - 1]).is_err(), "cut short");
        assert!(ivf(&b"RIFF"[..]).is_err());
    }

    #[test]
    fn reads_y4m_of_an_odd_size() {
        let mut file = b"YUV4MPEG2 W3 H3 F30:1 Ip C420jpeg\n".to_vec();
        for value in [7, 9] {
            file.extend(b"FRAME\n");
            file.extend([value; 9 + 4 + 4]);
        }
        let frames: Vec<_> = y4m(&file[..]).unwrap().map(Result::unwrap).collect();
        assert_eq!(frames.len(), 2);
        assert_eq!(frames[1].view().v().row(1), [9, 9]);
        assert!(y4m(&b"YUV4MPEG2 W3 H3 C444\n"[..]).is_err());
        assert!(y4m(&b"YUV4MPEG2 W99999 H3\n"[..]).is_err());
    }

    #[test]
    fn reads_mjpeg() {
        let image = image::RgbImage::from_pixel(16, 8, image::Rgb([200, 30, 30]));
        let mut one = Cursor::new(Vec::new());
        image.write_to(&mut one, ImageFormat::Jpeg).unwrap();
        let file = [one.get_ref().as_slice(), one.get_ref()].concat();
        let frames: Vec<_> = mjpeg(&file[..]).unwrap().map(Result::unwrap).collect();
        assert_eq!((frames.len(), frames[0].size()), (2, (16, 8)));
    }
}
