//! Writes an answer (RFC 9429, section 5.3.1): every section of the offer in its place, one bundle, our own ICE-lite
//! credentials and candidates.

use std::fmt::Write as _;
use std::net::SocketAddr;

use super::{Fingerprint, Format, Offer, OfferedCodec, OfferedSection, Setup};
use crate::sfu::Kind;
use crate::sfu::ice::Credentials;

/// Everything that an answer says.
pub(in crate::sfu) struct Answer<'a> {
    pub(in crate::sfu) offer: &'a Offer,
    /// Counts the answers of one connection, for the `o=` line.
    pub(in crate::sfu) version: u64,
    pub(in crate::sfu) credentials: &'a Credentials,
    pub(in crate::sfu) fingerprint: &'a Fingerprint,
    pub(in crate::sfu) setup: Setup,
    /// Where we listen, for UDP and TCP alike.
    pub(in crate::sfu) announced: &'a [SocketAddr],
    /// One for each section of the offer.
    pub(in crate::sfu) sections: Vec<AnsweredSection>,
}

/// What we do with one section.
pub(in crate::sfu) enum AnsweredSection {
    Rejected,
    Accepted {
        /// Whether H.264 stands first, which is what browsers then send.
        prefer_h264: bool,
        sending: Sending,
    },
}

/// What we send in a section that receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sfu) struct Sending {
    pub(in crate::sfu) kind: Kind,
    /// Sections of the same slot play in step: `a=msid`'s stream.
    pub(in crate::sfu) slot: usize,
    pub(in crate::sfu) ssrc: u32,
    pub(in crate::sfu) rtx_ssrc: Option<u32>,
}

impl Answer<'_> {
    /// The session description.
    pub(in crate::sfu) fn write(&self) -> String {
        let mut out = String::with_capacity(4096);
        let bundled = self.offer.sections.iter().zip(&self.sections).filter(|(_, ours)| ours.is_accepted());
        line(&mut out, "v=0");
        line(&mut out, format_args!("o=- 1 {} IN IP4 127.0.0.1", self.version));
        line(&mut out, "s=-");
        line(&mut out, "t=0 0");
        let mids: Vec<_> = bundled.map(|(section, _)| section.mid.as_str()).collect();
        if !mids.is_empty() {
            line(&mut out, format_args!("a=group:BUNDLE {}", mids.join(" ")));
        }
        line(&mut out, "a=msid-semantic: WMS *");
        line(&mut out, "a=ice-lite");
        let first = mids.first().copied();
        for (section, ours) in self.offer.sections.iter().zip(&self.sections) {
            match ours {
                AnsweredSection::Rejected => reject(&mut out, section),
                AnsweredSection::Accepted { prefer_h264, sending } => {
                    self.accept(&mut out, section, *prefer_h264, sending);
                    if first == Some(section.mid.as_str()) {
                        self.candidates(&mut out);
                    }
                }
            }
        }
        out
    }

    fn accept(&self, out: &mut String, section: &OfferedSection, prefer_h264: bool, sending: &Sending) {
        let codecs = in_order(section, prefer_h264);
        let mut numbers = String::new();
        for codec in &codecs {
            let _ = write!(numbers, " {}", codec.payload_type);
            if let Some(rtx) = codec.rtx {
                let _ = write!(numbers, " {rtx}");
            }
        }
        let name = if section.kind == Some(Kind::Audio) { "audio" } else { "video" };
        line(out, format_args!("m={name} 9 UDP/TLS/RTP/SAVPF{numbers}"));
        line(out, "c=IN IP4 0.0.0.0");
        line(out, "a=rtcp:9 IN IP4 0.0.0.0");
        line(out, format_args!("a=ice-ufrag:{}", self.credentials.fragment));
        line(out, format_args!("a=ice-pwd:{}", self.credentials.password));
        line(out, format_args!("a=fingerprint:{}", self.fingerprint));
        line(out, if self.setup == Setup::Passive { "a=setup:passive" } else { "a=setup:active" });
        line(out, format_args!("a=mid:{}", section.mid));
        for (number, extension) in &section.extensions {
            line(out, format_args!("a=extmap:{number} {}", extension.uri()));
        }
        let direction = section.direction.reversed();
        line(out, format_args!("a={}", direction.name()));
        line(out, "a=rtcp-mux");
        line(out, "a=rtcp-rsize");
        for codec in &codecs {
            write_codec(out, codec);
        }
        if direction.sends() {
            write_source(out, section, sending, codecs.iter().any(|codec| codec.rtx.is_some()));
        }
    }

    fn candidates(&self, out: &mut String) {
        for (index, address) in self.announced.iter().enumerate() {
            // RFC 8421: one local preference per address, the earlier the better; UDP before TCP (RFC 6544).
            let local = 65_535 - index.min(65_535);
            let udp = (126 << 24) + (local << 8) + 255;
            let tcp = (90 << 24) + (local << 8) + 255;
            let (ip, port) = (address.ip(), address.port());
            line(out, format_args!("a=candidate:{} 1 udp {udp} {ip} {port} typ host", 2 * index + 1));
            line(out, format_args!("a=candidate:{} 1 tcp {tcp} {ip} {port} typ host tcptype passive", 2 * index + 2));
        }
        line(out, "a=end-of-candidates");
    }
}

impl AnsweredSection {
    fn is_accepted(&self) -> bool {
        matches!(self, Self::Accepted { .. })
    }
}

/// The codecs in our order of preference.
fn in_order(section: &OfferedSection, prefer_h264: bool) -> Vec<&OfferedCodec> {
    let rank = |codec: &&OfferedCodec| match codec.format {
        Format::Opus => 0,
        Format::Vp8 => usize::from(prefer_h264) * 3,
        Format::H264 { mode } => 2 - usize::from(mode.min(1)),
    };
    let mut codecs: Vec<_> = section.codecs.iter().collect();
    codecs.sort_by_key(rank);
    codecs
}

fn write_codec(out: &mut String, codec: &OfferedCodec) {
    let number = codec.payload_type;
    match codec.format {
        Format::Opus => {
            line(out, format_args!("a=rtpmap:{number} opus/48000/2"));
            line(out, format_args!("a=fmtp:{number} minptime=10;useinbandfec=1"));
        }
        Format::Vp8 => line(out, format_args!("a=rtpmap:{number} VP8/90000")),
        Format::H264 { mode } => {
            let profile = codec.profile.as_deref().unwrap_or("42e01f");
            line(out, format_args!("a=rtpmap:{number} H264/90000"));
            line(
                out,
                format_args!(
                    "a=fmtp:{number} level-asymmetry-allowed=1;packetization-mode={mode};profile-level-id={profile}"
                ),
            );
        }
    }
    for feedback in &codec.feedback {
        line(out, format_args!("a=rtcp-fb:{number} {}", feedback.name()));
    }
    if let Some(rtx) = codec.rtx {
        line(out, format_args!("a=rtpmap:{rtx} rtx/90000"));
        line(out, format_args!("a=fmtp:{rtx} apt={number}"));
    }
}

fn write_source(out: &mut String, section: &OfferedSection, sending: &Sending, has_rtx: bool) {
    let (stream, track) = (format!("slot{}", sending.slot), format!("slot{}-{}", sending.slot, section.mid));
    line(out, format_args!("a=msid:{stream} {track}"));
    let rtx = sending.rtx_ssrc.filter(|_| has_rtx);
    if let Some(rtx) = rtx {
        line(out, format_args!("a=ssrc-group:FID {} {rtx}", sending.ssrc));
    }
    for ssrc in [Some(sending.ssrc), rtx].into_iter().flatten() {
        line(out, format_args!("a=ssrc:{ssrc} cname:{stream}"));
        line(out, format_args!("a=ssrc:{ssrc} msid:{stream} {track}"));
    }
}

fn reject(out: &mut String, section: &OfferedSection) {
    line(out, format_args!("m={}", section.media));
    line(out, "c=IN IP4 0.0.0.0");
    line(out, format_args!("a=mid:{}", section.mid));
    line(out, "a=inactive");
}

fn line(out: &mut String, text: impl std::fmt::Display) {
    // Writing to a String cannot fail.
    let _ = write!(out, "{text}\r\n");
}
