//! Which background is in force: what the person asked for, what their face says, and the fade from one to the next.

use std::time::{Duration, Instant};

use crate::media::{Background, Mood, Picture};

/// How long one background takes to become the next.
pub const FADE: Duration = Duration::from_millis(800);

/// Something to show behind a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backdrop {
    /// The room as the camera sees it.
    Camera,
    /// The room out of focus.
    Blur,
    /// A mood's scene.
    Scene(Mood),
    /// A picture.
    Picture(Picture),
}

/// What is to be shown at one moment.
#[derive(Debug)]
pub struct Cue<'a> {
    /// What is behind the person now, or soon will be.
    pub shown: &'a Backdrop,
    /// What it comes from, and how far it has come, 0 to 1.
    pub fading: Option<(&'a Backdrop, f32)>,
    /// How far the background steps back because no expression is clear, 0 to 1.
    pub recede: f32,
}

/// Decides what is behind the person. A change while another one fades waits for its end, so that nothing ever jumps.
#[derive(Debug)]
pub struct Director {
    background: Background,
    /// The last clear mood; its scene stays when none is.
    mood: Mood,
    unsure: bool,
    shown: Backdrop,
    before: Option<(Backdrop, Instant)>,
    recede: f32,
    moved: Option<Instant>,
}

impl Default for Director {
    fn default() -> Self {
        Self {
            background: Background::Off,
            mood: Mood::Neutral,
            unsure: false,
            shown: Backdrop::Camera,
            before: None,
            recede: 0.0,
            moved: None,
        }
    }
}

impl Director {
    /// What the person asks for.
    pub fn set_background(&mut self, background: Background) {
        self.background = background;
    }

    /// What their face says. `Unsure` keeps the scene and lets it step back.
    pub fn set_mood(&mut self, mood: Mood) {
        self.unsure = mood == Mood::Unsure;
        if !self.unsure {
            self.mood = mood;
        }
    }

    /// What the person asked for last.
    #[must_use]
    pub fn background(&self) -> &Background {
        &self.background
    }

    /// What to show at `now`, which never runs backward. `blur_only` overrules everything but the plain camera.
    pub fn cue(&mut self, now: Instant, blur_only: bool) -> Cue<'_> {
        let wanted = self.wanted(blur_only);
        if self.before.as_ref().is_some_and(|(_, since)| now.saturating_duration_since(*since) >= FADE) {
            self.before = None;
        }
        if self.before.is_none() && wanted != self.shown {
            // What is shown first needs no fade: nobody has seen anything else.
            let was = std::mem::replace(&mut self.shown, wanted);
            self.before = self.moved.map(|_| (was, now));
        }
        let elapsed = self.moved.map_or(Duration::ZERO, |moved| now.saturating_duration_since(moved));
        let step = elapsed.as_secs_f32() / FADE.as_secs_f32();
        let target = f32::from(u8::from(self.unsure && self.background == Background::FollowMood));
        self.recede += (target - self.recede).clamp(-step, step);
        self.moved = Some(now);
        let fading = self.before.as_ref().map(|(was, since)| {
            (was, (now.saturating_duration_since(*since).as_secs_f32() / FADE.as_secs_f32()).min(1.0))
        });
        Cue { shown: &self.shown, fading, recede: self.recede }
    }

    fn wanted(&self, blur_only: bool) -> Backdrop {
        match &self.background {
            Background::Off => Backdrop::Camera,
            _ if blur_only => Backdrop::Blur,
            Background::Blur => Backdrop::Blur,
            Background::Scene(mood) => Backdrop::Scene(*mood),
            Background::FollowMood => Backdrop::Scene(self.mood),
            Background::Picture(picture) => Backdrop::Picture(picture.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock;

    fn at(start: Instant, milliseconds: u64) -> Instant {
        start + Duration::from_millis(milliseconds)
    }

    #[test]
    fn the_first_background_is_there_at_once_and_the_next_one_fades_in() {
        let (start, mut director) = (clock::now(), Director::default());
        director.set_background(Background::Blur);
        let cue = director.cue(start, false);
        assert!(*cue.shown == Backdrop::Blur && cue.fading.is_none());
        director.set_background(Background::Scene(Mood::Fear));
        let mut last = -1.0;
        for step in 0..8 {
            let cue = director.cue(at(start, 100 + step * 100), false);
            let (from, progress) = cue.fading.expect("still fading");
            assert!(*from == Backdrop::Blur && progress > last);
            last = progress;
        }
        assert!(director.cue(at(start, 900), false).fading.is_none());
    }

    #[test]
    fn a_change_during_a_fade_waits_for_its_end() {
        let (start, mut director) = (clock::now(), Director::default());
        director.set_background(Background::FollowMood);
        director.cue(start, false);
        director.set_mood(Mood::Anger);
        director.cue(at(start, 100), false);
        director.set_mood(Mood::Happiness);
        assert_eq!(*director.cue(at(start, 500), false).shown, Backdrop::Scene(Mood::Anger));
        let cue = director.cue(at(start, 900), false);
        assert_eq!(*cue.shown, Backdrop::Scene(Mood::Happiness));
        assert_eq!(cue.fading, Some((&Backdrop::Scene(Mood::Anger), 0.0)));
    }

    #[test]
    fn an_unclear_face_keeps_its_scene_and_lets_it_step_back() {
        let (start, mut director) = (clock::now(), Director::default());
        director.set_background(Background::FollowMood);
        director.set_mood(Mood::Sadness);
        director.cue(start, false);
        director.set_mood(Mood::Unsure);
        let half = director.cue(at(start, 400), false);
        assert!(*half.shown == Backdrop::Scene(Mood::Sadness) && (0.4..0.6).contains(&half.recede));
        assert_eq!(director.cue(at(start, 1000), false).recede, 1.0);
        director.set_mood(Mood::Sadness);
        assert_eq!(director.cue(at(start, 2000), false).recede, 0.0);
    }

    #[test]
    fn the_cheapest_rung_blurs_whatever_was_asked_for_but_off() {
        let (start, mut director) = (clock::now(), Director::default());
        director.set_background(Background::Scene(Mood::Anger));
        assert_eq!(*director.cue(start, true).shown, Backdrop::Blur);
        director.set_background(Background::Off);
        assert_eq!(*director.cue(at(start, 5000), true).shown, Backdrop::Camera);
    }
}
