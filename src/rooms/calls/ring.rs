//! Ringing a friend: `POST /calls`.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use utoipa::ToSchema;

use super::call::Call;
use super::row::CallRow;
use super::{AT_ONCE, turn, watch};
use crate::base::id::{CallId, NoticeId, RoomId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::call::CallStatus;
use crate::protocol::code::Code;
use crate::rooms::Rooms;
use crate::rooms::room::Room;
use crate::social::pair::{Pair, Terms, Trouble, begin, patiently};
use crate::social::{target, ties};
use crate::store::StoreError;
use crate::users::ActiveUser;
use crate::web::error::ApiError;
use crate::web::extract::Body;

/// Body of `POST /calls`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCall {
    /// Identifier or handle of a friend.
    #[schema(examples("ada"))]
    pub user: String,
    /// A room of one's own to call them into; without one, the room where one calls this friend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// Whether one means to show a camera. True when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video: Option<bool>,
}

/// What was asked for, checked.
struct Asked {
    caller: UserId,
    callee: UserId,
    pair: Pair,
    room: Option<RoomId>,
    video: bool,
}

/// What a transaction did.
struct Rung {
    row: CallRow,
    shown: Call,
    what: What,
}

enum What {
    /// There is a call now, and the callee may have been told that they missed it.
    Made(Option<NoticeId>),
    /// The callee was ringing the caller: that call is accepted.
    Met,
    /// Nothing: there is such a call already.
    Known,
}

/// Ring a friend
///
/// Every page of theirs rings for half a minute. Somebody who is in another call, or whom somebody else rings, is `busy`: the
/// answer says so, and they learn of it as a call that they missed. Two who ring each other at once are in one call, which is
/// accepted for both. To ring somebody whom one is ringing changes nothing.
#[utoipa::path(post, path = "/calls", tag = "calls", operation_id = "ringFriend", request_body = NewCall,
    responses(
        (status = 200, description = "There is such a call already; if it was theirs, it is accepted by this.",
            body = Call),
        (status = 201, description = "They are rung, or busy.", body = Call,
            headers(("Location" = String, description = "Address of the call."))),
        (status = 403, description = "They are no friend; or `suspended`."),
        (status = 404, description = "Nobody of that name is to be seen, or one has no such room."),
        (status = 409, description = "`oneself`; `already` when they are in that room; `room-full`."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(rooms): State<Rooms>,
    ActiveUser(me): ActiveUser,
    Body(body): Body<NewCall>,
) -> Result<Response, ApiError> {
    let state = &rooms.state;
    if state.shutdown.draining() {
        return Err(ApiError::Unavailable(Code::Draining));
    }
    let callee = target::seen(&state.store, me.id, &body.user).await?;
    let pair = Pair::of(me.id, callee)?;
    if !ties::are_friends(&mut *state.store.read().acquire().await?, pair).await? {
        return Err(ApiError::Forbidden(Code::Forbidden));
    }
    rooms.calls().admit(me.id, callee)?;
    let asked = Asked { caller: me.id, callee, pair, room: body.room, video: body.video.unwrap_or(true) };
    // A page that is closed meanwhile must not leave a call that nobody watches.
    let ringing = state.tasks.spawn({
        let rooms = rooms.clone();
        async move { ring(&rooms, &asked).await }
    });
    let Rung { shown, what, .. } = ringing.await.map_err(|_| ApiError::Internal)??;
    if !matches!(what, What::Made(_)) {
        return Ok(Json(shown).into_response());
    }
    let location = [(header::LOCATION, format!("/api/v1/calls/{}", shown.id))];
    Ok((StatusCode::CREATED, location, Json(shown)).into_response())
}

async fn ring(rooms: &Rooms, asked: &Asked) -> Result<Rung, ApiError> {
    // Who has just hung up is busy no more.
    watch::round(rooms).await;
    let rung = patiently(|| attempt(rooms, asked)).await?;
    let row = &rung.row;
    tracing::debug!(call = %row.id, status = row.status.as_str(), "rung");
    match rung.what {
        What::Known => return Ok(rung),
        What::Made(Some(notice)) => rooms.state.notices.wake(row.callee, notice),
        What::Made(None) | What::Met => {}
    }
    if !row.status.is_over() {
        turn::watch(rooms, row);
        turn::tell(rooms, row);
    }
    Ok(rung)
}

async fn attempt(rooms: &Rooms, asked: &Asked) -> Result<Rung, Trouble> {
    let &Asked { caller, callee, pair, video, .. } = asked;
    let mut transaction = begin(&rooms.state.store, pair).await?;
    Terms::between(&mut transaction, caller, callee).await?.open()?;
    if !ties::are_friends(&mut transaction, pair).await? {
        return Err(ApiError::Forbidden(Code::Forbidden).into());
    }
    if let Some(room) = asked.room {
        own(&mut transaction, room, caller).await?;
        vacant(rooms, room, callee)?;
    }
    let now = Timestamp::now();
    let open = CallRow::open(&mut transaction, callee).await?;
    let (row, what) = match open.iter().find(|call| call.has(caller)) {
        Some(theirs) if theirs.status == CallStatus::Ringing && theirs.caller == callee => {
            turn::accept(&mut transaction, theirs.id, now).await?;
            (CallRow { status: CallStatus::Accepted, ..*theirs }, What::Met)
        }
        Some(known) => (*known, What::Known),
        None if !open.is_empty() || rooms.live().is_in_call(callee) => {
            let row = CallRow { id: CallId::new(), caller, callee, room: asked.room, status: CallStatus::Busy };
            insert(&mut transaction, &row, video, now).await?;
            let notice = turn::missed(&mut transaction, &row, now).await?;
            (row, What::Made(notice))
        }
        None => {
            few(&mut transaction, rooms, caller).await?;
            let room = match asked.room {
                Some(room) => room,
                None => meeting_place(&mut transaction, caller, callee, now).await?,
            };
            admit(&mut transaction, room, callee, now).await?;
            let row = CallRow { id: CallId::new(), caller, callee, room: Some(room), status: CallStatus::Ringing };
            insert(&mut transaction, &row, video, now).await?;
            (row, What::Made(None))
        }
    };
    let shown = Call::load(&mut transaction, caller, row.id).await?.ok_or(ApiError::NotFound(Code::NotFound))?;
    transaction.commit().await?;
    Ok(Rung { row, shown, what })
}

async fn insert(
    transaction: &mut AnyConnection,
    call: &CallRow,
    video: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO calls (id, caller_id, callee_id, room_id, status, video, created_at, ended_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(call.id)
    .bind(call.caller)
    .bind(call.callee)
    .bind(call.room)
    .bind(call.status.as_str())
    .bind(i16::from(video))
    .bind(now)
    .bind(call.status.is_over().then_some(now))
    .execute(transaction)
    .await?;
    Ok(())
}

/// The room is the caller's own.
async fn own(transaction: &mut AnyConnection, room: RoomId, caller: UserId) -> Result<(), ApiError> {
    let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM rooms WHERE id = $1 AND host_id = $2")
        .bind(room)
        .bind(caller)
        .fetch_one(transaction)
        .await?;
    if rows > 0 { Ok(()) } else { Err(ApiError::NotFound(Code::RoomGone)) }
}

/// The callee is not inside already, and there is a seat for them.
fn vacant(rooms: &Rooms, room: RoomId, callee: UserId) -> Result<(), ApiError> {
    let live = rooms.live();
    if live.company(room).contains(&callee) {
        return Err(ApiError::Conflict(Code::Already));
    }
    if live.room(room).is_some_and(Room::is_full) {
        return Err(ApiError::Conflict(Code::RoomFull));
    }
    Ok(())
}

/// Nobody rings a crowd.
async fn few(transaction: &mut AnyConnection, rooms: &Rooms, caller: UserId) -> Result<(), ApiError> {
    let open = CallRow::open(transaction, caller).await?;
    let rings = open.iter().filter(|call| call.caller == caller && call.status == CallStatus::Ringing).count();
    let wait = rooms.state.config.rooms.ring();
    if rings as i64 >= AT_ONCE { Err(ApiError::TooMany(wait)) } else { Ok(()) }
}

/// The room where the caller rings this friend: for the two, and by nobody's link. Made the first time.
async fn meeting_place(
    transaction: &mut AnyConnection,
    caller: UserId,
    callee: UserId,
    now: Timestamp,
) -> Result<RoomId, StoreError> {
    let room = sqlx::query_scalar(
        "INSERT INTO rooms (id, host_id, callee_id, visibility, guests, capacity, created_at, updated_at) \
         VALUES ($1, $2, $3, 'invite', 0, 2, $4, $4) \
         ON CONFLICT (host_id, callee_id) DO UPDATE SET visibility = 'invite', guests = 0, updated_at = $4 \
         RETURNING id",
    )
    .bind(RoomId::new())
    .bind(caller)
    .bind(callee)
    .bind(now)
    .fetch_one(transaction)
    .await?;
    Ok(room)
}

/// The callee may enter, whatever was said before: the host calls them.
async fn admit(
    transaction: &mut AnyConnection,
    room: RoomId,
    callee: UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO room_members (room_id, user_id, standing, created_at) VALUES ($1, $2, 'admitted', $3) \
         ON CONFLICT (room_id, user_id) DO UPDATE SET standing = 'admitted'",
    )
    .bind(room)
    .bind(callee)
    .bind(now)
    .execute(transaction)
    .await?;
    Ok(())
}
