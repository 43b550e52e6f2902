//! `POST /reports`: telling staff of something.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use utoipa::ToSchema;

use super::case::{Reason, ReportStatus};
use super::subject::{Seen, Subject};
use crate::base::id::{ReportId, UserId};
use crate::base::text;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::social::pair::begin_alone;
use crate::state::AppState;
use crate::store::StoreError;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Body;

/// Longest note, in characters.
pub const NOTE: usize = 500;
/// Reports of one person in a day.
const MOST: i64 = 50;
/// That day.
const DAY: Duration = Duration::from_secs(86_400);

/// Body of `POST /reports`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReport {
    /// What it is about.
    pub subject: Subject,
    /// What is wrong with it.
    pub reason: Reason,
    /// What staff should know.
    #[serde(default)]
    #[schema(max_length = 500, examples("The third one today."))]
    pub note: String,
}

/// A report, as whoever made it sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// The report.
    pub id: ReportId,
    /// What it is about.
    pub subject: Subject,
    /// What is wrong with it.
    pub reason: Reason,
    /// What staff should know.
    pub note: String,
    /// What became of it.
    pub status: ReportStatus,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Report something
///
/// Each person reports each thing once: the same again answers what there is. Who is suspended may report too.
#[utoipa::path(post, path = "/reports", tag = "moderation", operation_id = "createReport",
    request_body = NewReport,
    responses(
        (status = 200, description = "It was reported before.", body = Report),
        (status = 201, description = "Staff will look at it.", body = Report),
        (status = 404, description = "No such thing is to be seen."),
        (status = 409, description = "`oneself`."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    me: CurrentUser,
    Body(new): Body<NewReport>,
) -> Result<Response, ApiError> {
    let note = note(&new.note)?;
    let mut connection = state.store.read().acquire().await?;
    // What was reported may be gone since.
    if let Some(known) = known(&mut connection, me.id, new.subject).await? {
        return Ok(Json(known).into_response());
    }
    let seen = new.subject.seen(&mut connection, me.id).await?.ok_or(ApiError::NotFound(Code::NotFound))?;
    if seen.author == Some(me.id) {
        return Err(ApiError::Conflict(Code::Oneself));
    }
    // Nobody waits for a second connection with one in hand.
    drop(connection);
    let fresh = insert(&state, me.id, &new, &note, &seen).await?;
    let mut connection = state.store.read().acquire().await?;
    let report = known(&mut connection, me.id, new.subject).await?.ok_or(ApiError::Internal)?;
    let status = if fresh { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(report)).into_response())
}

/// Whether this one came first. The reporter is locked while their reports are counted, so that many requests at once make no
/// more than a day has.
async fn insert(state: &AppState, me: UserId, new: &NewReport, note: &str, seen: &Seen) -> Result<bool, ApiError> {
    let now = Timestamp::now();
    let mut transaction = begin_alone(&state.store, me).await?;
    let fresh = sqlx::query(
        "INSERT INTO reports (id, reporter_id, subject_kind, subject_id, author_id, reason, note, excerpt, status, \
         created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9) \
         ON CONFLICT (reporter_id, subject_kind, subject_id) DO NOTHING",
    )
    .bind(ReportId::new())
    .bind(me)
    .bind(new.subject.kind.as_str())
    .bind(new.subject.id.to_string())
    .bind(seen.author)
    .bind(new.reason.as_str())
    .bind(note)
    .bind(seen.excerpt.as_str())
    .bind(now)
    .execute(&mut *transaction)
    .await?
    .rows_affected()
        > 0;
    // Counted with this one: the same again is no more than there is.
    if fresh {
        within_a_day(&mut transaction, me, now).await?;
    }
    transaction.commit().await?;
    Ok(fresh)
}

/// What somebody reported before: person, kind, identifier.
pub const KNOWN: &str = "SELECT id, reason, note, status, created_at FROM reports \
     WHERE reporter_id = $1 AND subject_kind = $2 AND subject_id = $3";

async fn known(connection: &mut AnyConnection, me: UserId, subject: Subject) -> Result<Option<Report>, StoreError> {
    let row: Option<(ReportId, String, String, String, Timestamp)> = sqlx::query_as(KNOWN)
        .bind(me)
        .bind(subject.kind.as_str())
        .bind(subject.id.to_string())
        .fetch_optional(connection)
        .await?;
    Ok(row.and_then(|(id, reason, note, status, created_at)| {
        let (reason, status) = (Reason::of(&reason)?, ReportStatus::of(&status)?);
        Some(Report { id, subject, reason, note, status, created_at })
    }))
}

/// Nobody fills the queue alone.
async fn within_a_day(connection: &mut AnyConnection, me: UserId, now: Timestamp) -> Result<(), ApiError> {
    let (count, first): (i64, Timestamp) = sqlx::query_as(
        "SELECT COUNT(*), CAST(COALESCE(MIN(created_at), 0) AS BIGINT) FROM reports \
         WHERE reporter_id = $1 AND created_at > $2",
    )
    .bind(me)
    .bind(now.before(DAY))
    .fetch_one(connection)
    .await?;
    if count <= MOST { Ok(()) } else { Err(ApiError::TooMany(first.after(DAY).since(now))) }
}

/// A note that somebody typed, cleaned; it may be empty.
///
/// # Errors
/// 422 for `/note`: longer than 500 characters.
pub fn note(typed: &str) -> Result<String, ApiError> {
    if typed.trim().is_empty() {
        return Ok(String::new());
    }
    text::lines(typed, NOTE).ok_or_else(|| ApiError::field("/note", format!("A note has at most {NOTE} characters.")))
}
