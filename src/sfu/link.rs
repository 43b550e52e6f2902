//! One page of one participant: the transport behind it and the ICE agent in front.

use std::time::Instant;

use bytes::BytesMut;

use super::demux::Demux;
use super::ice::{self, Agent, Path, Patience};
use super::negotiation::Offer;
use super::transport::{Identity, Transport, TransportError};
use crate::base::id::ParticipantId;

/// What changed on a link that the room has to act upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Media may flow now: path and handshake are there.
    Up,
    /// The path is another one, or back: both directions need keyframes.
    Moved,
    Silent,
    Back,
    /// Consent has ended: nothing may be sent.
    Gone,
}

/// The connection to a page.
pub(super) struct Link {
    pub(super) transport: Transport,
    agent: Agent,
    /// The page's last offer.
    pub(super) offer: Offer,
    /// Whether the last answer put H.264 first.
    pub(super) prefers_h264: bool,
    handshaken: bool,
}

impl Link {
    /// A link for a page that has just offered.
    pub(super) fn open(
        identity: &Identity,
        offer: Offer,
        patience: Patience,
        now: Instant,
    ) -> Result<Self, TransportError> {
        let mut transport = Transport::new(identity, &offer, now)?;
        transport.negotiate(&offer, now)?;
        let agent = Agent::new(offer.credentials.clone(), patience, now);
        Ok(Self { transport, agent, offer, prefers_h264: false, handshaken: false })
    }

    /// Takes a further offer of the same page. Returns whether it restarts ICE.
    pub(super) fn negotiate(&mut self, offer: Offer, now: Instant) -> Result<bool, TransportError> {
        self.transport.negotiate(&offer, now)?;
        let restarted = self.agent.offered(offer.credentials.clone(), now);
        self.offer = offer;
        Ok(restarted)
    }

    /// Puts the agent's current fragments on the map; `false` if somebody else happens to have the same.
    pub(super) fn enter(&self, participant: ParticipantId, demux: &mut Demux) -> bool {
        self.agent.fragments().all(|fragment| demux.add_fragment(fragment, participant))
    }

    /// Our credentials for the answer.
    pub(super) fn credentials(&self) -> &ice::Credentials {
        self.agent.local()
    }

    /// Whether media can be sent and will be understood.
    pub(super) fn is_up(&self) -> bool {
        self.handshaken && self.agent.selected().is_some()
    }

    /// Takes a STUN datagram; `false` if it changed nothing.
    pub(super) fn handle_stun(&mut self, path: Path, datagram: &[u8], now: Instant) -> bool {
        let accepted = self.agent.handle(path, datagram, now);
        if let Err(refusal) = accepted {
            tracing::debug!(%refusal, "a check was refused");
        }
        accepted.is_ok()
    }

    /// The handshake is done. Returns [`Change::Up`] the first time.
    pub(super) fn shake_hands(&mut self) -> Option<Change> {
        (!std::mem::replace(&mut self.handshaken, true)).then_some(Change::Up)
    }

    /// Media of theirs has decrypted.
    pub(super) fn heard(&mut self, now: Instant) {
        self.agent.heard(now);
    }

    /// The connection under a TCP path is closed.
    pub(super) fn disconnected(&mut self, path: Path, now: Instant) {
        self.agent.closed(path, now);
    }

    /// The agent's next event, applied to the map and to the transport. `None` when there are no more.
    pub(super) fn poll_change(
        &mut self,
        participant: ParticipantId,
        demux: &mut Demux,
        now: Instant,
    ) -> Option<Change> {
        while let Some(event) = self.agent.poll_event() {
            match event {
                ice::Event::Validated(path) => demux.add_path(path, participant),
                ice::Event::Forgotten(path) => demux.remove_path(path, participant),
                ice::Event::Retired(fragment) => demux.remove_fragment(&fragment),
                ice::Event::Selected { moved, .. } => {
                    self.transport.start(now);
                    if moved {
                        return Some(Change::Moved);
                    }
                }
                ice::Event::Silent => return Some(Change::Silent),
                ice::Event::Back => return Some(Change::Back),
                ice::Event::Gone => return Some(Change::Gone),
            }
        }
        None
    }

    /// The next datagram and where it goes, until `None`. What the transport says while there is no path is dropped.
    pub(super) fn poll_datagram(&mut self) -> Option<(Path, BytesMut)> {
        if let Some(transmit) = self.agent.poll_transmit() {
            return Some((transmit.path, BytesMut::from(transmit.datagram.as_slice())));
        }
        loop {
            let datagram = self.transport.poll_datagram()?;
            if let Some(path) = self.agent.selected() {
                return Some((path, datagram));
            }
        }
    }

    /// When [`Link::handle_timeout`] is due.
    pub(super) fn deadline(&self) -> Option<Instant> {
        [self.transport.deadline(), self.agent.poll_timeout()].into_iter().flatten().min()
    }

    /// Lets time pass on both.
    pub(super) fn handle_timeout(&mut self, now: Instant) {
        if self.transport.deadline().is_some_and(|due| due <= now) {
            self.transport.handle_timeout(now);
        }
        self.agent.handle_timeout(now);
    }
}
