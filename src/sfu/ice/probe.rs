//! Our own question to an address that claims to be the client's new one: only who holds the client's password can
//! answer it from there, so a check repeated by somebody else moves nothing.

use std::time::{Duration, Instant};

use super::Path;
use crate::sfu::stun::{Builder, Class, Key, Role, TransactionId};

/// Requests sent before an address counts as deaf.
const ATTEMPTS: u32 = 5;
/// Wait for the first answer; doubled each time (RFC 8489, section 6.2.1, with a shorter start: the peer just spoke).
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// What the pair would be worth; our candidates are all host ones (RFC 8445, section 5.1.2).
const PRIORITY: u32 = (126 << 24) | (65_535 << 8) | 255;

/// A question under way.
#[derive(Debug)]
pub(super) struct Probe {
    pub(super) path: Path,
    pub(super) generation: u32,
    transaction: TransactionId,
    datagram: Vec<u8>,
    sent: u32,
    due: Instant,
}

/// Who asks, in whose words.
pub(super) struct Terms<'a> {
    pub(super) remote_fragment: &'a str,
    pub(super) remote_key: &'a Key,
    pub(super) local_fragment: &'a str,
    pub(super) tie_breaker: u64,
    pub(super) generation: u32,
}

impl Probe {
    pub(super) fn new(path: Path, terms: &Terms<'_>, now: Instant) -> Self {
        let transaction = TransactionId::fresh();
        let datagram = Builder::new(Class::Request, transaction)
            .username(terms.remote_fragment, terms.local_fragment)
            .priority(PRIORITY)
            .role(Role::Controlled(terms.tie_breaker))
            .sign(terms.remote_key)
            .finish();
        Self { path, generation: terms.generation, transaction, datagram, sent: 0, due: now }
    }

    /// Whether `transaction` answers this question.
    pub(super) fn asked(&self, transaction: TransactionId) -> bool {
        self.transaction == transaction
    }

    /// The datagram, if it is due.
    pub(super) fn poll(&mut self, now: Instant) -> Option<&[u8]> {
        if self.sent == ATTEMPTS || now < self.due {
            return None;
        }
        self.due = now + FIRST_WAIT * 2u32.pow(self.sent);
        self.sent += 1;
        Some(&self.datagram)
    }

    /// Nobody answered.
    pub(super) fn failed(&self, now: Instant) -> bool {
        self.sent == ATTEMPTS && now >= self.due
    }

    /// When something is due next.
    pub(super) fn due(&self) -> Instant {
        self.due
    }
}
