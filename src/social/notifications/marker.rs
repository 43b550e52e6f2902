//! `PUT /notifications/read-marker`: everything up to a point is read.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::{NoticeId, UserId};
use crate::base::timestamp::Timestamp;
use crate::notices::put;
use crate::notices::row::unread;
use crate::protocol::code::Code;
use crate::social::pair::{Trouble, begin_alone, patiently};
use crate::state::AppState;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Body;

/// Body of `PUT /notifications/read-marker`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadMarker {
    /// The newest notification that was seen. It and all before it are read.
    pub last: NoticeId,
}

/// What is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Unread {
    /// How many are unread.
    #[schema(minimum = 0)]
    pub unread: i64,
}

/// Mark everything up to a notification as read
///
/// What came after it stays new, also what came while this was asked.
#[utoipa::path(put, path = "/notifications/read-marker", tag = "notices", operation_id = "moveReadMarker",
    request_body = ReadMarker,
    responses(
        (status = 200, description = "Everything up to it is read.", body = Unread),
        (status = 404, description = "No such notification of this person."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    me: CurrentUser,
    Body(ReadMarker { last }): Body<ReadMarker>,
) -> Result<Json<Unread>, ApiError> {
    let unread = patiently(|| mark(&state, me.id, last)).await?;
    Ok(Json(Unread { unread }))
}

async fn mark(state: &AppState, me: UserId, last: NoticeId) -> Result<i64, Trouble> {
    let mut transaction = begin_alone(&state.store, me).await?;
    let place: Option<Timestamp> =
        sqlx::query_scalar("SELECT created_at FROM notifications WHERE id = $1 AND user_id = $2")
            .bind(last)
            .bind(me)
            .fetch_optional(&mut *transaction)
            .await?;
    let at = place.ok_or(ApiError::NotFound(Code::NotFound))?;
    let read = sqlx::query(
        "UPDATE notifications SET read_at = $4 \
         WHERE user_id = $1 AND read_at IS NULL AND (created_at, id) <= ($2, $3)",
    )
    .bind(me)
    .bind(at)
    .bind(last)
    .bind(Timestamp::now())
    .execute(&mut *transaction)
    .await?
    .rows_affected();
    put::count(&mut transaction, me, -(read as i64)).await?;
    let unread = unread(&mut transaction, me).await?;
    transaction.commit().await?;
    Ok(unread)
}
