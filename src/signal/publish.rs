//! Offers, and what a participant sends.

use super::{Asker, Refusal};
use crate::base::id::TrackId;
use crate::protocol::code::Code;
use crate::protocol::server::{ServerMessage, Track};
use crate::protocol::{Kind, Source};
use crate::sfu::{self, OfferError, SfuError};

/// Longest `a=mid` that we take (RFC 8843 asks for three characters or fewer).
const MID: usize = 16;

impl Asker<'_> {
    /// Answers an offer.
    pub(super) async fn offer(&self, sdp: String) -> Result<ServerMessage, Refusal> {
        let rooms = &self.signal.rooms;
        // Forgotten first: what the SFU asks for while it answers is about this very offer, and may be heard before it.
        let wanted = rooms.live().seat_mut(self.participant).and_then(|seat| seat.wanted.take());
        let answer = rooms.state.sfu.offer(self.participant, sdp).await;
        if let (Err(_), Some(seat)) = (&answer, rooms.live().seat_mut(self.participant)) {
            seat.wanted = seat.wanted.or(wanted);
        }
        let sdp = answer.map_err(|error| {
            tracing::debug!(participant = %self.participant, %error, "offer refused");
            match error {
                OfferError::Stopped => Refusal::from(Code::Draining),
                OfferError::UnknownParticipant => Refusal::from(Code::NotJoined),
                error => Refusal::new(Code::Sdp, error.to_string()),
            }
        })?;
        Ok(ServerMessage::Answer { sdp })
    }

    /// Publishes what a section of the last offer sends, and tells the room.
    pub(super) async fn publish(
        &self,
        mid: String,
        kind: Kind,
        source: Source,
        muted: bool,
    ) -> Result<ServerMessage, Refusal> {
        let fits = matches!(
            (kind, source),
            (Kind::Audio, Source::Microphone) | (Kind::Video, Source::Camera | Source::Screen)
        );
        if !fits || mid.is_empty() || mid.len() > MID {
            return Err(Refusal::new(Code::Invalid, "The source does not carry that kind, or the mid is too long."));
        }
        let publish = sfu::Publish { mid, kind: media_kind(kind), source: media_source(source), muted };
        let id = self.signal.rooms.state.sfu.publish(self.participant, publish).await.map_err(refusal)?;
        let track = Track { id, kind, source, muted };
        let message = ServerMessage::Published { participant: self.participant, track: track.clone() };
        {
            let mut live = self.signal.rooms.live();
            let seat = live.seat_mut(self.participant).ok_or(Code::NotJoined)?;
            seat.tracks.retain(|known| known.id != id && known.source != source);
            seat.tracks.push(track);
            live.tell_others(self.participant, &message);
        }
        if source == Source::Camera {
            // After a reload the effect that was on comes back with the camera.
            self.signal.rooms.state.studio.published(self.participant, id).await;
        }
        Ok(message)
    }

    /// Ends a publication.
    pub(super) async fn unpublish(&self, track: TrackId) -> Result<ServerMessage, Refusal> {
        self.own(track)?;
        self.signal.rooms.state.studio.unpublished(self.participant, track).await;
        self.signal.rooms.state.sfu.unpublish(self.participant, track).await.map_err(refusal)?;
        let message = ServerMessage::Unpublished { participant: self.participant, track };
        let mut live = self.signal.rooms.live();
        if let Some(seat) = live.seat_mut(self.participant) {
            seat.tracks.retain(|known| known.id != track);
        }
        live.tell_others(self.participant, &message);
        Ok(message)
    }

    /// Stops or resumes a publication without ending it.
    pub(super) async fn mute(&self, track: TrackId, muted: bool) -> Result<ServerMessage, Refusal> {
        self.own(track)?;
        self.signal.rooms.state.sfu.mute(self.participant, track, muted).await.map_err(refusal)?;
        let message = ServerMessage::Muted { participant: self.participant, track, muted };
        let mut live = self.signal.rooms.live();
        let seat = live.seat_mut(self.participant).ok_or(Code::NotJoined)?;
        if let Some(known) = seat.tracks.iter_mut().find(|known| known.id == track) {
            known.muted = muted;
        }
        live.tell_others(self.participant, &message);
        Ok(message)
    }

    fn own(&self, track: TrackId) -> Result<(), Refusal> {
        let live = self.signal.rooms.live();
        let seat = live.seat(self.participant).ok_or(Code::NotJoined)?;
        if seat.tracks.iter().any(|known| known.id == track) { Ok(()) } else { Err(Code::Track.into()) }
    }
}

/// The SFU's refusal as the client hears it.
pub(super) fn refusal(error: SfuError) -> Refusal {
    let code = match error {
        SfuError::UnknownParticipant => Code::NotJoined,
        SfuError::AlreadyJoined => Code::AlreadyJoined,
        SfuError::UnknownTrack => Code::Track,
        SfuError::UnknownSection => Code::Sdp,
        SfuError::CodecUnsupported => Code::Codec,
        SfuError::AlreadyInjected => Code::Internal,
        SfuError::TooManyTracks => Code::TooMany,
        SfuError::Stopped => Code::Draining,
    };
    Refusal::new(code, error.to_string())
}

/// The wire's kind as the SFU knows it.
pub(super) fn media_kind(kind: Kind) -> sfu::Kind {
    match kind {
        Kind::Audio => sfu::Kind::Audio,
        Kind::Video => sfu::Kind::Video,
    }
}

fn media_source(source: Source) -> sfu::Source {
    match source {
        Source::Microphone => sfu::Source::Microphone,
        Source::Camera => sfu::Source::Camera,
        Source::Screen => sfu::Source::Screen,
    }
}
