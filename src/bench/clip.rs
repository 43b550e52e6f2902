//! The clip that benches send: by default a portrait, panned and zoomed and encoded to VP8 while the bench starts.

use std::io::Cursor;
use std::path::Path;

use anyhow::Context;
use image::{ImageFormat, ImageReader, Limits, RgbImage};

use super::source::{self, Source};
use crate::media::codec::EncodedFrame;
use crate::media::codec::vp8::{Decoder, Encoder};
use crate::media::pipeline::packetize::Packetizer;
use crate::media::{Frame, color, scale};
use crate::rtp::packet::Packet;

/// Eileen Collins, by NASA, public domain; `benches/data/README.md` says where it comes from.
const PORTRAIT: &[u8] = include_bytes!("../../benches/data/astronaut.png");
/// Pictures per second.
pub const RATE: u32 = 30;
/// RTP ticks between pictures.
pub const STEP: u32 = 90_000 / RATE;
/// The portrait comes back to where it was after this many pictures, so that a clip of them can run in a loop.
pub const LOOP: usize = 300;
/// The rate of a clip at 640x480, bits per second; other sizes get as much as they need to look alike.
const BITRATE: f64 = 800_000.0;
const BITRATE_AREA: f64 = 640.0 * 480.0;

/// The portrait, seen by a camera that moves.
pub struct Portrait {
    image: RgbImage,
}

impl Portrait {
    /// Decodes the built-in picture.
    ///
    /// # Errors
    /// Only if the program was built with a broken one.
    pub fn load() -> anyhow::Result<Self> {
        let mut reader = ImageReader::with_format(Cursor::new(PORTRAIT), ImageFormat::Png);
        reader.limits(Limits::default());
        Ok(Self { image: reader.decode().context("the built-in portrait")?.into_rgb8() })
    }

    /// What the camera sees at picture `index`: it sways, and comes nearer and goes away again.
    #[must_use]
    pub fn frame(&self, width: usize, height: usize, index: usize) -> Frame {
        let turn = std::f32::consts::TAU * (index % LOOP) as f32 / LOOP as f32;
        let (sway, lift, zoom) = ((turn * 2.0).sin(), (turn * 3.0).sin(), 0.92 + 0.08 * turn.cos());
        let (full_width, full_height) = (self.image.width() as f32 - 1.0, self.image.height() as f32 - 1.0);
        let aspect = width as f32 / height as f32;
        let view_width = zoom * full_width.min(full_height * aspect);
        let view_height = view_width / aspect;
        let left = (full_width - view_width) * (0.5 + 0.4 * sway);
        // The face is in the upper third, so the camera stays up there.
        let top = (full_height - view_height) * (0.06 + 0.04 * lift);
        let mut pixels = Vec::with_capacity(3 * width * height);
        for row in 0..height {
            let y = top + (row as f32 + 0.5) / height as f32 * view_height;
            for column in 0..width {
                let x = left + (column as f32 + 0.5) / width as f32 * view_width;
                pixels.extend_from_slice(&self.sample(x, y));
            }
        }
        let mut frame = Frame::new(width, height);
        color::rgb_to_i420(&pixels, &mut frame);
        frame
    }

    fn sample(&self, x: f32, y: f32) -> [u8; 3] {
        let (column, row) = (x as u32, y as u32);
        let (right, below) = ((column + 1).min(self.image.width() - 1), (row + 1).min(self.image.height() - 1));
        let (fx, fy) = (x.fract(), y.fract());
        let at = |column, row| self.image.get_pixel(column, row).0.map(f32::from);
        let (a, b, c, d) = (at(column, row), at(right, row), at(column, below), at(right, below));
        std::array::from_fn(|channel| {
            let upper = a[channel] + (b[channel] - a[channel]) * fx;
            let lower = c[channel] + (d[channel] - c[channel]) * fx;
            (upper + (lower - upper) * fy + 0.5) as u8
        })
    }
}

/// One compressed picture.
#[derive(Clone, Debug)]
pub struct ClipPicture {
    /// A VP8 frame.
    pub data: Vec<u8>,
    /// Whether it can be decoded without any other.
    pub keyframe: bool,
}

/// A clip in VP8. The first picture is a keyframe, so that it can run in a loop.
#[derive(Clone, Debug)]
pub struct Clip {
    /// Width and height in pixels.
    pub size: (usize, usize),
    /// In order.
    pub pictures: Vec<ClipPicture>,
}

impl Clip {
    /// The moving portrait, `count` pictures of it.
    ///
    /// # Errors
    /// If libvpx can't encode it.
    pub fn portrait(size: (usize, usize), count: usize, mut progress: impl FnMut()) -> anyhow::Result<Self> {
        let portrait = Portrait::load()?;
        let frames = (0..count).map(|index| {
            progress();
            Ok(portrait.frame(size.0, size.1, index))
        });
        Self::encode(size, frames)
    }

    /// Reads a clip: VP8 in IVF as it is, pictures in Y4M or MJPEG encoded in `size`, or in their own.
    ///
    /// # Errors
    /// If the file is something else, or damaged.
    pub fn open(path: &Path, size: Option<(usize, usize)>, count: usize) -> anyhow::Result<Self> {
        match source::open(path)? {
            Source::Vp8(pictures) => {
                let pictures: Vec<_> = pictures
                    .into_iter()
                    .take(count)
                    .map(|data| ClipPicture { keyframe: data.first().is_some_and(|tag| tag & 1 == 0), data })
                    .collect();
                let mut decoder = Decoder::new()?;
                let first = pictures.first().context("the clip is empty")?;
                let size = decoder.decode(&first.data)?.context("the clip does not begin with a picture")?.size();
                Ok(Self { size, pictures })
            }
            Source::Pictures(mut frames) => {
                let first = frames.next().context("the clip is empty")??;
                let size = size.unwrap_or(first.size());
                let fitted = std::iter::once(Ok(first)).chain(frames).take(count).map(|frame| {
                    let frame = frame?;
                    let mut scaled = Frame::new(size.0, size.1);
                    scale::picture(&frame, &mut scaled)?;
                    Ok(scaled)
                });
                Self::encode(size, fitted)
            }
        }
    }

    fn encode(size: (usize, usize), frames: impl Iterator<Item = anyhow::Result<Frame>>) -> anyhow::Result<Self> {
        let area = (size.0 * size.1) as f64 / BITRATE_AREA;
        let mut encoder = Encoder::new((BITRATE * area.powf(0.6)) as u32);
        let mut pictures = Vec::new();
        for (index, frame) in frames.enumerate() {
            if let Some(encoded) = encoder.encode(frame?.view(), index as u32 * STEP)? {
                pictures.push(ClipPicture { data: encoded.data.to_vec(), keyframe: encoded.keyframe });
            }
        }
        anyhow::ensure!(!pictures.is_empty(), "the clip is empty");
        Ok(Self { size, pictures })
    }

    /// The clip as RTP, over and over: one picture's packets at a time, [`STEP`] apart.
    pub fn packets(&self, payload_type: u8, ssrc: u32) -> impl Iterator<Item = Vec<Packet>> {
        let mut packetizer = Packetizer::new(payload_type, ssrc, 1);
        self.pictures.iter().cycle().enumerate().map(move |(index, picture)| {
            let timestamp = (index as u32).wrapping_mul(STEP);
            let mut packets = Vec::new();
            let frame = EncodedFrame { data: &picture.data, keyframe: picture.keyframe, timestamp };
            packetizer.packetize(frame, &mut packets);
            packets
        })
    }
}
