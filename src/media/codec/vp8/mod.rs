//! VP8 (RFC 6386) by the system's libvpx.

mod binding;
mod decoder;
mod encoder;

pub use decoder::Decoder;
pub use encoder::{Encoder, Speed};
