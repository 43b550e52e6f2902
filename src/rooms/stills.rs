//! Stills: pictures of a call, stored, and shown at addresses that are signed and end.

use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::macros::format_description;
use utoipa::{IntoParams, ToSchema};

use super::Rooms;
use super::api::refusal;
use super::door::Pass;
use super::room::Seat;
use crate::base::clock;
use crate::base::id::{RoomId, StillId};
use crate::base::shutdown::Phase;
use crate::base::token;
use crate::blobs::{BlobError, BlobName, Signature};
use crate::protocol::code::Code;
use crate::studio::still::{Request, Subject};
use crate::web::error::ApiError;
use crate::web::extract::{Bearer, Body, Segment};

/// How often old ones are looked for.
const SWEEP: Duration = Duration::from_secs(600);

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

/// What proves an address.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// When the address ends, in seconds since the Unix epoch.
    expires: u64,
    /// Made by the server.
    signature: String,
}

/// Takes a picture of what the room shows now and stores it.
///
/// # Errors
/// The code that the asker hears.
pub async fn take(rooms: &Rooms, room: RoomId, ask: NewStill) -> Result<CreatedStill, Code> {
    let config = &rooms.state.config.stills;
    if !config.enabled {
        return Err(Code::Forbidden);
    }
    rooms.shared.limits.stills.take(&room).map_err(|_| Code::TooMany)?;
    let people: Vec<Subject> = {
        let live = rooms.live();
        let seats = live.room(room).ok_or(Code::NothingToShow)?.seats();
        let camera = |seat: &Seat| seat.camera().filter(|track| !track.muted).map(|track| track.id);
        let subject = |seat: &Seat| Subject { participant: seat.id, name: seat.name.clone(), camera: camera(seat) };
        seats.iter().map(subject).collect()
    };
    let unix = clock::unix();
    let request = Request { room, people, names: ask.names, time: ask.time.then(|| shown_time(unix)) };
    let picture = rooms.state.studio.still(request).await.map_err(|error| {
        tracing::info!(%room, %error, "no still");
        error.code()
    })?;
    let still = StillId::new();
    let (png, webp) = (name(still, "png")?, name(still, "webp")?);
    for (name, content) in [(&png, picture.png), (&webp, picture.webp)] {
        rooms.state.blobs.put(name, content).await.map_err(|error| {
            tracing::error!(%error, "a still cannot be stored");
            Code::Internal
        })?;
    }
    let address = |name: &BlobName| {
        let Signature { expires, signature } = rooms.stills.sign(name, unix, config.url());
        format!("/api/v1/stills/{name}?expires={expires}&signature={signature}")
    };
    let (png, webp) = (address(&png), address(&webp));
    Ok(CreatedStill { still, width: picture.width, height: picture.height, png, webp })
}

fn name(still: StillId, ending: &str) -> Result<BlobName, Code> {
    format!("{still}.{ending}").parse().map_err(|_| Code::Internal)
}

/// Take a picture of a call
///
/// For whoever holds the host key of the room, or a seat in it: either one's token is the bearer.
#[utoipa::path(post, path = "/rooms/{id}/stills", tag = "rooms", operation_id = "createStill",
    params(("id" = RoomId, Path, description = "The room.")), request_body = NewStill, security(("seat" = [])),
    responses(
    (status = 201, description = "The picture's addresses.", body = CreatedStill,
        headers(("Location" = String, description = "Signed address of the PNG."))),
    (status = 403, description = "The token is of no seat here, or this server takes no pictures."),
    (status = 404, description = "`room-gone`: there is no such room, or its link is too old."),
    (status = 409, description = "`nothing-to-show`: nobody's camera is on."),
))]
pub async fn create(
    State(rooms): State<Rooms>,
    Segment(id): Segment<String>,
    Bearer(bearer): Bearer,
    Body(body): Body<NewStill>,
) -> Result<Response, ApiError> {
    let room: RoomId = id.parse().map_err(|_| ApiError::NotFound(Code::RoomGone))?;
    let door = rooms.door(room, None, Pass::default()).await.map_err(refusal)?;
    let hash = token::hash(&bearer);
    let inside = {
        let live = rooms.live();
        live.holder(hash).is_some_and(|participant| live.home(participant) == Some(room))
    };
    if !inside && !door.room.is_host_key(hash) {
        return Err(ApiError::Forbidden(Code::Forbidden));
    }
    let still = take(&rooms, room, body).await.map_err(|code| match code {
        Code::NothingToShow => ApiError::Conflict(code),
        Code::TooMany => ApiError::TooMany(Duration::from_secs(5)),
        Code::Forbidden => ApiError::Forbidden(code),
        Code::Draining => ApiError::Unavailable(code),
        _ => ApiError::Internal,
    })?;
    let headers = [(header::LOCATION, still.png.clone()), (header::CACHE_CONTROL, "no-store".into())];
    Ok((StatusCode::CREATED, headers, Json(still)).into_response())
}

/// Show a picture of a call
///
/// Whoever has the signed address may look, until it ends.
#[utoipa::path(get, path = "/stills/{file}", tag = "rooms", operation_id = "showStill",
    params(("file" = String, Path, description = "Name of the file."), Proof), responses(
    (status = 200, description = "The picture.", content(
        (Vec<u8> = "image/png"),
        (Vec<u8> = "image/webp"),
    )),
    (status = 403, description = "`signature`: the address was not made by this server, or it is over."),
))]
pub async fn show(
    State(rooms): State<Rooms>,
    Segment(file): Segment<String>,
    Query(Proof { expires, signature }): Query<Proof>,
) -> Result<Response, ApiError> {
    let now = clock::unix();
    let name: BlobName = file.parse().map_err(|_| ApiError::NotFound(Code::NotFound))?;
    let proof = Signature { expires, signature };
    rooms.stills.check(&name, &proof, now).map_err(|_| ApiError::Forbidden(Code::Signature))?;
    let content = rooms.state.blobs.fetch(&name).await.map_err(|error| match error {
        BlobError::Missing => ApiError::NotFound(Code::NotFound),
        error => {
            tracing::error!(%error, "a still cannot be read");
            ApiError::Internal
        }
    })?;
    let left = expires.saturating_sub(now.as_secs());
    let cache = HeaderValue::from_str(&format!("private, max-age={left}, immutable"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(name.content_type())),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"moodcall\"")),
        (header::CACHE_CONTROL, cache.unwrap_or(HeaderValue::from_static("no-store"))),
    ];
    Ok((headers, content).into_response())
}

/// Removes stills whose time is over, until the shutdown stops everything.
pub async fn expire(rooms: Rooms) {
    let shutdown = rooms.state.shutdown.clone();
    let work = async {
        loop {
            match rooms.state.blobs.expire(rooms.state.config.stills.keep(), clock::unix()).await {
                Ok(0) => {}
                Ok(removed) => tracing::info!(removed, "old stills removed"),
                Err(error) => tracing::warn!(%error, "old stills cannot be removed"),
            }
            tokio::time::sleep(SWEEP).await;
        }
    };
    tokio::select! { () = work => {} () = shutdown.reached(Phase::Stopping) => {} }
}

/// The time as it stands in the picture's corner.
fn shown_time(unix: Duration) -> String {
    let time = OffsetDateTime::from_unix_timestamp(unix.as_secs() as i64).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    time.format(format_description!("[year]-[month]-[day] [hour]:[minute] UTC")).unwrap_or_default()
}
