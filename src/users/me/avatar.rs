//! `PUT|DELETE /me/avatar`: one's own picture.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use utoipa::ToSchema;

use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::users::picture::Shape;
use crate::users::upload::form::{self, PictureForm};
use crate::users::{ActiveUser, CurrentUser, Users};
use crate::web::error::ApiError;

/// One's picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Avatar {
    /// Address of the picture, from the root of this server.
    #[schema(examples("/api/v1/pictures/9b1c0f6f7d3a4e58a1b2c3d4e5f60718.jpg"))]
    pub avatar: String,
}

/// Replace one's avatar
///
/// By the middle of a picture, 256 by 256 pixels.
///
/// # Errors
/// 400 `picture` for what is no JPEG, PNG or WebP within bounds; 413.
#[utoipa::path(
    put, path = "/me/avatar", tag = "users", operation_id = "replaceAvatar",
    request_body(content = PictureForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "The picture is shown", body = Avatar),
        (status = 400, description = "No form with one picture that can be used"),
        (status = 403, description = "`suspended`"),
    ),
    security(("access" = []))
)]
pub async fn replace(
    State(users): State<Users>,
    ActiveUser(user): ActiveUser,
    request: Request,
) -> Result<Json<Avatar>, ApiError> {
    let uploads = &users.uploads;
    let _turn = uploads.turn(user.id)?;
    let picture = uploads.make(form::read(request).await?, Shape::Avatar).await?;
    let mut old = None;
    let kept = uploads
        .keep(user.id, picture, async |connection, kept| {
            old = swap(connection, user.id, Some(&kept.public_name)).await?;
            Ok(())
        })
        .await?;
    uploads.release(old).await?;
    Ok(Json(Avatar { avatar: kept.upload.url }))
}

/// Delete one's avatar
///
/// # Errors
/// 503.
#[utoipa::path(
    delete, path = "/me/avatar", tag = "users", operation_id = "deleteAvatar",
    responses((status = 204, description = "There is none any more")),
    security(("access" = []))
)]
pub async fn delete(State(users): State<Users>, user: CurrentUser) -> Result<StatusCode, ApiError> {
    let mut transaction = users.state.store.begin().await?;
    let old = swap(&mut transaction, user.id, None).await?;
    transaction.commit().await?;
    users.uploads.release(old).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows another picture or none. Returns the file of the one before, whose row is gone.
async fn swap(
    connection: &mut AnyConnection,
    user: UserId,
    public_name: Option<&str>,
) -> Result<Option<String>, ApiError> {
    // Taken first, so that of two at once the second sees what the first has left.
    sqlx::query("UPDATE users SET updated_at = $1 WHERE id = $2")
        .bind(Timestamp::now())
        .bind(user)
        .execute(&mut *connection)
        .await?;
    let old: Option<String> = sqlx::query_scalar(
        "DELETE FROM uploads WHERE owner_id = $1 \
         AND public_name = (SELECT avatar FROM users WHERE id = $1) RETURNING blob",
    )
    .bind(user)
    .fetch_optional(&mut *connection)
    .await?;
    sqlx::query("UPDATE users SET avatar = $1 WHERE id = $2").bind(public_name).bind(user).execute(connection).await?;
    Ok(old)
}
