//! `PATCH /rooms/{id}`: changing what one's room is.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::api::never_stored;
use super::door::Pass;
use super::row::{RoomRow, Visibility};
use super::shown::ShownRoom;
use super::{Rooms, api, wording};
use crate::base::id::RoomId;
use crate::tags::name::TagName;
use crate::tags::set::Tagged;
use crate::users::ActiveUser;
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};

/// Body of `PATCH /rooms/{id}`: what is missing stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RoomChanges {
    /// What it is called: at most 60 characters as people read them; empty for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 240, examples("Tea at five"))]
    pub title: Option<String>,
    /// What it is for; empty for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, examples("Bring a mug."))]
    pub description: Option<String>,
    /// Who may come in from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
    /// Whether people without an account may come in from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guests: Option<bool>,
    /// Seats for whoever comes from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, examples(2))]
    pub capacity: Option<u32>,
    /// Days that lines of chat are kept; 0 for as long as the room is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 3650, examples(30))]
    pub message_days: Option<u32>,
    /// All its tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 10, examples("rain"))]
    pub tags: Option<Vec<String>>,
}

/// Most days that lines of chat can be kept for.
const MOST_DAYS: u32 = 3650;

const UPDATE: &str = "UPDATE rooms SET title = COALESCE($2, title), description = COALESCE($3, description), \
     visibility = COALESCE($4, visibility), guests = COALESCE($5, guests), capacity = COALESCE($6, capacity), \
     message_days = COALESCE($7, message_days) WHERE id = $1";

/// Change a room
///
/// For its host. Whoever is inside stays, whatever changes: who may come in, and how many, is for newcomers.
#[utoipa::path(patch, path = "/rooms/{id}", tag = "rooms", operation_id = "changeRoom",
    params(("id" = RoomId, Path, description = "The room.")), request_body = RoomChanges, responses(
    (status = 200, description = "The room as it is now.", body = ShownRoom),
    (status = 403, description = "The room is somebody else's; or `suspended`."),
    (status = 404, description = "`room-gone`: there is no such room."),
), security(("access" = [])))]
pub async fn handler(
    State(rooms): State<Rooms>,
    ActiveUser(me): ActiveUser,
    Segment(id): Segment<String>,
    Body(body): Body<RoomChanges>,
) -> Result<Response, ApiError> {
    let RoomRow { id, .. } = rooms.own(&id, me.id).await?;
    let most = rooms.state.config.rooms.max_capacity;
    let title = body.title.as_deref().map(wording::title).transpose()?;
    let description = body.description.as_deref().map(wording::description).transpose()?;
    let capacity = body.capacity.map(|capacity| wording::capacity(capacity, most)).transpose()?;
    if body.message_days.is_some_and(|days| days > MOST_DAYS) {
        return Err(ApiError::field("/message_days", format!("Lines are kept for 0 to {MOST_DAYS} days.")));
    }
    let tags = body.tags.as_deref().map(|tags| TagName::all(tags, "/tags")).transpose()?;
    let mut transaction = rooms.state.store.begin().await?;
    let before = RoomRow::lock(&mut transaction, id).await?;
    sqlx::query(UPDATE)
        .bind(id)
        .bind(title)
        .bind(description)
        .bind(body.visibility.map(Visibility::as_str))
        .bind(body.guests.map(i16::from))
        .bind(capacity.map(i64::from))
        .bind(body.message_days.map(i64::from))
        .execute(&mut *transaction)
        .await?;
    let mut after = before.clone();
    after.visibility = body.visibility.unwrap_or(before.visibility);
    after.guests = body.guests.unwrap_or(before.guests);
    let thing = Tagged::Room(id, before.created_at);
    match tags {
        Some(tags) => thing.set(&mut transaction, &tags, before.sight(), after.sight()).await?,
        None => thing.seen(&mut transaction, before.sight(), after.sight()).await?,
    }
    transaction.commit().await?;
    let door = rooms.door(id, Some(me.id), Pass::default()).await.map_err(api::refusal)?;
    rooms.live().refresh(id, door.room.setting());
    Ok((never_stored(), Json(rooms.shown(door).await?)).into_response())
}
