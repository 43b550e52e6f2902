//! `GET /search`.

use axum::Json;
use axum::extract::{Query as Parameters, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::people;
use super::query::{LONGEST, Query};
use crate::state::AppState;
use crate::users::CurrentUser;
use crate::users::card::Card;
use crate::web::error::ApiError;
use crate::web::page::{Page, Paging};

/// What a request looks for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// A part of a name; one character is enough.
    #[serde(default)]
    #[param(required = true, min_length = 1, max_length = 64, example = "ada")]
    q: String,
    /// What to look for, with commas between: `users`.
    #[param(pattern = "^users(,users)*$", example = "users")]
    types: Option<String>,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Hit {
    /// A person.
    User {
        /// The person.
        user: Card,
    },
}

/// Search
///
/// People by a part of their nickname or handle, in any script; who is called exactly so comes first. For people who are
/// logged in. A page may hold fewer than it could and still have a next one.
#[utoipa::path(get, path = "/search", tag = "search", operation_id = "search", params(Wanted, Paging),
    responses(
        (status = 200, description = "What was found.", body = Page<Hit>),
        (status = 422, description = "There is nothing to look for, or nothing of that type."),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(state): State<AppState>,
    me: CurrentUser,
    Parameters(Wanted { q, types }): Parameters<Wanted>,
    paging: Paging,
) -> Result<Json<Page<Hit>>, ApiError> {
    if types.as_deref().is_some_and(|types| types.split(',').any(|kind| kind != "users")) {
        return Err(ApiError::field("types", "The types are: users."));
    }
    let query = Query::new(&q).ok_or_else(|| ApiError::field("q", format!("Look for 1 to {LONGEST} characters.")))?;
    let Page { items, next_cursor } = people::find(&state.store, me.id, &query, &paging).await?;
    let items = items.into_iter().map(|user| Hit::User { user }).collect();
    Ok(Json(Page { items, next_cursor }))
}
