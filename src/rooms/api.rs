//! Rooms and tickets over HTTP.

use std::time::Instant;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use utoipa::ToSchema;

use super::Rooms;
use super::ticket::{Account, Grant};
use crate::base::id::{RoomId, UserId};
use crate::base::net::within;
use crate::base::token;
use crate::base::{clock, text};
use crate::protocol::code::Code;
use crate::users::{CurrentUser, MaybeUser};
use crate::web::address::{Peer, client};
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};
use crate::web::rate::Caller;

/// Body of `POST /api/v1/rooms`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewRoom {
    /// Seats; the server's default when missing. The server has a maximum of its own (`max_capacity` of `/config`).
    #[schema(minimum = 1, examples(2))]
    pub capacity: Option<u32>,
}

/// What `POST /api/v1/rooms` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreatedRoom {
    /// The room.
    pub id: RoomId,
    /// What to send to whom one wants to meet.
    #[schema(examples("https://call.example.org/room/01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e"))]
    pub link: String,
    /// Makes its holder the host. Shown only here.
    pub host_key: String,
    /// Seats.
    #[schema(minimum = 1, examples(2))]
    pub capacity: u32,
    /// When the link ends (RFC 3339).
    #[schema(format = DateTime, examples("2026-11-21T18:30:00Z"))]
    pub expires_at: String,
}

/// What `GET /api/v1/rooms/{id}` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShownRoom {
    /// The room.
    pub id: RoomId,
    /// Seats.
    #[schema(minimum = 1, examples(2))]
    pub capacity: u32,
    /// Seats taken.
    pub participants: u32,
    /// When the link ends (RFC 3339).
    #[schema(format = DateTime, examples("2026-11-21T18:30:00Z"))]
    pub expires_at: String,
}

/// Body of `POST /api/v1/socket-tickets`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTicket {
    /// The room to enter. Without one, somebody who is logged in gets a ticket for a socket that hears of notifications.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// The name that the room will see of a guest. Who is logged in is called by their nickname, whatever is said here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 40, examples("Ada"))]
    pub name: Option<String>,
    /// The key that the room's maker got.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_key: Option<String>,
}

/// What `POST /api/v1/socket-tickets` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreatedTicket {
    /// For the `hello` of one socket.
    pub ticket: String,
    /// When it ends (RFC 3339).
    #[schema(format = DateTime, examples("2026-11-21T18:30:00Z"))]
    pub expires_at: String,
}

/// Make a room
///
/// The answer holds its link, and the key that makes its holder the host, which is shown only here.
#[utoipa::path(post, path = "/rooms", tag = "rooms", operation_id = "createRoom", request_body = NewRoom, responses(
    (status = 201, description = "The room and its link.", body = CreatedRoom,
        headers(("Location" = String, description = "Address of the room."))),
    (status = 403, description = "This server is closed to guests."),
), security((), ("access" = [])))]
pub async fn create(
    State(rooms): State<Rooms>,
    MaybeUser(user): MaybeUser,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Body(body): Body<NewRoom>,
) -> Result<Response, ApiError> {
    let config = &rooms.state.config.rooms;
    open_to(&rooms, user)?;
    let capacity = body.capacity.unwrap_or(config.default_capacity);
    if !(1..=config.max_capacity).contains(&capacity) {
        let detail = format!("The capacity must be 1 to {}.", config.max_capacity);
        return Err(ApiError::field("/capacity", detail));
    }
    let asks = asks(&rooms, user, peer, &headers);
    let now = clock::now();
    rooms.shared.limits.creates.admit(&asks)?;
    let (host_key, hash) = token::fresh();
    let id = rooms.live().create(capacity, hash, now).map_err(|_| ApiError::TooMany(config.ticket()))?;
    rooms.shared.created.notify_one();
    tracing::info!(room = %id, capacity, "room made");
    let expires_at = rfc3339(clock::unix() + config.link());
    let link = format!("{}/room/{id}", origin(&rooms, peer, &headers));
    let location = format!("/api/v1/rooms/{id}");
    let created = CreatedRoom { id, link, host_key, capacity, expires_at };
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], never_stored(), Json(created)).into_response())
}

/// Show a room
///
/// Whether its link works, and how full it is.
#[utoipa::path(get, path = "/rooms/{id}", tag = "rooms", operation_id = "showRoom",
    params(("id" = RoomId, Path, description = "The room.")), responses(
    (status = 200, description = "The room.", body = ShownRoom),
    (status = 404, description = "`room-gone`: there is no such room, or its link is too old."),
))]
pub async fn show(State(rooms): State<Rooms>, Segment(id): Segment<String>) -> Result<Response, ApiError> {
    let gone = || ApiError::NotFound(Code::RoomGone);
    let id: RoomId = id.parse().map_err(|_| gone())?;
    let now = clock::now();
    let (capacity, participants, ends) = {
        let live = rooms.live();
        let link = live.link(id, now).ok_or_else(gone)?;
        (link.capacity, live.room(id).map_or(0, |room| room.seats().len()), link.ends)
    };
    let expires_at = rfc3339(clock::unix() + ends.saturating_duration_since(now));
    let shown = ShownRoom { id, capacity, participants: participants as u32, expires_at };
    Ok((never_stored(), Json(shown)).into_response())
}

/// Ask for a ticket
///
/// A ticket opens one seat of one room to one socket, once, within half a minute; without a room, a socket that hears of
/// notifications. It ends with the log-in that it was made for. Nobody gets one for a room where somebody sits whom they
/// have blocked, or who has blocked them.
#[utoipa::path(post, path = "/socket-tickets", tag = "rooms", operation_id = "createTicket", request_body = NewTicket,
    responses(
    (status = 201, description = "The ticket.", body = CreatedTicket),
    (status = 401, description = "`login-needed`: a ticket without a room is for people who are logged in."),
    (status = 403, description = "The host key is wrong, this server is closed to guests, or one has blocked somebody \
        who is there."),
    (status = 404, description = "`room-gone`: there is no such room, or its link is too old."),
), security((), ("access" = [])))]
pub async fn ticket(
    State(rooms): State<Rooms>,
    MaybeUser(user): MaybeUser,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Body(body): Body<NewTicket>,
) -> Result<Response, ApiError> {
    open_to(&rooms, user)?;
    let now = clock::now();
    let asks = asks(&rooms, user, peer, &headers);
    rooms.shared.limits.tickets.admit(&asks)?;
    let account = user.map(|user| Account { user: user.id, session: user.session });
    let name = called(&rooms, user, body.name.as_deref()).await?;
    let (host, company) = match body.room {
        Some(room) => seat(&rooms, room, body.host_key.as_deref(), now)?,
        None if account.is_none() => return Err(ApiError::Unauthorized(Code::LoginNeeded)),
        None => (false, Vec::new()),
    };
    if let Some(account) = account {
        rooms.may_meet(account.user, &company).await.map_err(|code| match code {
            Code::RoomGone => ApiError::NotFound(code),
            Code::Forbidden => ApiError::Forbidden(code),
            _ => ApiError::Unavailable(code),
        })?;
    }
    if let Err(error) = rooms.state.ledger.ready().await {
        tracing::warn!(%error, "no tickets: the bus does not answer");
        return Err(ApiError::Unavailable(Code::Internal));
    }
    let (ticket, ends) =
        rooms.tickets.issue(Grant { room: body.room, account, name, host }, clock::unix()).map_err(|error| {
            tracing::error!(%error, "a ticket cannot be signed");
            ApiError::Internal
        })?;
    let expires_at = rfc3339(std::time::Duration::from_secs(ends));
    Ok((StatusCode::CREATED, never_stored(), Json(CreatedTicket { ticket, expires_at })).into_response())
}

/// The nickname of who is logged in; what a guest calls themselves.
async fn called(rooms: &Rooms, user: Option<CurrentUser>, says: Option<&str>) -> Result<String, ApiError> {
    if let Some(user) = user {
        let person = rooms.person(user.id).await?;
        return person.map(|person| person.nickname).ok_or(ApiError::Unauthorized(Code::LoginNeeded));
    }
    text::line(says.unwrap_or_default(), text::NAME)
        .ok_or_else(|| ApiError::field("/name", format!("The name must have 1 to {} characters.", text::NAME)))
}

/// Whether a ticket for the room is the host's, and who sits there.
fn seat(rooms: &Rooms, room: RoomId, host_key: Option<&str>, now: Instant) -> Result<(bool, Vec<UserId>), ApiError> {
    let live = rooms.live();
    live.link(room, now).ok_or(ApiError::NotFound(Code::RoomGone))?;
    if host_key.is_some_and(|key| !live.is_host_key(room, token::hash(key))) {
        return Err(ApiError::Forbidden(Code::Forbidden));
    }
    Ok((host_key.is_some(), live.company(room)))
}

fn open_to(rooms: &Rooms, user: Option<CurrentUser>) -> Result<(), ApiError> {
    if rooms.state.shutdown.draining() {
        return Err(ApiError::Unavailable(Code::Draining));
    }
    if user.is_none() && !rooms.state.config.rooms.guests {
        return Err(ApiError::Forbidden(Code::Forbidden));
    }
    Ok(())
}

fn asks(rooms: &Rooms, user: Option<CurrentUser>, peer: Peer, headers: &HeaderMap) -> Caller {
    Caller::new(user.map(|user| user.id), client(peer, headers, &rooms.state.config.server.trusted_proxies))
}

/// The origin that people see: the configured one, or the host asked for.
fn origin(rooms: &Rooms, peer: Peer, headers: &HeaderMap) -> String {
    let server = &rooms.state.config.server;
    if let Some(origin) = &server.public_origin {
        return origin.clone();
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text("host").unwrap_or("localhost");
    let secure = within(peer.0.ip(), &server.trusted_proxies) && text("x-forwarded-proto") == Some("https");
    format!("{}://{host}", if secure { "https" } else { "http" })
}

fn never_stored() -> [(header::HeaderName, HeaderValue); 1] {
    [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]
}

/// Time since the Unix epoch as RFC 3339 in UTC, to the second.
pub fn rfc3339(unix: std::time::Duration) -> String {
    let time = OffsetDateTime::from_unix_timestamp(unix.as_secs() as i64).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    time.format(&Rfc3339).unwrap_or_default()
}
