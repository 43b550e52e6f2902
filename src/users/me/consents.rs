//! `GET|PUT /me/consents/{purpose}`: what one agrees to.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::text;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::users::consent::{self, Consent, Purpose};
use crate::users::{CurrentUser, Users};
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};

/// Longest name of a version, in characters.
const VERSION: usize = 40;

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Whether they agree.
    pub granted: bool,
    /// Which version of the text they saw.
    #[schema(min_length = 1, max_length = 40, examples("2026-11"))]
    pub version: String,
}

/// Fetch what one agreed to for a purpose
///
/// # Errors
/// 404 for what they never decided, and for what there is no purpose of that name.
#[utoipa::path(
    get, path = "/me/consents/{purpose}", tag = "users", operation_id = "fetchConsent",
    params(("purpose" = Purpose, Path, description = "What for")),
    responses(
        (status = 200, description = "What they decided", body = Consent),
        (status = 404, description = "They have not decided"),
    ),
    security(("access" = []))
)]
pub async fn show(
    State(users): State<Users>,
    user: CurrentUser,
    Segment(purpose): Segment<Purpose>,
) -> Result<Json<Consent>, ApiError> {
    let consents = consent::list(&users.state.store, user.id).await?;
    let found = consents.into_iter().find(|consent| consent.purpose == purpose);
    found.map(Json).ok_or(ApiError::NotFound(Code::NotFound))
}

/// Agree to a purpose, or withdraw
///
/// # Errors
/// 404 for another purpose; 422 for withdrawing the terms, which is what leaving is for.
#[utoipa::path(
    put, path = "/me/consents/{purpose}", tag = "users", operation_id = "decideConsent",
    params(("purpose" = Purpose, Path, description = "What for")),
    request_body = Decision,
    responses(
        (status = 200, description = "What they decided now", body = Consent),
        (status = 404, description = "No such purpose"),
        (status = 422, description = "The terms hold as long as the account, or the version is not usable"),
    ),
    security(("access" = []))
)]
pub async fn decide(
    State(users): State<Users>,
    user: CurrentUser,
    Segment(purpose): Segment<Purpose>,
    Body(decision): Body<Decision>,
) -> Result<Json<Consent>, ApiError> {
    if purpose == Purpose::Terms && !decision.granted {
        return Err(ApiError::field("/granted", "The terms hold as long as the account. To withdraw, delete it."));
    }
    let version = text::line(&decision.version, VERSION)
        .ok_or_else(|| ApiError::field("/version", format!("The version must have 1 to {VERSION} characters.")))?;
    let now = Timestamp::now();
    sqlx::query(
        "INSERT INTO consents (user_id, purpose, granted, version, changed_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (user_id, purpose) DO UPDATE \
         SET granted = excluded.granted, version = excluded.version, changed_at = excluded.changed_at",
    )
    .bind(user.id)
    .bind(purpose.tag())
    .bind(i16::from(decision.granted))
    .bind(&version)
    .bind(now)
    .execute(users.state.store.write())
    .await?;
    Ok(Json(Consent { purpose, granted: decision.granted, version, changed_at: now }))
}
