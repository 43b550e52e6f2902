//! Who asks, for a handler to take as an argument.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;

use super::Users;
use super::live::Standing;
use crate::base::id::{SessionId, UserId};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::web::error::ApiError;
use crate::web::extract::Bearer;

/// The person who asks, by the access token in `Authorization`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurrentUser {
    /// The person.
    pub id: UserId,
    /// Their log-in.
    pub session: SessionId,
    /// Whether they are staff.
    pub staff: bool,
    /// Until when they may look only; none, or a time that is over, for everybody else.
    pub suspended_until: Option<Timestamp>,
}

impl CurrentUser {
    /// Whether they may write now, for a handler that lets some of its requests through in any case. The others take an
    /// [`super::ActiveUser`].
    ///
    /// # Errors
    /// 403 `suspended`.
    pub fn active(&self) -> Result<(), ApiError> {
        match self.suspended_until {
            Some(until) if until > Timestamp::now() => Err(ApiError::Forbidden(Code::Suspended)),
            _ => Ok(()),
        }
    }
}

impl Users {
    /// Whose token this is.
    ///
    /// # Errors
    /// 401 `login-needed` when the token is not ours, is over, or its log-in has ended.
    pub async fn recognize(&self, token: &str) -> Result<CurrentUser, ApiError> {
        let refused = ApiError::Unauthorized(Code::LoginNeeded);
        let claims = self.access.check(token).map_err(|error| {
            tracing::debug!(%error, "access token refused");
            refused.clone()
        })?;
        match self.live.standing(claims.sid).await? {
            Some(standing) if standing.user == claims.sub => {
                let Standing { staff, suspended_until, .. } = standing;
                Ok(CurrentUser { id: claims.sub, session: claims.sid, staff, suspended_until })
            }
            _ => Err(refused),
        }
    }
}

impl<S> FromRequestParts<S> for CurrentUser
where
    S: Send + Sync,
    Users: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        // The general limit asks first who it is.
        if let Some(user) = parts.extensions.get::<Self>() {
            return Ok(*user);
        }
        let Bearer(token) = Bearer::from_request_parts(parts, state).await?;
        Users::from_ref(state).recognize(&token).await
    }
}

/// The person who asks, or nobody when there is no `Authorization`. A wrong token is refused all the same, so that a page
/// notices that its log-in is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaybeUser(pub Option<CurrentUser>);

impl<S> FromRequestParts<S> for MaybeUser
where
    S: Send + Sync,
    Users: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        if !parts.headers.contains_key(header::AUTHORIZATION) {
            return Ok(Self(None));
        }
        CurrentUser::from_request_parts(parts, state).await.map(|user| Self(Some(user)))
    }
}
