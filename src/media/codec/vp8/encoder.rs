//! Encodes VP8 for calls: constant bitrate, no delay, one thread, keyframes on demand.

use vpx_sys as vpx;
use vpx_sys::vp8e_enc_control_id as control;

use super::binding::{EncoderConfig, EncoderContext};
use crate::media::codec::{CodecError, EncodedFrame};
use crate::media::frame::FrameView;

/// RTP ticks per second.
const CLOCK: i32 = 90_000;
/// The time that a frame takes when nothing tells (30 fps), and the longest that rate control is told.
const USUAL_STEP: u32 = 3_000;
const LONGEST_STEP: u32 = 90_000;
/// A keyframe this often without being asked: every 100 s at 30 fps.
const KEYFRAME_DISTANCE: u32 = 3_000;
/// Quantizers between which rate control chooses, of 0 to 63: those of WebRTC's own encoder.
const QUANTIZERS: (u32, u32) = (2, 56);
/// Rate control's buffer: size, start and aim, in ms.
const BUFFER: (u32, u32, u32) = (1000, 500, 600);
/// A keyframe may take this many percent of a frame's average share.
const KEYFRAME_SHARE: i32 = 900;

/// How much work the encoder spends. The numbers are libvpx's `cpu-used`; negative ones are fixed, positive ones would
/// follow the wall clock and so the load of the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Speed {
    /// As good as slower speeds for a talking person.
    #[default]
    Usual,
    /// A quarter less time for about 1 dB.
    Overload,
}

impl Speed {
    fn cpu_used(self) -> i32 {
        match self {
            Self::Usual => -6,
            Self::Overload => -12,
        }
    }
}

/// One stream's encoder. It follows the size of what it is given; a new size begins with a keyframe.
pub struct Encoder {
    open: Option<Open>,
    bitrate: u32,
    speed: Speed,
    keyframe_wanted: bool,
    last_timestamp: Option<u32>,
    pts: i64,
}

struct Open {
    context: EncoderContext,
    config: EncoderConfig,
    size: (usize, usize),
}

impl Encoder {
    /// An encoder for `bitrate` bits per second. libvpx is opened by the first frame.
    #[must_use]
    pub fn new(bitrate: u32) -> Self {
        Self { open: None, bitrate, speed: Speed::default(), keyframe_wanted: true, last_timestamp: None, pts: 0 }
    }

    /// Changes the rate from the next frame on, without a keyframe.
    ///
    /// # Errors
    /// If libvpx refuses.
    pub fn set_bitrate(&mut self, bits_per_second: u32) -> Result<(), CodecError> {
        self.bitrate = bits_per_second;
        let Some(open) = &mut self.open else { return Ok(()) };
        open.config.change(|config| config.rc_target_bitrate = kilobits(bits_per_second));
        open.context.configure(&open.config)
    }

    /// Changes the speed from the next frame on.
    ///
    /// # Errors
    /// If libvpx refuses.
    pub fn set_speed(&mut self, speed: Speed) -> Result<(), CodecError> {
        if speed == self.speed {
            return Ok(());
        }
        self.speed = speed;
        let Some(open) = &mut self.open else { return Ok(()) };
        open.context.control(control::VP8E_SET_CPUUSED, speed.cpu_used())
    }

    /// Makes the next frame a keyframe.
    pub fn request_keyframe(&mut self) {
        self.keyframe_wanted = true;
    }

    /// Encodes a picture taken at RTP time `timestamp`. The bytes live until the next call; there are none if rate
    /// control left the picture out.
    ///
    /// # Errors
    /// If libvpx refuses.
    pub fn encode(&mut self, frame: FrameView<'_>, timestamp: u32) -> Result<Option<EncodedFrame<'_>>, CodecError> {
        if self.open.as_ref().is_none_or(|open| open.size != frame.size()) {
            // The old one goes first: two encoders of 1080p at once are 60 MB.
            self.open = None;
            self.open = Some(open(frame.size(), self.bitrate, self.speed)?);
            self.keyframe_wanted = true;
        }
        let step = match self.last_timestamp {
            Some(last) => timestamp.wrapping_sub(last).clamp(1, LONGEST_STEP),
            None => USUAL_STEP,
        };
        self.last_timestamp = Some(timestamp);
        self.pts += i64::from(step);
        let keyframe = std::mem::take(&mut self.keyframe_wanted);
        let Some(open) = &mut self.open else { return Ok(None) };
        let encoded = open.context.encode(frame, self.pts, step, keyframe)?;
        Ok(encoded.map(|(data, keyframe)| EncodedFrame { data, keyframe, timestamp }))
    }
}

fn kilobits(bits_per_second: u32) -> u32 {
    (bits_per_second / 1000).max(1)
}

fn open((width, height): (usize, usize), bitrate: u32, speed: Speed) -> Result<Open, CodecError> {
    let config = EncoderConfig::new(|config| {
        (config.g_w, config.g_h) = (width as u32, height as u32);
        config.g_timebase = vpx::vpx_rational { num: 1, den: CLOCK };
        // Never changed on a live encoder: that was CVE-2023-5217.
        config.g_threads = 1;
        config.g_lag_in_frames = 0;
        config.g_error_resilient = vpx::VPX_ERROR_RESILIENT_DEFAULT;
        config.rc_end_usage = vpx::vpx_rc_mode::VPX_CBR;
        config.rc_target_bitrate = kilobits(bitrate);
        config.rc_dropframe_thresh = 0;
        config.rc_resize_allowed = 0;
        (config.rc_min_quantizer, config.rc_max_quantizer) = QUANTIZERS;
        (config.rc_undershoot_pct, config.rc_overshoot_pct) = (100, 15);
        (config.rc_buf_sz, config.rc_buf_initial_sz, config.rc_buf_optimal_sz) = BUFFER;
        config.kf_mode = vpx::vpx_kf_mode::VPX_KF_AUTO;
        (config.kf_min_dist, config.kf_max_dist) = (0, KEYFRAME_DISTANCE);
    })?;
    let mut context = EncoderContext::open(&config)?;
    context.control(control::VP8E_SET_CPUUSED, speed.cpu_used())?;
    context.control(control::VP8E_SET_STATIC_THRESHOLD, 1)?;
    context.control(control::VP8E_SET_TOKEN_PARTITIONS, 0)?;
    context.control(control::VP8E_SET_NOISE_SENSITIVITY, 0)?;
    context.control(control::VP8E_SET_MAX_INTRA_BITRATE_PCT, KEYFRAME_SHARE)?;
    Ok(Open { context, config, size: (width, height) })
}
