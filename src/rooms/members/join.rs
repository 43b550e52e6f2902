//! `PUT /rooms/{id}/members/me`: whether one may come in, and what is needed for it.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::RoomId;
use crate::protocol::code::Code;
use crate::rooms::Rooms;
use crate::rooms::api::{asks, never_stored, open_to, refusal, room_id};
use crate::rooms::door::Pass;
use crate::users::MaybeUser;
use crate::web::address::Peer;
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};

/// Body of `PUT /rooms/{id}/members/me`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Entering {
    /// The token of an invitation. Somebody with an account who could not come in without it is admitted by it, for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64, examples("mZ0c1yJwQ3mVn8s5b2K7xQ"))]
    pub invite: Option<String>,
}

/// One may come in: what a ticket for a seat takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The room.
    pub room: RoomId,
    /// Whether one will be its host.
    pub host: bool,
    /// Seats that are free now.
    #[schema(examples(1))]
    pub free: u32,
    /// Whether the ticket needs a name, as a guest's does.
    pub name_needed: bool,
}

/// Ask to come in
///
/// Takes no seat: that is done on the socket, with a ticket. Says whether one may, or what is missing.
#[utoipa::path(put, path = "/rooms/{id}/members/me", tag = "rooms", operation_id = "joinRoom",
    params(("id" = RoomId, Path, description = "The room.")), request_body = Entering, responses(
    (status = 200, description = "One may come in.", body = Entry),
    (status = 401, description = "`login-needed`: the room takes no guests."),
    (status = 403, description = "`invite-needed`: by an invitation, or after a knock; `suspended`; or `forbidden`."),
    (status = 404, description = "`room-gone`: there is no such room, or its link is too old."),
    (status = 409, description = "`room-full`: every seat is taken."),
), security((), ("access" = [])))]
pub async fn handler(
    State(rooms): State<Rooms>,
    MaybeUser(user): MaybeUser,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Segment(id): Segment<String>,
    Body(body): Body<Entering>,
) -> Result<Response, ApiError> {
    open_to(&rooms, user)?;
    if let Some(user) = &user {
        user.active()?;
    }
    let room = room_id(&id)?;
    rooms.shared.limits.tickets.admit(&asks(&rooms, user, peer, &headers))?;
    let user = user.map(|user| user.id);
    let door = rooms.door(room, user, Pass::default()).await.map_err(refusal)?;
    let entry = door.enter();
    if !matches!(entry, Ok(()) | Err(Code::InviteNeeded)) {
        entry.map_err(refusal)?;
    }
    if let Some(user) = user {
        let company = rooms.live().company(room);
        rooms.may_meet(user, &company).await.map_err(refusal)?;
    }
    match (entry, &body.invite, user) {
        (Err(Code::InviteNeeded), Some(token), Some(user)) => {
            rooms.redeem(room, token, Some(user)).await.map_err(refusal)?;
        }
        // A guest uses theirs when they ask for the ticket; here they learn whether it would open the room.
        (Err(Code::InviteNeeded), Some(token), None) => rooms.opens(room, token).await.map_err(refusal)?,
        (entry, ..) => entry.map_err(refusal)?,
    }
    let taken = rooms.live().room(room).map_or(0, |inside| inside.seats().len() as u32);
    let free = door.room.capacity.saturating_sub(taken);
    if free == 0 {
        return Err(ApiError::Conflict(Code::RoomFull));
    }
    let entry = Entry { room, host: door.is_host(), free, name_needed: user.is_none() };
    Ok((never_stored(), Json(entry)).into_response())
}
