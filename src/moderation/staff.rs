//! Staff, for a handler to take as an argument.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;

use crate::protocol::code::Code;
use crate::users::{CurrentUser, Users};
use crate::web::error::ApiError;

/// The person who asks, who is staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Staff(pub CurrentUser);

impl<S> FromRequestParts<S> for Staff
where
    S: Send + Sync,
    Users: FromRef<S>,
{
    type Rejection = ApiError;

    /// 401 as [`CurrentUser`]; 404 for whoever is not staff, as if there were nothing here.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let user = CurrentUser::from_request_parts(parts, state).await?;
        if user.staff { Ok(Self(user)) } else { Err(ApiError::NotFound(Code::NotFound)) }
    }
}
