//! What happens to one person's picture: packets in, the person cut out before a background that fits their expression,
//! packets out. No sockets, no rooms; everything here is synchronous and belongs to one thread at a time.
//!
//! `unsafe` is denied throughout; the one exception is the binding to libvpx, which says why.
#![deny(unsafe_code)]

pub mod codec;
pub mod color;
pub mod compose;
pub mod frame;
pub mod mask;
pub mod pipeline;
pub mod scale;
pub mod vision;

use std::fmt;
use std::sync::Arc;

pub use frame::{Frame, FrameView};
pub use mask::Mask;

/// What a face seems to express, smoothed over time. The names are those of the scenes behind the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mood {
    /// At rest.
    Neutral,
    /// A smile or a laugh.
    Happiness,
    /// A sad face.
    Sadness,
    /// An angry face.
    Anger,
    /// A frightened face.
    Fear,
    /// A disgusted face.
    Disgust,
    /// A surprised face.
    Surprise,
    /// A contemptuous face; only some models know it.
    Contempt,
    /// No face, or no label that stands out.
    Unsure,
}

impl Mood {
    /// Every mood, in the order of the declaration.
    pub const ALL: [Self; 9] = [
        Self::Neutral,
        Self::Happiness,
        Self::Sadness,
        Self::Anger,
        Self::Fear,
        Self::Disgust,
        Self::Surprise,
        Self::Contempt,
        Self::Unsure,
    ];
}

/// What the publisher wants behind them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Background {
    /// The camera as it is.
    #[default]
    Off,
    /// Their own room, out of focus.
    Blur,
    /// One mood's scene, without any analysis of the face.
    Scene(Mood),
    /// The scene of the mood that their face shows. The only one for which expressions are read.
    FollowMood,
    /// A picture of theirs.
    Picture(Picture),
}

/// A decoded picture for a background; cheap to clone, equal only to its own clones.
#[derive(Clone)]
pub struct Picture(Arc<image::RgbImage>);

impl Picture {
    /// Takes a picture that was decoded under limits.
    #[must_use]
    pub fn new(pixels: image::RgbImage) -> Self {
        Self(Arc::new(pixels))
    }

    /// The pixels, RGB in full range.
    #[must_use]
    pub fn pixels(&self) -> &image::RgbImage {
        &self.0
    }
}

impl PartialEq for Picture {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Picture {}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({}x{})", self.0.width(), self.0.height())
    }
}

/// How much of the full quality a pipeline affords itself. Later rungs are cheaper; each keeps the savings of those before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rung {
    /// A new matte for every frame.
    #[default]
    Full,
    /// A new matte for every second frame.
    ReuseMatte,
    /// The small matte network, faces and expressions half as often, a faster encoder.
    LessAnalysis,
    /// Every second frame is left out.
    HalfRate,
    /// The background is blurred, whatever was asked for.
    BlurOnly,
    /// The original picture goes out.
    Bypass,
}

impl Rung {
    /// From the best to the cheapest.
    pub const ALL: [Self; 6] =
        [Self::Full, Self::ReuseMatte, Self::LessAnalysis, Self::HalfRate, Self::BlurOnly, Self::Bypass];
}
