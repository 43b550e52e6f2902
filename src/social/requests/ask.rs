//! `POST /friend-requests`: asking somebody to be a friend.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::accept;
use super::row::FriendRequest;
use crate::base::id::{FriendRequestId, NoticeId, UserId};
use crate::base::timestamp::Timestamp;
use crate::notices::{self, Notice};
use crate::protocol::code::Code;
use crate::protocol::notification::NoticeKind;
use crate::social::pair::{Pair, Terms, Trouble, begin, patiently};
use crate::social::{target, ties};
use crate::state::AppState;
use crate::users::ActiveUser;
use crate::web::error::ApiError;
use crate::web::extract::Body;

/// Body of `POST /friend-requests`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFriendRequest {
    /// Identifier or handle of whom to ask.
    #[schema(examples("ada"))]
    pub to: String,
}

/// What a transaction did.
struct Asked {
    request: FriendRequest,
    /// Whether there was no request before.
    fresh: bool,
    told: Option<(UserId, NoticeId)>,
}

/// Ask for friendship
///
/// Somebody who has asked oneself becomes a friend by this. To ask again while the first request is open changes nothing.
#[utoipa::path(post, path = "/friend-requests", tag = "social", operation_id = "askForFriendship",
    request_body = NewFriendRequest,
    responses(
        (status = 200, description = "A request was open already; theirs is accepted by this.", body = FriendRequest),
        (status = 201, description = "They are asked.", body = FriendRequest,
            headers(("Location" = String, description = "Address of the request."))),
        (status = 403, description = "`suspended`."),
        (status = 404, description = "Nobody of that name is to be seen."),
        (status = 409, description = "`oneself`, or `already` when the two are friends."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    ActiveUser(me): ActiveUser,
    Body(body): Body<NewFriendRequest>,
) -> Result<Response, ApiError> {
    let other = target::seen(&state.store, me.id, &body.to).await?;
    let pair = Pair::of(me.id, other)?;
    let Asked { request, fresh, told } = patiently(|| ask(&state, pair, me.id, other)).await?;
    if let Some((user, notice)) = told {
        state.notices.wake(user, notice);
    }
    if !fresh {
        return Ok(Json(request).into_response());
    }
    let location = [(header::LOCATION, format!("/api/v1/friend-requests/{}", request.id))];
    Ok((StatusCode::CREATED, location, Json(request)).into_response())
}

async fn ask(state: &AppState, pair: Pair, me: UserId, other: UserId) -> Result<Asked, Trouble> {
    let mut transaction = begin(&state.store, pair).await?;
    Terms::between(&mut transaction, me, other).await?.open()?;
    if ties::are_friends(&mut transaction, pair).await? {
        return Err(ApiError::Conflict(Code::Already).into());
    }
    let open: Option<(FriendRequestId, UserId)> = sqlx::query_as(
        "SELECT id, from_id FROM friend_requests WHERE low_id = $1 AND high_id = $2 AND status = 'pending'",
    )
    .bind(pair.low)
    .bind(pair.high)
    .fetch_optional(&mut *transaction)
    .await?;
    let now = Timestamp::now();
    let (id, told) = match open {
        Some((id, asker)) if asker == me => (id, None),
        Some((id, asker)) => (id, accept(&mut transaction, pair, id, asker, now).await?),
        None => {
            let id = FriendRequestId::new();
            sqlx::query(
                "INSERT INTO friend_requests (id, from_id, to_id, low_id, high_id, status, created_at) \
                 VALUES ($1, $2, $3, $4, $5, 'pending', $6)",
            )
            .bind(id)
            .bind(me)
            .bind(other)
            .bind(pair.low)
            .bind(pair.high)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
            let notice = Notice { kind: NoticeKind::FriendRequested, actor: me, subject: Some(id.to_string()) };
            (id, notices::put(&mut transaction, other, &notice, now).await?)
        }
    };
    let request = FriendRequest::load(&mut transaction, id, me).await?.ok_or(ApiError::NotFound(Code::NotFound))?;
    transaction.commit().await?;
    Ok(Asked { request, fresh: open.is_none(), told: told.map(|notice| (other, notice)) })
}
