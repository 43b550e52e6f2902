//! Finds faces: BlazeFace, short range (faces within about two meters).

use super::VisionError;
use super::runtime::Network;
use super::tensor::{Area, Normalization, TensorFiller};
use crate::media::frame::FrameView;

const SIDE: usize = 128;
/// Anchors per cell at each stride, in the network's order.
const GRIDS: [(usize, usize); 2] = [(8, 2), (16, 6)];
const ANCHORS: usize = 896;
/// Box center and size, then six keypoints.
const VALUES: usize = 16;
const INPUT: Normalization = Normalization { scale: 1.0 / 127.5, offset: -1.0 };
/// Boxes below this probability are ignored.
const THRESHOLD: f32 = 0.5;
/// Boxes that overlap by more (intersection over union) are one face.
const SAME_FACE: f32 = 0.3;

/// A point in pixels of the frame.
pub type Point = (f32, f32);

/// A face in pixels of the frame; parts of it may lie outside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    /// 0 to 1.
    pub score: f32,
    /// Left and upper edge.
    pub top_left: Point,
    /// Right and lower edge.
    pub bottom_right: Point,
    /// The person's right eye, left eye, nose tip, mouth, right ear, left ear.
    pub keypoints: [Point; 6],
}

impl Face {
    /// Width and height of the box.
    #[must_use]
    pub fn size(&self) -> (f32, f32) {
        (self.bottom_right.0 - self.top_left.0, self.bottom_right.1 - self.top_left.1)
    }

    /// Middle of the box.
    #[must_use]
    pub fn center(&self) -> Point {
        ((self.top_left.0 + self.bottom_right.0) / 2.0, (self.top_left.1 + self.bottom_right.1) / 2.0)
    }

    /// Area of the box.
    #[must_use]
    pub fn area(&self) -> f32 {
        let (width, height) = self.size();
        width.max(0.0) * height.max(0.0)
    }

    /// Intersection over union of the boxes.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> f32 {
        let width = self.bottom_right.0.min(other.bottom_right.0) - self.top_left.0.max(other.top_left.0);
        let height = self.bottom_right.1.min(other.bottom_right.1) - self.top_left.1.max(other.top_left.1);
        let shared = width.max(0.0) * height.max(0.0);
        let union = self.area() + other.area() - shared;
        if union > 0.0 { shared / union } else { 0.0 }
    }

    /// Every point replaced by `f` of it.
    #[must_use]
    pub fn map(&self, f: impl Fn(Point) -> Point) -> Self {
        Self {
            score: self.score,
            top_left: f(self.top_left),
            bottom_right: f(self.bottom_right),
            keypoints: self.keypoints.map(f),
        }
    }
}

/// The detector of one worker.
pub struct FaceDetector {
    network: Network,
    filler: TensorFiller,
    input: Vec<f32>,
    anchors: Vec<Point>,
    candidates: Vec<Face>,
    faces: Vec<Face>,
}

impl FaceDetector {
    /// Takes an opened network.
    ///
    /// # Errors
    /// If its input is not 128x128 RGB.
    pub fn new(network: Network) -> Result<Self, VisionError> {
        if network.input_shape() != [1, 3, SIDE as i64, SIDE as i64] {
            return Err(VisionError::Shape { model: network.name().to_owned(), what: "input" });
        }
        let mut anchors = Vec::with_capacity(ANCHORS);
        for (stride, per_cell) in GRIDS {
            let cells = SIDE / stride;
            for cell in 0..cells * cells {
                let center = |index: usize| (index as f32 + 0.5) / cells as f32;
                anchors.extend(std::iter::repeat_n((center(cell % cells), center(cell / cells)), per_cell));
            }
        }
        Ok(Self {
            network,
            filler: TensorFiller::default(),
            input: vec![INPUT.offset; 3 * SIDE * SIDE],
            anchors,
            candidates: Vec::new(),
            faces: Vec::new(),
        })
    }

    /// All faces, the most certain first.
    ///
    /// # Errors
    /// If the network fails.
    pub fn detect(&mut self, frame: FrameView<'_>) -> Result<&[Face], VisionError> {
        let scale = SIDE as f32 / frame.width().max(frame.height()) as f32;
        let side = |pixels: usize| ((pixels as f32 * scale).round() as usize).clamp(1, SIDE);
        let (width, height) = (side(frame.width()), side(frame.height()));
        let area = Area { x: (SIDE - width) / 2, y: (SIDE - height) / 2, width, height };
        // Bars of an earlier shape must not stay.
        self.input.fill(INPUT.offset);
        self.filler.fill(frame, &mut self.input, (SIDE, SIDE), area, INPUT);
        let (anchors, candidates) = (&self.anchors, &mut self.candidates);
        candidates.clear();
        self.network.run([1, 3, SIDE, SIDE], &self.input, ["regressors", "classificators"], |[boxes, logits]| {
            let to_frame =
                |(x, y): Point| ((x * SIDE as f32 - area.x as f32) / scale, (y * SIDE as f32 - area.y as f32) / scale);
            let detections = boxes.chunks_exact(VALUES).zip(logits).zip(anchors);
            candidates.extend(
                detections
                    .filter_map(|((values, &logit), &anchor)| decode(values, logit, anchor))
                    .map(|face| face.map(to_frame)),
            );
        })?;
        merge(candidates, &mut self.faces);
        Ok(&self.faces)
    }
}

/// One anchor's answer, in units of the square.
fn decode(values: &[f32], logit: f32, (anchor_x, anchor_y): Point) -> Option<Face> {
    let score = 1.0 / (1.0 + (-logit.clamp(-100.0, 100.0)).exp());
    if score <= THRESHOLD || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let point = |index: usize| (values[index] / SIDE as f32 + anchor_x, values[index + 1] / SIDE as f32 + anchor_y);
    let (x, y) = point(0);
    let (width, height) = (values[2] / SIDE as f32, values[3] / SIDE as f32);
    Some(Face {
        score,
        top_left: (x - width / 2.0, y - height / 2.0),
        bottom_right: (x + width / 2.0, y + height / 2.0),
        keypoints: std::array::from_fn(|index| point(4 + 2 * index)),
    })
}

/// Joins overlapping candidates into one face each: the mean of them, weighted by score.
fn merge(candidates: &mut Vec<Face>, faces: &mut Vec<Face>) {
    faces.clear();
    candidates.sort_unstable_by(|a, b| b.score.total_cmp(&a.score));
    while let Some(&best) = candidates.first() {
        let mut total = 0.0;
        let mut sum = best.map(|_| (0.0, 0.0));
        candidates.retain(|candidate| {
            if best.overlap(candidate) <= SAME_FACE && *candidate != best {
                return true;
            }
            let weighted = candidate.map(|(x, y)| (x * candidate.score, y * candidate.score));
            let add = |a: Point, b: Point| (a.0 + b.0, a.1 + b.1);
            sum.top_left = add(sum.top_left, weighted.top_left);
            sum.bottom_right = add(sum.bottom_right, weighted.bottom_right);
            sum.keypoints = std::array::from_fn(|index| add(sum.keypoints[index], weighted.keypoints[index]));
            total += candidate.score;
            false
        });
        faces.push(sum.map(|(x, y)| (x / total, y / total)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(score: f32, x: f32, y: f32, side: f32) -> Face {
        Face { score, top_left: (x, y), bottom_right: (x + side, y + side), keypoints: [(x, y); 6] }
    }

    #[test]
    fn merges_what_overlaps_by_weight() {
        let mut faces = Vec::new();
        merge(&mut vec![face(0.6, 3.0, 0.0, 30.0), face(0.9, 0.0, 0.0, 30.0), face(0.8, 100.0, 0.0, 20.0)], &mut faces);
        assert_eq!(faces.len(), 2);
        assert!((faces[0].top_left.0 - 1.2).abs() < 1e-4, "{:?}", faces[0]);
        assert_eq!(faces[0].score, 0.9);
        assert_eq!(faces[1].top_left, (100.0, 0.0));
    }

    #[test]
    fn decodes_around_the_anchor() {
        let mut values = [0.0; VALUES];
        (values[0], values[2], values[3]) = (12.8, 25.6, 12.8);
        let face = decode(&values, 3.0, (0.5, 0.5)).unwrap();
        assert!((face.center().0 - 0.6).abs() < 1e-6 && (face.size().0 - 0.2).abs() < 1e-6);
        assert_eq!(face.keypoints[5], (0.5, 0.5));
        assert!(decode(&values, -3.0, (0.5, 0.5)).is_none());
        values[7] = f32::NAN;
        assert!(decode(&values, 3.0, (0.5, 0.5)).is_none());
    }

    #[test]
    fn a_degenerate_box_overlaps_nothing() {
        let flat = face(0.9, 0.0, 0.0, 0.0);
        assert_eq!(flat.overlap(&flat), 0.0);
        let mut faces = Vec::new();
        merge(&mut vec![flat], &mut faces);
        assert_eq!(faces.len(), 1);
    }
}
