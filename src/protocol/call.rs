//! One person ringing another: where it stands.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a call stands. It begins by ringing, or is `busy` at once; of the others, only `accepted` is not the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CallStatus {
    /// Every page of the callee rings.
    Ringing,
    /// The callee said yes: the two meet in the call's room.
    Accepted,
    /// The callee said no.
    Declined,
    /// The callee was in another call.
    Busy,
    /// The caller gave up, or their last page was closed.
    Canceled,
    /// Nobody answered in time.
    Missed,
    /// It was accepted, and one of the two has left.
    Ended,
}

impl CallStatus {
    /// Every status there is.
    pub const ALL: &[Self] =
        &[Self::Ringing, Self::Accepted, Self::Declined, Self::Busy, Self::Canceled, Self::Missed, Self::Ended];

    /// The status as it stands in a row and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ringing => "ringing",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Busy => "busy",
            Self::Canceled => "canceled",
            Self::Missed => "missed",
            Self::Ended => "ended",
        }
    }

    /// The status of that name.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|status| status.as_str() == text)
    }

    /// Whether nothing comes after it.
    pub const fn is_over(self) -> bool {
        !matches!(self, Self::Ringing | Self::Accepted)
    }

    /// The same as the callee is told of it: that they were busy is what they missed.
    pub const fn for_callee(self) -> Self {
        if matches!(self, Self::Busy) { Self::Missed } else { self }
    }
}
