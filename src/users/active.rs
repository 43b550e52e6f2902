//! Who writes, for a handler to take as an argument: everybody who is logged in and not suspended.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;

use super::{CurrentUser, Users};
use crate::web::error::ApiError;

/// The person who asks, where the request makes or changes something that others see. The one place where a suspension is
/// looked at; it costs no query, because it is known with the log-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActiveUser(pub CurrentUser);

impl<S> FromRequestParts<S> for ActiveUser
where
    S: Send + Sync,
    Users: FromRef<S>,
{
    type Rejection = ApiError;

    /// 401 as [`CurrentUser`], 403 `suspended`.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let user = CurrentUser::from_request_parts(parts, state).await?;
        user.active()?;
        Ok(Self(user))
    }
}
