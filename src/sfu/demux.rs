//! Whose datagram is this? One map for the whole engine: ICE fragments and validated paths to participants.
//!
//! A path enters only after an authenticated check, and whatever is not STUN from a mapped path is dropped here, before
//! DTLS sees it: otherwise a forged ClientHello from anywhere wins the race against the real one.

use std::collections::HashMap;

use super::ice::Path;
use super::stun;
use crate::base::id::ParticipantId;

/// What a datagram is by its first byte (RFC 7983, section 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// 0 to 3.
    Stun,
    /// 20 to 63.
    Dtls,
    /// 128 to 191: RTP and RTCP, encrypted.
    Srtp,
    /// Anything else, and nothing at all.
    Other,
}

impl Family {
    /// Classifies by the first byte; STUN must carry its cookie.
    pub fn of(datagram: &[u8]) -> Self {
        match datagram.first() {
            Some(0..=3) if stun::looks_like(datagram) => Self::Stun,
            Some(20..=63) => Self::Dtls,
            Some(128..=191) => Self::Srtp,
            _ => Self::Other,
        }
    }
}

/// Where a datagram goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// To the participant's [`Agent`](super::ice::Agent).
    Stun(ParticipantId),
    /// To the participant's DTLS or SRTP.
    Media(ParticipantId),
    /// Nowhere; for the counters.
    Drop(Unwanted),
}

/// Why a datagram goes nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unwanted {
    /// Not STUN, and from an address that no authenticated check came from.
    Unvalidated,
    /// A check for nobody here, or an answer to nothing.
    UnknownUser,
    /// STUN that does not parse.
    Malformed,
    /// A check of one participant from the address of another: whoever holds it keeps it.
    Taken,
    /// No protocol of ours.
    Unknown,
}

impl Unwanted {
    /// Its name in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unvalidated => "unvalidated",
            Self::UnknownUser => "unknown-user",
            Self::Malformed => "malformed",
            Self::Taken => "taken",
            Self::Unknown => "unknown",
        }
    }
}

/// The map. Its size is bounded by the agents, who believe a few paths each.
#[derive(Debug, Default)]
pub struct Demux {
    fragments: HashMap<String, ParticipantId>,
    paths: HashMap<Path, ParticipantId>,
}

impl Demux {
    /// Decides on one datagram from `path`.
    pub fn route(&self, path: Path, datagram: &[u8]) -> Route {
        let owner = self.paths.get(&path).copied();
        match Family::of(datagram) {
            Family::Stun => self.route_stun(owner, datagram),
            Family::Dtls | Family::Srtp => owner.map_or(Route::Drop(Unwanted::Unvalidated), Route::Media),
            Family::Other => Route::Drop(Unwanted::Unknown),
        }
    }

    fn route_stun(&self, owner: Option<ParticipantId>, datagram: &[u8]) -> Route {
        let Ok(message) = stun::Message::parse(datagram) else { return Route::Drop(Unwanted::Malformed) };
        if message.class != stun::Class::Request {
            return owner.map_or(Route::Drop(Unwanted::UnknownUser), Route::Stun);
        }
        let fragment = message.username.and_then(|name| name.split_once(':')).map(|(fragment, _)| fragment);
        let Some(&meant) = fragment.and_then(|fragment| self.fragments.get(fragment)) else {
            return Route::Drop(Unwanted::UnknownUser);
        };
        if owner.is_some_and(|owner| owner != meant) { Route::Drop(Unwanted::Taken) } else { Route::Stun(meant) }
    }

    /// Checks with `fragment` are for `participant` from now on. Returns false, and changes nothing, if somebody else
    /// has it: then ask the agent for fresh credentials.
    #[must_use]
    pub fn add_fragment(&mut self, fragment: &str, participant: ParticipantId) -> bool {
        *self.fragments.entry(fragment.to_owned()).or_insert(participant) == participant
    }

    /// Checks with `fragment` are for nobody any more ([`Event::Retired`](super::ice::Event::Retired)).
    pub fn remove_fragment(&mut self, fragment: &str) {
        self.fragments.remove(fragment);
    }

    /// An authenticated check came from `path` ([`Event::Validated`](super::ice::Event::Validated)).
    pub fn add_path(&mut self, path: Path, participant: ParticipantId) {
        self.paths.entry(path).or_insert(participant);
    }

    /// `path` is no longer believed ([`Event::Forgotten`](super::ice::Event::Forgotten)), if it is `participant`'s.
    pub fn remove_path(&mut self, path: Path, participant: ParticipantId) {
        if self.paths.get(&path) == Some(&participant) {
            self.paths.remove(&path);
        }
    }

    /// Forgets everything of `participant`.
    pub fn remove(&mut self, participant: ParticipantId) {
        self.fragments.retain(|_, owner| *owner != participant);
        self.paths.retain(|_, owner| *owner != participant);
    }

    /// Whose path it is.
    pub fn owner(&self, path: Path) -> Option<ParticipantId> {
        self.paths.get(&path).copied()
    }

    /// Fragments and paths mapped now, for gauges and for tests that look for residue.
    pub fn len(&self) -> (usize, usize) {
        (self.fragments.len(), self.paths.len())
    }

    /// Whether nothing is mapped.
    pub fn is_empty(&self) -> bool {
        self.len() == (0, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sfu::stun::{Builder, Class, TransactionId};

    const DTLS: [u8; 13] = [22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    fn path(port: u16) -> Path {
        Path::udp(([192, 0, 2, 1], port).into())
    }

    fn check(fragment: &str) -> Vec<u8> {
        Builder::new(Class::Request, TransactionId([0; 12])).username(fragment, "client").finish()
    }

    #[test]
    fn only_checks_pass_before_an_address_is_validated() {
        let (mut demux, anna) = (Demux::default(), ParticipantId::new());
        assert!(demux.add_fragment("anna", anna));
        assert_eq!(demux.route(path(1), &DTLS), Route::Drop(Unwanted::Unvalidated));
        assert_eq!(demux.route(path(1), &check("anna")), Route::Stun(anna));
        assert_eq!(demux.route(path(1), &check("nobody")), Route::Drop(Unwanted::UnknownUser));
        demux.add_path(path(1), anna);
        assert_eq!(demux.route(path(1), &DTLS), Route::Media(anna));
        assert_eq!(demux.route(path(2), &DTLS), Route::Drop(Unwanted::Unvalidated));
        assert_eq!(demux.route(Path::tcp(path(1).remote), &DTLS), Route::Drop(Unwanted::Unvalidated));
    }

    #[test]
    fn an_address_in_use_cannot_be_claimed_by_somebody_else() {
        let (mut demux, anna, mallory) = (Demux::default(), ParticipantId::new(), ParticipantId::new());
        assert!(demux.add_fragment("anna", anna) && demux.add_fragment("mallory", mallory));
        assert!(!demux.add_fragment("anna", mallory));
        demux.add_path(path(1), anna);
        demux.add_path(path(1), mallory);
        assert_eq!(demux.route(path(1), &check("mallory")), Route::Drop(Unwanted::Taken));
        demux.remove_path(path(1), mallory);
        assert_eq!(demux.owner(path(1)), Some(anna));
        demux.remove_path(path(1), anna);
        assert_eq!(demux.route(path(1), &check("mallory")), Route::Stun(mallory));
    }

    #[test]
    fn nothing_is_left_of_who_leaves() {
        let (mut demux, anna) = (Demux::default(), ParticipantId::new());
        assert!(demux.add_fragment("one", anna) && demux.add_fragment("two", anna));
        demux.add_path(path(1), anna);
        demux.remove(anna);
        assert!(demux.is_empty());
    }

    #[test]
    fn the_first_byte_tells_the_protocols_apart() {
        assert_eq!(Family::of(&[]), Family::Other);
        assert_eq!(Family::of(&[0; 20]), Family::Other, "without the cookie it is no STUN");
        assert_eq!(Family::of(&check("a")), Family::Stun);
        assert_eq!((Family::of(&[20]), Family::of(&[63])), (Family::Dtls, Family::Dtls));
        assert_eq!(
            (Family::of(&[128]), Family::of(&[191]), Family::of(&[192])),
            (Family::Srtp, Family::Srtp, Family::Other)
        );
        assert_eq!(Family::of(&[64]), Family::Other, "TURN channels are not ours");
    }
}
