//! Session descriptions: what we take from an offer, and the answer that we write.
//!
//! Offers come from strangers, so that nothing of their text goes any further: [`Offer::parse`] takes out the few things
//! that we support, within bounds, and both the answer and what the transport is shown are written anew from these.

mod answer;
mod offer;

use std::fmt;

pub(super) use answer::{Answer, AnsweredSection, Sending};
pub(super) use offer::Offer;

use super::{Codec, Kind};

/// Largest offer in bytes.
pub(super) const MAX_SDP_BYTES: usize = 64 * 1024;

/// Most media sections in an offer.
pub(super) const MAX_SECTIONS: usize = 64;

/// Most synchronization sources that one participant may declare, retransmissions included.
pub(super) const MAX_SOURCES: usize = 16;

/// A certificate's digest as in `a=fingerprint` (RFC 8122).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fingerprint {
    /// The hash function, lower case.
    pub(super) algorithm: String,
    /// Hexadecimal bytes with colons, upper case.
    pub(super) value: String,
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.algorithm, self.value)
    }
}

/// Who begins the DTLS handshake (RFC 5763).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setup {
    Active,
    Passive,
    Either,
}

/// The direction of a media section, seen from whoever wrote the description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    SendRecv,
    SendOnly,
    RecvOnly,
    Inactive,
}

impl Direction {
    /// Whether its author sends.
    pub(super) fn sends(self) -> bool {
        matches!(self, Self::SendRecv | Self::SendOnly)
    }

    /// Whether its author receives.
    pub(super) fn receives(self) -> bool {
        matches!(self, Self::SendRecv | Self::RecvOnly)
    }

    /// The same, seen from the other side.
    pub(super) fn reversed(self) -> Self {
        match self {
            Self::SendOnly => Self::RecvOnly,
            Self::RecvOnly => Self::SendOnly,
            other => other,
        }
    }

    /// As an SDP attribute.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SendRecv => "sendrecv",
            Self::SendOnly => "sendonly",
            Self::RecvOnly => "recvonly",
            Self::Inactive => "inactive",
        }
    }
}

/// A codec with what makes two payload types of it differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Format {
    Opus,
    Vp8,
    /// Packetization mode 0 (single NAL unit) or 1 (RFC 6184, section 6.2).
    H264 {
        mode: u8,
    },
}

impl Format {
    /// The codec alone.
    pub(super) fn codec(self) -> Codec {
        match self {
            Self::Opus => Codec::Opus,
            Self::Vp8 => Codec::Vp8,
            Self::H264 { .. } => Codec::H264,
        }
    }
}

/// One payload type that an offer has and we support.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OfferedCodec {
    pub(super) format: Format,
    pub(super) payload_type: u8,
    /// Payload type of its retransmissions (RFC 4588).
    pub(super) rtx: Option<u8>,
    /// Feedback that was offered for it and that we use.
    pub(super) feedback: Vec<Feedback>,
    /// `profile-level-id` of H.264, which the answer has to repeat.
    pub(super) profile: Option<String>,
}

/// RTCP feedback (RFC 4585, RFC 5104, and transport-wide congestion control).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Feedback {
    Nack,
    Pli,
    Fir,
    TransportCc,
}

impl Feedback {
    pub(super) const ALL: [Self; 4] = [Self::Nack, Self::Pli, Self::Fir, Self::TransportCc];

    /// As in `a=rtcp-fb`, without the payload type.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Nack => "nack",
            Self::Pli => "nack pli",
            Self::Fir => "ccm fir",
            Self::TransportCc => "transport-cc",
        }
    }
}

/// Header extensions that we read (RFC 8285). We send none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extension {
    /// RFC 6464.
    AudioLevel,
    /// Transport-wide sequence numbers, for the sender's bandwidth estimate.
    TransportCc,
}

impl Extension {
    pub(super) const ALL: [Self; 2] = [Self::AudioLevel, Self::TransportCc];

    /// As in `a=extmap`.
    pub(super) fn uri(self) -> &'static str {
        match self {
            Self::AudioLevel => "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
            Self::TransportCc => "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
        }
    }
}

/// The synchronization sources that a section declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sources {
    pub(super) primary: u32,
    pub(super) rtx: Option<u32>,
}

/// One media section of an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OfferedSection {
    pub(super) mid: String,
    /// `None` for what we reject: other media, a port of zero, or no codec in common.
    pub(super) kind: Option<Kind>,
    /// The section's `m=` line from the protocol on, for the rejection.
    pub(super) media: String,
    pub(super) direction: Direction,
    pub(super) codecs: Vec<OfferedCodec>,
    pub(super) extensions: Vec<(u8, Extension)>,
    pub(super) sources: Option<Sources>,
}

impl OfferedSection {
    /// The payload type for a format, if it was offered. H.264 in single NAL units may travel as mode 1, never the
    /// other way round.
    pub(super) fn codec(&self, format: Format) -> Option<&OfferedCodec> {
        let exact = self.codecs.iter().find(|codec| codec.format == format);
        match format {
            Format::H264 { mode: 0 } => exact.or_else(|| self.codec(Format::H264 { mode: 1 })),
            _ => exact,
        }
    }
}
