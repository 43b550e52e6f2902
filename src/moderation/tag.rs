//! `DELETE /admin/tags/{tag}`.

use axum::extract::State;
use axum::http::StatusCode;

use super::audit::{self, Action};
use super::staff::Staff;
use crate::base::id::TagId;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::state::AppState;
use crate::tags::name::TagName;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Delete a tag
///
/// For staff. It is taken off everything that carries it. Nothing keeps anybody from using the word again.
#[utoipa::path(delete, path = "/admin/tags/{tag}", tag = "moderation", operation_id = "deleteTag",
    params(("tag" = String, Path, description = "The tag: its identifier, or the word.", example = "rain")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "No such tag; or whoever asks is not staff."),
    ),
    security(("access" = []))
)]
pub async fn delete(
    State(state): State<AppState>,
    Staff(me): Staff,
    Segment(tag): Segment<String>,
) -> Result<StatusCode, ApiError> {
    let gone = || ApiError::NotFound(Code::NotFound);
    // An identifier is longer than any word may be.
    let query = match tag.parse::<TagId>() {
        Ok(id) => sqlx::query_as("DELETE FROM tags WHERE id = $1 RETURNING id, name").bind(id),
        Err(_) => {
            let name = TagName::new(&tag).ok_or_else(gone)?;
            sqlx::query_as("DELETE FROM tags WHERE name = $1 RETURNING id, name").bind(name.as_str().to_owned())
        }
    };
    let mut transaction = state.store.begin().await?;
    let row: Option<(TagId, String)> = query.fetch_optional(&mut *transaction).await?;
    let (id, name) = row.ok_or_else(gone)?;
    audit::record(&mut transaction, Some(me.id), Action::DeleteTag, &id.to_string(), &name, Timestamp::now()).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
