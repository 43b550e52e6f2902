//! Whom one has blocked: `GET /me/blocks`, and the question for calls.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};
use utoipa::ToSchema;

use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::state::AppState;
use crate::store::{Store, StoreError};
use crate::users::CurrentUser;
use crate::users::card::Card;
use crate::web::error::ApiError;
use crate::web::page::{Cursor, Page, Paging};

/// Somebody who is blocked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Blocked {
    /// The person.
    pub user: Card,
    /// Since when.
    pub since: Timestamp,
}

impl<'r> FromRow<'r, AnyRow> for Blocked {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self { user: Card::from_row(row)?, since: row.try_get("since")? })
    }
}

/// Whom one has blocked, newest first: blocker, time, identifier, rows.
pub const BLOCKED: &str = "SELECT u.id, u.handle, u.nickname, u.avatar, k.created_at AS since \
     FROM blocks k JOIN users u ON u.id = k.blocked_id \
     WHERE k.blocker_id = $1 AND (k.created_at, k.blocked_id) < ($2, $3) AND u.deletes_at IS NULL \
     ORDER BY k.created_at DESC, k.blocked_id DESC LIMIT $4";

/// List whom one has blocked
///
/// Newest first.
#[utoipa::path(get, path = "/me/blocks", tag = "social", operation_id = "listBlocks", params(Paging),
    responses((status = 200, description = "Whom one has blocked.", body = Page<Blocked>)),
    security(("access" = []))
)]
pub async fn list(
    State(state): State<AppState>,
    me: CurrentUser,
    paging: Paging,
) -> Result<Json<Page<Blocked>>, ApiError> {
    let place = |row: &Blocked| Cursor::new(row.since, row.user.id);
    Ok(Json(paging.newest_first(sqlx::query_as(BLOCKED).bind(me.id), state.store.read(), place).await?))
}

/// Whether `blocker` has blocked `blocked`.
///
/// # Errors
/// The database does not answer.
pub async fn has_blocked(store: &Store, blocker: UserId, blocked: UserId) -> Result<bool, StoreError> {
    let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM blocks WHERE blocker_id = $1 AND blocked_id = $2")
        .bind(blocker)
        .bind(blocked)
        .fetch_one(store.read())
        .await?;
    Ok(rows > 0)
}

/// What stands between somebody and a company of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bar {
    /// One of them has blocked the person. To be answered as if the company did not exist.
    Blocked,
    /// The person has blocked one of them.
    Blocks,
}

/// Whether a block keeps `user` from meeting any of `company`. What the others did weighs more.
///
/// # Errors
/// The database does not answer.
pub async fn bar(store: &Store, user: UserId, company: &[UserId]) -> Result<Option<Bar>, StoreError> {
    let mut blocks = false;
    for other in company.iter().filter(|other| **other != user) {
        if has_blocked(store, *other, user).await? {
            return Ok(Some(Bar::Blocked));
        }
        blocks = blocks || has_blocked(store, user, *other).await?;
    }
    Ok(blocks.then_some(Bar::Blocks))
}
