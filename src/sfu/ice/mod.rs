//! ICE-lite of our own (RFC 8445, section 2.5): one [`Agent`] per participant answers authenticated checks, keeps
//! consent, takes a restart without interrupting the old path, and moves the path only after asking back.

mod agent;
mod consent;
mod probe;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use rand::Rng;

pub use agent::{Agent, Refusal};

/// How a datagram travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// One datagram each.
    Udp,
    /// Framed by RFC 4571 on a connection that the client opened (RFC 6544, passive).
    Tcp,
}

/// Where a client is heard from, and may be spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// UDP or TCP.
    pub protocol: Protocol,
    /// The client's address as we see it.
    pub remote: SocketAddr,
}

impl Path {
    /// A UDP path.
    pub fn udp(remote: SocketAddr) -> Self {
        Self { protocol: Protocol::Udp, remote }
    }

    /// A TCP path.
    pub fn tcp(remote: SocketAddr) -> Self {
        Self { protocol: Protocol::Tcp, remote }
    }
}

/// A user name fragment with its password (RFC 8839, section 5.4).
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `a=ice-ufrag`
    pub fragment: String,
    /// `a=ice-pwd`
    pub password: String,
}

impl Credentials {
    /// Fresh ones: 72 and 144 random bits, in ICE's own 64 characters.
    pub fn fresh() -> Self {
        Self { fragment: ice_characters(12), password: ice_characters(24) }
    }

    /// Those of an SDP, if they keep to the lengths and characters that RFC 8839 allows.
    pub fn from_sdp(fragment: &str, password: &str) -> Option<Self> {
        let allowed = |text: &str| text.bytes().all(|byte| ALPHABET.contains(&byte));
        let fits = (4..=256).contains(&fragment.len()) && (22..=256).contains(&password.len());
        (fits && allowed(fragment) && allowed(password))
            .then(|| Self { fragment: fragment.to_owned(), password: password.to_owned() })
    }
}

impl fmt::Debug for Credentials {
    /// Leaves the password out: this ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("fragment", &self.fragment).finish_non_exhaustive()
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn ice_characters(count: usize) -> String {
    let mut random = rand::rng();
    (0..count).map(|_| char::from(ALPHABET[random.random_range(0..ALPHABET.len())])).collect()
}

/// How patient an agent is.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Silence after which [`Event::Silent`] is told.
    pub away_after: Duration,
    /// Silence of the checks after which consent has ended: [`Event::Gone`] (RFC 7675 has 30 s).
    pub gone_after: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { away_after: Duration::from_secs(5), gone_after: Duration::from_secs(30) }
    }
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// An authenticated check came from here: other datagrams may be believed as well.
    Validated(Path),
    /// No longer to be believed: pushed out by newer ones, unused for long, or its connection closed.
    Forgotten(Path),
    /// Send here from now on. `moved` is false for the first path; otherwise watchers and watched need a keyframe.
    Selected { path: Path, moved: bool },
    /// Checks with this fragment are no longer answered.
    Retired(String),
    /// Nothing heard for [`Patience::away_after`].
    Silent,
    /// Heard again after [`Event::Silent`] or [`Event::Gone`].
    Back,
    /// No check for [`Patience::gone_after`]: nothing may be sent until a check comes again.
    Gone,
}

/// A STUN message to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transmit {
    /// Where to.
    pub path: Path,
    /// The whole message.
    pub datagram: Vec<u8>,
}
