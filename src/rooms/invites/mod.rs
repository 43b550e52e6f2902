//! Invitations: links that let whoever has one into a room that they could not enter otherwise. Only a hash is kept.

pub mod create;
pub mod fetch;
pub mod list;
pub mod redeem;
pub mod revoke;

use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};
use utoipa::ToSchema;

use crate::base::id::InviteId;
use crate::base::timestamp::Timestamp;

/// An invitation, as the host sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// The invitation.
    pub id: InviteId,
    /// How often it may be used; none for as often as people like.
    #[schema(examples(5))]
    pub max_uses: Option<u32>,
    /// How often it was used.
    #[schema(examples(1))]
    pub uses: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl<'r> FromRow<'r, AnyRow> for Invite {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(Self {
            id: row.try_get("id")?,
            max_uses: row.try_get::<Option<i64>, _>("max_uses")?.map(count),
            uses: count(row.try_get("uses")?),
            created_at: row.try_get("created_at")?,
            expires_at: row.try_get("expires_at")?,
        })
    }
}
