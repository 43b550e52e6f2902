//! `GET /admin/reports`.

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use utoipa::IntoParams;

use super::case::{CLOSED, Case, ReportStatus, WAITING};
use super::staff::Staff;
use crate::state::AppState;
use crate::web::error::ApiError;
use crate::web::page::{Cursor, Page, Paging};

/// Which reports a request wants.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// What became of them.
    #[param(pattern = "^(open|upheld|dismissed)$", example = "open")]
    status: Option<String>,
}

/// List reports
///
/// For staff. Those that are open come by their age, the oldest first; those that are closed, the newest first.
#[utoipa::path(get, path = "/admin/reports", tag = "moderation", operation_id = "listReports", params(Wanted, Paging),
    responses(
        (status = 200, description = "The reports.", body = Page<Case>),
        (status = 404, description = "Whoever asks is not staff."),
        (status = 422, description = "No such status."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    _me: Staff,
    Query(Wanted { status }): Query<Wanted>,
    paging: Paging,
) -> Result<Json<Page<Case>>, ApiError> {
    let status = status.as_deref().map_or(Some(ReportStatus::Open), ReportStatus::of);
    let status = status.ok_or_else(|| ApiError::field("status", "The status is one of: open, upheld, dismissed."))?;
    let (pool, place) = (state.store.read(), |case: &Case| Cursor::new(case.created_at, case.id));
    let list = |sql: &'static str| sqlx::query_as(sql).bind(status.as_str());
    Ok(Json(match status {
        ReportStatus::Open => paging.oldest_first(list(WAITING), pool, place).await?,
        ReportStatus::Upheld | ReportStatus::Dismissed => paging.newest_first(list(CLOSED), pool, place).await?,
    }))
}
