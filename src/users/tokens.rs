//! `POST /tokens`: logging in, and going on. What each grant does stands in [`super::log_in`] and [`super::refresh`].

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asker::Asker;
use super::logged_in::LoggedIn;
use super::{Users, log_in, refresh};
use crate::web::error::ApiError;
use crate::web::extract::Body;

/// What somebody shows for an access token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "grant", rename_all = "lowercase", deny_unknown_fields)]
pub enum Grant {
    /// An account and its password.
    #[schema(examples(json!({ "grant": "password", "login": "ada", "password": "violet-kettle-27", "cookie": true })))]
    Password {
        /// E-mail address or handle, in any case.
        #[schema(max_length = 254)]
        login: String,
        /// The password.
        #[schema(max_length = 128)]
        password: String,
        /// Whether a browser keeps the log-in when it closes.
        #[serde(default)]
        remember: bool,
        /// Whether the refresh token comes as a cookie that scripts cannot read.
        #[serde(default)]
        cookie: bool,
    },
    /// The refresh token of a log-in that goes on. Each is good for one use.
    #[schema(examples(json!({ "grant": "refresh" })))]
    Refresh {
        /// The token; none when it is in the cookie.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 100)]
        refresh_token: Option<String>,
    },
}

/// Log in or stay logged in
///
/// A wrong password and an account that is not there are answered alike. A refresh token is used up by its use: using one
/// twice ends its log-in, because one of the two users stole it. So a client asks once at a time.
///
/// # Errors
/// 401 `credentials` or `session-over`; 403 `origin` for a cookie on a page of others; 429.
#[utoipa::path(
    post, path = "/tokens", tag = "auth", operation_id = "logIn", request_body = Grant,
    responses(
        (status = 201, description = "Logged in", body = LoggedIn,
            headers(("Set-Cookie" = Option<String>, description = "The refresh token, for whoever asked for a cookie."))),
        (status = 401, description = "`credentials`: wrong log-in or password. `session-over`: the log-in has ended."),
        (status = 403, description = "`origin`: a page of another origin."),
    ),
    security((), ("cookie" = []))
)]
pub async fn handler(State(users): State<Users>, asker: Asker, Body(grant): Body<Grant>) -> Result<Response, ApiError> {
    match grant {
        Grant::Password { login, password, remember, cookie } => {
            if cookie {
                asker.on_our_page()?;
            }
            let begun = log_in::by_password(&users, &asker, &login, &password, remember).await?;
            users.welcome(begun, cookie).await
        }
        Grant::Refresh { refresh_token } => refresh::handle(&users, &asker, refresh_token).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_with_a_field_too_much_is_refused() {
        let read = |text: &str| serde_json::from_str::<Grant>(text);
        assert!(read(r#"{"grant":"password","login":"ada","password":"x"}"#).is_ok());
        assert!(read(r#"{"grant":"refresh"}"#).is_ok());
        assert!(read(r#"{"grant":"password","login":"ada","password":"x","user":"bob"}"#).is_err());
        assert!(read(r#"{"grant":"refresh","login":"ada"}"#).is_err());
        assert!(read(r#"{"grant":"admin"}"#).is_err());
    }
}
