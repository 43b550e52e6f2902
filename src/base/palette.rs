//! The colors of the moods: one table for the scenes of a call, the API and the covers of playlists.

/// An sRGB color.
pub type Rgb = [u8; 3];

/// The two ends of a mood's colors. They differ in lightness as well as in hue, so that nobody has to tell two moods apart
/// by hue alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tones {
    /// The bright end.
    pub glow: Rgb,
    /// The dark end.
    pub deep: Rgb,
}

/// Calm.
pub const NEUTRAL: Tones = Tones { glow: [0x84, 0x96, 0xAB], deep: [0x2B, 0x35, 0x42] };
/// Happiness.
pub const HAPPINESS: Tones = Tones { glow: [0xFF, 0xB9, 0x38], deep: [0xE4, 0x57, 0x2E] };
/// Sadness.
pub const SADNESS: Tones = Tones { glow: [0x4C, 0x78, 0xC8], deep: [0x16, 0x26, 0x4A] };
/// Anger.
pub const ANGER: Tones = Tones { glow: [0xD1, 0x36, 0x2F], deep: [0x3A, 0x0B, 0x12] };
/// Fear.
pub const FEAR: Tones = Tones { glow: [0x8A, 0x63, 0xD2], deep: [0x17, 0x11, 0x2E] };
/// Disgust.
pub const DISGUST: Tones = Tones { glow: [0x7F, 0xA3, 0x3A], deep: [0x22, 0x33, 0x1A] };
/// Surprise.
pub const SURPRISE: Tones = Tones { glow: [0x19, 0xB5, 0xC9], deep: [0xC2, 0x35, 0x8A] };
/// Contempt.
pub const CONTEMPT: Tones = Tones { glow: [0xB0, 0x89, 0x68], deep: [0x3A, 0x2C, 0x26] };
/// No mood was clear enough.
pub const UNSURE: Tones = Tones { glow: [0x9A, 0x9E, 0xA6], deep: [0x3A, 0x3D, 0x44] };
