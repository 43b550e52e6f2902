//! `GET /notifications`.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::subjects;
use crate::notices::Noted;
use crate::notices::row::unread;
use crate::protocol::notification::Notification;
use crate::state::AppState;
use crate::users::CurrentUser;
use crate::users::card::picture_url;
use crate::web::error::ApiError;
use crate::web::page::{Cursor, Page, Paging};

/// A page of notifications.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notifications {
    /// The rows.
    pub items: Vec<Notification>,
    /// For the next page; none on the last one.
    pub next_cursor: Option<String>,
    /// How many are unread, on whatever page.
    #[schema(minimum = 0)]
    pub unread: i64,
}

/// List one's notifications
///
/// Newest first. What leads to a thing that is gone has no subject, and has it again when the thing is back.
#[utoipa::path(get, path = "/notifications", tag = "notices", operation_id = "listNotifications",
    params(Paging),
    responses((status = 200, description = "One's notifications.", body = Notifications)),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    me: CurrentUser,
    paging: Paging,
) -> Result<Json<Notifications>, ApiError> {
    let pool = state.store.read();
    let rows = Noted::newest(pool, me.id, paging.before(), paging.rows()).await?;
    let rows = rows.into_iter().map(|row| row.shown(picture_url)).collect();
    let Page { mut items, next_cursor } = paging.page(rows, |row: &Notification| Cursor::new(row.created_at, row.id));
    subjects::settle(&state.store, me.id, &mut items).await?;
    let unread = unread(&mut *pool.acquire().await?, me.id).await?;
    Ok(Json(Notifications { items, next_cursor, unread }))
}
