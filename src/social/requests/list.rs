//! `GET /friend-requests`: the open requests that came, or that went.

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use utoipa::IntoParams;

use super::row::{Direction, FriendRequest};
use crate::state::AppState;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::page::{Cursor, Page, Paging};

/// Which requests to list.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Those that came, or those that went.
    #[serde(default)]
    direction: Direction,
}

/// Open requests that came to `$1`, newest first: viewer, time, identifier, rows.
pub const INCOMING: &str = "SELECT r.id AS request_id, r.status, r.created_at, r.answered_at, \
     CAST(0 AS BIGINT) AS outgoing, u.id, u.handle, u.nickname, u.avatar \
     FROM friend_requests r JOIN users u ON u.id = r.from_id \
     WHERE r.to_id = $1 AND r.status = 'pending' AND (r.created_at, r.id) < ($2, $3) AND u.deletes_at IS NULL \
     ORDER BY r.created_at DESC, r.id DESC LIMIT $4";

/// Open requests that `$1` made, newest first: viewer, time, identifier, rows.
pub const OUTGOING: &str = "SELECT r.id AS request_id, r.status, r.created_at, r.answered_at, \
     CAST(1 AS BIGINT) AS outgoing, u.id, u.handle, u.nickname, u.avatar \
     FROM friend_requests r JOIN users u ON u.id = r.to_id \
     WHERE r.from_id = $1 AND r.status = 'pending' AND (r.created_at, r.id) < ($2, $3) AND u.deletes_at IS NULL \
     ORDER BY r.created_at DESC, r.id DESC LIMIT $4";

/// List open requests for friendship
///
/// Newest first.
#[utoipa::path(get, path = "/friend-requests", tag = "social", operation_id = "listFriendRequests",
    params(Which, Paging),
    responses((status = 200, description = "The open requests.", body = Page<FriendRequest>)),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    me: CurrentUser,
    Query(Which { direction }): Query<Which>,
    paging: Paging,
) -> Result<Json<Page<FriendRequest>>, ApiError> {
    let sql = match direction {
        Direction::Incoming => INCOMING,
        Direction::Outgoing => OUTGOING,
    };
    let place = |row: &FriendRequest| Cursor::new(row.created_at, row.id);
    Ok(Json(paging.newest_first(sqlx::query_as(sql).bind(me.id), state.store.read(), place).await?))
}
