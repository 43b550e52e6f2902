//! `POST /admin/reports/{id}/takedown`: what a report is about goes, whoever made it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::audit::Act;
use super::case::Case;
use super::report::note;
use super::staff::Staff;
use super::subject::{Subject, SubjectKind};
use super::takedown::{self, gone};
use crate::base::id::ReportId;
use crate::base::timestamp::Timestamp;
use crate::rooms::Rooms;
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};

/// Body of `POST /admin/reports/{id}/takedown`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTakedown {
    /// Why, for the audit log.
    #[serde(default)]
    #[schema(max_length = 500, examples("A swindle."))]
    pub note: String,
}

/// Take down what was reported
///
/// For staff. Hides a post or a playlist, deletes a comment, a line of chat or a room, whose call ends; also what a guest
/// did, who is nobody that could be acted on. The report stays open until it is closed.
#[utoipa::path(post, path = "/admin/reports/{id}/takedown", tag = "moderation", operation_id = "takeDownReported",
    params(("id" = String, Path, description = "The report.")),
    request_body = NewTakedown,
    responses(
        (status = 201, description = "It is done.", body = Act),
        (status = 404, description = "No such report, or what it is about is gone, or a person; or whoever asks is not staff."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(rooms): State<Rooms>,
    Staff(me): Staff,
    Segment(report): Segment<String>,
    Body(body): Body<NewTakedown>,
) -> Result<(StatusCode, Json<Act>), ApiError> {
    let store = &rooms.state.store;
    let note = note(&body.note)?;
    let report: ReportId = report.parse().map_err(|_| gone())?;
    let case = Case::load(&mut *store.read().acquire().await?, report).await?.ok_or_else(gone)?;
    let Subject { kind, id } = case.subject;
    let now = Timestamp::now();
    let act = match (kind, case.author.map(|author| author.id)) {
        (SubjectKind::Room, host) => takedown::room(&rooms, me.id, host, id.into(), &note, now).await?,
        (SubjectKind::Message, author) => takedown::message(&rooms, me.id, author, id.into(), &note, now).await?,
        (SubjectKind::Post, Some(author)) => takedown::post(store, me.id, author, id.into(), true, &note, now).await?,
        (SubjectKind::Playlist, Some(owner)) => {
            takedown::playlist(store, me.id, owner, id.into(), true, &note, now).await?
        }
        (SubjectKind::Comment, Some(author)) => takedown::comment(store, me.id, author, id.into(), &note, now).await?,
        (SubjectKind::User, _) | (_, None) => return Err(gone()),
    };
    Ok((StatusCode::CREATED, Json(act)))
}
