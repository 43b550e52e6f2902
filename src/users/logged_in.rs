//! What everybody gets who logs in: by a password, by signing up, by a refresh token.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::me::Me;
use super::session::Begun;
use super::{Users, cookie};
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::web::error::ApiError;

/// A log-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LoggedIn {
    /// For `Authorization: Bearer`. A page keeps it in memory only.
    #[schema(examples("eyJhbGciOiJFZERTQSIsImtpZCI6IjY3In0.eyJzdWIiOiIwMTkifQ.c2ln"))]
    pub access_token: String,
    /// When the access token ends.
    pub expires_at: Timestamp,
    /// For the next access token, once. Not there when it is in a cookie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, examples("pN3kz1kqXgqC0d9Yh0v7h2bq4m8s6t1uWcA5rE2yJxo"))]
    pub refresh_token: Option<String>,
    /// Whether the account had been deleted and this took it back.
    pub restored: bool,
    /// Who logged in.
    pub user: Me,
}

impl Users {
    /// The answer to whoever began or went on with a log-in, 201; the refresh token in a cookie or in the body.
    ///
    /// # Errors
    /// 401 when the account is gone in the meantime, 503 when the database is.
    pub async fn welcome(&self, begun: Begun, in_cookie: bool) -> Result<Response, ApiError> {
        let (access_token, expires_at) =
            self.access.issue(begun.user, begun.id, Timestamp::now()).map_err(|error| {
                tracing::error!(%error, "an access token cannot be signed");
                ApiError::Internal
            })?;
        let user = Me::load(&self.state.store, begun.user).await?.ok_or(ApiError::Unauthorized(Code::SessionOver))?;
        let keep = begun.remember.then(|| self.state.config.accounts.session());
        let set = in_cookie.then(|| [cookie::set(&begun.refresh, keep)]);
        let refresh_token = (!in_cookie).then_some(begun.refresh);
        let body = LoggedIn { access_token, expires_at, refresh_token, restored: begun.restored, user };
        let never_stored = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
        let mut answer = (StatusCode::CREATED, never_stored, Json(body)).into_response();
        answer.headers_mut().extend(set.into_iter().flatten());
        Ok(answer)
    }
}
