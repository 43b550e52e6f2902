//! One participant of a room: their page, what they publish, what they receive.

use std::collections::HashMap;
use std::time::Instant;

use tokio::sync::mpsc::UnboundedSender;

use super::Kind;
use super::command::{Event, Section};
use super::link::Link;
use super::negotiation::{self, Format};
use super::publication::Publication;
use super::subscription::Subscription;
use crate::base::id::{ParticipantId, TrackId};

/// Sections of one kind that are asked for: with both kinds and a few that only send, an offer stays within its bound.
const MAX_ASKED: u32 = negotiation::MAX_SECTIONS as u32 / 2 - 2;

/// A participant, in the room's own order.
pub(super) struct Participant {
    pub(super) id: ParticipantId,
    events: UnboundedSender<Event>,
    pub(super) link: Option<Link>,
    pub(super) publications: Vec<Publication>,
    pub(super) sections: Vec<Subscription>,
    choices: HashMap<(ParticipantId, Kind), bool>,
    told: Vec<Section>,
    /// Sections asked for since the last offer.
    asked: Option<(u32, u32)>,
    /// Whether the room's list of those with something to send has them.
    pub(super) touched: bool,
}

impl Participant {
    pub(super) fn new(id: ParticipantId, events: UnboundedSender<Event>) -> Self {
        Self {
            id,
            events,
            link: None,
            publications: Vec::new(),
            sections: Vec::new(),
            choices: HashMap::new(),
            told: Vec::new(),
            asked: None,
            touched: false,
        }
    }

    /// Tells them something. Whoever no longer listens will leave soon.
    pub(super) fn tell(&self, event: Event) {
        let _ = self.events.send(event);
    }

    /// Notes a choice about somebody's tracks.
    pub(super) fn choose(&mut self, publisher: ParticipantId, kind: Kind, on: bool) {
        self.choices.insert((publisher, kind), on);
    }

    /// Forgets choices about somebody who has left.
    pub(super) fn forget(&mut self, publisher: ParticipantId) {
        self.choices.retain(|(other, _), _| *other != publisher);
    }

    /// Whether they receive somebody's tracks of a kind: everybody else's unless they chose otherwise.
    pub(super) fn wants(&self, publisher: ParticipantId, kind: Kind) -> bool {
        self.choices.get(&(publisher, kind)).copied().unwrap_or(publisher != self.id)
    }

    /// Their publication.
    pub(super) fn publication(&mut self, track: TrackId) -> Option<&mut Publication> {
        self.publications.iter_mut().find(|publication| publication.track == track)
    }

    /// Whether media can be sent to them.
    pub(super) fn is_up(&self) -> bool {
        self.link.as_ref().is_some_and(Link::is_up)
    }

    /// Whether their page offers video without VP8.
    pub(super) fn lacks_vp8(&self) -> bool {
        let Some(link) = &self.link else { return false };
        let mut video = link.offer.sections.iter().filter(|section| section.kind == Some(Kind::Video)).peekable();
        video.peek().is_some() && video.all(|section| section.codec(Format::Vp8).is_none())
    }

    /// An offer has been answered: what was asked for before may be asked for again.
    pub(super) fn offered(&mut self) {
        self.asked = None;
    }

    /// Tells what every section shows, if that is news.
    pub(super) fn tell_sections(&mut self) {
        let shown = self.sections.iter().filter_map(|section| {
            let (participant, track) = section.shows()?;
            Some(Section { mid: section.mid.clone(), participant, track, kind: section.kind })
        });
        let shown: Vec<_> = shown.collect();
        if shown != self.told {
            self.told.clone_from(&shown);
            self.tell(Event::Sections(shown));
        }
    }

    /// Asks for an offer with so many receiving sections, if there are fewer and it was not asked for already.
    pub(super) fn ask_for_sections(&mut self, audio: u32, video: u32) {
        let (has_audio, has_video) = self.receiving();
        let (audio, video) = (audio.min(MAX_ASKED), video.min(MAX_ASKED));
        if self.link.is_some() && (audio > has_audio || video > has_video) {
            self.negotiate(audio.max(has_audio), video.max(has_video));
        }
    }

    /// Asks for an offer as it is, so that the answer can say something new.
    pub(super) fn ask_again(&mut self) {
        let (audio, video) = self.receiving();
        self.negotiate(audio, video);
    }

    fn negotiate(&mut self, audio: u32, video: u32) {
        if self.asked.is_none_or(|(asked_audio, asked_video)| audio > asked_audio || video > asked_video) {
            self.asked = Some((audio, video));
            self.tell(Event::Negotiate { audio, video });
        }
    }

    fn receiving(&self) -> (u32, u32) {
        let count = |kind: Kind| {
            let sections = self.sections.iter().filter(|section| section.kind == kind && section.receives());
            u32::try_from(sections.count()).unwrap_or(u32::MAX)
        };
        (count(Kind::Audio), count(Kind::Video))
    }

    /// When something of theirs is due.
    pub(super) fn deadline(&self, now: Instant) -> Option<Instant> {
        let link = self.link.as_ref().and_then(Link::deadline);
        let up = self.is_up();
        let keyframes = self.publications.iter().filter(|_| up).filter_map(|publication| publication.deadline(now));
        keyframes.chain(link).min()
    }
}
