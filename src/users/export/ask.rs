//! `POST /me/exports`: asks for a copy of one's data.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::{Export, ExportState, Row};
use crate::base::id::ExportId;
use crate::base::timestamp::Timestamp;
use crate::users::{CurrentUser, Users};
use crate::web::error::ApiError;

/// Copies of one person in [`DAY`].
const MOST: i64 = 5;
const DAY: Duration = Duration::from_secs(86_400);

/// Ask for a copy of one's data
///
/// It is made in the background. While one is being made, asking again answers with that one.
///
/// # Errors
/// 429 after five in a day.
#[utoipa::path(
    post, path = "/me/exports", tag = "users", operation_id = "requestExport",
    responses((status = 202, description = "It is being made; `Location` tells how far it is", body = Export,
               headers(("Location" = String, description = "Address of the copy.")))),
    security(("access" = []))
)]
pub async fn handler(State(users): State<Users>, user: CurrentUser) -> Result<Response, ApiError> {
    let now = Timestamp::now();
    let mut transaction = users.state.store.begin().await?;
    let id = ExportId::new();
    let expires_at = now.after(users.state.config.accounts.export());
    // Of several at once one gets in: the index of pending ones has room for one of each person.
    let made = sqlx::query(
        "INSERT INTO exports (id, user_id, state, created_at, expires_at) VALUES ($1, $2, 'pending', $3, $4) \
         ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(user.id)
    .bind(now)
    .bind(expires_at)
    .execute(&mut *transaction)
    .await?;
    let export = if made.rows_affected() == 1 {
        let (count, first): (i64, Timestamp) = sqlx::query_as(
            "SELECT COUNT(*), CAST(COALESCE(MIN(created_at), 0) AS BIGINT) FROM exports \
             WHERE user_id = $1 AND created_at > $2",
        )
        .bind(user.id)
        .bind(now.before(DAY))
        .fetch_one(&mut *transaction)
        .await?;
        if count > MOST {
            return Err(ApiError::TooMany(first.after(DAY).since(now)));
        }
        Export { id, state: ExportState::Pending, file: None, bytes: None, created_at: now, expires_at }
    } else {
        let row: Row = sqlx::query_as(
            "SELECT id, state, bytes, created_at, expires_at FROM exports WHERE user_id = $1 AND state = 'pending'",
        )
        .bind(user.id)
        .fetch_one(&mut *transaction)
        .await?;
        row.into()
    };
    transaction.commit().await?;
    users.exports.asked.notify_one();
    let location = format!("/api/v1/me/exports/{}", export.id);
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location)], Json(export)).into_response())
}
