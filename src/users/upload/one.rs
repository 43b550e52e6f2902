//! `GET|DELETE /uploads/{id}`: one's own upload.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use sqlx::Row as _;

use super::Upload;
use crate::base::id::UploadId;
use crate::protocol::code::Code;
use crate::users::card::picture_url;
use crate::users::{CurrentUser, Users};
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Fetch one's own upload
///
/// # Errors
/// 404 for another's, as for one that is not there.
#[utoipa::path(
    get, path = "/uploads/{id}", tag = "uploads", operation_id = "fetchUpload",
    params(("id" = UploadId, Path, description = "The upload")),
    responses(
        (status = 200, description = "The upload", body = Upload),
        (status = 404, description = "No such upload of one's own"),
    ),
    security(("access" = []))
)]
pub async fn show(
    State(users): State<Users>,
    user: CurrentUser,
    Segment(id): Segment<UploadId>,
) -> Result<Json<Upload>, ApiError> {
    let row = sqlx::query(
        "SELECT public_name, media_type, width, height, bytes, created_at FROM uploads WHERE id = $1 AND owner_id = $2",
    )
    .bind(id)
    .bind(user.id)
    .fetch_optional(users.state.store.read())
    .await?
    .ok_or(ApiError::NotFound(Code::NotFound))?;
    Ok(Json(Upload {
        id,
        url: picture_url(&row.try_get::<String, _>("public_name")?),
        media_type: row.try_get("media_type")?,
        width: row.try_get("width")?,
        height: row.try_get("height")?,
        bytes: row.try_get("bytes")?,
        created_at: row.try_get("created_at")?,
    }))
}

/// Delete one's own upload
///
/// The picture is gone wherever it was shown.
///
/// # Errors
/// 404 for another's, as for one that is not there.
#[utoipa::path(
    delete, path = "/uploads/{id}", tag = "uploads", operation_id = "deleteUpload",
    params(("id" = UploadId, Path, description = "The upload")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "No such upload of one's own"),
    ),
    security(("access" = []))
)]
pub async fn delete(
    State(users): State<Users>,
    user: CurrentUser,
    Segment(id): Segment<UploadId>,
) -> Result<StatusCode, ApiError> {
    let mut transaction = users.state.store.begin().await?;
    let (blob, public_name): (String, String) =
        sqlx::query_as("DELETE FROM uploads WHERE id = $1 AND owner_id = $2 RETURNING blob, public_name")
            .bind(id)
            .bind(user.id)
            .fetch_optional(&mut *transaction)
            .await?
            .ok_or(ApiError::NotFound(Code::NotFound))?;
    // A playlist without a cover gets another soon.
    sqlx::query("UPDATE playlists SET cover = NULL, cover_kind = NULL WHERE cover = $1")
        .bind(&public_name)
        .execute(&mut *transaction)
        .await?;
    sqlx::query("UPDATE users SET avatar = NULL WHERE id = $1 AND avatar = $2")
        .bind(user.id)
        .bind(public_name)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    users.uploads.release([blob]).await?;
    Ok(StatusCode::NO_CONTENT)
}
