//! `GET /me/exports`, `/me/exports/{id}` and `/me/exports/{id}/file`: how far the copies are, and the copies.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};

use super::{Export, Row};
use crate::base::id::ExportId;
use crate::base::timestamp::Timestamp;
use crate::blobs::{BlobError, BlobName};
use crate::protocol::code::Code;
use crate::users::{CurrentUser, Users};
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::page::{Cursor, Page, Paging};

/// List the copies of one's data
///
/// Newest first.
///
/// # Errors
/// 400 `cursor`.
#[utoipa::path(
    get, path = "/me/exports", tag = "users", operation_id = "listExports", params(Paging),
    responses((status = 200, description = "A page of copies", body = Page<Export>)),
    security(("access" = []))
)]
pub async fn list(
    State(users): State<Users>,
    user: CurrentUser,
    paging: Paging,
) -> Result<Json<Page<Export>>, ApiError> {
    let list = sqlx::query_as(
        "SELECT id, state, bytes, created_at, expires_at FROM exports \
         WHERE user_id = $1 AND expires_at > $2 AND (created_at, id) < ($3, $4) \
         ORDER BY created_at DESC, id DESC LIMIT $5",
    )
    .bind(user.id)
    .bind(Timestamp::now());
    let place = |(id, _, _, created_at, _): &Row| Cursor::new(*created_at, id);
    Ok(Json(paging.newest_first(list, users.state.store.read(), place).await?.map(Export::from)))
}

/// Tell how far a copy is
///
/// # Errors
/// 404 for another's, as for one that is not there any more.
#[utoipa::path(
    get, path = "/me/exports/{id}", tag = "users", operation_id = "fetchExport",
    params(("id" = ExportId, Path, description = "The copy")),
    responses(
        (status = 200, description = "How far it is", body = Export),
        (status = 404, description = "No such copy of one's own"),
    ),
    security(("access" = []))
)]
pub async fn show(
    State(users): State<Users>,
    user: CurrentUser,
    Segment(id): Segment<ExportId>,
) -> Result<Json<Export>, ApiError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, state, bytes, created_at, expires_at FROM exports \
         WHERE id = $1 AND user_id = $2 AND expires_at > $3",
    )
    .bind(id)
    .bind(user.id)
    .bind(Timestamp::now())
    .fetch_optional(users.state.store.read())
    .await?;
    row.map(|row| Json(row.into())).ok_or(ApiError::NotFound(Code::NotFound))
}

/// Fetch a copy of one's data
///
/// # Errors
/// 404 for another's, and while it is not ready.
#[utoipa::path(
    get, path = "/me/exports/{id}/file", tag = "users", operation_id = "downloadExport",
    params(("id" = ExportId, Path, description = "The copy")),
    responses(
        (status = 200, description = "A ZIP of JSON files and pictures", content((Vec<u8> = "application/zip"))),
        (status = 404, description = "No such copy of one's own, or it is not ready"),
    ),
    security(("access" = []))
)]
pub async fn file(
    State(users): State<Users>,
    user: CurrentUser,
    Segment(id): Segment<ExportId>,
) -> Result<Response, ApiError> {
    let nothing = || ApiError::NotFound(Code::NotFound);
    let (blob, bytes, made): (String, i64, Timestamp) = sqlx::query_as(
        "SELECT blob, bytes, created_at FROM exports \
         WHERE id = $1 AND user_id = $2 AND expires_at > $3 AND state = 'ready'",
    )
    .bind(id)
    .bind(user.id)
    .bind(Timestamp::now())
    .fetch_optional(users.state.store.read())
    .await?
    .ok_or_else(nothing)?;
    let name: BlobName = blob.parse().map_err(|_| nothing())?;
    let stream = match users.exports.blobs.stream(&name).await {
        Err(BlobError::Missing) => return Err(nothing()),
        stream => stream?,
    };
    let day = made.to_string();
    let disposition = format!("attachment; filename=\"moodcall-{}.zip\"", day.split('T').next().unwrap_or(&day));
    let headers = [
        (header::CONTENT_TYPE, name.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_LENGTH, bytes.to_string()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(stream)).into_response())
}
