//! What the handlers of rooms share: who asks, the origin that people see, and how a refusal at a door is answered.

use axum::http::{HeaderMap, HeaderValue, header};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Rooms;
pub use super::create::{CreatedRoom, NewRoom};
pub use super::issue::{CreatedTicket, NewTicket};
pub use super::shown::ShownRoom;
use crate::base::id::RoomId;
use crate::base::net::within;
use crate::protocol::code::Code;
use crate::users::CurrentUser;
use crate::web::address::{Peer, client};
use crate::web::error::ApiError;
use crate::web::rate::Caller;

/// The room that a path names. What is no identifier does not exist.
pub(super) fn room_id(text: &str) -> Result<RoomId, ApiError> {
    text.parse().map_err(|_| ApiError::NotFound(Code::RoomGone))
}

/// A refusal at a door, as HTTP says it.
pub(super) fn refusal(code: Code) -> ApiError {
    match code {
        Code::RoomGone | Code::NotFound => ApiError::NotFound(code),
        Code::LoginNeeded => ApiError::Unauthorized(code),
        Code::RoomFull => ApiError::Conflict(code),
        Code::Unavailable => ApiError::Unavailable(code),
        _ => ApiError::Forbidden(code),
    }
}

/// Refuses everybody while the server shuts down, and guests where it is closed to them.
pub(super) fn open_to(rooms: &Rooms, user: Option<CurrentUser>) -> Result<(), ApiError> {
    if rooms.state.shutdown.draining() {
        return Err(ApiError::Unavailable(Code::Draining));
    }
    if user.is_none() && !rooms.state.config.rooms.guests {
        return Err(ApiError::Forbidden(Code::Forbidden));
    }
    Ok(())
}

/// Who asks, as limits count.
pub(super) fn asks(rooms: &Rooms, user: Option<CurrentUser>, peer: Peer, headers: &HeaderMap) -> Caller {
    Caller::new(user.map(|user| user.id), client(peer, headers, &rooms.state.config.server.trusted_proxies))
}

/// The origin that people see: the configured one, or the host asked for.
pub(super) fn origin(rooms: &Rooms, peer: Peer, headers: &HeaderMap) -> String {
    let server = &rooms.state.config.server;
    if let Some(origin) = &server.public_origin {
        return origin.clone();
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text("host").unwrap_or("localhost");
    let secure = within(peer.0.ip(), &server.trusted_proxies) && text("x-forwarded-proto") == Some("https");
    format!("{}://{host}", if secure { "https" } else { "http" })
}

/// For answers that hold a secret, or are old as soon as they are given.
pub(super) fn never_stored() -> [(header::HeaderName, HeaderValue); 1] {
    [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))]
}

/// Time since the Unix epoch as RFC 3339 in UTC, to the second.
pub fn rfc3339(unix: std::time::Duration) -> String {
    let time = OffsetDateTime::from_unix_timestamp(unix.as_secs() as i64).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    time.format(&Rfc3339).unwrap_or_default()
}
