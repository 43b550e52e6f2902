//! Payload formats: what the first bytes of a video packet's payload say, and how to change them in place.

pub mod h264;
pub mod vp8;
