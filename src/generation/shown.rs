//! The shape of a playlist in the making in answers, and the statement that reads it.

use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row as _};
use utoipa::ToSchema;

use crate::base::id::{GenerationId, PlaylistId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::store::Store;
use crate::web::error::ApiError;

/// What a playlist is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum GenerationKind {
    /// A text, a genre, a decade.
    Wizard,
    /// One sentence; the genre is drawn from the person's own.
    Event,
    /// The mood that somebody chose to bring from a call.
    Call,
}

impl GenerationKind {
    const ALL: [Self; 3] = [Self::Wizard, Self::Event, Self::Call];

    /// As it stands in a row and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wizard => "wizard",
            Self::Event => "event",
            Self::Call => "call",
        }
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum GenerationStatus {
    /// Nobody has begun, or nobody has begun again.
    Waiting,
    /// Somebody is at it.
    Running,
    /// The playlist is there.
    Done,
    /// It could not be made. Nothing is left of it.
    Failed,
    /// The person did not want it any more.
    Canceled,
}

impl GenerationStatus {
    const ALL: [Self; 5] = [Self::Waiting, Self::Running, Self::Done, Self::Failed, Self::Canceled];

    /// As it stands in a row and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }

    /// Whether nothing changes any more.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Canceled)
    }
}

/// What is being done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum GenerationStep {
    /// Reading what was asked for.
    Understand,
    /// Choosing the songs.
    Songs,
    /// Title, description, keywords.
    Words,
    /// The cover.
    Cover,
    /// Keeping all of it.
    Save,
}

impl GenerationStep {
    /// Every one, in order.
    pub const ALL: [Self; 5] = [Self::Understand, Self::Songs, Self::Words, Self::Cover, Self::Save];

    /// As it stands in a row and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Understand => "understand",
            Self::Songs => "songs",
            Self::Words => "words",
            Self::Cover => "cover",
            Self::Save => "save",
        }
    }

    /// Steps before it.
    pub const fn before(self) -> i64 {
        self as i64
    }
}

/// A playlist in the making.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Generation {
    /// It.
    pub id: GenerationId,
    /// What it is made of.
    pub kind: GenerationKind,
    /// How far it is.
    pub status: GenerationStatus,
    /// What is being done, while it runs.
    pub step: Option<GenerationStep>,
    /// How much is behind it, 0 to 1. Goes back when somebody else has to begin again.
    #[schema(minimum = 0, maximum = 1, examples(0.4))]
    pub progress: f32,
    /// The playlist, when it is done and still there. Only its owner sees it until they make it public.
    pub playlist_id: Option<PlaylistId>,
    /// Why it failed: a code of the closed list.
    #[schema(value_type = Option<String>, examples("unavailable"))]
    pub problem: Option<Code>,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// A row, and the number that changes with it.
#[derive(Clone, Debug, PartialEq)]
pub struct GenerationRow {
    /// What its owner sees.
    pub shown: Generation,
    /// When it changed last.
    pub updated_at: Timestamp,
}

/// One generation `$1` of the person `$2`.
pub const ONE: &str = "SELECT id, kind, status, step, steps_done, playlist_id, problem, created_at, updated_at \
    FROM playlist_generations WHERE id = $1 AND user_id = $2";

impl<'r> FromRow<'r, AnyRow> for GenerationRow {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let text = |name: &str| row.try_get::<String, _>(name);
        let unknown = |name: &str| sqlx::Error::ColumnDecode { index: name.into(), source: "unknown".into() };
        let (kind, status, step) = (text("kind")?, text("status")?, text("step")?);
        let kind = GenerationKind::ALL.into_iter().find(|one| one.as_str() == kind).ok_or_else(|| unknown("kind"))?;
        let status =
            GenerationStatus::ALL.into_iter().find(|one| one.as_str() == status).ok_or_else(|| unknown("status"))?;
        let step = GenerationStep::ALL.into_iter().find(|one| one.as_str() == step);
        let all = GenerationStep::ALL.len() as f32;
        let progress = match status {
            GenerationStatus::Done => 1.0,
            _ => (row.try_get::<i64, _>("steps_done")? as f32 / all).clamp(0.0, 1.0),
        };
        let problem: Option<String> = row.try_get("problem")?;
        let shown = Generation {
            id: row.try_get("id")?,
            kind,
            status,
            step: step.filter(|_| status == GenerationStatus::Running),
            progress,
            playlist_id: row.try_get("playlist_id")?,
            problem: problem.and_then(|text| Code::ALL.iter().copied().find(|code| code.as_str() == text)),
            created_at: row.try_get("created_at")?,
        };
        Ok(Self { shown, updated_at: row.try_get("updated_at")? })
    }
}

/// One's own.
///
/// # Errors
/// 404 for another's, as for one that is not there any more; 503.
pub async fn fetch(store: &Store, id: GenerationId, user: UserId) -> Result<GenerationRow, ApiError> {
    let row: Option<GenerationRow> = sqlx::query_as(ONE).bind(id).bind(user).fetch_optional(store.read()).await?;
    row.ok_or(ApiError::NotFound(Code::NotFound))
}
