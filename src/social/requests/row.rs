//! A request for friendship, as either of the two sees it.

use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, FromRow, Row as _};
use utoipa::ToSchema;

use crate::base::id::{FriendRequestId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::store::StoreError;
use crate::users::card::Card;
use crate::web::error::ApiError;

/// Whether a request came or went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Somebody asks.
    #[default]
    Incoming,
    /// One asks somebody.
    Outgoing,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RequestStatus {
    /// It is open.
    Pending,
    /// The two became friends.
    Accepted,
    /// The one who was asked said no.
    Rejected,
    /// The one who asked took it back, or a block did.
    Withdrawn,
}

impl RequestStatus {
    fn of(text: &str) -> Option<Self> {
        Some(match text {
            "pending" => Self::Pending,
            "accepted" => Self::Accepted,
            "rejected" => Self::Rejected,
            "withdrawn" => Self::Withdrawn,
            _ => return None,
        })
    }
}

/// A request for friendship.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FriendRequest {
    /// The request.
    pub id: FriendRequestId,
    /// Whether it came or went.
    pub direction: Direction,
    /// The other one.
    pub user: Card,
    /// What became of it.
    pub status: RequestStatus,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was answered or withdrawn.
    pub answered_at: Option<Timestamp>,
}

impl<'r> FromRow<'r, AnyRow> for FriendRequest {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let status: String = row.try_get("status")?;
        Ok(Self {
            id: row.try_get("request_id")?,
            direction: if row.try_get::<i64, _>("outgoing")? > 0 { Direction::Outgoing } else { Direction::Incoming },
            user: Card::from_row(row)?,
            status: RequestStatus::of(&status).ok_or_else(|| sqlx::Error::Decode("no such status".into()))?,
            created_at: row.try_get("created_at")?,
            answered_at: row.try_get("answered_at")?,
        })
    }
}

/// One request as one of its two sees it: identifier, viewer.
pub const ONE: &str = "SELECT r.id AS request_id, r.status, r.created_at, r.answered_at, \
     CAST(CASE WHEN r.from_id = $2 THEN 1 ELSE 0 END AS BIGINT) AS outgoing, \
     u.id, u.handle, u.nickname, u.avatar FROM friend_requests r \
     JOIN users u ON u.id = CASE WHEN r.from_id = $2 THEN r.to_id ELSE r.from_id END \
     WHERE r.id = $1 AND (r.from_id = $2 OR r.to_id = $2) AND u.deletes_at IS NULL \
     AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = r.from_id AND b.blocked_id = r.to_id) \
     AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = r.to_id AND b.blocked_id = r.from_id)";

impl FriendRequest {
    /// The request as `viewer`, who is one of its two, sees it. None when it is not there or not to be seen.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn load(
        connection: &mut AnyConnection,
        id: FriendRequestId,
        viewer: UserId,
    ) -> Result<Option<Self>, StoreError> {
        Ok(sqlx::query_as(ONE).bind(id).bind(viewer).fetch_optional(connection).await?)
    }
}

/// The identifier in a path. What is none does not exist.
///
/// # Errors
/// 404.
pub fn id(text: &str) -> Result<FriendRequestId, ApiError> {
    text.parse().map_err(|_| ApiError::NotFound(Code::NotFound))
}
