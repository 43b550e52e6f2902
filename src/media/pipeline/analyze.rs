//! Runs each network at its own cadence, in the stream's own time.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use super::stats::Stats;
use crate::media::frame::FrameView;
use crate::media::mask::Mask;
use crate::media::vision::mood::MoodFilter;
use crate::media::vision::track::FaceTracker;
use crate::media::vision::{Sessions, VisionError};
use crate::media::{Mood, Rung};

/// Faces are looked for this often: every sixth frame at 30 fps, with some room for uneven clocks.
const FACE_INTERVAL: Duration = Duration::from_millis(190);
/// And their expression is read this long after, so that no frame pays for both.
const EXPRESSION_DELAY: Duration = Duration::from_millis(90);

/// A matte older than this is not used again: the pipeline may have been silent meanwhile.
const MATTE_AGE: Duration = Duration::from_millis(250);

/// What the chosen background needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Where the person is.
    pub matte: bool,
    /// What their face expresses. Only ever true with the publisher's consent.
    pub mood: bool,
}

/// The analysis of one stream.
pub struct Analyzer {
    sessions: Rc<RefCell<Sessions>>,
    mask: Mask,
    size: (usize, usize),
    /// When the mask was made, and whether it has been used twice already.
    matte_made: Duration,
    matte_reused: bool,
    tracker: FaceTracker,
    mood: MoodFilter,
    next_face: Duration,
    next_expression: Option<Duration>,
}

impl Analyzer {
    /// An analysis that runs on a worker's networks.
    #[must_use]
    pub fn new(sessions: Rc<RefCell<Sessions>>) -> Self {
        Self {
            sessions,
            mask: Mask::blank(),
            size: (0, 0),
            matte_made: Duration::ZERO,
            matte_reused: false,
            tracker: FaceTracker::default(),
            mood: MoodFilter::default(),
            next_face: Duration::ZERO,
            next_expression: None,
        }
    }

    /// Looks at the frame at `now`. Returns the new mood and its probability when the mood changes.
    ///
    /// # Errors
    /// If a network fails.
    pub fn analyze(
        &mut self,
        frame: FrameView<'_>,
        needs: Needs,
        rung: Rung,
        now: Duration,
        stats: &mut Stats,
    ) -> Result<Option<(Mood, f32)>, VisionError> {
        if self.size != frame.size() {
            self.size = frame.size();
            self.tracker.reset();
            self.mask.clear();
        }
        if needs.matte {
            let fresh = self.mask().is_some() && now.saturating_sub(self.matte_made) < MATTE_AGE;
            self.matte_reused = rung >= Rung::ReuseMatte && fresh && !self.matte_reused;
            if !self.matte_reused {
                let light = rung >= Rung::LessAnalysis;
                self.sessions.borrow_mut().matte(light)?.segment(frame, &mut self.mask)?;
                self.matte_made = now;
                stats.mattes += 1;
            }
        }
        if !needs.mood || rung >= Rung::BlurOnly {
            return Ok(None);
        }
        self.follow_mood(frame, rung, now, stats)
    }

    fn follow_mood(
        &mut self,
        frame: FrameView<'_>,
        rung: Rung,
        now: Duration,
        stats: &mut Stats,
    ) -> Result<Option<(Mood, f32)>, VisionError> {
        let slower = if rung >= Rung::LessAnalysis { 2 } else { 1 };
        if now >= self.next_face {
            self.next_face = now + FACE_INTERVAL * slower;
            self.next_expression = Some(now + EXPRESSION_DELAY * slower);
            self.tracker.observe(self.sessions.borrow_mut().face()?.detect(frame)?, now);
            stats.faces += 1;
            return Ok(None);
        }
        if self.next_expression.is_none_or(|due| now < due) {
            return Ok(None);
        }
        self.next_expression = None;
        let scores = match self.tracker.face(now) {
            Some(face) => {
                stats.expressions += 1;
                self.sessions.borrow_mut().emotion()?.read(frame, &face)?
            }
            None => None,
        };
        Ok(self.mood.push(scores.as_ref(), now))
    }

    /// The latest mask, if there is one.
    #[must_use]
    pub fn mask(&self) -> Option<&Mask> {
        (!self.mask.is_blank()).then_some(&self.mask)
    }

    /// The mood in force and its probability.
    #[must_use]
    pub fn mood(&self) -> (Mood, f32) {
        self.mood.mood()
    }

    /// Forgets face and mood: the publisher has withdrawn their consent, or gives it anew.
    pub fn forget_mood(&mut self) {
        self.tracker.reset();
        self.mood = MoodFilter::default();
        self.next_expression = None;
        self.next_face = Duration::ZERO;
    }
}
