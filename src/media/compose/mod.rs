//! The picture that others see: the person cut out, a scene, a blur or a picture behind them. All of it in I420.

pub mod background;
pub mod blend;
pub mod director;
pub mod matte;
pub mod palette;
pub mod scene;

use std::time::{Duration, Instant};

use self::background::Blur;
use self::blend::Tint;
use self::director::{Backdrop, Director};
use self::matte::Matte;
use self::scene::Scene;
use super::frame::{Frame, FrameView};
use super::mask::Mask;
use super::{Background, Mood};

/// How a picture is composed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Pictures of a scene a second. Fewer than the camera's halve the cost, also the encoder's, and look the same.
    pub scene_rate: f32,
    /// How far the person's color is moved toward the scene's, 0 (the default: not at all) to 0.1.
    pub grade: f32,
}

impl Default for Options {
    fn default() -> Self {
        Self { scene_rate: 15.0, grade: 0.0 }
    }
}

/// Composes one person's pictures. Keeps all buffers between frames; a frame of another size makes new ones.
#[derive(Debug)]
pub struct Compositor {
    options: Options,
    director: Director,
    /// The beginning of every loop.
    epoch: Option<Instant>,
    matte: Matte,
    blur: Blur,
    /// What is shown and, while it fades, what was.
    stages: [Stage; 2],
    mixed: Frame,
    out: Frame,
    blur_only: bool,
}

/// One backdrop, painted.
#[derive(Debug)]
struct Stage {
    backdrop: Option<Backdrop>,
    scene: Option<Scene>,
    canvas: Frame,
    /// Which of the scene's pictures the canvas shows.
    tick: Option<u64>,
}

impl Default for Stage {
    fn default() -> Self {
        Self { backdrop: None, scene: None, canvas: Frame::new(2, 2), tick: None }
    }
}

impl Default for Compositor {
    fn default() -> Self {
        Self::new(Options::default())
    }
}

impl Compositor {
    /// A compositor that shows the camera as it is until it is told otherwise.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            options,
            director: Director::default(),
            epoch: None,
            matte: Matte::default(),
            blur: Blur::default(),
            stages: Default::default(),
            mixed: Frame::new(2, 2),
            out: Frame::new(2, 2),
            blur_only: false,
        }
    }

    /// What the person asks for.
    pub fn set_background(&mut self, background: Background) {
        self.director.set_background(background);
    }

    /// What the person asked for last.
    #[must_use]
    pub fn background(&self) -> &Background {
        self.director.background()
    }

    /// What the person's face says; matters only while the background follows it.
    pub fn set_mood(&mut self, mood: Mood) {
        self.director.set_mood(mood);
    }

    /// Shows the blurred room whatever was asked for, the cheapest background there is.
    pub fn set_blur_only(&mut self, blur_only: bool) {
        self.blur_only = blur_only;
    }

    /// Forgets what it knows of the person's outline, as after a break in the stream.
    pub fn forget_person(&mut self) {
        self.matte.clear();
    }

    /// The picture composed last; black before there was any.
    #[must_use]
    pub fn last(&self) -> &Frame {
        &self.out
    }

    /// Composes one picture. Without a mask the last matte is used again. When there has never been one, nobody knows
    /// where the person is, and so that nothing shows that should be hidden, everything is blurred.
    pub fn compose(&mut self, frame: FrameView<'_>, mask: Option<&Mask>, now: Instant) -> &Frame {
        let (width, height) = frame.size();
        if let Err(error) = self.try_compose(frame, mask, now) {
            // No known input gets here. Hiding everything is the one answer that is never wrong.
            tracing::error!(%error, "a picture could not be composed");
            self.out.resize(width, height);
            self.out.fill([16, 128, 128]);
        }
        &self.out
    }

    fn try_compose(&mut self, frame: FrameView<'_>, mask: Option<&Mask>, now: Instant) -> Result<(), opencv::Error> {
        let (width, height) = frame.size();
        self.out.resize(width, height);
        let elapsed = now.saturating_duration_since(*self.epoch.get_or_insert(now));
        let cue = self.director.cue(now, self.blur_only);
        if *cue.shown == Backdrop::Camera && cue.fading.is_none() {
            self.out.copy_from(frame);
            return Ok(());
        }
        if let Some(mask) = mask {
            self.matte.update(mask, width, height)?;
        }
        if !self.matte.fits(width, height) {
            return self.blur.draw(frame, None, &mut self.out);
        }
        let [shown, before] = &mut self.stages;
        if let Some((was, _)) = cue.fading
            && before.backdrop.as_ref() != Some(was)
        {
            std::mem::swap(shown, before);
        }
        let tick = (elapsed.as_secs_f32() * self.options.scene_rate) as u64;
        let scene_time = Duration::from_secs_f32(tick as f32 / self.options.scene_rate);
        shown.paint(cue.shown, frame, &self.matte, &mut self.blur, (tick, scene_time))?;
        if let Some((was, progress)) = cue.fading {
            before.paint(was, frame, &self.matte, &mut self.blur, (tick, scene_time))?;
            self.mixed.resize(width, height);
            blend::crossfade(before.canvas.view(), shown.canvas.view(), progress, &mut self.mixed);
        } else {
            before.forget();
        }
        let backdrop = if cue.recede > 0.0 {
            if cue.fading.is_none() {
                self.mixed.copy_from(shown.canvas.view());
            }
            blend::recede(&mut self.mixed, cue.recede);
            &self.mixed
        } else if cue.fading.is_some() {
            &self.mixed
        } else {
            &shown.canvas
        };
        let tint = tint(backdrop, self.options.grade);
        blend::over(frame, backdrop.view(), &self.matte, tint, &mut self.out);
        Ok(())
    }
}

impl Stage {
    fn forget(&mut self) {
        self.backdrop = None;
        self.scene = None;
        self.tick = None;
    }

    fn paint(
        &mut self,
        backdrop: &Backdrop,
        frame: FrameView<'_>,
        matte: &Matte,
        blur: &mut Blur,
        (tick, time): (u64, Duration),
    ) -> Result<(), opencv::Error> {
        let (width, height) = frame.size();
        if self.backdrop.as_ref() != Some(backdrop) || self.canvas.size() != (width, height) {
            self.forget();
            self.canvas.resize(width, height);
            self.backdrop = Some(backdrop.clone());
        }
        match backdrop {
            Backdrop::Camera => self.canvas.copy_from(frame),
            Backdrop::Blur => blur.draw(frame, Some(matte), &mut self.canvas)?,
            Backdrop::Picture(picture) if self.tick.is_none() => background::fit(picture, &mut self.canvas)?,
            Backdrop::Scene(mood) if self.tick != Some(tick) => {
                self.scene.get_or_insert_with(|| Scene::new(*mood, width, height)).draw(time, &mut self.canvas);
            }
            Backdrop::Picture(_) | Backdrop::Scene(_) => {}
        }
        self.tick = Some(tick);
        Ok(())
    }
}

/// How far the person's chroma moves toward the mean of the scene's, read off a sparse raster.
fn tint(scene: &Frame, grade: f32) -> Tint {
    let grade = grade.clamp(0.0, 0.1);
    if grade == 0.0 {
        return [0, 0];
    }
    let view = scene.view();
    [view.u(), view.v()].map(|plane| {
        let sample = plane.data().iter().step_by(97);
        let (sum, count) = sample.fold((0u32, 0u32), |(sum, count), &pixel| (sum + u32::from(pixel), count + 1));
        ((sum as f32 / count.max(1) as f32 - 128.0) * grade) as i8
    })
}

#[cfg(test)]
mod tests;
