//! Reads an offer (RFC 8866, RFC 9429): bounds first, then only what we support.

use std::collections::HashSet;

use super::{
    Direction, Extension, Feedback, Fingerprint, Format, MAX_SDP_BYTES, MAX_SECTIONS, MAX_SOURCES, OfferedCodec,
    OfferedSection, Setup, Sources,
};
use crate::sfu::Kind;
use crate::sfu::handle::OfferError;
use crate::sfu::ice::Credentials;

/// Payload types of one section that are looked at.
const MAX_FORMATS: usize = 128;

/// Longest `a=mid`, `a=ice-ufrag` and `a=ice-pwd` (the RFC's own limit for the latter two).
const MAX_TOKEN: usize = 256;

/// What we take from an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sfu) struct Offer {
    pub(in crate::sfu) credentials: Credentials,
    pub(in crate::sfu) fingerprint: Fingerprint,
    pub(in crate::sfu) setup: Setup,
    pub(in crate::sfu) sections: Vec<OfferedSection>,
}

impl Offer {
    /// Reads an offer. Candidates are ignored: the client's addresses are learned from its checks.
    pub(in crate::sfu) fn parse(sdp: &str) -> Result<Self, OfferError> {
        if sdp.len() > MAX_SDP_BYTES {
            return Err(OfferError::TooLarge { limit: MAX_SDP_BYTES });
        }
        let mut blocks: Vec<Block<'_>> = vec![Block::default()];
        for line in sdp.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
            if let Some(media) = line.strip_prefix("m=") {
                if blocks.len() > MAX_SECTIONS {
                    return Err(OfferError::TooManySections { limit: MAX_SECTIONS });
                }
                blocks.push(Block { media, attributes: Vec::new() });
            } else if let Some(attribute) = line.strip_prefix("a=")
                && let Some(block) = blocks.last_mut()
            {
                block.attributes.push(attribute.split_once(':').unwrap_or((attribute, "")));
            }
        }
        let (session, media) = blocks.split_first().ok_or_else(|| malformed("it is empty"))?;
        if media.is_empty() {
            return Err(malformed("it has no media section"));
        }
        let mut sections = Vec::with_capacity(media.len());
        let (mut mids, mut sources) = (HashSet::new(), HashSet::new());
        for block in media {
            let section = block.section(session, &mut sources)?;
            if !mids.insert(section.mid.clone()) {
                return Err(malformed("a mid occurs twice"));
            }
            sections.push(section);
        }
        let live = || blocks.iter().filter(|block| !block.is_rejected());
        // Before the answer each section may have ICE credentials of its own; those of the first one that we accept are
        // the bundle's (RFC 9143, section 7.2).
        let accepted = || media.iter().zip(&sections).filter(|(_, ours)| ours.kind.is_some()).map(|(block, _)| block);
        let one = |key: &'static str| {
            let found = std::iter::once(session).chain(accepted()).chain(live()).find_map(|block| block.value(key));
            found.filter(|value| value.len() <= MAX_TOKEN && !value.is_empty())
        };
        let fingerprint = one("fingerprint").ok_or_else(|| malformed("it has no fingerprint"))?;
        if live().filter_map(|block| block.value("fingerprint")).any(|other| !other.eq_ignore_ascii_case(fingerprint)) {
            return Err(malformed("its sections have different fingerprints"));
        }
        let credentials = one("ice-ufrag").zip(one("ice-pwd"));
        let credentials = credentials.and_then(|(fragment, password)| Credentials::from_sdp(fragment, password));
        Ok(Self {
            credentials: credentials.ok_or_else(|| malformed("its ICE credentials are missing or too short"))?,
            fingerprint: parse_fingerprint(fingerprint)?,
            setup: match one("setup") {
                Some("active") => Setup::Active,
                Some("passive") => Setup::Passive,
                _ => Setup::Either,
            },
            sections,
        })
    }
}

/// The lines of the session or of one media section.
#[derive(Default)]
struct Block<'a> {
    /// After `m=`; empty for the session.
    media: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
}

impl<'a> Block<'a> {
    fn value(&self, key: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(name, _)| *name == key).map(|(_, value)| value.trim())
    }

    fn values<'b>(&'b self, key: &'b str) -> impl Iterator<Item = &'a str> + 'b {
        self.attributes.iter().filter(move |(name, _)| *name == key).map(|(_, value)| value.trim())
    }

    /// A section that its author has stopped has port 0; bundled ones may have it too, and say so (RFC 9143).
    fn is_rejected(&self) -> bool {
        let port = self.media.split(' ').nth(1);
        port == Some("0") && self.value("bundle-only").is_none()
    }

    fn direction(&self) -> Option<Direction> {
        self.attributes.iter().find_map(|(name, _)| match *name {
            "sendrecv" => Some(Direction::SendRecv),
            "sendonly" => Some(Direction::SendOnly),
            "recvonly" => Some(Direction::RecvOnly),
            "inactive" => Some(Direction::Inactive),
            _ => None,
        })
    }

    fn section(&self, session: &Block<'_>, taken: &mut HashSet<u32>) -> Result<OfferedSection, OfferError> {
        let mut words = self.media.split_ascii_whitespace();
        let (name, _port) = (words.next().unwrap_or_default(), words.next());
        let mid = self.value("mid").ok_or_else(|| malformed("a section has no mid"))?;
        if mid.is_empty() || mid.len() > 32 || !mid.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(malformed("a mid is not a short token"));
        }
        let kind = match name {
            "audio" => Some(Kind::Audio),
            "video" => Some(Kind::Video),
            _ => None,
        };
        let codecs = kind.map(|kind| self.codecs(kind)).unwrap_or_default();
        let kind = kind.filter(|_| !self.is_rejected() && !codecs.is_empty());
        let direction = self.direction().or_else(|| session.direction()).unwrap_or(Direction::SendRecv);
        let sends = kind.is_some() && direction.sends();
        Ok(OfferedSection {
            mid: mid.to_owned(),
            kind,
            media: rejection(name, words),
            direction,
            codecs,
            extensions: self.extensions(),
            sources: if sends { self.sources(taken) } else { None },
        })
    }

    /// The payload types that we support, at most one for each format.
    fn codecs(&self, kind: Kind) -> Vec<OfferedCodec> {
        let mut codecs: Vec<OfferedCodec> = Vec::new();
        let payload_types = self.media.split_ascii_whitespace().skip(3).take(MAX_FORMATS);
        for payload_type in payload_types.filter_map(|text| text.parse::<u8>().ok()).filter(|number| *number < 128) {
            let Some(encoding) = self.for_payload_type("rtpmap", payload_type).next() else { continue };
            let parameters = self.for_payload_type("fmtp", payload_type).next().unwrap_or_default();
            let encoding = encoding.to_ascii_lowercase();
            let (format, profile) = match (kind, encoding.as_str()) {
                (Kind::Audio, "opus/48000/2") => (Format::Opus, None),
                (Kind::Video, "vp8/90000") => (Format::Vp8, None),
                (Kind::Video, "h264/90000") => match h264(parameters) {
                    Some((mode, profile)) => (Format::H264 { mode }, Some(profile)),
                    None => continue,
                },
                _ => continue,
            };
            let codec = OfferedCodec {
                format,
                payload_type,
                rtx: self.rtx(payload_type),
                feedback: self.feedback(payload_type),
                profile,
            };
            match codecs.iter_mut().find(|other| other.format == format) {
                // The constrained baseline profile is the one that everybody decodes.
                Some(other) if is_constrained(&codec) && !is_constrained(other) => *other = codec,
                Some(_) => {}
                None => codecs.push(codec),
            }
        }
        codecs
    }

    fn for_payload_type<'b>(&'b self, key: &'b str, payload_type: u8) -> impl Iterator<Item = &'a str> + 'b {
        self.values(key).filter_map(move |value| {
            let (number, rest) = value.split_once(' ')?;
            let matches = number == "*" || number.parse() == Ok(payload_type);
            matches.then(|| rest.trim())
        })
    }

    fn rtx(&self, payload_type: u8) -> Option<u8> {
        self.values("fmtp").find_map(|value| {
            let (number, parameters) = value.split_once(' ')?;
            let apt = parameters.split(';').find_map(|parameter| parameter.trim().strip_prefix("apt="))?;
            let number = number.parse::<u8>().ok().filter(|number| *number < 128)?;
            let is_rtx = self.for_payload_type("rtpmap", number).any(|name| name.eq_ignore_ascii_case("rtx/90000"));
            (apt.parse() == Ok(payload_type) && is_rtx).then_some(number)
        })
    }

    fn feedback(&self, payload_type: u8) -> Vec<Feedback> {
        let offered: Vec<_> = self.for_payload_type("rtcp-fb", payload_type).take(MAX_FORMATS).collect();
        Feedback::ALL.into_iter().filter(|feedback| offered.contains(&feedback.name())).collect()
    }

    fn extensions(&self) -> Vec<(u8, Extension)> {
        let mut found: Vec<(u8, Extension)> = Vec::new();
        for value in self.values("extmap") {
            let Some((number, uri)) = value.split_once(' ') else { continue };
            let number = number.split('/').next().unwrap_or_default();
            let Some(number) = number.parse::<u8>().ok().filter(|number| (1..=14).contains(number)) else { continue };
            let uri = uri.split(' ').next().unwrap_or_default();
            let known = Extension::ALL.into_iter().find(|extension| extension.uri() == uri);
            if let Some(extension) = known
                && !found.iter().any(|(taken, other)| *taken == number || *other == extension)
            {
                found.push((number, extension));
            }
        }
        found
    }

    /// The section's first source with its retransmissions; none when others have taken the numbers or all places.
    fn sources(&self, taken: &mut HashSet<u32>) -> Option<Sources> {
        let group = self.values("ssrc-group").find_map(|value| {
            let mut words = value.split_ascii_whitespace();
            let flow = words.next()? == "FID";
            let (primary, rtx) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
            flow.then_some(Sources { primary, rtx: Some(rtx) })
        });
        let first = || {
            let value = self.values("ssrc").next()?;
            let primary = value.split(' ').next()?.parse().ok()?;
            Some(Sources { primary, rtx: None })
        };
        let sources = group.or_else(first)?;
        let numbers = [Some(sources.primary), sources.rtx];
        let wanted = numbers.iter().flatten();
        let free = wanted.clone().all(|number| !taken.contains(number)) && sources.rtx != Some(sources.primary);
        if !free || taken.len() + wanted.clone().count() > MAX_SOURCES {
            return None;
        }
        taken.extend(wanted);
        Some(sources)
    }
}

/// The `m=` line of a rejection: the same media, protocol and formats with port 0, from a stranger's text only what
/// cannot break a line.
fn rejection<'a>(name: &str, mut words: impl Iterator<Item = &'a str>) -> String {
    let token = |text: &str| {
        text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '.')).take(64).collect::<String>()
    };
    let protocol = token(words.next().unwrap_or("UDP/TLS/RTP/SAVPF"));
    let format = words.next().map_or_else(|| "0".to_owned(), token);
    format!("{} 0 {protocol} {format}", token(name))
}

/// Packetization mode and profile of H.264 that we forward: baseline, constrained or not.
fn h264(parameters: &str) -> Option<(u8, String)> {
    let value = |key: &str| parameters.split(';').find_map(|parameter| parameter.trim().strip_prefix(key));
    let mode = match value("packetization-mode=") {
        None | Some("0") => 0,
        Some("1") => 1,
        Some(_) => return None,
    };
    let profile = value("profile-level-id=").unwrap_or("42000a");
    let baseline = profile.len() == 6 && profile.bytes().all(|byte| byte.is_ascii_hexdigit());
    (baseline && profile.starts_with("42")).then(|| (mode, profile.to_ascii_lowercase()))
}

fn is_constrained(codec: &OfferedCodec) -> bool {
    codec.profile.as_ref().is_some_and(|profile| profile.starts_with("42e0"))
}

fn parse_fingerprint(text: &str) -> Result<Fingerprint, OfferError> {
    let (algorithm, value) = text.split_once(' ').ok_or_else(|| malformed("its fingerprint has no value"))?;
    let hexadecimal = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let known = ["sha-256", "sha-384", "sha-512"].iter().any(|name| algorithm.eq_ignore_ascii_case(name));
    if !known || !value.split(':').all(hexadecimal) {
        return Err(malformed("its fingerprint is not one of SHA-2"));
    }
    Ok(Fingerprint { algorithm: algorithm.to_ascii_lowercase(), value: value.to_ascii_uppercase() })
}

fn malformed(what: &str) -> OfferError {
    OfferError::Malformed(what.to_owned())
}

#[cfg(test)]
#[path = "offer_tests.rs"]
mod tests;
