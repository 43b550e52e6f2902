//! `PATCH /notifications/{id}`: one notification is read, or new again.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::subjects;
use crate::base::id::{NoticeId, UserId};
use crate::base::timestamp::Timestamp;
use crate::notices::{Noted, put};
use crate::protocol::code::Code;
use crate::protocol::notification::Notification;
use crate::social::pair::{Trouble, begin_alone, patiently};
use crate::state::AppState;
use crate::users::CurrentUser;
use crate::users::card::picture_url;
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};

/// Body of `PATCH /notifications/{id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeChange {
    /// Whether it is read.
    pub read: bool,
}

/// Mark a notification as read or new
#[utoipa::path(patch, path = "/notifications/{id}", tag = "notices", operation_id = "changeNotification",
    params(("id" = String, Path, description = "The notification.")),
    request_body = NoticeChange,
    responses(
        (status = 200, description = "So it is.", body = Notification),
        (status = 404, description = "No such notification of this person."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    me: CurrentUser,
    Segment(id): Segment<String>,
    Body(NoticeChange { read }): Body<NoticeChange>,
) -> Result<Json<Notification>, ApiError> {
    let id: NoticeId = id.parse().map_err(|_| ApiError::NotFound(Code::NotFound))?;
    patiently(|| mark(&state, me.id, id, read)).await?;
    let row = Noted::one(state.store.read(), me.id, id).await?.ok_or(ApiError::NotFound(Code::NotFound))?;
    let mut shown = row.shown(picture_url);
    subjects::settle(&state.store, me.id, std::slice::from_mut(&mut shown)).await?;
    Ok(Json(shown))
}

async fn mark(state: &AppState, me: UserId, id: NoticeId, read: bool) -> Result<(), Trouble> {
    let mut transaction = begin_alone(&state.store, me).await?;
    let (sql, at, by) = if read {
        let sql = "UPDATE notifications SET read_at = $3 WHERE id = $1 AND user_id = $2 AND read_at IS NULL";
        (sql, Some(Timestamp::now()), -1)
    } else {
        let sql = "UPDATE notifications SET read_at = $3 WHERE id = $1 AND user_id = $2 AND read_at IS NOT NULL";
        (sql, None, 1)
    };
    let changed = sqlx::query(sql).bind(id).bind(me).bind(at).execute(&mut *transaction).await?.rows_affected();
    put::count(&mut transaction, me, by * changed as i64).await?;
    Ok(transaction.commit().await?)
}
