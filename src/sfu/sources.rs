//! Taps and injectors of a room's publications.

use std::time::Instant;

use super::Codec;
use super::handle::SfuError;
use super::keyframes::Keyframes;
use super::negotiation::Format;
use super::publication::{Feed, Injection, Publication, incoming};
use super::room::Room;
use super::stats::Counters;
use super::tap::Tap;
use crate::base::id::TrackId;
use crate::rtp::packet::Packet;

impl Room {
    /// Attaches a tap; its owner will want to begin with a keyframe.
    pub(super) fn tap(
        &mut self,
        track: TrackId,
        number: u64,
        tap: Box<dyn Tap>,
        now: Instant,
    ) -> Result<Option<Codec>, SfuError> {
        let publication = self.publication(track)?;
        publication.taps.push((number, tap));
        let codec = publication.codec();
        self.want_original(track, now);
        Ok(codec)
    }

    /// Detaches a tap.
    pub(super) fn untap(&mut self, track: TrackId, number: u64) {
        if let Ok(publication) = self.publication(track) {
            publication.taps.retain(|(other, _)| *other != number);
        }
    }

    /// Asks a publisher for a keyframe.
    pub(super) fn want_original(&mut self, track: TrackId, now: Instant) {
        if let Ok(publication) = self.publication(track)
            && publication.kind == super::Kind::Video
        {
            publication.keyframes.request();
            self.ask_sources(now);
        }
    }

    /// Opens the second source of a publication.
    pub(super) fn inject(
        &mut self,
        track: TrackId,
        number: u64,
        on_keyframe: Box<dyn Fn() + Send + Sync>,
    ) -> Result<(), SfuError> {
        let publication = self.publication(track)?;
        if publication.codec() != Some(Codec::Vp8) {
            return Err(SfuError::CodecUnsupported);
        }
        if publication.injection.is_some() {
            return Err(SfuError::AlreadyInjected);
        }
        let keyframes = Keyframes::default();
        publication.injection = Some(Injection { number, on_keyframe, shown: false, keyframes });
        Ok(())
    }

    /// Forwards one picture of the second source.
    pub(super) fn injected(
        &mut self,
        track: TrackId,
        number: u64,
        picture: &[Packet],
        counters: &Counters,
        now: Instant,
    ) {
        let Some((seat, index)) = self.find(track) else { return };
        let feed = Feed::Processed { track, number };
        for packet in picture {
            let publication = &mut self.participants[seat].publications[index];
            let muted = publication.muted;
            let Some(injection) = publication.injection.as_mut().filter(|injection| injection.number == number) else {
                return;
            };
            let incoming = incoming(Format::Vp8, packet);
            if incoming.keyframe_start {
                injection.keyframes.arrived();
            }
            counters.injected_packets.add(1);
            if !muted {
                self.forward((seat, index), feed, Format::Vp8, packet, &incoming, counters, now);
            }
        }
    }

    /// Chooses what subscribers see of a publication.
    pub(super) fn show(&mut self, track: TrackId, number: u64, processed: bool, now: Instant) {
        if let Some(injection) = self.injection(track, number)
            && std::mem::replace(&mut injection.shown, processed) != processed
        {
            self.rewire(now);
        }
    }

    /// Closes the second source; the original is shown again.
    pub(super) fn eject(&mut self, track: TrackId, number: u64, now: Instant) {
        if self.injection(track, number).is_some()
            && let Ok(publication) = self.publication(track)
        {
            publication.injection = None;
            self.rewire(now);
        }
    }

    fn injection(&mut self, track: TrackId, number: u64) -> Option<&mut Injection> {
        let injection = self.publication(track).ok()?.injection.as_mut()?;
        (injection.number == number).then_some(injection)
    }

    fn publication(&mut self, track: TrackId) -> Result<&mut Publication, SfuError> {
        let (seat, index) = self.find(track).ok_or(SfuError::UnknownTrack)?;
        Ok(&mut self.participants[seat].publications[index])
    }
}
