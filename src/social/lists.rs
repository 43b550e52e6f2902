//! Who follows somebody, whom they follow, their friends: `GET /users/{user}/followers`, `/following`, `/friends`.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};
use utoipa::ToSchema;

use super::target;
use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::state::AppState;
use crate::users::CurrentUser;
use crate::users::card::Card;
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::page::{Cursor, Page, Paging};

/// Somebody in a list, and how the viewer stands to them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Acquaintance {
    /// The person.
    pub user: Card,
    /// Whether the viewer follows them.
    pub following: bool,
    /// Whether the viewer and they are friends.
    pub friends: bool,
    /// Since when they are in the list.
    pub since: Timestamp,
}

impl<'r> FromRow<'r, AnyRow> for Acquaintance {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            user: Card::from_row(row)?,
            following: row.try_get::<i64, _>("following")? > 0,
            friends: row.try_get::<i64, _>("friends")? > 0,
            since: row.try_get("since")?,
        })
    }
}

/// What a list shows of `u` to the viewer `$2`.
macro_rules! shown {
    () => {
        "u.id, u.handle, u.nickname, u.avatar, \
         (SELECT COUNT(*) FROM follows w WHERE w.follower_id = $2 AND w.followee_id = u.id) AS following, \
         (SELECT COUNT(*) FROM friendships p WHERE p.low_id = $2 AND p.high_id = u.id) \
         + (SELECT COUNT(*) FROM friendships p WHERE p.low_id = u.id AND p.high_id = $2) AS friends"
    };
}

/// Whom the viewer `$2` may see of `u`.
macro_rules! visible {
    () => {
        "u.deletes_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = $2 AND b.blocked_id = u.id) \
         AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = u.id AND b.blocked_id = $2)"
    };
}

/// Who follows `$1`, newest first: of whom, viewer, time, identifier, rows.
pub const FOLLOWERS: &str = concat!(
    "SELECT ",
    shown!(),
    ", f.created_at AS since FROM follows f JOIN users u ON u.id = f.follower_id \
     WHERE f.followee_id = $1 AND (f.created_at, f.follower_id) < ($3, $4) AND ",
    visible!(),
    " ORDER BY f.created_at DESC, f.follower_id DESC LIMIT $5"
);

/// Whom `$1` follows, newest first: of whom, viewer, time, identifier, rows.
pub const FOLLOWING: &str = concat!(
    "SELECT ",
    shown!(),
    ", f.created_at AS since FROM follows f JOIN users u ON u.id = f.followee_id \
     WHERE f.follower_id = $1 AND (f.created_at, f.followee_id) < ($3, $4) AND ",
    visible!(),
    " ORDER BY f.created_at DESC, f.followee_id DESC LIMIT $5"
);

/// The friends of `$1`, newest first: of whom, viewer, time, identifier, rows. A friendship is kept once, in the order of
/// the identifiers, so the list is merged of those below and those above.
pub const FRIENDS: &str = concat!(
    "SELECT ",
    shown!(),
    ", merged.since FROM (SELECT * FROM (\
     SELECT s.high_id AS other, s.created_at AS since FROM friendships s JOIN users u ON u.id = s.high_id \
     WHERE s.low_id = $1 AND (s.created_at, s.high_id) < ($3, $4) AND ",
    visible!(),
    " ORDER BY s.created_at DESC, s.high_id DESC LIMIT $5) AS above UNION ALL SELECT * FROM (\
     SELECT s.low_id AS other, s.created_at AS since FROM friendships s JOIN users u ON u.id = s.low_id \
     WHERE s.high_id = $1 AND (s.created_at, s.low_id) < ($3, $4) AND ",
    visible!(),
    " ORDER BY s.created_at DESC, s.low_id DESC LIMIT $5) AS below\
     ) AS merged JOIN users u ON u.id = merged.other ORDER BY merged.since DESC, merged.other DESC LIMIT $5"
);

/// List who follows somebody
///
/// Newest first, without anybody whom the viewer has blocked or who has blocked them.
#[utoipa::path(get, path = "/users/{user}/followers", tag = "social", operation_id = "listFollowers",
    params(("user" = String, Path, description = "Identifier or handle."), Paging),
    responses(
        (status = 200, description = "Who follows them.", body = Page<Acquaintance>),
        (status = 404, description = "Nobody of that name is to be seen."),
    ),
    security(("access" = []))
)]
pub async fn followers(
    State(state): State<AppState>,
    me: CurrentUser,
    Segment(user): Segment<String>,
    paging: Paging,
) -> Result<Json<Page<Acquaintance>>, ApiError> {
    let of = target::seen(&state.store, me.id, &user).await?;
    list(&state, FOLLOWERS, of, me.id, &paging).await
}

/// List whom somebody follows
///
/// Newest first, without anybody whom the viewer has blocked or who has blocked them.
#[utoipa::path(get, path = "/users/{user}/following", tag = "social", operation_id = "listFollowing",
    params(("user" = String, Path, description = "Identifier or handle."), Paging),
    responses(
        (status = 200, description = "Whom they follow.", body = Page<Acquaintance>),
        (status = 404, description = "Nobody of that name is to be seen."),
    ),
    security(("access" = []))
)]
pub async fn following(
    State(state): State<AppState>,
    me: CurrentUser,
    Segment(user): Segment<String>,
    paging: Paging,
) -> Result<Json<Page<Acquaintance>>, ApiError> {
    let of = target::seen(&state.store, me.id, &user).await?;
    list(&state, FOLLOWING, of, me.id, &paging).await
}

/// List somebody's friends
///
/// Newest first, without anybody whom the viewer has blocked or who has blocked them.
#[utoipa::path(get, path = "/users/{user}/friends", tag = "social", operation_id = "listFriendsOf",
    params(("user" = String, Path, description = "Identifier or handle."), Paging),
    responses(
        (status = 200, description = "Their friends.", body = Page<Acquaintance>),
        (status = 404, description = "Nobody of that name is to be seen."),
    ),
    security(("access" = []))
)]
pub async fn friends(
    State(state): State<AppState>,
    me: CurrentUser,
    Segment(user): Segment<String>,
    paging: Paging,
) -> Result<Json<Page<Acquaintance>>, ApiError> {
    let of = target::seen(&state.store, me.id, &user).await?;
    list(&state, FRIENDS, of, me.id, &paging).await
}

/// One page of a list of `of` as `viewer` sees it.
pub(super) async fn list(
    state: &AppState,
    sql: &'static str,
    of: UserId,
    viewer: UserId,
    paging: &Paging,
) -> Result<Json<Page<Acquaintance>>, ApiError> {
    let list = sqlx::query_as(sql).bind(of).bind(viewer);
    let place = |row: &Acquaintance| Cursor::new(row.since, row.user.id);
    Ok(Json(paging.newest_first(list, state.store.read(), place).await?))
}
