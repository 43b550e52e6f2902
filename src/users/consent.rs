//! What somebody agreed to: the terms, the analysis of their expression, news by mail.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::store::{Store, StoreError};

/// What for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// The terms of use; no account without.
    Terms,
    /// The analysis of their expression in calls.
    Expression,
    /// News by mail.
    News,
}

impl Purpose {
    /// As a row keeps it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Terms => "terms",
            Self::Expression => "expression",
            Self::News => "news",
        }
    }

    /// From a row or a path.
    pub fn from_tag(tag: &str) -> Option<Self> {
        [Self::Terms, Self::Expression, Self::News].into_iter().find(|purpose| purpose.tag() == tag)
    }
}

/// What somebody decided about one purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Consent {
    /// What for.
    pub purpose: Purpose,
    /// Whether they agree.
    pub granted: bool,
    /// Which version of the text they saw.
    #[schema(examples("2026-11"))]
    pub version: String,
    /// When they decided.
    pub changed_at: Timestamp,
}

/// Everything that somebody decided, in the order of the purposes' names.
///
/// # Errors
/// The database does not answer.
pub async fn list(store: &Store, user: UserId) -> Result<Vec<Consent>, StoreError> {
    let rows: Vec<(String, i16, String, Timestamp)> = sqlx::query_as(
        "SELECT purpose, granted, version, changed_at FROM consents WHERE user_id = $1 ORDER BY purpose",
    )
    .bind(user)
    .fetch_all(store.read())
    .await?;
    let consent = |(purpose, granted, version, changed_at): (String, i16, String, Timestamp)| {
        Some(Consent { purpose: Purpose::from_tag(&purpose)?, granted: granted != 0, version, changed_at })
    };
    Ok(rows.into_iter().filter_map(consent).collect())
}
