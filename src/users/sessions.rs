//! `GET /sessions`, `DELETE /sessions/{id}`: where somebody is logged in, and ending it from elsewhere.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::session::revoke;
use super::{CurrentUser, Users};
use crate::base::id::SessionId;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::page::{Cursor, Page, Paging};

/// A log-in that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShownSession {
    /// The log-in.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub current: bool,
    /// How they logged in: `password`, or the provider's name.
    #[schema(examples("password"))]
    pub method: String,
    /// What the device called itself.
    #[schema(examples("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"))]
    pub user_agent: String,
    /// Address that it began from.
    #[schema(examples("203.0.113.9"))]
    pub address: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it last went on.
    pub used_at: Timestamp,
    /// When it ends if it does not go on.
    pub expires_at: Timestamp,
}

type Row = (SessionId, String, String, String, Timestamp, Timestamp, Timestamp);

/// List one's log-ins
///
/// Those that hold, newest first.
///
/// # Errors
/// 401, 400 `cursor`.
#[utoipa::path(
    get, path = "/sessions", tag = "auth", operation_id = "listSessions", params(Paging),
    responses((status = 200, description = "A page of log-ins", body = Page<ShownSession>)),
    security(("access" = []))
)]
pub async fn list(
    State(users): State<Users>,
    user: CurrentUser,
    paging: Paging,
) -> Result<Json<Page<ShownSession>>, ApiError> {
    let list = sqlx::query_as(
        "SELECT id, method, user_agent, address, created_at, used_at, expires_at FROM sessions \
         WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND (created_at, id) < ($3, $4) \
         ORDER BY created_at DESC, id DESC LIMIT $5",
    )
    .bind(user.id)
    .bind(Timestamp::now());
    let place = |(id, _, _, _, created_at, _, _): &Row| Cursor::new(*created_at, id);
    let rows = paging.newest_first(list, users.state.store.read(), place).await?;
    Ok(Json(rows.map(|(id, method, user_agent, address, created_at, used_at, expires_at)| {
        let current = id == user.session;
        ShownSession { id, current, method, user_agent, address, created_at, used_at, expires_at }
    })))
}

/// End one of one's log-ins
///
/// # Errors
/// 404 for one that has ended, and for other people's.
#[utoipa::path(
    delete, path = "/sessions/{id}", tag = "auth", operation_id = "endSession",
    params(("id" = SessionId, Path, description = "The log-in")),
    responses((status = 204, description = "Ended"), (status = 404, description = "No log-in of theirs holds by that name")),
    security(("access" = []))
)]
pub async fn end(
    State(users): State<Users>,
    user: CurrentUser,
    Segment(session): Segment<SessionId>,
) -> Result<StatusCode, ApiError> {
    let mut connection = users.state.store.begin().await?;
    if !revoke(&mut connection, user.id, session, Timestamp::now()).await? {
        return Err(ApiError::NotFound(Code::NotFound));
    }
    connection.commit().await?;
    users.live.forget(session).await;
    Ok(StatusCode::NO_CONTENT)
}
