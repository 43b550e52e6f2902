//! The island of `unsafe` in the media layer: libvpx's C interface behind two owned contexts.
//!
//! What makes it sound:
//! - a context is made by one successful `*_init_ver` call, lives in a box that never moves, and is destroyed exactly once;
//! - every call takes `&mut self`, so no two threads are in one context, and libvpx keeps no thread-local state (`Send`);
//! - pictures and packets that libvpx owns stay valid until the next call on their context; they are handed out with the
//!   borrow of `&mut self`, so the compiler forbids that call while they are held;
//! - slices are built from the pointers, strides and sizes that libvpx reports, after checking that they make sense.
#![expect(unsafe_code, reason = "libvpx is a C library; the rest of the media layer is safe code")]

use std::ffi::{CStr, c_int};
use std::mem::MaybeUninit;
use std::ptr;

use vpx_sys as vpx;

use crate::media::codec::CodecError;
use crate::media::frame::{FrameView, Plane, chroma_size};

/// An open codec of either kind.
struct Context(Box<vpx::vpx_codec_ctx_t>);

// SAFETY: see the module's documentation; a context may move between threads, it is only never used by two at once.
unsafe impl Send for Context {}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: initialized by `open` and not destroyed before.
        unsafe { vpx::vpx_codec_destroy(&mut *self.0) };
    }
}

impl Context {
    fn open(
        action: &'static str,
        init: impl FnOnce(*mut vpx::vpx_codec_ctx_t) -> vpx::vpx_codec_err_t,
    ) -> Result<Self, CodecError> {
        // SAFETY: the context is plain data for which zero is valid (null pointers, `VPX_CODEC_OK`).
        let mut context = Box::new(unsafe { MaybeUninit::<vpx::vpx_codec_ctx_t>::zeroed().assume_init() });
        match init(&mut *context) {
            vpx::VPX_CODEC_OK => Ok(Self(context)),
            // A failed init has freed what it made; nothing is left to destroy.
            status => Err(CodecError::Codec { action, reason: text(status) }),
        }
    }

    fn check(&mut self, action: &'static str, status: vpx::vpx_codec_err_t) -> Result<(), CodecError> {
        if status == vpx::VPX_CODEC_OK {
            return Ok(());
        }
        // SAFETY: the context is open; the detail is null or a string that lives as long as the context.
        let detail = unsafe { vpx::vpx_codec_error_detail(&mut *self.0) };
        let mut reason = text(status);
        if !detail.is_null() {
            // SAFETY: not null, NUL-terminated by libvpx.
            let detail = unsafe { CStr::from_ptr(detail) };
            reason = format!("{reason} ({})", detail.to_string_lossy());
        }
        Err(CodecError::Codec { action, reason })
    }
}

fn text(status: vpx::vpx_codec_err_t) -> String {
    // SAFETY: returns a static NUL-terminated string for every status.
    unsafe { CStr::from_ptr(vpx::vpx_codec_err_to_string(status)) }.to_string_lossy().into_owned()
}

/// An open VP8 decoder.
pub(super) struct DecoderContext(Context);

impl DecoderContext {
    pub(super) fn open() -> Result<Self, CodecError> {
        let config = vpx::vpx_codec_dec_cfg_t { threads: 1, w: 0, h: 0 };
        let abi = vpx::VPX_DECODER_ABI_VERSION as c_int;
        // SAFETY: the context is zeroed memory of the right type; libvpx copies the configuration.
        Context::open("open a decoder", |context| unsafe {
            vpx::vpx_codec_dec_init_ver(context, vpx::vpx_codec_vp8_dx(), &config, 0, abi)
        })
        .map(Self)
    }

    /// Decodes one frame; the picture, if it is to be shown, lives until the next call.
    pub(super) fn decode(&mut self, data: &[u8]) -> Result<Option<FrameView<'_>>, CodecError> {
        let Ok(len) = u32::try_from(data.len()) else { return Err(CodecError::Format) };
        // SAFETY: `data` is valid for `len` octets during the call; libvpx does not keep it.
        let status = unsafe { vpx::vpx_codec_decode(&mut *self.0.0, data.as_ptr(), len, ptr::null_mut(), 0) };
        self.0.check("decode", status)?;
        let mut iterator: vpx::vpx_codec_iter_t = ptr::null();
        // SAFETY: the context is open, the iterator starts at null; the image is null or valid until the next decode.
        let Some(image) = (unsafe { vpx::vpx_codec_get_frame(&mut *self.0.0, &mut iterator).as_ref() }) else {
            return Ok(None);
        };
        if image.fmt != vpx::vpx_img_fmt::VPX_IMG_FMT_I420 {
            return Err(CodecError::Format);
        }
        let (width, height) = (image.d_w as usize, image.d_h as usize);
        let (chroma_width, chroma_height) = chroma_size(width, height);
        let plane = |index: usize, width: usize, height: usize| {
            let stride = usize::try_from(image.stride[index]).ok()?;
            let data = image.planes[index];
            if data.is_null() || width == 0 || height == 0 || stride < width {
                return None;
            }
            // SAFETY: libvpx's plane holds `height` rows of `stride` octets (plus borders around them), and the slice
            // ends with the last visible sample.
            let data = unsafe { std::slice::from_raw_parts(data, stride * (height - 1) + width) };
            Plane::new(data, stride, width, height)
        };
        let planes =
            (plane(0, width, height), plane(1, chroma_width, chroma_height), plane(2, chroma_width, chroma_height));
        let (Some(y), Some(u), Some(v)) = planes else { return Err(CodecError::Format) };
        FrameView::new([y, u, v]).ok_or(CodecError::Format).map(Some)
    }
}

/// What a VP8 encoder can be told while it is open.
pub(super) struct EncoderConfig(vpx::vpx_codec_enc_cfg_t);

impl EncoderConfig {
    /// libvpx's defaults, given to `change`.
    pub(super) fn new(change: impl FnOnce(&mut vpx::vpx_codec_enc_cfg_t)) -> Result<Self, CodecError> {
        let mut config = MaybeUninit::<vpx::vpx_codec_enc_cfg_t>::zeroed();
        // SAFETY: on success libvpx has written the whole struct.
        let mut config = unsafe {
            match vpx::vpx_codec_enc_config_default(vpx::vpx_codec_vp8_cx(), config.as_mut_ptr(), 0) {
                vpx::VPX_CODEC_OK => config.assume_init(),
                status => return Err(CodecError::Codec { action: "prepare an encoder", reason: text(status) }),
            }
        };
        change(&mut config);
        Ok(Self(config))
    }

    pub(super) fn change(&mut self, change: impl FnOnce(&mut vpx::vpx_codec_enc_cfg_t)) {
        change(&mut self.0);
    }
}

/// An open VP8 encoder.
pub(super) struct EncoderContext {
    context: Context,
    size: (usize, usize),
}

impl EncoderContext {
    pub(super) fn open(config: &EncoderConfig) -> Result<Self, CodecError> {
        let abi = vpx::VPX_ENCODER_ABI_VERSION as c_int;
        // SAFETY: the context is zeroed memory of the right type; libvpx copies the configuration.
        let context = Context::open("open an encoder", |context| unsafe {
            vpx::vpx_codec_enc_init_ver(context, vpx::vpx_codec_vp8_cx(), &config.0, 0, abi)
        })?;
        Ok(Self { context, size: (config.0.g_w as usize, config.0.g_h as usize) })
    }

    /// Takes over another configuration of the same size.
    pub(super) fn configure(&mut self, config: &EncoderConfig) -> Result<(), CodecError> {
        assert_eq!(self.size, (config.0.g_w as usize, config.0.g_h as usize), "a new size needs a new encoder");
        // SAFETY: the context is open; libvpx copies the configuration.
        let status = unsafe { vpx::vpx_codec_enc_config_set(&mut *self.context.0, &config.0) };
        self.context.check("change the encoder", status)
    }

    /// Sets one of VP8's controls; all that are used here take an `int`.
    pub(super) fn control(&mut self, control: vpx::vp8e_enc_control_id, value: c_int) -> Result<(), CodecError> {
        // SAFETY: the context is open, and the controls passed by `encoder.rs` read exactly one int.
        let status = unsafe { vpx::vpx_codec_control_(&mut *self.context.0, control as c_int, value) };
        self.context.check("set a control", status)
    }

    /// Encodes a picture of the configured size. `pts` must grow. The bytes live until the next call; their flag says
    /// whether they are a keyframe.
    pub(super) fn encode(
        &mut self,
        frame: FrameView<'_>,
        pts: i64,
        duration: u32,
        keyframe: bool,
    ) -> Result<Option<(&[u8], bool)>, CodecError> {
        assert_eq!(self.size, frame.size(), "a new size needs a new encoder");
        // SAFETY: zero is valid for every field of the image: its enums have a variant 0, its pointers may be null.
        let mut image = unsafe { MaybeUninit::<vpx::vpx_image_t>::zeroed().assume_init() };
        image.fmt = vpx::vpx_img_fmt::VPX_IMG_FMT_I420;
        (image.w, image.h) = (frame.width() as u32, frame.height() as u32);
        (image.d_w, image.d_h) = (image.w, image.h);
        (image.x_chroma_shift, image.y_chroma_shift, image.bps) = (1, 1, 12);
        for (index, plane) in frame.planes().into_iter().enumerate() {
            image.planes[index] = plane.data().as_ptr().cast_mut();
            image.stride[index] = c_int::try_from(plane.stride()).map_err(|_| CodecError::Format)?;
        }
        let flags = if keyframe { i64::from(vpx::VPX_EFLAG_FORCE_KF) } else { 0 };
        // SAFETY: the planes are valid for the rows and strides given (checked by `Plane::new`), libvpx only reads
        // them, and copies them before it returns.
        let status = unsafe {
            vpx::vpx_codec_encode(
                &mut *self.context.0,
                &image,
                pts,
                u64::from(duration),
                flags,
                u64::from(vpx::VPX_DL_REALTIME),
            )
        };
        self.context.check("encode", status)?;
        let mut iterator: vpx::vpx_codec_iter_t = ptr::null();
        loop {
            // SAFETY: the context is open, the iterator is libvpx's own; a packet is valid until the next encode.
            let Some(packet) = (unsafe { vpx::vpx_codec_get_cx_data(&mut *self.context.0, &mut iterator).as_ref() })
            else {
                return Ok(None);
            };
            if packet.kind != vpx::vpx_codec_cx_pkt_kind::VPX_CODEC_CX_FRAME_PKT {
                continue;
            }
            // SAFETY: a frame packet uses this member of the union.
            let frame = unsafe { packet.data.frame };
            if frame.buf.is_null() {
                return Ok(None);
            }
            // SAFETY: `buf` holds `sz` octets until the next encode.
            let data = unsafe { std::slice::from_raw_parts(frame.buf.cast::<u8>(), frame.sz as usize) };
            return Ok(Some((data, frame.flags & vpx::VPX_FRAME_IS_KEY != 0)));
        }
    }
}
