//! Reads an expression from a face: cut out upright, 128x128, for `emotion7`.

use opencv::core::{BORDER_REPLICATE, Mat, Scalar, Size, Vec3b};
use opencv::imgproc;
use opencv::prelude::*;

use super::VisionError;
use super::face::Face;
use super::manifest::Entry;
use super::runtime::Network;
use crate::media::frame::FrameView;
use crate::media::{Mood, color};

const SIDE: usize = 128;
/// The crop's side in units of the box's longer one; a tight crop costs seven points of accuracy.
const CROP: f32 = 1.3;
/// How far the crop's center lies above the box's, in units of the crop's side.
const RAISE: f32 = 0.08;
/// Smaller faces say nothing.
const SMALLEST: f32 = 16.0;

/// One frame's probabilities, one for each mood but [`Mood::Unsure`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct EmotionScores([f32; 8]);

impl EmotionScores {
    /// Nothing but one mood; for tests and simulations.
    #[must_use]
    pub fn only(mood: Mood) -> Self {
        let mut scores = Self::default();
        scores.set(mood, 1.0);
        scores
    }

    /// Probability of a mood.
    #[must_use]
    pub fn of(&self, mood: Mood) -> f32 {
        self.0.get(mood as usize).copied().unwrap_or(0.0)
    }

    /// Changes one probability.
    pub fn set(&mut self, mood: Mood, probability: f32) {
        if let Some(slot) = self.0.get_mut(mood as usize) {
            *slot = probability;
        }
    }

    /// The most probable mood.
    #[must_use]
    pub fn top(&self) -> (Mood, f32) {
        let moods = Mood::ALL.into_iter().zip(self.0);
        moods.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((Mood::Unsure, 0.0))
    }

    /// Moves towards `other` by a share of 0 to 1.
    pub fn approach(&mut self, other: &Self, share: f32) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += (theirs - *mine) * share;
        }
    }
}

/// The reader of one worker.
pub struct EmotionReader {
    network: Network,
    labels: Vec<Mood>,
    pixels: Vec<Vec3b>,
    crop: Mat,
    input: Vec<f32>,
}

impl EmotionReader {
    /// Takes an opened network and what the manifest says about it.
    ///
    /// # Errors
    /// If the input is not 128x128 RGB or a label is not a mood's name.
    pub fn new(network: Network, entry: &Entry) -> Result<Self, VisionError> {
        let shape = |what| VisionError::Shape { model: entry.name.clone(), what };
        if network.input_shape().get(1..) != Some(&[3, SIDE as i64, SIDE as i64]) {
            return Err(shape("input"));
        }
        let labels: Option<Vec<Mood>> = entry.labels.iter().map(|label| mood(label)).collect();
        let labels = labels.filter(|labels| !labels.is_empty()).ok_or_else(|| shape("labels"))?;
        Ok(Self { network, labels, pixels: Vec::new(), crop: Mat::default(), input: vec![0.0; 3 * SIDE * SIDE] })
    }

    /// The probabilities for a face, or `None` if it is too small or outside the frame.
    ///
    /// # Errors
    /// If the warp or the network fails.
    pub fn read(&mut self, frame: FrameView<'_>, face: &Face) -> Result<Option<EmotionScores>, VisionError> {
        if !self.cut(frame, face)? {
            return Ok(None);
        }
        let (mut scores, labels) = (EmotionScores::default(), &self.labels);
        self.network.run([1, 3, SIDE, SIDE], &self.input, ["probs"], |[probabilities]| {
            for (&mood, &probability) in labels.iter().zip(probabilities) {
                scores.set(mood, probability);
            }
        })?;
        Ok(Some(scores))
    }

    /// Fills the input with the face, turned upright. Only the part of the frame around the face becomes RGB.
    fn cut(&mut self, frame: FrameView<'_>, face: &Face) -> Result<bool, VisionError> {
        let (width, height) = face.size();
        let side = CROP * width.max(height);
        if side.is_nan() || side < SMALLEST || side > 4.0 * frame.width().max(frame.height()) as f32 {
            return Ok(false);
        }
        let (x, y) = face.center();
        let y = y - RAISE * side;
        let (right_eye, left_eye) = (face.keypoints[0], face.keypoints[1]);
        let (sin, cos) = (left_eye.1 - right_eye.1).atan2(left_eye.0 - right_eye.0).sin_cos();
        // What the turned square covers, with a border for interpolation, clipped to the frame.
        let reach = side / 2.0 * (sin.abs() + cos.abs()) + 2.0;
        let span = |center: f32, limit: usize| {
            let clip = |value: f32| value.clamp(0.0, limit as f32) as usize;
            clip((center - reach).floor())..clip((center + reach).ceil())
        };
        let (columns, rows) = (span(x, frame.width()), span(y, frame.height()));
        if columns.is_empty() || rows.is_empty() {
            return Ok(false);
        }
        self.pixels.clear();
        for row in rows.clone() {
            let (luma, u, v) = (frame.y().row(row), frame.u().row(row / 2), frame.v().row(row / 2));
            self.pixels.extend(columns.clone().map(|c| Vec3b::from(color::rgb(luma[c], u[c / 2], v[c / 2]))));
        }
        let source = Mat::new_rows_cols_with_data(rows.len() as i32, columns.len() as i32, &self.pixels)?;
        let (x, y) = (f64::from(x) - columns.start as f64, f64::from(y) - rows.start as f64);
        let scale = SIDE as f64 / f64::from(side);
        let (cos, sin, middle) = (scale * f64::from(cos), scale * f64::from(sin), SIDE as f64 / 2.0);
        let transform = [cos, sin, middle - cos * x - sin * y, -sin, cos, middle + sin * x - cos * y];
        let transform = Mat::new_rows_cols_with_data(2, 3, &transform)?;
        let size = Size::new(SIDE as i32, SIDE as i32);
        imgproc::warp_affine(
            &source,
            &mut self.crop,
            &transform,
            size,
            imgproc::INTER_LINEAR,
            BORDER_REPLICATE,
            Scalar::default(),
        )?;
        for (index, pixel) in self.crop.data_typed::<Vec3b>()?.iter().enumerate() {
            for (channel, &value) in pixel.0.iter().enumerate() {
                self.input[channel * SIDE * SIDE + index] = f32::from(value);
            }
        }
        Ok(true)
    }
}

fn mood(label: &str) -> Option<Mood> {
    Some(match label {
        "neutral" => Mood::Neutral,
        "happiness" => Mood::Happiness,
        "sadness" => Mood::Sadness,
        "anger" => Mood::Anger,
        "fear" => Mood::Fear,
        "disgust" => Mood::Disgust,
        "surprise" => Mood::Surprise,
        "contempt" => Mood::Contempt,
        _ => return None,
    })
}
