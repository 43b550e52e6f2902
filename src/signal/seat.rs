//! Carries what the SFU says about one participant's media to the room, as long as they have a seat: a lost socket does
//! not end it.

use tokio::sync::mpsc::UnboundedReceiver;

use crate::base::id::ParticipantId;
use crate::protocol::Kind;
use crate::protocol::server::{Section, ServerMessage};
use crate::rooms::Rooms;
use crate::sfu::{self, Event};

/// Runs until the SFU has let the participant go.
pub async fn run(rooms: Rooms, participant: ParticipantId, mut events: UnboundedReceiver<Event>) {
    while let Some(event) = events.recv().await {
        if let Event::PublicationCodec { track, codec } = event {
            let camera = rooms.live().seat(participant).and_then(|seat| seat.camera().map(|camera| camera.id));
            if camera == Some(track) {
                rooms.state.studio.codec_changed(participant, track, codec).await;
            }
        } else {
            hear(&rooms, participant, event);
        }
    }
}

fn hear(rooms: &Rooms, participant: ParticipantId, event: Event) {
    let mut live = rooms.live();
    let Some(seat) = live.seat_mut(participant) else { return };
    match event {
        Event::Negotiate { audio, video } => {
            seat.wanted = Some((audio, video));
            live.tell(participant, ServerMessage::Negotiate { audio, video });
        }
        Event::Sections(sections) => {
            let sections: Vec<Section> = sections.into_iter().map(shown).collect();
            seat.sections.clone_from(&sections);
            live.tell(participant, ServerMessage::Subscribed { sections });
        }
        Event::Silent | Event::MediaGone => {
            let rung = seat.rung;
            tracing::debug!(%participant, ?event, "media path");
            let message = ServerMessage::Quality { participant, rung, bars: Some(0) };
            live.tell_others(participant, &message);
        }
        Event::Connected | Event::Back => tracing::debug!(%participant, ?event, "media path"),
        Event::PublicationCodec { .. } | Event::Speaking { .. } => {}
    }
}

fn shown(section: sfu::Section) -> Section {
    let kind = match section.kind {
        sfu::Kind::Audio => Kind::Audio,
        sfu::Kind::Video => Kind::Video,
    };
    Section { mid: section.mid, participant: section.participant, track: section.track, kind }
}
