//! One's friends: `GET /me/friends`, and the end of a friendship, `DELETE /me/friends/{user}`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use super::lists::{self, Acquaintance, FRIENDS};
use super::pair::{Pair, Trouble, begin, patiently};
use super::{target, ties};
use crate::state::AppState;
use crate::users::CurrentUser;
use crate::web::error::ApiError;
use crate::web::extract::Segment;
use crate::web::page::{Page, Paging};

/// List one's friends
///
/// Newest first.
#[utoipa::path(get, path = "/me/friends", tag = "social", operation_id = "listFriends", params(Paging),
    responses((status = 200, description = "One's friends.", body = Page<Acquaintance>)),
    security(("access" = []))
)]
pub async fn list(
    State(state): State<AppState>,
    me: CurrentUser,
    paging: Paging,
) -> Result<Json<Page<Acquaintance>>, ApiError> {
    lists::list(&state, FRIENDS, me.id, me.id, &paging).await
}

/// End a friendship
///
/// They are not told.
#[utoipa::path(delete, path = "/me/friends/{user}", tag = "social", operation_id = "unfriendUser",
    params(("user" = String, Path, description = "Identifier or handle.")),
    responses(
        (status = 204, description = "The two are not friends."),
        (status = 404, description = "Nobody of that name is to be seen."),
        (status = 409, description = "`oneself`."),
    ),
    security(("access" = []))
)]
pub async fn delete(
    State(state): State<AppState>,
    me: CurrentUser,
    Segment(user): Segment<String>,
) -> Result<StatusCode, ApiError> {
    let other = target::seen(&state.store, me.id, &user).await?;
    let pair = Pair::of(me.id, other)?;
    patiently(async || -> Result<(), Trouble> {
        let mut transaction = begin(&state.store, pair).await?;
        ties::unfriend(&mut transaction, pair).await?;
        Ok(transaction.commit().await?)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
