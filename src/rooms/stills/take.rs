//! Taking one.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::macros::format_description;
use utoipa::ToSchema;

use super::{files, keep};
use crate::base::clock;
use crate::base::id::{ParticipantId, RoomId, StillId, UserId};
use crate::protocol::code::Code;
use crate::rooms::Rooms;
use crate::rooms::room::Seat;
use crate::store::StoreError;
use crate::studio::still::{Request, Subject};

/// Body of `POST /api/v1/rooms/{id}/stills`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewStill {
    /// Whether to write the names.
    pub names: bool,
    /// Whether to write the time.
    pub time: bool,
}

/// What a still's taker gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreatedStill {
    /// The still.
    pub still: StillId,
    /// In pixels.
    #[schema(minimum = 1, examples(1280))]
    pub width: u32,
    /// In pixels.
    #[schema(minimum = 1, examples(1280))]
    pub height: u32,
    /// Signed address of the PNG.
    pub png: String,
    /// Signed address of the WebP.
    pub webp: String,
}

/// Somebody whose camera is in the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sitter {
    /// Their seat.
    pub participant: ParticipantId,
    /// What they are called.
    pub name: String,
    /// Their account; none for a guest.
    pub user: Option<UserId>,
}

/// Takes a picture of what the room shows now and stores it; for its taker's gallery, when they have an account.
///
/// # Errors
/// The code that the asker hears.
pub async fn take(rooms: &Rooms, room: RoomId, taker: Option<UserId>, ask: NewStill) -> Result<CreatedStill, Code> {
    if !rooms.state.config.stills.enabled {
        return Err(Code::Forbidden);
    }
    rooms.shared.limits.stills.take(&room).map_err(|_| Code::TooMany)?;
    if let Some(owner) = taker {
        roomy(rooms, owner).await?;
    }
    let (people, sitters) = inside(rooms, room).ok_or(Code::NothingToShow)?;
    let unix = clock::unix();
    let request = Request { room, people, names: ask.names, time: ask.time.then(|| shown_time(unix)) };
    let picture = rooms.state.studio.still(request).await.map_err(|error| {
        tracing::info!(%room, %error, "no still");
        error.code()
    })?;
    let still = StillId::new();
    let names = files(still).map_err(|_| Code::Internal)?;
    for (name, content) in names.iter().zip([picture.png, picture.webp]) {
        rooms.state.blobs.put(name, content).await.map_err(|error| {
            tracing::error!(%error, "a still cannot be stored");
            Code::Internal
        })?;
    }
    let (width, height) = (picture.width, picture.height);
    if let Some(owner) = taker {
        let kept = keep::Kept { still, owner, room, width, height, sitters };
        // Without a row, its files go with those of guests.
        if !keep::keep(rooms, kept).await.map_err(unkept)? {
            return Err(Code::GalleryFull);
        }
    }
    let [png, webp] = names.map(|name| rooms.address(&name, unix));
    Ok(CreatedStill { still, width, height, png, webp })
}

/// Refuses before any work is done whoever could not keep it.
async fn roomy(rooms: &Rooms, owner: UserId) -> Result<(), Code> {
    let mut connection = rooms.state.store.read().acquire().await.map_err(|error| unkept(error.into()))?;
    if keep::full(rooms, &mut connection, owner).await.map_err(unkept)? { Err(Code::GalleryFull) } else { Ok(()) }
}

fn unkept(error: StoreError) -> Code {
    tracing::warn!(%error, "a still could not be kept");
    Code::Unavailable
}

/// Everybody in the room, and those of them who show their camera.
fn inside(rooms: &Rooms, room: RoomId) -> Option<(Vec<Subject>, Vec<Sitter>)> {
    let live = rooms.live();
    let seats = live.room(room)?.seats();
    let camera = |seat: &Seat| seat.camera().filter(|track| !track.muted).map(|track| track.id);
    let subject = |seat: &Seat| Subject { participant: seat.id, name: seat.name.clone(), camera: camera(seat) };
    let sitter = |seat: &Seat| {
        let user = seat.member.as_ref().map(|member| member.person.id);
        Sitter { participant: seat.id, name: seat.name.clone(), user }
    };
    let sitters = seats.iter().filter(|seat| camera(seat).is_some()).map(sitter).collect();
    Some((seats.iter().map(subject).collect(), sitters))
}

/// The time as it stands in the picture's corner.
fn shown_time(unix: Duration) -> String {
    let time = OffsetDateTime::from_unix_timestamp(unix.as_secs() as i64).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    time.format(format_description!("[year]-[month]-[day] [hour]:[minute] UTC")).unwrap_or_default()
}
