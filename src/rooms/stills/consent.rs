//! Agreeing that a still is published, and not, or no longer: `PUT /stills/{still}/consent`.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::still::{Still, StillConsent};
use crate::base::id::StillId;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::rooms::Rooms;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::{Body, Segment};

/// Body of `PUT /stills/{still}/consent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StillAnswer {
    /// Whether one agrees that the still is published.
    pub given: bool,
}

/// Agree that a still is published, or not
///
/// For whoever is in it. It can be changed at any time; once taken back, posts show the picture no longer.
#[utoipa::path(put, path = "/stills/{still}/consent", tag = "stills", operation_id = "answerStill",
    params(("still" = StillId, Path, description = "The still.")), request_body = StillAnswer,
    responses(
        (status = 200, description = "The still as it stands now.", body = Still),
        (status = 404, description = "One is in no such still."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(rooms): State<Rooms>,
    me: CurrentUser,
    Segment(still): Segment<StillId>,
    Body(StillAnswer { given }): Body<StillAnswer>,
) -> Result<Json<Still>, ApiError> {
    let consent = if given { StillConsent::Given } else { StillConsent::Refused };
    let mut transaction = rooms.state.store.begin().await?;
    let answered =
        sqlx::query("UPDATE still_people SET consent = $3, answered_at = $4 WHERE still_id = $1 AND user_id = $2")
            .bind(still)
            .bind(me.id)
            .bind(consent.as_str())
            .bind(Timestamp::now())
            .execute(&mut *transaction)
            .await?;
    if answered.rows_affected() == 0 {
        return Err(ApiError::NotFound(Code::NotFound));
    }
    let shown = rooms.still(&mut transaction, me.id, still).await?.ok_or(ApiError::NotFound(Code::NotFound))?;
    transaction.commit().await?;
    Ok(Json(shown))
}
