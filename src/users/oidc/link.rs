//! `POST /me/identities/{provider}`: begins to link a provider to the account of somebody who is logged in.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::visit::{self, BeginError};
use crate::protocol::code::Code;
use crate::users::asker::Asker;
use crate::users::{CurrentUser, Users};
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Where the page comes back to.
const SETTINGS: &str = "/settings";

/// Where to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinkBegun {
    /// The provider's page; the browser comes back to the settings.
    #[schema(examples("https://accounts.example.org/authorize?client_id=moodcall"))]
    pub url: String,
}

/// Begin to link a provider to one's account
///
/// The browser that asked must go to the address within ten minutes.
///
/// # Errors
/// 404 for a provider that is not known, 409 when one of it is linked already, 503 when it does not answer.
#[utoipa::path(
    post, path = "/me/identities/{provider}", tag = "auth", operation_id = "linkProvider",
    params(("provider" = String, Path, description = "Its `id` in the list of providers")),
    responses(
        (status = 200, description = "Where to go", body = LinkBegun),
        (status = 404, description = "No such provider"),
        (status = 409, description = "An account of this provider is linked already"),
    ),
    security(("access" = []))
)]
pub async fn handler(
    State(users): State<Users>,
    user: CurrentUser,
    asker: Asker,
    headers: HeaderMap,
    Segment(provider): Segment<String>,
) -> Result<Response, ApiError> {
    let known = users.oidc.find(&provider).ok_or(ApiError::NotFound(Code::NotFound))?;
    users.limits.address(asker.caller())?;
    let linked: Option<String> =
        sqlx::query_scalar("SELECT subject FROM identities WHERE user_id = $1 AND provider = $2")
            .bind(user.id)
            .bind(&known.name)
            .fetch_optional(users.state.store.read())
            .await?;
    if linked.is_some() {
        return Err(ApiError::Conflict(Code::Taken));
    }
    let redirect_uri = visit::redirect_uri(&asker.origin, &known.name);
    match visit::begin(&users.state.store, &known, &headers, &redirect_uri, SETTINGS, Some(user.id)).await {
        Ok(begun) => {
            let never_stored = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
            Ok(([begun.cookie], never_stored, Json(LinkBegun { url: begun.url })).into_response())
        }
        Err(BeginError::Store(error)) => Err(error.into()),
        Err(BeginError::Provider(error)) => {
            tracing::warn!(provider, %error, "a visit could not begin");
            Err(ApiError::Unavailable(Code::Provider))
        }
    }
}
