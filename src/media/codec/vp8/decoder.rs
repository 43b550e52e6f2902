//! Decodes VP8, guarded.

use super::binding::DecoderContext;
use crate::media::codec::{CodecError, guard};
use crate::media::frame::FrameView;

/// One stream's decoder.
pub struct Decoder {
    context: DecoderContext,
}

impl Decoder {
    /// Opens a decoder with one thread.
    ///
    /// # Errors
    /// If libvpx refuses, which means that it is out of memory or not the version that we were built with.
    pub fn new() -> Result<Self, CodecError> {
        Ok(Self { context: DecoderContext::open()? })
    }

    /// Decodes a whole frame. The picture is libvpx's own memory and lives until the next call; there is none if the
    /// frame is not meant to be shown.
    ///
    /// # Errors
    /// [`CodecError::Guard`] if the frame was not even tried, [`CodecError::Codec`] if it is damaged. After either, what
    /// follows makes no sense before a keyframe.
    pub fn decode(&mut self, frame: &[u8]) -> Result<Option<FrameView<'_>>, CodecError> {
        guard::inspect(frame)?;
        self.context.decode(frame)
    }
}
