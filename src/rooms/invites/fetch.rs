//! `GET /invites/{token}`: what an invitation opens, for whoever got one.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};
use utoipa::ToSchema;

use crate::base::id::RoomId;
use crate::base::timestamp::Timestamp;
use crate::base::token;
use crate::protocol::code::Code;
use crate::rooms::Rooms;
use crate::rooms::api::{asks, never_stored};
use crate::users::MaybeUser;
use crate::users::card::Card;
use crate::web::address::Peer;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// What an invitation opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShownInvite {
    /// The room.
    pub room: RoomId,
    /// What it is called; may be empty.
    #[schema(examples("Tea at five"))]
    pub title: String,
    /// Who invites.
    pub host: Card,
    /// Whether people without an account may come in by it.
    pub guests: bool,
    /// Whether it still opens the room. It may be over, revoked, or used up.
    pub usable: bool,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl<'r> FromRow<'r, AnyRow> for ShownInvite {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            room: row.try_get("room_id")?,
            title: row.try_get("title")?,
            host: Card::from_row(row)?,
            guests: row.try_get::<i16, _>("guests")? != 0,
            usable: row.try_get::<i64, _>("usable")? > 0,
            expires_at: row.try_get("expires_at")?,
        })
    }
}

/// An invitation before somebody: hash of the token, person (empty for a guest), now.
pub const INVITE: &str = "SELECT r.id AS room_id, r.title, r.guests, u.id, u.handle, u.nickname, u.avatar, \
     CAST(CASE WHEN i.revoked_at IS NULL AND i.expires_at > $3 AND (i.max_uses IS NULL OR i.uses < i.max_uses) \
     THEN 1 ELSE 0 END AS BIGINT) AS usable, i.expires_at \
     FROM room_invites i JOIN rooms r ON r.id = i.room_id JOIN users u ON u.id = r.host_id \
     WHERE i.token_hash = $1 AND u.deletes_at IS NULL \
     AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = u.id AND b.blocked_id = $2) \
     AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = $2 AND b.blocked_id = u.id)";

/// Show what an invitation opens
///
/// For whoever has its token. To look uses nothing up.
#[utoipa::path(get, path = "/invites/{token}", tag = "rooms", operation_id = "showInvite",
    params(("token" = String, Path, description = "What stands in the link.", max_length = 64)), responses(
    (status = 200, description = "The room behind it.", body = ShownInvite),
    (status = 404, description = "There is no such invitation."),
), security((), ("access" = [])))]
pub async fn handler(
    State(rooms): State<Rooms>,
    MaybeUser(user): MaybeUser,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Segment(token): Segment<String>,
) -> Result<Response, ApiError> {
    rooms.shared.limits.tickets.admit(&asks(&rooms, user, peer, &headers))?;
    let shown: Option<ShownInvite> = sqlx::query_as(INVITE)
        .bind(token::hash(&token).to_hex())
        .bind(user.map(|user| user.id.to_string()).unwrap_or_default())
        .bind(Timestamp::now())
        .fetch_optional(rooms.state.store.read())
        .await?;
    let shown = shown.ok_or(ApiError::NotFound(Code::NotFound))?;
    Ok((never_stored(), Json(shown)).into_response())
}
