//! Plays the remote ICE agent towards the WebRTC core: it sees one synthetic, always connected peer, while the real
//! checks are answered by [`Agent`](super::ice::Agent). So it never holds a path back, and never loses one.
//!
//! The core accepts a nomination only after a check of its own was answered. So: a nominating request, the answer to
//! the check that it provokes, and the same nomination again.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::ice::Credentials;
use super::stun::{Builder, Class, Key, Message, Role, TransactionId};

/// The address that the core believes its peer to have (RFC 1112, class E: nobody's).
pub const PEER: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(240, 0, 0, 1)), 1000);

/// What a host candidate of the peer would be worth.
const PRIORITY: u32 = (126 << 24) | (65_535 << 8) | 255;

/// How far the core has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Waits for the first authenticated check of the real client.
    Idle,
    /// Nominated, waits for the core's own check.
    Nominated,
    /// Its check was answered, the nomination repeated: waits for its answer.
    Answered(TransactionId),
    /// The core has selected the pair.
    Connected,
}

/// The synthetic peer of one transport.
#[derive(Debug)]
pub struct Shadow {
    core: Credentials,
    core_key: Key,
    peer: Credentials,
    peer_key: Key,
    stage: Stage,
}

impl Shadow {
    /// `core` are the credentials that the WebRTC core was made with, `peer` those written into the offer that it gets;
    /// both stay the same for the life of the transport.
    pub fn new(core: Credentials, peer: Credentials) -> Self {
        let (core_key, peer_key) = (Key::new(&core.password), Key::new(&peer.password));
        Self { core, core_key, peer, peer_key, stage: Stage::Idle }
    }

    /// The credentials to write into the offer for the core.
    pub fn peer(&self) -> &Credentials {
        &self.peer
    }

    /// The credentials that the core was made with.
    pub fn core(&self) -> &Credentials {
        &self.core
    }

    /// The real client's first check is in: the datagram to feed into the core as coming from [`PEER`]. `None` if
    /// that happened before.
    pub fn start(&mut self) -> Option<Vec<u8>> {
        if self.stage != Stage::Idle {
            return None;
        }
        self.stage = Stage::Nominated;
        Some(self.nomination(TransactionId::fresh()))
    }

    /// A STUN datagram that the core wants to send: it goes no further than here. What comes back is to be fed into
    /// the core, in order, as coming from [`PEER`].
    pub fn handle(&mut self, datagram: &[u8]) -> Vec<Vec<u8>> {
        let Ok(message) = Message::parse(datagram) else { return Vec::new() };
        match (message.class, self.stage) {
            (Class::Request, Stage::Nominated | Stage::Answered(_)) => {
                let second = TransactionId::fresh();
                self.stage = Stage::Answered(second);
                vec![self.answer(&message), self.nomination(second)]
            }
            // Its keepalives, if it sends any.
            (Class::Request, Stage::Connected) => vec![self.answer(&message)],
            (Class::Success, Stage::Answered(second)) if message.transaction == second => {
                self.stage = Stage::Connected;
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Whether the core has selected its pair.
    pub fn connected(&self) -> bool {
        self.stage == Stage::Connected
    }

    fn nomination(&self, transaction: TransactionId) -> Vec<u8> {
        Builder::new(Class::Request, transaction)
            .username(&self.core.fragment, &self.peer.fragment)
            .priority(PRIORITY)
            .role(Role::Controlling(u64::MAX))
            .use_candidate()
            .sign(&self.core_key)
            .finish()
    }

    /// The core checks with our password, and finds itself where it is.
    fn answer(&self, check: &Message<'_>) -> Vec<u8> {
        Builder::new(Class::Success, check.transaction).mapped(PEER).sign(&self.peer_key).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the core does, as read in `rtc-ice`: a nomination before its own check has succeeded provokes the check.
    fn core_check(shadow: &Shadow) -> Vec<u8> {
        Builder::new(Class::Request, TransactionId([9; 12]))
            .username(&shadow.peer().fragment, &shadow.core().fragment)
            .role(Role::Controlled(1))
            .sign(&Key::new(&shadow.peer().password))
            .finish()
    }

    #[test]
    fn the_core_is_nominated_answered_and_nominated_again() {
        let mut shadow = Shadow::new(Credentials::fresh(), Credentials::fresh());
        let first = shadow.start().expect("the first start nominates");
        let first = Message::parse(&first).unwrap();
        assert!(first.use_candidate && first.verify(&Key::new(&shadow.core().password)));
        assert_eq!(shadow.start(), None);

        let replies = shadow.handle(&core_check(&shadow));
        let [answer, nomination] = &replies[..] else { panic!("an answer and a nomination") };
        let answer = Message::parse(answer).unwrap();
        assert_eq!((answer.class, answer.transaction), (Class::Success, TransactionId([9; 12])));
        assert!(answer.verify(&Key::new(&shadow.peer().password)));
        assert!(!shadow.connected());

        let nomination = Message::parse(nomination).unwrap();
        let accepted = Builder::new(Class::Success, nomination.transaction).mapped(PEER).finish();
        assert_eq!(shadow.handle(&accepted), Vec::<Vec<u8>>::new());
        assert!(shadow.connected());
    }

    #[test]
    fn a_core_that_checks_twice_still_connects() {
        let mut shadow = Shadow::new(Credentials::fresh(), Credentials::fresh());
        shadow.start();
        shadow.handle(&core_check(&shadow));
        let replies = shadow.handle(&core_check(&shadow));
        let nomination = Message::parse(&replies[1]).unwrap().transaction;
        shadow.handle(&Builder::new(Class::Success, nomination).finish());
        assert!(shadow.connected());
    }

    #[test]
    fn what_the_core_sends_unasked_goes_nowhere() {
        let mut shadow = Shadow::new(Credentials::fresh(), Credentials::fresh());
        assert!(shadow.handle(&core_check(&shadow)).is_empty(), "nobody is there before the client is");
        assert!(shadow.handle(b"garbage").is_empty());
    }
}
