//! `GET /oidc/{provider}/authorize`: sends a browser to a provider to log in.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::callback::trouble;
use super::visit::{self, BeginError};
use crate::protocol::code::Code;
use crate::users::Users;
use crate::users::asker::Asker;
use crate::web::error::ApiError;
use crate::web::extract::Segment;

/// Where to go in the end.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Way {
    /// Path of this site to go to afterwards; the front page when it is missing or leads elsewhere.
    #[param(example = "/settings")]
    return_to: Option<String>,
}

/// Log in with a provider
///
/// For a browser to follow. It comes back to `…/callback`.
///
/// # Errors
/// 404 for a provider that is not known, 429. When the provider does not answer, the browser goes to the log-in page.
#[utoipa::path(
    get, path = "/oidc/{provider}/authorize", tag = "auth", operation_id = "beginProviderLogin",
    params(("provider" = String, Path, description = "Its `id` in the list of providers"), Way),
    responses(
        (status = 302, description = "To the provider, or to the log-in page when it does not answer",
            headers(("Location" = String, description = "Where to go"))),
        (status = 404, description = "No such provider"),
    )
)]
pub async fn handler(
    State(users): State<Users>,
    asker: Asker,
    headers: HeaderMap,
    Segment(provider): Segment<String>,
    Query(way): Query<Way>,
) -> Result<Response, ApiError> {
    let known = users.oidc.find(&provider).ok_or(ApiError::NotFound(Code::NotFound))?;
    users.limits.address(asker.caller())?;
    let redirect_uri = visit::redirect_uri(&asker.origin, &known.name);
    let return_to = way.return_to.as_deref().unwrap_or("/");
    match visit::begin(&users.state.store, &known, &headers, &redirect_uri, return_to, None).await {
        Ok(begun) => visit::go(&begun.url, [begun.cookie]),
        Err(BeginError::Store(error)) => Err(error.into()),
        Err(BeginError::Provider(error)) => {
            tracing::warn!(provider, %error, "a visit could not begin");
            trouble(None, Code::Provider)
        }
    }
}
