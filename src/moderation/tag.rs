//! `DELETE /admin/tags/{id}`.

use axum::extract::State;
use axum::http::StatusCode;

use super::audit::{self, Action};
use super::staff::Staff;
use crate::base::id::TagId;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::state::AppState;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Delete a tag
///
/// For staff. It is taken off everything that carries it. Nothing keeps anybody from using the word again.
#[utoipa::path(delete, path = "/admin/tags/{id}", tag = "moderation", operation_id = "deleteTag",
    params(("id" = String, Path, description = "The tag.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "No such tag; or whoever asks is not staff."),
    ),
    security(("access" = []))
)]
pub async fn delete(
    State(state): State<AppState>,
    Staff(me): Staff,
    Segment(id): Segment<String>,
) -> Result<StatusCode, ApiError> {
    let gone = || ApiError::NotFound(Code::NotFound);
    let id: TagId = id.parse().map_err(|_| gone())?;
    let mut transaction = state.store.begin().await?;
    let name: Option<String> = sqlx::query_scalar("DELETE FROM tags WHERE id = $1 RETURNING name")
        .bind(id)
        .fetch_optional(&mut *transaction)
        .await?;
    let name = name.ok_or_else(gone)?;
    audit::record(&mut transaction, Some(me.id), Action::DeleteTag, &id.to_string(), &name, Timestamp::now()).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
