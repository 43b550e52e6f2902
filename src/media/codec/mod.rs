//! Compressed pictures in and out. The size in a keyframe's header is read by [`guard`] before any codec sees it.

pub mod guard;
pub mod rate;
pub mod vp8;

pub use guard::GuardError;

/// One picture's bytes, borrowed from whoever made them.
#[derive(Clone, Copy, Debug)]
pub struct EncodedFrame<'a> {
    /// A whole VP8 frame (RFC 6386).
    pub data: &'a [u8],
    /// Whether it can be decoded without any other.
    pub keyframe: bool,
    /// RTP time, 90 kHz.
    pub timestamp: u32,
}

/// What went wrong in a codec.
#[derive(Debug, thiserror::Error)]
pub enum CodecError {
    /// The picture was refused before the codec saw it.
    #[error(transparent)]
    Guard(#[from] GuardError),
    /// The codec gave a picture of a shape that it should not have.
    #[error("the decoder returned a picture that is not I420")]
    Format,
    /// The codec said no; its own words are kept.
    #[error("libvpx could not {action}: {reason}")]
    Codec {
        /// What was asked of it.
        action: &'static str,
        /// Its answer.
        reason: String,
    },
}
