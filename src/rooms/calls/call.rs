//! A call as one of the two sees it: `GET /calls/{id}`.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow, Row as _};
use utoipa::ToSchema;

use super::row;
use crate::base::id::{CallId, RoomId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::call::CallStatus;
use crate::protocol::code::Code;
use crate::rooms::Rooms;
use crate::store::StoreError;
use crate::users::CurrentUser;
use crate::users::card::Card;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Whether a call came or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CallDirection {
    /// Somebody rings.
    Incoming,
    /// One rings somebody.
    Outgoing,
}

/// A call that one makes or got.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Call {
    /// The call.
    pub id: CallId,
    /// Whether it came or went.
    pub direction: CallDirection,
    /// The other one; none when they are not to be seen any more.
    pub user: Option<Card>,
    /// Where the two meet; none when it never came to that, and when the room is gone.
    pub room: Option<RoomId>,
    /// Whether the caller meant to show a camera.
    pub video: bool,
    /// Where it stands. Who was busy is told that they missed it.
    pub status: CallStatus,
    /// When it began to ring.
    pub created_at: Timestamp,
    /// When it was accepted.
    pub answered_at: Option<Timestamp>,
    /// When it was over; none also when the server went down before.
    pub ended_at: Option<Timestamp>,
    /// How long the two talked, in whole seconds; none when they did not, or nobody knows.
    #[schema(minimum = 0, examples(754))]
    pub seconds: Option<i64>,
}

/// What is shown of `merged`, a row of `calls`, to the viewer `$1`.
macro_rules! shown {
    () => {
        "merged.id AS call_id, merged.room_id, merged.status, merged.created_at, merged.answered_at, merged.ended_at, \
         CAST(merged.video AS BIGINT) AS camera, \
         CAST(CASE WHEN merged.caller_id = $1 THEN 1 ELSE 0 END AS BIGINT) AS outgoing, \
         u.id, u.handle, u.nickname, u.avatar"
    };
}

/// The other one of `merged`, if the viewer `$1` may see them.
macro_rules! other {
    () => {
        "LEFT JOIN users u \
         ON u.id = CASE WHEN merged.caller_id = $1 THEN merged.callee_id ELSE merged.caller_id END \
         AND u.deletes_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = $1 AND b.blocked_id = u.id) \
         AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = u.id AND b.blocked_id = $1)"
    };
}
pub(super) use {other, shown};

/// One: viewer, identifier.
pub const ONE: &str = concat!(
    "SELECT ",
    shown!(),
    " FROM calls merged ",
    other!(),
    " WHERE merged.id = $2 AND (merged.caller_id = $1 OR merged.callee_id = $1)"
);

impl Call {
    /// A call of `viewer`.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn load(
        connection: &mut AnyConnection,
        viewer: UserId,
        call: CallId,
    ) -> Result<Option<Self>, StoreError> {
        Ok(sqlx::query_as(ONE).bind(viewer).bind(call).fetch_optional(connection).await?)
    }
}

impl<'r> FromRow<'r, AnyRow> for Call {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let outgoing = row.try_get::<i64, _>("outgoing")? > 0;
        let status = row::status(row)?;
        let (answered_at, ended_at): (Option<Timestamp>, Option<Timestamp>) =
            (row.try_get("answered_at")?, row.try_get("ended_at")?);
        let talked = answered_at.zip(ended_at).map(|(from, to)| to.since(from).as_secs());
        Ok(Self {
            id: row.try_get("call_id")?,
            direction: if outgoing { CallDirection::Outgoing } else { CallDirection::Incoming },
            user: row.try_get::<Option<UserId>, _>("id")?.map(|_| Card::from_row(row)).transpose()?,
            room: row.try_get("room_id")?,
            video: row.try_get::<i64, _>("camera")? > 0,
            status: if outgoing { status } else { status.for_callee() },
            created_at: row.try_get("created_at")?,
            answered_at,
            ended_at,
            seconds: talked.and_then(|seconds| i64::try_from(seconds).ok()),
        })
    }
}

/// Show a call
///
/// For the two whose it is.
#[utoipa::path(get, path = "/calls/{id}", tag = "calls", operation_id = "fetchCall",
    params(("id" = CallId, Path, description = "The call.")),
    responses(
        (status = 200, description = "The call.", body = Call),
        (status = 404, description = "One has no such call."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(rooms): State<Rooms>,
    me: CurrentUser,
    Segment(call): Segment<CallId>,
) -> Result<Json<Call>, ApiError> {
    let mut connection = rooms.state.store.read().acquire().await?;
    let call = Call::load(&mut connection, me.id, call).await?;
    call.map(Json).ok_or(ApiError::NotFound(Code::NotFound))
}
