//! `POST /socket-tickets`: a ticket for a seat, or for a socket that hears of notifications.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Rooms;
use super::api::{asks, never_stored, open_to, refusal, rfc3339};
use super::door::Pass;
use super::ticket::{Account, Grant};
use crate::base::id::RoomId;
use crate::base::{clock, text, token};
use crate::protocol::code::Code;
use crate::users::{CurrentUser, MaybeUser};
use crate::web::address::Peer;
use crate::web::error::ApiError;
use crate::web::extract::Body;

/// Body of `POST /socket-tickets`.
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
    /// The key that the maker of a guest's room got.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_key: Option<String>,
    /// The token of an invitation. Used only by whoever could not come in without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64, examples("mZ0c1yJwQ3mVn8s5b2K7xQ"))]
    pub invite: Option<String>,
}

/// What `POST /socket-tickets` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreatedTicket {
    /// For the `hello` of one socket.
    pub ticket: String,
    /// When it ends (RFC 3339).
    #[schema(format = DateTime, examples("2026-11-21T18:30:00Z"))]
    pub expires_at: String,
}

/// Ask for a ticket
///
/// A ticket opens one seat of one room to one socket, once, within half a minute; without a room, a socket that hears of
/// notifications. It ends with the log-in that it was made for. Nobody gets one for a room where somebody sits whom they
/// have blocked, or who has blocked them. Whether one may come in is looked at again when the seat is taken.
#[utoipa::path(post, path = "/socket-tickets", tag = "rooms", operation_id = "createTicket", request_body = NewTicket,
    responses(
    (status = 201, description = "The ticket.", body = CreatedTicket),
    (status = 401, description = "`login-needed`: a ticket without a room, or for a room that takes no guests, is for \
        people who are logged in."),
    (status = 403, description = "`invite-needed`; `suspended`; or `forbidden`: the host key is wrong, one was banned, this server \
        is closed to guests, or one has blocked somebody who is there."),
    (status = 404, description = "`room-gone`: there is no such room, or its link is too old."),
), security((), ("access" = [])))]
pub async fn handler(
    State(rooms): State<Rooms>,
    MaybeUser(user): MaybeUser,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Body(body): Body<NewTicket>,
) -> Result<Response, ApiError> {
    open_to(&rooms, user)?;
    // To be in a room is to be heard there; a socket alone is for what one is told.
    if let (Some(user), Some(_)) = (&user, &body.room) {
        user.active()?;
    }
    rooms.shared.limits.tickets.admit(&asks(&rooms, user, peer, &headers))?;
    let account = user.map(|user| Account { user: user.id, session: user.session });
    let name = called(&rooms, user, body.name.as_deref()).await?;
    let pass = match body.room {
        Some(room) => prove(&rooms, room, user, &body).await.map_err(refusal)?,
        None if account.is_none() => return Err(ApiError::Unauthorized(Code::LoginNeeded)),
        None => Pass::default(),
    };
    if let Err(error) = rooms.state.ledger.ready().await {
        tracing::warn!(%error, "no tickets: the bus does not answer");
        return Err(ApiError::Unavailable(Code::Internal));
    }
    let grant = Grant { room: body.room, account, name, host: pass.host_key, invite: pass.invite };
    let (ticket, ends) = rooms.tickets.issue(grant, clock::unix()).map_err(|error| {
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

/// Whether they may come in, and by what. An invitation is used last, so that none is used up in vain.
async fn prove(rooms: &Rooms, room: RoomId, user: Option<CurrentUser>, body: &NewTicket) -> Result<Pass, Code> {
    let user = user.map(|user| user.id);
    let mut door = rooms.door(room, user, Pass::default()).await?;
    if let Some(key) = &body.host_key {
        if !door.room.is_host_key(token::hash(key)) {
            return Err(Code::Forbidden);
        }
        door = door.with_host_key();
    }
    let entry = door.enter();
    if !matches!(entry, Ok(()) | Err(Code::InviteNeeded)) {
        entry?;
    }
    if let Some(user) = user {
        let company = rooms.live().company(room);
        rooms.may_meet(user, &company).await?;
    }
    match (entry, &body.invite) {
        (Err(Code::InviteNeeded), Some(token)) => {
            let invite = rooms.redeem(room, token, user).await?;
            Ok(Pass { host_key: false, invite: Some(invite) })
        }
        (entry, _) => entry.map(|()| Pass { host_key: body.host_key.is_some(), invite: None }),
    }
}
