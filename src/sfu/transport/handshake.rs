//! Plays the one ICE peer that `rtc` believes in: nominates the pair, and answers the one check that `rtc` makes.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::BytesMut;
use rtc::crypto::RTCCryptoProvider;
use rtc::ice::attributes::control::AttrControlling;
use rtc::ice::attributes::priority::PriorityAttr;
use rtc::ice::attributes::use_candidate::UseCandidateAttr;
use rtc::peer_connection::transport::RTCIceCandidateInit;
use rtc::stun::attributes::ATTR_USERNAME;
use rtc::stun::fingerprint::FINGERPRINT;
use rtc::stun::integrity::MessageIntegrity;
use rtc::stun::message::{BINDING_REQUEST, BINDING_SUCCESS, Message, Setter, TransactionId};
use rtc::stun::textattrs::Username;

/// Credentials that never leave the process: the real ones are the driver's.
pub(super) const LOCAL_UFRAG: &str = "inside";
pub(super) const LOCAL_PASSWORD: &str = "theseneverleavetheprocess";
pub(super) const REMOTE_UFRAG: &str = "outside";
pub(super) const REMOTE_PASSWORD: &str = "theseneverleaveiteither";

/// Of a peer-reflexive candidate (RFC 8445, section 5.1.2.1).
const PRIORITY: u32 = (110 << 24) + (65_535 << 8) + 255;

/// The made-up peer.
pub(super) struct Remote {
    crypto: Arc<dyn RTCCryptoProvider>,
}

impl Remote {
    pub(super) fn new(crypto: Arc<dyn RTCCryptoProvider>) -> Self {
        Self { crypto }
    }

    /// A binding request with USE-CANDIDATE.
    pub(super) fn request(&self) -> Option<BytesMut> {
        let username = format!("{LOCAL_UFRAG}:{REMOTE_UFRAG}");
        self.build(&[
            Box::new(BINDING_REQUEST),
            Box::new(TransactionId::new()),
            Box::new(Username::new(ATTR_USERNAME, username)),
            Box::new(AttrControlling(1)),
            Box::new(PriorityAttr(PRIORITY)),
            Box::<UseCandidateAttr>::default(),
            Box::new(self.integrity(LOCAL_PASSWORD)),
            Box::new(FINGERPRINT),
        ])
    }

    /// The answer to what `rtc` sent, if that was a binding request.
    pub(super) fn respond(&self, sent: &[u8]) -> Option<BytesMut> {
        let is_request = sent.starts_with(&[0, 1]) && sent.len() >= 20;
        if !is_request {
            return None;
        }
        let mut transaction = TransactionId::default();
        transaction.0.copy_from_slice(&sent[8..20]);
        self.build(&[
            Box::new(BINDING_SUCCESS),
            Box::new(transaction),
            Box::new(self.integrity(REMOTE_PASSWORD)),
            Box::new(FINGERPRINT),
        ])
    }

    fn integrity(&self, password: &str) -> MessageIntegrity<'_> {
        MessageIntegrity::new_short_term_integrity_with_provider(password.to_owned(), self.crypto.crypto())
    }

    fn build(&self, parts: &[Box<dyn Setter + '_>]) -> Option<BytesMut> {
        let mut message = Message::new();
        message.build(parts).ok()?;
        Some(BytesMut::from(message.raw.as_slice()))
    }
}

/// The one candidate of ours that `rtc` knows.
pub(super) fn local_candidate(address: SocketAddr) -> RTCIceCandidateInit {
    let (ip, port) = (address.ip(), address.port());
    RTCIceCandidateInit {
        candidate: format!("candidate:1 1 udp 2130706431 {ip} {port} typ host"),
        ..Default::default()
    }
}
