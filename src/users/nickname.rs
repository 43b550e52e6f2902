//! `GET /nicknames/{name}`: whether a nickname is free, while somebody types it.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asker::Asker;
use super::{Users, name};
use crate::base::fold::fold;
use crate::base::id::UserId;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// A nickname, and whether it is free.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Nickname {
    /// As it would be shown.
    #[schema(examples("Ada"))]
    pub nickname: String,
    /// Whether nobody has it now. Signing up decides.
    pub free: bool,
}

/// Ask whether a nickname is free
///
/// # Errors
/// 422 for what is no nickname; 429.
#[utoipa::path(
    get, path = "/nicknames/{name}", tag = "users", operation_id = "checkNickname",
    params(("name" = String, Path, description = "The nickname", max_length = 40, example = "Ada")),
    responses(
        (status = 200, description = "Whether it is free", body = Nickname),
        (status = 422, description = "It cannot be a nickname at all"),
    )
)]
pub async fn handler(
    State(users): State<Users>,
    asker: Asker,
    Segment(typed): Segment<String>,
) -> Result<Response, ApiError> {
    users.limits.name(asker.caller())?;
    let nickname = name::nickname(&typed, "name")?;
    let owner: Option<UserId> = sqlx::query_scalar("SELECT id FROM users WHERE nickname_key = $1")
        .bind(fold(&nickname))
        .fetch_optional(users.state.store.read())
        .await?;
    let never_stored = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((never_stored, Json(Nickname { nickname, free: owner.is_none() })).into_response())
}
