//! Whether the other side still wants to hear from us, by when it was last heard (RFC 7675).

use std::time::Instant;

use super::{Event, Patience};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// No check has come yet.
    Awaited,
    Fresh,
    Silent,
    Gone,
}

/// The consent of one participant.
#[derive(Debug)]
pub(super) struct Consent {
    patience: Patience,
    state: State,
    last_check: Instant,
    last_heard: Instant,
}

impl Consent {
    pub(super) fn new(patience: Patience, now: Instant) -> Self {
        Self { patience, state: State::Awaited, last_check: now, last_heard: now }
    }

    /// An authenticated check, or an answer to our own.
    pub(super) fn checked(&mut self, now: Instant) -> Option<Event> {
        (self.last_check, self.last_heard) = (now, now);
        let was = std::mem::replace(&mut self.state, State::Fresh);
        matches!(was, State::Silent | State::Gone).then_some(Event::Back)
    }

    /// Media that decrypted: whoever sends it is not away, though only checks renew consent. Some browsers check
    /// rarely enough (every 4 to 6 s) that checks alone would make them come and go.
    pub(super) fn heard(&mut self, now: Instant) -> Option<Event> {
        self.last_heard = now;
        if self.state != State::Silent {
            return None;
        }
        self.state = State::Fresh;
        Some(Event::Back)
    }

    /// A new offer came: what was given up is awaited once more.
    pub(super) fn renew(&mut self, now: Instant) {
        self.last_check = now;
        if self.state == State::Awaited {
            self.last_heard = now;
        }
    }

    pub(super) fn poll(&mut self, now: Instant) -> Option<Event> {
        if self.poll_timeout()? > now {
            return None;
        }
        if now >= self.last_check + self.patience.gone_after {
            self.state = State::Gone;
            return Some(Event::Gone);
        }
        self.state = State::Silent;
        Some(Event::Silent)
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        let gone = self.last_check + self.patience.gone_after;
        match self.state {
            State::Fresh => Some(gone.min(self.last_heard + self.patience.away_after)),
            State::Awaited | State::Silent => Some(gone),
            State::Gone => None,
        }
    }
}
