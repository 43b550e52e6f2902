//! A knock on the door of a room: where it stands.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a knock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KnockStatus {
    /// It is open.
    Pending,
    /// The host let them in.
    Admitted,
    /// The host did not.
    Refused,
    /// Whoever knocked took it back, or nobody answered for a day.
    Withdrawn,
}

impl KnockStatus {
    /// The status as it stands in a row and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Admitted => "admitted",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The status of that name.
    pub fn of(text: &str) -> Option<Self> {
        [Self::Pending, Self::Admitted, Self::Refused, Self::Withdrawn].into_iter().find(|one| one.as_str() == text)
    }
}
