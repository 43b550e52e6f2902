//! `POST /uploads`: keeps a picture.

use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::form::{self, PictureForm};
use super::{Upload, Uploads};
use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::users::picture::Shape;
use crate::users::{ActiveUser, Users};
use crate::web::error::ApiError;

/// The time that is looked back on.
const DAY: Duration = Duration::from_secs(86_400);
/// Pictures of one person in that time.
const MOST: i64 = 200;
/// Bytes of one person in that time.
const MOST_BYTES: i64 = 512 * 1024 * 1024;

/// Upload a picture
///
/// # Errors
/// 400 `picture` for what is no JPEG, PNG or WebP within bounds; 413; 429 after too many in a day.
#[utoipa::path(
    post, path = "/uploads", tag = "uploads", operation_id = "uploadPicture",
    request_body(content = PictureForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "The picture is kept, written anew and without metadata", body = Upload,
         headers(("Location" = String, description = "Address of the upload"))),
        (status = 400, description = "No form with one picture that can be used"),
        (status = 403, description = "`suspended`"),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(users): State<Users>,
    ActiveUser(user): ActiveUser,
    request: Request,
) -> Result<Response, ApiError> {
    let uploads = &users.uploads;
    let _turn = uploads.turn(user.id)?;
    within_a_day(uploads, user.id).await?;
    let picture = uploads.make(form::read(request).await?, Shape::Whole).await?;
    let upload = uploads.keep(user.id, picture, async |_, _| Ok(())).await?.upload;
    let location = format!("/api/v1/uploads/{}", upload.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(upload)).into_response())
}

/// Nobody fills the disk alone. Covers of playlists do not count: most are drawn unasked.
async fn within_a_day(uploads: &Uploads, user: UserId) -> Result<(), ApiError> {
    let now = Timestamp::now();
    let (count, bytes, first): (i64, i64, Timestamp) = sqlx::query_as(
        "SELECT COUNT(*), CAST(COALESCE(SUM(bytes), 0) AS BIGINT), CAST(COALESCE(MIN(created_at), 0) AS BIGINT) \
         FROM uploads x WHERE owner_id = $1 AND created_at > $2 \
         AND NOT EXISTS (SELECT 1 FROM playlists p WHERE p.cover = x.public_name)",
    )
    .bind(user)
    .bind(now.before(DAY))
    .fetch_one(uploads.store.read())
    .await?;
    if count < MOST && bytes < MOST_BYTES {
        return Ok(());
    }
    Err(ApiError::TooMany(first.after(DAY).since(now)))
}
