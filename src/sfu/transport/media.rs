//! What `rtc` is told about media: its codecs, and an offer of our own writing in place of the client's.

use std::fmt::Write as _;

use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use rtc::peer_connection::configuration::media_engine::MediaEngine;
use rtc::rtp_transceiver::rtp_sender::{RTCPFeedback, RTCRtpCodec, RTCRtpCodecParameters, RtpCodecKind};

use super::TransportError;
use crate::rtp::packet::Packet;
use crate::sfu::Kind;
use crate::sfu::ice::Credentials;
use crate::sfu::negotiation::{Direction, Feedback, Format, Offer, OfferedSection, Setup};

/// All formats with the payload types that `rtc` registers them under; an offer's own numbers replace them.
const FORMATS: [(Format, u8, Option<u8>); 4] = [
    (Format::Opus, 111, None),
    (Format::Vp8, 96, Some(97)),
    (Format::H264 { mode: 1 }, 102, Some(103)),
    (Format::H264 { mode: 0 }, 104, Some(105)),
];

/// The codecs that `rtc` may negotiate.
pub(super) fn engine() -> Result<MediaEngine, TransportError> {
    let mut engine = MediaEngine::default();
    for (format, payload_type, rtx) in FORMATS {
        let kind = kind(format.codec().kind());
        engine.register_codec(RTCRtpCodecParameters { rtp_codec: codec(format), payload_type }, kind)?;
        if let Some(rtx) = rtx {
            let rtp_codec = RTCRtpCodec {
                mime_type: "video/rtx".into(),
                clock_rate: 90_000,
                sdp_fmtp_line: format!("apt={payload_type}"),
                ..Default::default()
            };
            engine.register_codec(RTCRtpCodecParameters { rtp_codec, payload_type: rtx }, kind)?;
        }
    }
    Ok(engine)
}

/// A format in `rtc`'s words.
pub(super) fn codec(format: Format) -> RTCRtpCodec {
    let video = |mime_type: &str| RTCRtpCodec {
        mime_type: mime_type.to_owned(),
        clock_rate: 90_000,
        sdp_fmtp_line: parameters(format),
        rtcp_feedback: Feedback::ALL.into_iter().map(feedback).collect(),
        ..Default::default()
    };
    match format {
        Format::Opus => RTCRtpCodec {
            mime_type: "audio/opus".to_owned(),
            clock_rate: 48_000,
            channels: 2,
            sdp_fmtp_line: parameters(format),
            rtcp_feedback: vec![feedback(Feedback::TransportCc)],
        },
        Format::Vp8 => video("video/VP8"),
        Format::H264 { .. } => video("video/H264"),
    }
}

fn parameters(format: Format) -> String {
    match format {
        Format::Opus => "minptime=10;useinbandfec=1".to_owned(),
        Format::Vp8 => String::new(),
        // Every baseline profile is shown to `rtc` as this one: it only forwards.
        Format::H264 { mode } => format!("level-asymmetry-allowed=1;packetization-mode={mode};profile-level-id=42e01f"),
    }
}

fn feedback(feedback: Feedback) -> RTCPFeedback {
    let (typ, parameter) = feedback.name().split_once(' ').unwrap_or((feedback.name(), ""));
    RTCPFeedback { typ: typ.to_owned(), parameter: parameter.to_owned() }
}

/// A kind in `rtc`'s words.
pub(super) fn kind(kind: Kind) -> RtpCodecKind {
    match kind {
        Kind::Audio => RtpCodecKind::Audio,
        Kind::Video => RtpCodecKind::Video,
    }
}

/// Ciphers for media, the cheapest first: GCM needs no separate HMAC.
pub(super) fn protection_profiles() -> Vec<SrtpProtectionProfile> {
    vec![SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm, SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80]
}

/// The offer as `rtc` sees it: accepted sections only, each able to receive, with credentials that never change.
pub(super) fn describe(offer: &Offer, peer: &Credentials, version: u64) -> String {
    let mut out = String::with_capacity(2048);
    let accepted = || offer.sections.iter().filter(|section| section.kind.is_some());
    let mids: Vec<_> = accepted().map(|section| section.mid.as_str()).collect();
    let _ = write!(out, "v=0\r\no=- 2 {version} IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
    let _ = write!(out, "a=group:BUNDLE {}\r\na=fingerprint:{}\r\n", mids.join(" "), offer.fingerprint);
    let _ = write!(out, "a=ice-ufrag:{}\r\na=ice-pwd:{}\r\n", peer.fragment, peer.password);
    for section in accepted() {
        describe_section(&mut out, offer, section);
    }
    out
}

fn describe_section(out: &mut String, offer: &Offer, section: &OfferedSection) {
    let name = if section.kind == Some(Kind::Audio) { "audio" } else { "video" };
    let numbers = section.codecs.iter().flat_map(|codec| [Some(codec.payload_type), codec.rtx]).flatten();
    let numbers: Vec<_> = numbers.map(|number| number.to_string()).collect();
    let setup = match offer.setup {
        Setup::Active => "active",
        Setup::Passive => "passive",
        Setup::Either => "actpass",
    };
    // A section that sends without naming its source cannot be told from others: it does not send for us.
    let direction = if section.sources.is_some() { Direction::SendRecv } else { Direction::RecvOnly };
    let mid = &section.mid;
    let _ = write!(out, "m={name} 9 UDP/TLS/RTP/SAVPF {}\r\nc=IN IP4 0.0.0.0\r\n", numbers.join(" "));
    let _ = write!(out, "a=setup:{setup}\r\na=mid:{mid}\r\na={}\r\na=rtcp-mux\r\na=rtcp-rsize\r\n", direction.name());
    for (number, extension) in &section.extensions {
        let _ = write!(out, "a=extmap:{number} {}\r\n", extension.uri());
    }
    for offered in &section.codecs {
        let (number, codec) = (offered.payload_type, codec(offered.format));
        let encoding = codec.mime_type.split('/').nth(1).unwrap_or_default();
        let channels = if codec.channels > 0 { format!("/{}", codec.channels) } else { String::new() };
        let _ = write!(out, "a=rtpmap:{number} {encoding}/{}{channels}\r\n", codec.clock_rate);
        if !codec.sdp_fmtp_line.is_empty() {
            let _ = write!(out, "a=fmtp:{number} {}\r\n", codec.sdp_fmtp_line);
        }
        for feedback in &offered.feedback {
            let _ = write!(out, "a=rtcp-fb:{number} {}\r\n", feedback.name());
        }
        if let Some(rtx) = offered.rtx {
            let _ = write!(out, "a=rtpmap:{rtx} rtx/90000\r\na=fmtp:{rtx} apt={number}\r\n");
        }
    }
    if let Some(sources) = section.sources {
        let _ = write!(out, "a=msid:in{mid} in{mid}\r\n");
        if let Some(rtx) = sources.rtx {
            let _ = write!(out, "a=ssrc-group:FID {} {rtx}\r\n", sources.primary);
        }
        for ssrc in [Some(sources.primary), sources.rtx].into_iter().flatten() {
            let _ = write!(out, "a=ssrc:{ssrc} cname:in\r\n");
        }
    }
}

/// A received packet without the header extensions of its hop.
pub(super) fn packet(packet: rtc::rtp::Packet) -> Packet {
    Packet {
        marker: packet.header.marker,
        payload_type: packet.header.payload_type,
        sequence: packet.header.sequence_number,
        timestamp: packet.header.timestamp,
        ssrc: packet.header.ssrc,
        payload: packet.payload,
    }
}

/// A packet to send, under a header that is new: what is left over of extensions or padding makes `rtc` drop it.
pub(super) fn fresh(packet: Packet) -> rtc::rtp::Packet {
    let header = rtc::rtp::Header {
        version: 2,
        marker: packet.marker,
        payload_type: packet.payload_type,
        sequence_number: packet.sequence,
        timestamp: packet.timestamp,
        ssrc: packet.ssrc,
        ..Default::default()
    };
    rtc::rtp::Packet { header, payload: packet.payload }
}
