//! `DELETE /friend-requests/{id}`: taking one's request back.

use axum::extract::State;
use axum::http::StatusCode;

use super::row::{self, Direction, FriendRequest, RequestStatus};
use crate::base::id::UserId;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::social::pair::{Pair, Trouble, begin, patiently};
use crate::social::ties;
use crate::state::AppState;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Withdraw a request for friendship
///
/// Only the one who asked may. The notification of it goes as well.
#[utoipa::path(delete, path = "/friend-requests/{id}", tag = "social", operation_id = "withdrawFriendRequest",
    params(("id" = String, Path, description = "The request.")),
    responses(
        (status = 204, description = "It is withdrawn."),
        (status = 403, description = "Somebody else made it."),
        (status = 404, description = "No such request of this person."),
        (status = 409, description = "`answered`: it was answered before."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    me: CurrentUser,
    Segment(id): Segment<String>,
) -> Result<StatusCode, ApiError> {
    let id = row::id(&id)?;
    let mut connection = state.store.read().acquire().await?;
    let request = FriendRequest::load(&mut connection, id, me.id).await?;
    drop(connection);
    let request = request.ok_or(ApiError::NotFound(Code::NotFound))?;
    if request.direction == Direction::Incoming {
        return Err(ApiError::Forbidden(Code::Forbidden));
    }
    let pair = Pair::of(me.id, request.user.id)?;
    patiently(|| withdraw(&state, pair, &request, me.id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn withdraw(state: &AppState, pair: Pair, request: &FriendRequest, me: UserId) -> Result<(), Trouble> {
    let mut transaction = begin(&state.store, pair).await?;
    let current = FriendRequest::load(&mut transaction, request.id, me).await?;
    match current.ok_or(ApiError::NotFound(Code::NotFound))?.status {
        RequestStatus::Withdrawn => Ok(()),
        RequestStatus::Pending => {
            ties::withdraw_request(&mut transaction, pair, Timestamp::now()).await?;
            Ok(transaction.commit().await?)
        }
        RequestStatus::Accepted | RequestStatus::Rejected => Err(ApiError::Conflict(Code::Answered).into()),
    }
}
