//! `POST /rooms/{id}/invites`: making an invitation.

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Invite;
use crate::base::id::{InviteId, RoomId};
use crate::base::timestamp::Timestamp;
use crate::base::token;
use crate::protocol::code::Code;
use crate::rooms::Rooms;
use crate::rooms::api::{asks, never_stored, origin};
use crate::social::pair::begin_alone;
use crate::users::ActiveUser;
use crate::web::address::Peer;
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};

/// Invitations of one room that work at a time.
pub const MOST: i64 = 100;
/// Most uses that one can be limited to.
const USES: u32 = 1000;
/// How long one may work, in hours.
const HOURS: std::ops::RangeInclusive<u32> = 1..=24 * 30;
/// How long one works when nothing is said, in hours.
const USUAL: u32 = 24 * 7;

/// Body of `POST /rooms/{id}/invites`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewInvite {
    /// How often it may be used; as often as people like when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1000, examples(5))]
    pub max_uses: Option<u32>,
    /// How long it works, in hours; a week when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 720, examples(168))]
    pub hours: Option<u32>,
}

/// A new invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreatedInvite {
    /// The invitation.
    pub invite: Invite,
    /// What opens the room. Shown only here.
    #[schema(examples("mZ0c1yJwQ3mVn8s5b2K7xQ"))]
    pub token: String,
    /// What to send, or to show as a code to scan. The token is behind the `#`, which no server is told.
    #[schema(examples(
        "https://call.example.org/room/01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e#invite=mZ0c1yJwQ3mVn8s5b2K7xQ"
    ))]
    pub link: String,
}

/// Invite people into a room
///
/// For the host. Whoever has the link may come in, whatever the room's visibility; a guest only where guests may.
#[utoipa::path(post, path = "/rooms/{id}/invites", tag = "rooms", operation_id = "createInvite",
    params(("id" = RoomId, Path, description = "The room.")), request_body = NewInvite, responses(
    (status = 201, description = "The invitation, and what opens the room.", body = CreatedInvite,
        headers(("Location" = String, description = "Address of the invitation."))),
    (status = 403, description = "The room is somebody else's; or `suspended`."),
    (status = 404, description = "`room-gone`: there is no such room."),
    (status = 409, description = "`too-many`: the room has as many as it may have."),
), security(("access" = [])))]
pub async fn handler(
    State(rooms): State<Rooms>,
    ActiveUser(me): ActiveUser,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Segment(id): Segment<String>,
    Body(body): Body<NewInvite>,
) -> Result<Response, ApiError> {
    let room = rooms.own(&id, me.id).await?.id;
    let hours = body.hours.unwrap_or(USUAL);
    if !HOURS.contains(&hours) {
        return Err(ApiError::field("/hours", format!("The hours must be {} to {}.", HOURS.start(), HOURS.end())));
    }
    if body.max_uses.is_some_and(|uses| !(1..=USES).contains(&uses)) {
        return Err(ApiError::field("/max_uses", format!("The uses must be 1 to {USES}.")));
    }
    rooms.shared.limits.creates.admit(&asks(&rooms, Some(me), peer, &headers))?;
    let now = Timestamp::now();
    let expires_at = now.after(Duration::from_secs(u64::from(hours) * 3600));
    let (token, hash) = token::short();
    let invite = Invite { id: InviteId::new(), max_uses: body.max_uses, uses: 0, created_at: now, expires_at };
    // The host is locked while they are counted, so that many requests at once make no more than a room may have.
    let mut transaction = begin_alone(&rooms.state.store, me.id).await?;
    let working: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM room_invites WHERE room_id = $1 AND revoked_at IS NULL AND expires_at > $2",
    )
    .bind(room)
    .bind(now)
    .fetch_one(&mut *transaction)
    .await?;
    if working >= MOST {
        return Err(ApiError::Conflict(Code::TooMany));
    }
    sqlx::query(
        "INSERT INTO room_invites (id, room_id, token_hash, created_by, max_uses, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(invite.id)
    .bind(room)
    .bind(hash.to_hex())
    .bind(me.id)
    .bind(invite.max_uses.map(i64::from))
    .bind(now)
    .bind(expires_at)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    let link = format!("{}/room/{room}#invite={token}", origin(&rooms, peer, &headers));
    let location = [(header::LOCATION, format!("/api/v1/rooms/{room}/invites/{}", invite.id))];
    Ok((StatusCode::CREATED, location, never_stored(), Json(CreatedInvite { invite, token, link })).into_response())
}
