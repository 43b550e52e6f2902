//! `PATCH /rooms/{id}/knocks/{knock}`: letting somebody in or not; taking one's own knock back.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Knock, ONE};
use crate::base::id::{KnockId, NoticeId, RoomId, UserId};
use crate::base::timestamp::Timestamp;
use crate::notices::put::take_back;
use crate::notices::{self, Notice};
use crate::protocol::code::Code;
use crate::protocol::knock::KnockStatus;
use crate::protocol::notification::NoticeKind;
use crate::protocol::server::ServerMessage;
use crate::rooms::Rooms;
use crate::rooms::api::{refusal, room_id};
use crate::rooms::door::Pass;
use crate::social::pair::{Pair, Trouble, begin, patiently};
use crate::users::ActiveUser;
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};

/// What becomes of a knock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KnockAnswer {
    /// They may come in from now on. For the host.
    Admitted,
    /// They may not. For the host.
    Refused,
    /// It was not meant. For whoever knocked.
    Withdrawn,
}

impl KnockAnswer {
    const fn status(self) -> KnockStatus {
        match self {
            Self::Admitted => KnockStatus::Admitted,
            Self::Refused => KnockStatus::Refused,
            Self::Withdrawn => KnockStatus::Withdrawn,
        }
    }
}

/// Body of `PATCH /rooms/{id}/knocks/{knock}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KnockChange {
    /// What becomes of it.
    pub status: KnockAnswer,
}

/// Who is concerned, and what becomes of the knock.
struct Answering {
    room: RoomId,
    knock: KnockId,
    host: UserId,
    knocker: UserId,
    answer: KnockAnswer,
}

/// Answer a knock
///
/// The host admits or refuses whoever knocked, who is told at once; whoever knocked may take it back. An answer is given
/// once.
#[utoipa::path(patch, path = "/rooms/{id}/knocks/{knock}", tag = "rooms", operation_id = "answerKnock",
    params(("id" = RoomId, Path, description = "The room."), ("knock" = KnockId, Path, description = "The knock.")),
    request_body = KnockChange, responses(
    (status = 200, description = "The knock as it is now.", body = Knock),
    (status = 403, description = "That answer is the other's to give; or `suspended`."),
    (status = 404, description = "`room-gone`, or there is no such knock for the one who asks."),
    (status = 409, description = "`answered`: it has been answered or withdrawn."),
), security(("access" = [])))]
pub async fn handler(
    State(rooms): State<Rooms>,
    ActiveUser(me): ActiveUser,
    Segment((id, knock)): Segment<(String, String)>,
    Body(KnockChange { status: answer }): Body<KnockChange>,
) -> Result<Json<Knock>, ApiError> {
    let (room, unknown) = (room_id(&id)?, || ApiError::NotFound(Code::NotFound));
    let door = rooms.door(room, Some(me.id), Pass::default()).await.map_err(refusal)?;
    door.seen().map_err(refusal)?;
    let knock: KnockId = knock.parse().map_err(|_| unknown())?;
    let (Some(host), Some(known)) = (door.room.host, load(&rooms, room, knock).await?) else { return Err(unknown()) };
    let knocker = known.user.id;
    match answer {
        _ if me.id != host && me.id != knocker => return Err(unknown()),
        KnockAnswer::Withdrawn if me.id == knocker => {}
        KnockAnswer::Admitted | KnockAnswer::Refused if me.id == host => {}
        _ => return Err(ApiError::Forbidden(Code::Forbidden)),
    }
    let answering = Answering { room, knock, host, knocker, answer };
    let told = patiently(|| settle(&rooms, &answering)).await?;
    if let Some(notice) = told {
        rooms.state.notices.wake(knocker, notice);
    }
    rooms.state.notices.answer(knocker, knock);
    rooms.live().tell_hosts(room, &ServerMessage::Answered { knock, status: answer.status() });
    load(&rooms, room, knock).await?.map(Json).ok_or_else(unknown)
}

async fn load(rooms: &Rooms, room: RoomId, knock: KnockId) -> Result<Option<Knock>, ApiError> {
    Ok(sqlx::query_as(ONE).bind(knock).bind(room).fetch_optional(rooms.state.store.read()).await?)
}

async fn settle(rooms: &Rooms, answering: &Answering) -> Result<Option<NoticeId>, Trouble> {
    let &Answering { room, knock, host, knocker, answer } = answering;
    let mut transaction = begin(&rooms.state.store, Pair::of(host, knocker)?).await?;
    let now = Timestamp::now();
    let settled =
        sqlx::query("UPDATE room_knocks SET status = $2, answered_at = $3 WHERE id = $1 AND status = 'pending'")
            .bind(knock)
            .bind(answer.status().as_str())
            .bind(now)
            .execute(&mut *transaction)
            .await?;
    if settled.rows_affected() == 0 {
        return Err(ApiError::Conflict(Code::Answered).into());
    }
    let subject = Some(room.to_string());
    let mut told = None;
    if answer == KnockAnswer::Withdrawn {
        let asked = Notice { kind: NoticeKind::RoomKnocked, actor: knocker, subject: subject.clone() };
        take_back(&mut transaction, host, &asked).await?;
    }
    if answer == KnockAnswer::Admitted {
        sqlx::query(
            "INSERT INTO room_members (room_id, user_id, standing, created_at) VALUES ($1, $2, 'admitted', $3) \
             ON CONFLICT (room_id, user_id) DO UPDATE SET standing = 'admitted', created_at = $3",
        )
        .bind(room)
        .bind(knocker)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        let notice = Notice { kind: NoticeKind::RoomAdmitted, actor: host, subject };
        told = notices::put(&mut transaction, knocker, &notice, now).await?;
    }
    transaction.commit().await?;
    Ok(told)
}
