//! Stills: what a room shows right now, as one picture.
//!
//! A processed track is asked for its latest picture; an unprocessed one is tapped until one keyframe has come and been
//! decoded. Whoever cannot be shown in time has a named tile.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use thiserror::Error;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::Studio;
use super::sheet::{self, Tile};
use super::take::Feed;
use crate::base::id::{ParticipantId, RoomId, TrackId};
use crate::media::Frame;
use crate::protocol::code::Code;
use crate::sfu::Codec;

/// Time for all pictures of a still to arrive.
const PATIENCE: Duration = Duration::from_secs(2);
/// A camera is asked for its keyframe this often; a request may get lost.
const ASK_AGAIN: Duration = Duration::from_millis(500);

/// What a still is to show.
#[derive(Clone, Debug)]
pub struct Request {
    /// The room.
    pub room: RoomId,
    /// Its people, from left to right.
    pub people: Vec<Subject>,
    /// Whether to write their names.
    pub names: bool,
    /// A line for the corner: when it is.
    pub time: Option<String>,
}

/// One person on a still.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Who it is.
    pub participant: ParticipantId,
    /// Their name.
    pub name: String,
    /// Their camera, unless it is off.
    pub camera: Option<TrackId>,
}

/// A still, encoded.
#[derive(Clone, Debug)]
pub struct Still {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// The picture as PNG.
    pub png: Vec<u8>,
    /// The same pixels as WebP.
    pub webp: Vec<u8>,
}

/// Why there is no still.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StillError {
    /// Another one of this room is being taken.
    #[error("a still of this room is being taken already")]
    Busy,
    /// There is nobody to show.
    #[error("there is nobody in the room")]
    Nobody,
    /// It could not be drawn or encoded.
    #[error("the still could not be drawn: {0}")]
    Drawing(String),
}

impl StillError {
    /// The code that a client gets.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Busy => Code::TooMany,
            Self::Nobody => Code::NothingToShow,
            Self::Drawing(_) => Code::Internal,
        }
    }
}

/// Rooms of which a still is being taken.
#[derive(Clone, Default)]
pub(super) struct Busy(Arc<Mutex<HashSet<RoomId>>>);

struct Turn(Busy, RoomId);

impl Busy {
    fn enter(&self, room: RoomId) -> Result<Turn, StillError> {
        if self.0.lock().insert(room) { Ok(Turn(self.clone(), room)) } else { Err(StillError::Busy) }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.0.lock().remove(&self.1);
    }
}

impl Studio {
    /// Takes a picture of a room; at most one of each room at a time.
    ///
    /// # Errors
    /// A person who cannot be shown is none: they get a tile with their initials.
    pub async fn still(&self, request: Request) -> Result<Still, StillError> {
        let turn = self.shared.stills.enter(request.room)?;
        if request.people.is_empty() {
            return Err(StillError::Nobody);
        }
        let mut pictures: JoinSet<(usize, Option<Frame>)> = JoinSet::new();
        for (index, person) in request.people.iter().enumerate() {
            if let Some(track) = person.camera {
                let (studio, participant) = (self.clone(), person.participant);
                pictures.spawn(async move { (index, studio.picture(participant, track).await) });
            }
        }
        let mut tiles: Vec<Tile> =
            request.people.into_iter().map(|person| Tile { name: person.name, picture: None }).collect();
        while let Some(done) = pictures.join_next().await {
            if let Ok((index, picture)) = done {
                tiles[index].picture = picture;
            }
        }
        let (names, time) = (request.names, request.time);
        let drawn = tokio::task::spawn_blocking(move || {
            // Held here as well, so that a caller who gives up does not let others in while this one still draws.
            let _turn = turn;
            let sheet = sheet::draw(&tiles, names, time.as_deref()).map_err(|error| error.to_string())?;
            let (png, webp) = sheet::encode(&sheet).map_err(|error| error.to_string())?;
            Ok(Still { width: sheet.width(), height: sheet.height(), png, webp })
        });
        let still = drawn.await.map_err(|error| error.to_string()).flatten().map_err(StillError::Drawing)?;
        metrics::counter!("moodcall_stills_total").increment(1);
        Ok(still)
    }

    /// What the room sees of a person now.
    async fn picture(&self, participant: ParticipantId, track: TrackId) -> Option<Frame> {
        if let Some(snapshot) = self.snapshot(participant, track).await
            && let Some(frame) = snapshot.await
        {
            return Some(frame);
        }
        tokio::time::timeout(PATIENCE, self.original(track)).await.ok()?
    }

    /// The picture of the take that the room sees, if it sees one. The person's lock is free again while one waits.
    async fn snapshot(
        &self,
        participant: ParticipantId,
        track: TrackId,
    ) -> Option<impl Future<Output = Option<Frame>> + Send + use<>> {
        let place = self.known(participant)?;
        let person = place.lock().await;
        let take = person.take.as_ref().filter(|take| take.track() == track && take.is_shown());
        take.map(super::take::Take::snapshot)
    }

    /// One picture of the track as the camera sends it.
    async fn original(&self, track: TrackId) -> Option<Frame> {
        let (send, mut picture) = oneshot::channel();
        let decoding = self.shared.pool.decode_one(
            Box::new(|_| {}),
            Box::new(move |frame| {
                let _ = send.send(frame);
            }),
        );
        let decoding = Arc::new(decoding.inspect_err(|error| tracing::debug!(%error, "no picture for a still")).ok()?);
        let tap = self.shared.sfu.tap(track, Box::new(Feed(Arc::downgrade(&decoding)))).await.ok()?;
        if tap.codec() != Some(Codec::Vp8) {
            return None;
        }
        loop {
            tap.request_keyframe();
            match tokio::time::timeout(ASK_AGAIN, &mut picture).await {
                Ok(frame) => return frame.ok(),
                Err(_) => continue,
            }
        }
    }
}
