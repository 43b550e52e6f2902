//! One face over time: the same person's from detection to detection, and where it should be in between.

use std::time::Duration;

use super::face::{Face, Point};

/// A face that was not found for this long is gone.
const PATIENCE: Duration = Duration::from_millis(800);
/// A detection that overlaps the expected place by this much is the same face.
const SAME_FACE: f32 = 0.2;
/// Another face must be this many times larger to take over.
const TAKE_OVER: f32 = 2.0;
/// How fast size and place follow a new detection, 0 to 1.
const FOLLOW: f32 = 0.7;
/// The longest time over which a motion is carried on.
const PREDICTION: f32 = 0.3;

/// Follows the main face of a picture.
#[derive(Debug, Default)]
pub struct FaceTracker {
    tracked: Option<Tracked>,
}

#[derive(Debug)]
struct Tracked {
    face: Face,
    seen: Duration,
    /// Pixels per second.
    velocity: Point,
}

impl Tracked {
    fn expected(&self, now: Duration) -> Face {
        let elapsed = now.saturating_sub(self.seen).as_secs_f32().min(PREDICTION);
        self.face.map(|(x, y)| (x + self.velocity.0 * elapsed, y + self.velocity.1 * elapsed))
    }
}

impl FaceTracker {
    /// Takes the faces found in the frame at `now`: the one that was followed, or else the largest.
    pub fn observe(&mut self, faces: &[Face], now: Duration) {
        let expected = self.tracked.as_ref().map(|tracked| tracked.expected(now));
        let same = expected.and_then(|expected| {
            let overlap = |face: &&Face| expected.overlap(face);
            faces.iter().max_by(|a, b| overlap(a).total_cmp(&overlap(b))).filter(|face| overlap(face) >= SAME_FACE)
        });
        let largest = faces.iter().max_by(|a, b| a.area().total_cmp(&b.area()));
        match (same, largest) {
            (Some(same), Some(largest)) if largest.area() <= same.area() * TAKE_OVER => self.follow(same, now),
            (_, Some(largest)) => {
                self.tracked = Some(Tracked { face: *largest, seen: now, velocity: (0.0, 0.0) });
            }
            (_, None) => {
                if self.tracked.as_ref().is_some_and(|tracked| now.saturating_sub(tracked.seen) > PATIENCE) {
                    self.tracked = None;
                }
            }
        }
    }

    fn follow(&mut self, found: &Face, now: Duration) {
        let Some(tracked) = &mut self.tracked else { return };
        let elapsed = now.saturating_sub(tracked.seen).as_secs_f32();
        let (before, after) = (tracked.face.center(), found.center());
        if elapsed > 0.0 {
            tracked.velocity = ((after.0 - before.0) / elapsed, (after.1 - before.1) / elapsed);
        }
        let expected = tracked.expected(now);
        let mix = |old: Point, new: Point| (old.0 + (new.0 - old.0) * FOLLOW, old.1 + (new.1 - old.1) * FOLLOW);
        tracked.face = Face {
            score: found.score,
            top_left: mix(expected.top_left, found.top_left),
            bottom_right: mix(expected.bottom_right, found.bottom_right),
            keypoints: std::array::from_fn(|index| mix(expected.keypoints[index], found.keypoints[index])),
        };
        tracked.seen = now;
    }

    /// The face where it should be at `now`, if there is one.
    #[must_use]
    pub fn face(&self, now: Duration) -> Option<Face> {
        let tracked = self.tracked.as_ref()?;
        (now.saturating_sub(tracked.seen) <= PATIENCE).then(|| tracked.expected(now))
    }

    /// Forgets the face: the picture's size has changed, or nobody looked for a while.
    pub fn reset(&mut self) {
        self.tracked = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(x: f32, side: f32) -> Face {
        Face { score: 0.9, top_left: (x, 0.0), bottom_right: (x + side, side), keypoints: [(x, 0.0); 6] }
    }

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn carries_a_motion_on_between_detections() {
        let mut tracker = FaceTracker::default();
        for step in 0..10 {
            tracker.observe(&[face(step as f32 * 10.0, 100.0)], ms(step * 200));
        }
        let between = tracker.face(ms(1900)).unwrap().top_left.0;
        assert!((90.0..98.0).contains(&between), "{between}");
    }

    #[test]
    fn stays_with_its_face_until_a_much_larger_one_comes() {
        let mut tracker = FaceTracker::default();
        tracker.observe(&[face(0.0, 100.0)], ms(0));
        tracker.observe(&[face(300.0, 130.0), face(2.0, 100.0)], ms(200));
        assert!(tracker.face(ms(200)).unwrap().top_left.0 < 10.0);
        tracker.observe(&[face(300.0, 160.0), face(2.0, 100.0)], ms(400));
        assert_eq!(tracker.face(ms(400)).unwrap().top_left.0, 300.0);
    }

    #[test]
    fn outlives_a_missed_detection_but_not_an_absence() {
        let mut tracker = FaceTracker::default();
        tracker.observe(&[face(0.0, 100.0)], ms(0));
        tracker.observe(&[], ms(200));
        assert!(tracker.face(ms(400)).is_some());
        assert!(tracker.face(ms(900)).is_none());
        tracker.observe(&[], ms(1000));
        tracker.observe(&[face(500.0, 50.0)], ms(1200));
        assert_eq!(tracker.face(ms(1200)).unwrap().top_left.0, 500.0);
    }
}
