//! One RTP packet, as the SFU hands it to the pipeline and takes it back (RFC 3550, section 5.1).

use bytes::Bytes;

/// A parsed RTP packet without header extensions: what survives between two hops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Set on the last packet of a picture (RFC 7741, section 4.1).
    pub marker: bool,
    /// Payload type as negotiated on the leg that the packet came from or goes to.
    pub payload_type: u8,
    /// Sequence number; wraps at 65536.
    pub sequence: u16,
    /// Media time in units of the codec's clock: 90 kHz for video, 48 kHz for Opus.
    pub timestamp: u32,
    /// Synchronization source.
    pub ssrc: u32,
    /// Payload with its descriptor, without padding.
    pub payload: Bytes,
}
