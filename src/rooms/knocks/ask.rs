//! `POST /rooms/{id}/knocks`: asking to be let in.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{Knock, ONE};
use crate::base::id::{KnockId, NoticeId, RoomId, UserId};
use crate::base::timestamp::Timestamp;
use crate::notices::{self, Notice};
use crate::protocol::code::Code;
use crate::protocol::notification::NoticeKind;
use crate::protocol::server::ServerMessage;
use crate::rooms::Rooms;
use crate::rooms::api::{refusal, room_id};
use crate::rooms::door::Pass;
use crate::social::pair::{Pair, Terms, Trouble, begin, patiently};
use crate::users::ActiveUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// What a transaction did.
struct Asked {
    knock: Knock,
    /// Whether there was no open one before.
    fresh: bool,
    told: Option<NoticeId>,
}

/// Knock on the door of a room
///
/// For whoever could not come in otherwise. The host is told at once. To knock again while the first is open changes
/// nothing.
#[utoipa::path(post, path = "/rooms/{id}/knocks", tag = "rooms", operation_id = "knockOnRoom",
    params(("id" = RoomId, Path, description = "The room.")), responses(
    (status = 200, description = "One has knocked already.", body = Knock),
    (status = 201, description = "The host is asked.", body = Knock,
        headers(("Location" = String, description = "Address of the knock."))),
    (status = 403, description = "`forbidden`: one was banned, or has blocked the host; or `suspended`."),
    (status = 404, description = "`room-gone`: there is no such room."),
    (status = 409, description = "`already`: one may come in."),
), security(("access" = [])))]
pub async fn handler(
    State(rooms): State<Rooms>,
    ActiveUser(me): ActiveUser,
    Segment(id): Segment<String>,
) -> Result<Response, ApiError> {
    let room = room_id(&id)?;
    let door = rooms.door(room, Some(me.id), Pass::default()).await.map_err(refusal)?;
    match (door.enter(), door.room.host) {
        (Err(Code::InviteNeeded), Some(host)) => {
            rooms.shared.limits.knocks.admit(&(me.id, room))?;
            let pair = Pair::of(me.id, host)?;
            let asked = patiently(|| ask(&rooms, pair, room, me.id, host)).await?;
            Ok(answer(&rooms, room, host, asked))
        }
        (Err(code), _) => Err(refusal(code)),
        (Ok(()), _) => Err(ApiError::Conflict(Code::Already)),
    }
}

fn answer(rooms: &Rooms, room: RoomId, host: UserId, asked: Asked) -> Response {
    let Asked { knock, fresh, told } = asked;
    if let Some(notice) = told {
        rooms.state.notices.wake(host, notice);
    }
    if !fresh {
        return Json(knock).into_response();
    }
    let person = knock.user.clone().into();
    rooms.live().tell_hosts(room, &ServerMessage::Knock { knock: knock.id, person });
    let location = [(header::LOCATION, format!("/api/v1/rooms/{room}/knocks/{}", knock.id))];
    (StatusCode::CREATED, location, Json(knock)).into_response()
}

async fn ask(rooms: &Rooms, pair: Pair, room: RoomId, me: UserId, host: UserId) -> Result<Asked, Trouble> {
    let mut transaction = begin(&rooms.state.store, pair).await?;
    Terms::between(&mut transaction, me, host).await?.open()?;
    let now = Timestamp::now();
    let made: Option<KnockId> = sqlx::query_scalar(
        "INSERT INTO room_knocks (id, room_id, user_id, status, created_at) VALUES ($1, $2, $3, 'pending', $4) \
         ON CONFLICT (room_id, user_id) WHERE status = 'pending' DO NOTHING RETURNING id",
    )
    .bind(KnockId::new())
    .bind(room)
    .bind(me)
    .bind(now)
    .fetch_optional(&mut *transaction)
    .await?;
    let id = match made {
        Some(id) => id,
        None => {
            sqlx::query_scalar("SELECT id FROM room_knocks WHERE room_id = $1 AND user_id = $2 AND status = 'pending'")
                .bind(room)
                .bind(me)
                .fetch_optional(&mut *transaction)
                .await?
                .ok_or(ApiError::Conflict(Code::Answered))?
        }
    };
    let mut told = None;
    if made.is_some() {
        let notice = Notice { kind: NoticeKind::RoomKnocked, actor: me, subject: Some(room.to_string()) };
        told = notices::put(&mut transaction, host, &notice, now).await?;
    }
    let knock = sqlx::query_as(ONE).bind(id).bind(room).fetch_one(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(Asked { knock, fresh: made.is_some(), told })
}
