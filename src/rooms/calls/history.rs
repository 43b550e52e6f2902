//! Calls that one made and got: `GET /me/calls`.

use axum::Json;
use axum::extract::State;

use super::call::{Call, other, shown};
use crate::rooms::Rooms;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::page::{Cursor, Page, Paging};

/// Calls of `$1`, newest first: person, time, identifier, rows. Merged of those that went and those that came, each found
/// by its own index.
pub const CALLS: &str = concat!(
    "SELECT ",
    shown!(),
    " FROM (SELECT * FROM (SELECT * FROM calls WHERE caller_id = $1 AND (created_at, id) < ($2, $3) \
     ORDER BY created_at DESC, id DESC LIMIT $4) AS above UNION ALL SELECT * FROM (\
     SELECT * FROM calls WHERE callee_id = $1 AND (created_at, id) < ($2, $3) \
     ORDER BY created_at DESC, id DESC LIMIT $4) AS below) AS merged ",
    other!(),
    " ORDER BY merged.created_at DESC, merged.id DESC LIMIT $4"
);

/// List one's calls
///
/// Those that one made and those that one got, newest first. Nobody else sees them.
#[utoipa::path(get, path = "/me/calls", tag = "calls", operation_id = "listCalls", params(Paging),
    responses((status = 200, description = "One's calls.", body = Page<Call>)),
    security(("access" = []))
)]
pub async fn list(State(rooms): State<Rooms>, me: CurrentUser, paging: Paging) -> Result<Json<Page<Call>>, ApiError> {
    let place = |row: &Call| Cursor::new(row.created_at, row.id);
    Ok(Json(paging.newest_first(sqlx::query_as(CALLS).bind(me.id), rooms.state.store.read(), place).await?))
}
