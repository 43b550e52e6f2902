//! Lines that look as if a hand had drawn them, as the commands of SVG's paths.

use std::f32::consts::TAU;
use std::fmt::Write as _;
use std::ops::Range;

use super::SIDE;
use super::dice::Dice;
use super::sheet::Point;

/// A point at an angle (in turns, 0 to the right, down next) and a distance from another.
pub fn polar(center: Point, turns: f32, distance: f32) -> Point {
    let (sin, cos) = (turns * TAU).sin_cos();
    (center.0 + cos * distance, center.1 + sin * distance)
}

/// Straight from each to the next, and closed.
pub fn polygon(points: &[Point]) -> String {
    let mut path = String::new();
    for (at, (x, y)) in points.iter().enumerate() {
        let _ = write!(path, "{}{x:.1} {y:.1}", if at == 0 { 'M' } else { 'L' });
    }
    path.push('Z');
    path
}

/// A soft line through the points (Catmull and Rom, 1974).
pub fn through(points: &[Point]) -> String {
    let mut path = String::new();
    let at = |index: isize| points[index.clamp(0, points.len() as isize - 1) as usize];
    for index in 0..points.len() as isize {
        let (x, y) = at(index);
        if index == 0 {
            let _ = write!(path, "M{x:.1} {y:.1}");
        } else {
            bend(&mut path, [at(index - 2), at(index - 1), (x, y), at(index + 1)]);
        }
    }
    path
}

/// A soft line through the points and back to the first.
pub fn around(points: &[Point]) -> String {
    let mut path = String::new();
    let at = |index: usize| points[index % points.len()];
    for index in 0..points.len() {
        if index == 0 {
            let _ = write!(path, "M{:.1} {:.1}", at(0).0, at(0).1);
        }
        bend(&mut path, [at(index + points.len() - 1), at(index), at(index + 1), at(index + 2)]);
    }
    path.push('Z');
    path
}

fn bend(path: &mut String, [before, from, to, after]: [Point; 4]) {
    let one = (from.0 + (to.0 - before.0) / 6.0, from.1 + (to.1 - before.1) / 6.0);
    let two = (to.0 - (after.0 - from.0) / 6.0, to.1 - (after.1 - from.1) / 6.0);
    let _ = write!(path, "C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}", one.0, one.1, two.0, two.1, to.0, to.1);
}

/// Everything below a soft line from the left edge to the right one.
pub fn below(points: &[Point]) -> String {
    let mut path = through(points);
    let _ = write!(path, "V{0}H{1:.1}Z", SIDE + 20.0, points.first().map_or(0.0, |point| point.0));
    path
}

/// Waves that are added up, so that none comes twice: a line's height along its way.
#[derive(Clone, Debug)]
pub struct Swell(Vec<(f32, f32, f32)>);

impl Swell {
    /// So many waves, the first as long as one of these; each next one is about half as long and half as high.
    pub fn new(dice: &mut Dice, waves: usize, lengths: Range<f32>) -> Self {
        let mut one = (1.0, dice.between(lengths.start, lengths.end));
        Self(
            (0..waves)
                .map(|_| {
                    let (height, length) = one;
                    one = (height * dice.between(0.4, 0.6), length * dice.between(0.38, 0.62));
                    (height, TAU / length, dice.unit() * TAU)
                })
                .collect(),
        )
    }

    /// About -1 to 1.
    pub fn at(&self, way: f32) -> f32 {
        let whole: f32 = self.0.iter().map(|wave| wave.0).sum();
        self.0.iter().map(|(height, turn, start)| height * (way * turn + start).sin()).sum::<f32>() / whole.max(0.01)
    }

    /// Points from beyond the left edge to beyond the right one.
    pub fn line(&self, level: f32, height: f32, step: f32) -> Vec<Point> {
        let count = ((SIDE + 40.0) / step) as usize + 1;
        (0..=count).map(|index| -20.0 + index as f32 * step).map(|x| (x, level + height * self.at(x))).collect()
    }
}
