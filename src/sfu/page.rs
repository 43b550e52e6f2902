//! Offers: a page's first one, its further ones, and the page that takes an older one's place.

use std::time::Instant;

use super::command::Event;
use super::demux::Demux;
use super::handle::OfferError;
use super::link::Link;
use super::negotiation::{Answer, AnsweredSection, Offer};
use super::participant::Participant;
use super::room::{Means, Outgoing, Room};
use super::subscription::Subscription;
use super::transport::TransportError;
use crate::base::id::ParticipantId;

impl Room {
    /// Answers an offer.
    pub(super) fn offer(
        &mut self,
        id: ParticipantId,
        sdp: &str,
        means: &Means,
        demux: &mut Demux,
        out: &mut Outgoing,
        now: Instant,
    ) -> Result<String, OfferError> {
        let offer = Offer::parse(sdp)?;
        let seat = self.seat(id).ok_or(OfferError::UnknownParticipant)?;
        let same_page = |link: &&mut Link| link.offer.fingerprint == offer.fingerprint;
        let restarted = match self.participants[seat].link.as_mut().filter(same_page) {
            Some(link) => link.negotiate(offer, now).map_err(refused)?,
            None => {
                self.replace_page(seat, offer, means, demux, out, now)?;
                false
            }
        };
        let link = self.participants[seat].link.as_ref();
        if link.is_some_and(|link| !link.enter(id, demux)) {
            // 72 random bits: this does not happen.
            return Err(OfferError::Refused("its credentials are taken".into()));
        }
        let prefers_h264 = self.should_prefer_h264(seat);
        self.participants[seat].bind(prefers_h264);
        let answer = self.participants[seat].answer(means);
        self.arrange(now);
        self.settle_codecs();
        if restarted {
            self.refresh(seat, now);
        }
        self.touch(seat);
        answer.ok_or_else(|| OfferError::Refused("the page is gone".into()))
    }

    fn replace_page(
        &mut self,
        seat: usize,
        offer: Offer,
        means: &Means,
        demux: &mut Demux,
        out: &mut Outgoing,
        now: Instant,
    ) -> Result<(), OfferError> {
        let fresh = Link::open(&means.identity, offer, means.patience, now).map_err(refused)?;
        let participant = &mut self.participants[seat];
        if let Some(mut link) = participant.link.replace(fresh) {
            link.transport.close();
            out.extend(std::iter::from_fn(|| link.poll_datagram()));
        }
        participant.sections.clear();
        // The new page knows nothing of the old one's map, and often numbers its sections alike.
        participant.tell_sections();
        for publication in &mut participant.publications {
            publication.unbind();
        }
        demux.remove(participant.id);
        Ok(())
    }

    /// Ends a link for good: the participant stays, their media has to begin anew.
    pub(super) fn break_off(&mut self, seat: usize, demux: &mut Demux, now: Instant) {
        let Some(participant) = self.participants.get_mut(seat) else { return };
        if participant.link.take().is_none() {
            return;
        }
        participant.sections.clear();
        for publication in &mut participant.publications {
            publication.unbind();
        }
        demux.remove(participant.id);
        participant.tell(Event::MediaGone);
        participant.tell_sections();
        self.rewire(now);
        self.settle_codecs();
    }
}

impl Participant {
    /// Takes over what the last offer says about sections and publications.
    fn bind(&mut self, prefers_h264: bool) {
        let Some(link) = &mut self.link else { return };
        link.prefers_h264 = prefers_h264;
        let mut sections = Vec::new();
        for offered in &link.offer.sections {
            let Some(sending) = link.transport.sending(&offered.mid) else { continue };
            let known = self.sections.iter().position(|section| section.mid == offered.mid);
            let section = known.map(|index| self.sections.swap_remove(index));
            match section {
                Some(mut section) if offered.kind.is_some() => {
                    section.update(offered);
                    sections.push(section);
                }
                _ => sections.extend(Subscription::new(offered, sending)),
            }
        }
        self.sections = sections;
        let mut news = Vec::new();
        for publication in &mut self.publications {
            let Some(mid) = &publication.mid else { continue };
            let section = link.offer.sections.iter().find(|section| section.mid == *mid && section.kind.is_some());
            match section {
                Some(section) => {
                    let codec = publication.bind(section, prefers_h264);
                    news.extend(codec.map(|codec| Event::PublicationCodec { track: publication.track, codec }));
                }
                None => publication.unbind(),
            }
        }
        for event in news {
            self.tell(event);
        }
        self.offered();
    }

    fn answer(&self, means: &Means) -> Option<String> {
        let link = self.link.as_ref()?;
        let sections = link.offer.sections.iter().map(|offered| match link.transport.sending(&offered.mid) {
            Some(sending) if offered.kind.is_some() => {
                AnsweredSection::Accepted { prefer_h264: link.prefers_h264, sending }
            }
            _ => AnsweredSection::Rejected,
        });
        let answer = Answer {
            offer: &link.offer,
            version: link.transport.version(),
            credentials: link.credentials(),
            fingerprint: &means.identity.fingerprint,
            setup: link.transport.setup(),
            announced: &means.announced,
            sections: sections.collect(),
        };
        Some(answer.write())
    }
}

fn refused(error: TransportError) -> OfferError {
    OfferError::Refused(error.to_string())
}
