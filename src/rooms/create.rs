//! `POST /rooms`: making a room, with an account behind it or without.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use utoipa::ToSchema;

use super::Rooms;
use super::api::{asks, never_stored, open_to, origin};
use super::row::Visibility;
use super::wording;
use crate::base::id::{RoomId, UserId};
use crate::base::timestamp::Timestamp;
use crate::base::token::{self, TokenHash};
use crate::protocol::code::Code;
use crate::social::pair::begin_alone;
use crate::store::StoreError;
use crate::tags::name::TagName;
use crate::tags::set::{Sight, Tagged};
use crate::users::MaybeUser;
use crate::web::address::Peer;
use crate::web::error::ApiError;
use crate::web::extract::Body;

/// Rooms that one account may have.
pub const MOST: i64 = 100;

/// Body of `POST /rooms`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewRoom {
    /// What it is called: at most 60 characters as people read them. Empty when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 240, examples("Tea at five"))]
    pub title: Option<String>,
    /// What it is for. Empty when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, examples("Bring a mug."))]
    pub description: Option<String>,
    /// Who may come in; `link` when missing. Without an account there is only `link`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
    /// Whether people without an account may come in, where they otherwise could. They may when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guests: Option<bool>,
    /// Seats; the server's default when missing. The server has a maximum of its own (`max_capacity` of `/config`).
    #[schema(minimum = 1, examples(2))]
    pub capacity: Option<u32>,
    /// What it is found by: words of 1 to 30 characters. For whoever has an account.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10, examples("rain"))]
    pub tags: Vec<String>,
}

/// What `POST /rooms` answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreatedRoom {
    /// The room.
    pub id: RoomId,
    /// What to send to whom one wants to meet.
    #[schema(examples("https://call.example.org/room/01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e"))]
    pub link: String,
    /// Makes its holder the host. Shown only here, and only to a guest: whoever has an account is the host by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(examples("qL0xkF6l0m3o1cQy7k2vXQ8q0w5Yt9rJH3uNn1b4ZsE"))]
    pub host_key: Option<String>,
    /// What it is called.
    #[schema(examples("Tea at five"))]
    pub title: String,
    /// Who may come in.
    pub visibility: Visibility,
    /// Seats.
    #[schema(minimum = 1, examples(2))]
    pub capacity: u32,
    /// When the link of a guest's room ends; the room of an account stays.
    pub expires_at: Option<Timestamp>,
}

/// A room to be, checked.
struct Draft {
    title: String,
    description: String,
    visibility: Visibility,
    guests: bool,
    capacity: u32,
    tags: BTreeSet<TagName>,
}

impl Draft {
    /// With the usual number of seats when none is asked for, and the most that there may be.
    fn of(body: &NewRoom, usual: u32, most: u32) -> Result<Self, ApiError> {
        Ok(Self {
            title: wording::title(body.title.as_deref().unwrap_or_default())?,
            description: wording::description(body.description.as_deref().unwrap_or_default())?,
            visibility: body.visibility.unwrap_or_default(),
            guests: body.guests.unwrap_or(true),
            capacity: wording::capacity(body.capacity.unwrap_or(usual), most)?,
            tags: TagName::all(&body.tags, "/tags")?,
        })
    }

    /// Who sees it, as far as tags count.
    fn sight(&self) -> Sight {
        Sight::of(self.visibility == Visibility::Open && self.guests)
    }
}

/// Make a room
///
/// Who is logged in is its host, and it stays until it is deleted. A guest gets a room by link for a day, with a key that
/// makes its holder the host and is shown only here.
#[utoipa::path(post, path = "/rooms", tag = "rooms", operation_id = "createRoom", request_body = NewRoom, responses(
    (status = 201, description = "The room and its link.", body = CreatedRoom,
        headers(("Location" = String, description = "Address of the room."))),
    (status = 401, description = "`login-needed`: without an account there is only `link`, and no tags."),
    (status = 403, description = "This server is closed to guests; or `suspended`."),
    (status = 409, description = "`too-many`: one has as many rooms as an account may have."),
), security((), ("access" = [])))]
pub async fn handler(
    State(rooms): State<Rooms>,
    MaybeUser(user): MaybeUser,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Body(body): Body<NewRoom>,
) -> Result<Response, ApiError> {
    open_to(&rooms, user)?;
    if let Some(user) = &user {
        user.active()?;
    }
    let settings = &rooms.state.config.rooms;
    let draft = Draft::of(&body, settings.default_capacity, settings.max_capacity)?;
    if user.is_none() && (draft.visibility != Visibility::Link || !draft.tags.is_empty()) {
        return Err(ApiError::Unauthorized(Code::LoginNeeded));
    }
    rooms.shared.limits.creates.admit(&asks(&rooms, user, peer, &headers))?;
    let (id, now) = (RoomId::new(), Timestamp::now());
    let (host_key, expires_at) = match user {
        Some(user) => {
            of_account(&rooms, id, &draft, user.id, now).await?;
            (None, None)
        }
        None => {
            let (key, hash) = token::fresh();
            let ends = now.after(settings.link());
            of_guest(&rooms, id, &draft, hash, ends, now).await?;
            (Some(key), Some(ends))
        }
    };
    let Draft { title, visibility, capacity, .. } = draft;
    tracing::info!(room = %id, capacity, visibility = visibility.as_str(), "room made");
    let link = format!("{}/room/{id}", origin(&rooms, peer, &headers));
    let location = [(header::LOCATION, format!("/api/v1/rooms/{id}"))];
    let created = CreatedRoom { id, link, host_key, title, visibility, capacity, expires_at };
    Ok((StatusCode::CREATED, location, never_stored(), Json(created)).into_response())
}

/// Whose a room is.
enum Owner {
    Account(UserId),
    /// Whoever has the key with this hash, until then.
    Guest(TokenHash, Timestamp),
}

async fn insert(
    transaction: &mut AnyConnection,
    id: RoomId,
    draft: &Draft,
    owner: Owner,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (host, key, ends) = match owner {
        Owner::Account(user) => (Some(user), None, None),
        Owner::Guest(key, ends) => (None, Some(key.to_hex()), Some(ends)),
    };
    sqlx::query(
        "INSERT INTO rooms (id, host_id, host_key_hash, title, description, visibility, guests, capacity, \
         created_at, updated_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)",
    )
    .bind(id)
    .bind(host)
    .bind(key)
    .bind(draft.title.clone())
    .bind(draft.description.clone())
    .bind(draft.visibility.as_str())
    .bind(i16::from(draft.guests))
    .bind(i64::from(draft.capacity))
    .bind(now)
    .bind(ends)
    .execute(transaction)
    .await?;
    Ok(())
}

/// The person is locked while their rooms are counted, so that many requests at once make no more than one may have.
async fn of_account(rooms: &Rooms, id: RoomId, draft: &Draft, user: UserId, now: Timestamp) -> Result<(), ApiError> {
    let mut transaction = begin_alone(&rooms.state.store, user).await?;
    let has: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM rooms WHERE host_id = $1 AND callee_id IS NULL")
        .bind(user)
        .fetch_one(&mut *transaction)
        .await?;
    if has >= MOST {
        return Err(ApiError::Conflict(Code::TooMany));
    }
    insert(&mut transaction, id, draft, Owner::Account(user), now).await?;
    Tagged::Room(id, now).set(&mut transaction, &draft.tags, Sight::Hidden, draft.sight()).await?;
    transaction.commit().await?;
    Ok(())
}

/// As many links as the server may have at a time; a few more when many ask at once.
async fn of_guest(
    rooms: &Rooms,
    id: RoomId,
    draft: &Draft,
    key: TokenHash,
    ends: Timestamp,
    now: Timestamp,
) -> Result<(), ApiError> {
    let settings = &rooms.state.config.rooms;
    let links: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM rooms WHERE expires_at > $1")
        .bind(now)
        .fetch_one(rooms.state.store.read())
        .await?;
    if links >= i64::try_from(settings.max_rooms).unwrap_or(i64::MAX) {
        return Err(ApiError::TooMany(settings.ticket()));
    }
    let mut transaction = rooms.state.store.begin().await?;
    insert(&mut transaction, id, draft, Owner::Guest(key, ends), now).await?;
    transaction.commit().await?;
    Ok(())
}
