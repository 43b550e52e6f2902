//! What the pipeline asks of the compositor: a background for a wish and a mood, and the picture before it.

use std::time::Duration;

use super::PipelineError;
use crate::media::frame::{Frame, FrameView};
use crate::media::mask::Mask;
use crate::media::{Background, Mood};

/// The compositor of one stream with its latest picture.
#[derive(Default)]
pub(super) struct Composition {
    frame: Option<Frame>,
}

impl Composition {
    /// Heads for another background, with a crossfade.
    pub fn set_background(&mut self, _background: &Background, _mood: Mood) {}

    /// The picture to send.
    pub fn compose(
        &mut self,
        view: FrameView<'_>,
        _mask: Option<&Mask>,
        _blur_only: bool,
        _now: Duration,
    ) -> Result<&Frame, PipelineError> {
        let frame = self.frame.get_or_insert_with(|| Frame::new(view.width(), view.height()));
        frame.copy_from(view);
        Ok(frame)
    }

    /// The picture that was sent last.
    pub fn last(&self) -> Option<&Frame> {
        self.frame.as_ref()
    }
}
