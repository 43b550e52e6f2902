//! Reads a VP8 frame's header (RFC 6386, section 9.1) before the codec does, because the codec believes it: a packet of
//! 400 bytes that announces 16383x16383 pixels costs libvpx 1.12 some 850 MiB and six seconds before it reports an error.

/// The largest width and height that are decoded.
pub const MAX_SIDE: u16 = 1920;

const FRAME_TAG: usize = 3;
const KEYFRAME_HEADER: usize = 10;
const START_CODE: [u8; 3] = [0x9d, 0x01, 0x2a];
/// Versions above 3 are reserved.
const MAX_VERSION: u8 = 3;

/// What the header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Width and height in pixels, on keyframes.
    pub size: Option<(u16, u16)>,
    /// Whether the picture is to be shown.
    pub shown: bool,
}

impl Header {
    /// Whether the frame can be decoded without any other.
    #[must_use]
    pub fn is_keyframe(&self) -> bool {
        self.size.is_some()
    }
}

/// Why a frame is not shown to the codec.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GuardError {
    /// It ends inside its header or its first partition.
    #[error("the VP8 frame is cut short")]
    Truncated,
    /// Start code or version are wrong.
    #[error("this is no VP8 frame")]
    NotVp8,
    /// A side is zero.
    #[error("the VP8 frame has no pixels")]
    Empty,
    /// A side is above [`MAX_SIDE`].
    #[error("a picture of {width}x{height} is too large")]
    TooLarge {
        /// Announced width.
        width: u16,
        /// Announced height.
        height: u16,
    },
}

/// Reads the header of a whole frame and refuses what the codec should never see.
///
/// # Errors
/// [`GuardError`], which also says that the bytes must not reach the codec.
pub fn inspect(frame: &[u8]) -> Result<Header, GuardError> {
    let tag = frame.first_chunk::<FRAME_TAG>().ok_or(GuardError::Truncated)?;
    let delta = tag[0] & 1 != 0;
    if (tag[0] >> 1) & 7 > MAX_VERSION {
        return Err(GuardError::NotVp8);
    }
    let shown = tag[0] & 0x10 != 0;
    let first_partition = usize::from(tag[0] >> 5) | usize::from(tag[1]) << 3 | usize::from(tag[2]) << 11;
    let (size, header) = if delta {
        (None, FRAME_TAG)
    } else {
        let header = frame.first_chunk::<KEYFRAME_HEADER>().ok_or(GuardError::Truncated)?;
        if header[3..6] != START_CODE {
            return Err(GuardError::NotVp8);
        }
        // The two high bits ask the renderer to scale; they are no part of the size.
        let width = u16::from_le_bytes([header[6], header[7]]) & 0x3fff;
        let height = u16::from_le_bytes([header[8], header[9]]) & 0x3fff;
        if width == 0 || height == 0 {
            return Err(GuardError::Empty);
        }
        if width > MAX_SIDE || height > MAX_SIDE {
            return Err(GuardError::TooLarge { width, height });
        }
        (Some((width, height)), KEYFRAME_HEADER)
    };
    if first_partition > frame.len() - header {
        return Err(GuardError::Truncated);
    }
    Ok(Header { size, shown })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keyframe(width: u16, height: u16) -> Vec<u8> {
        let mut frame = vec![0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a];
        frame.extend(width.to_le_bytes());
        frame.extend(height.to_le_bytes());
        frame.extend([0; 390]);
        frame
    }

    #[test]
    fn reads_the_size_of_a_keyframe() {
        assert_eq!(inspect(&keyframe(640, 480)), Ok(Header { size: Some((640, 480)), shown: true }));
        assert_eq!(inspect(&keyframe(640 | 0x4000, 480 | 0x8000)).unwrap().size, Some((640, 480)), "scaling bits");
        assert_eq!(inspect(&keyframe(1920, 1920)).unwrap().size, Some((1920, 1920)));
    }

    #[test]
    fn refuses_pictures_that_cost_too_much() {
        assert_eq!(inspect(&keyframe(16383, 16383)), Err(GuardError::TooLarge { width: 16383, height: 16383 }));
        assert_eq!(inspect(&keyframe(1921, 16)), Err(GuardError::TooLarge { width: 1921, height: 16 }));
        assert_eq!(inspect(&keyframe(16, 1921)), Err(GuardError::TooLarge { width: 16, height: 1921 }));
        assert_eq!(inspect(&keyframe(0, 480)), Err(GuardError::Empty));
        assert_eq!(inspect(&keyframe(640, 0)), Err(GuardError::Empty));
    }

    #[test]
    fn refuses_headers_that_are_cut_or_wrong() {
        let frame = keyframe(640, 480);
        for len in 0..KEYFRAME_HEADER {
            assert_eq!(inspect(&frame[..len]), Err(GuardError::Truncated), "cut to {len}");
        }
        let mut wrong = frame.clone();
        wrong[4] = 0x02;
        assert_eq!(inspect(&wrong), Err(GuardError::NotVp8));
        assert_eq!(inspect(&[0x09, 0, 0, 0]), Err(GuardError::NotVp8), "version 4");
        assert_eq!(inspect(&[0x31, 0x01, 0x00]), Err(GuardError::Truncated), "first partition beyond the end");
        assert_eq!(inspect(&[0x31, 0, 0, 0xff]), Ok(Header { size: None, shown: true }));
    }

    proptest! {
        #[test]
        fn takes_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(Header { size: Some((width, height)), .. }) = inspect(&bytes) {
                prop_assert!((1..=MAX_SIDE).contains(&width) && (1..=MAX_SIDE).contains(&height));
            }
        }
    }
}
