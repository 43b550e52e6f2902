//! `PATCH /admin/reports/{id}`.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::audit::{self, Action};
use super::case::{Case, ReportStatus};
use super::report::note;
use super::staff::Staff;
use crate::base::id::ReportId;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::state::AppState;
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};

/// What staff think of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// It is right.
    Upheld,
    /// It is not.
    Dismissed,
}

impl Finding {
    const fn status(self) -> ReportStatus {
        match self {
            Self::Upheld => ReportStatus::Upheld,
            Self::Dismissed => ReportStatus::Dismissed,
        }
    }
}

/// Body of `PATCH /admin/reports/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportVerdict {
    /// What staff think of it.
    pub status: Finding,
    /// Why, for the audit log.
    #[serde(default)]
    #[schema(max_length = 500, examples("Seen, and the post is gone."))]
    pub note: String,
}

/// Every open report of the thing that one report is about: report, status, time, staff.
pub const CLOSE: &str = "UPDATE reports SET status = $2, closed_at = $3, closed_by = $4 WHERE status = 'open' \
     AND subject_id = (SELECT subject_id FROM reports WHERE id = $1) \
     AND subject_kind = (SELECT subject_kind FROM reports WHERE id = $1)";

/// Close a report
///
/// For staff. Every other open report of the same thing is closed with it. What is to be done about the thing, or its
/// author, is an act of its own.
#[utoipa::path(patch, path = "/admin/reports/{id}", tag = "moderation", operation_id = "closeReport",
    params(("id" = String, Path, description = "The report.")),
    request_body = ReportVerdict,
    responses(
        (status = 200, description = "It is closed.", body = Case),
        (status = 404, description = "No such report; or whoever asks is not staff."),
        (status = 409, description = "`answered`: it was closed otherwise."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    Staff(me): Staff,
    Segment(id): Segment<String>,
    Body(verdict): Body<ReportVerdict>,
) -> Result<Json<Case>, ApiError> {
    let gone = || ApiError::NotFound(Code::NotFound);
    let id: ReportId = id.parse().map_err(|_| gone())?;
    let note = note(&verdict.note)?;
    let mut transaction = state.store.begin().await?;
    let now = Timestamp::now();
    let closed = sqlx::query(CLOSE)
        .bind(id)
        .bind(verdict.status.status().as_str())
        .bind(now)
        .bind(me.id)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
    let case = Case::load(&mut transaction, id).await?.ok_or_else(gone)?;
    if case.status != verdict.status.status() {
        return Err(ApiError::Conflict(Code::Answered));
    }
    if closed > 0 {
        let action = match verdict.status {
            Finding::Upheld => Action::UpholdReport,
            Finding::Dismissed => Action::DismissReport,
        };
        audit::record(&mut transaction, Some(me.id), action, &id.to_string(), &note, now).await?;
        transaction.commit().await?;
    }
    Ok(Json(case))
}
