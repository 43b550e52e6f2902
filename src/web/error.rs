//! The one translation of failures into HTTP: RFC 9457 problem documents.
//!
//! A handler returns [`ApiError`]; the response carries it along and [`render`], the outermost layer, writes the body,
//! because only there the language, the path and the framework's own refusals (404, 405, 413, 415) come together.

use std::time::Duration;

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::language::Language;
use super::problem::meaning;
use crate::protocol::code::Code;
use crate::store::StoreError;

/// A refusal, by family of status. The code says which; the detail says what to change, in English.
#[derive(Clone, Debug)]
pub enum ApiError {
    /// 400: the request is not what the API says.
    BadRequest(Code, String),
    /// 401: nobody, or somebody with a wrong token.
    Unauthorized(Code),
    /// 403: not allowed to this person.
    Forbidden(Code),
    /// 404: not here, or not for them to know.
    NotFound(Code),
    /// 409: it collides with the state of the thing.
    Conflict(Code),
    /// 413: the body is above its limit.
    TooLarge,
    /// 415: the body has another media type.
    MediaType,
    /// 409: somebody else has this value of the field at the pointer.
    Taken(&'static str),
    /// 412: it is not as `If-Match` says.
    Changed,
    /// 422: the body is well formed and these fields are not allowed.
    Invalid(Vec<FieldError>),
    /// 429: too much in a short time.
    TooMany(Duration),
    /// 503: not now.
    Unavailable(Code),
    /// 500: our fault; logged where it happened.
    Internal,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) to the field in the body, or the parameter's name.
    #[schema(examples("/capacity"))]
    pub pointer: String,
    /// What is wrong, from the same closed list.
    #[schema(value_type = String, examples("invalid"))]
    pub code: Code,
    /// What it must be.
    #[schema(examples("The capacity must be 1 to 8."))]
    pub detail: String,
}

impl ApiError {
    /// 422 for one field: JSON pointer, and what it must be.
    pub fn field(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { pointer: pointer.into(), code: Code::Invalid, detail: detail.into() }])
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(..) => StatusCode::BAD_REQUEST,
            Self::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Conflict(_) | Self::Taken(_) => StatusCode::CONFLICT,
            Self::Changed => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The code that the body carries.
    pub fn code(&self) -> Code {
        match self {
            Self::BadRequest(code, _)
            | Self::Unauthorized(code)
            | Self::Forbidden(code)
            | Self::NotFound(code)
            | Self::Conflict(code)
            | Self::Unavailable(code) => *code,
            Self::TooLarge => Code::TooLarge,
            Self::MediaType => Code::MediaType,
            Self::Taken(_) => Code::Taken,
            Self::Changed => Code::Changed,
            Self::Invalid(_) => Code::Invalid,
            Self::TooMany(_) => Code::TooMany,
            Self::Internal => Code::Internal,
        }
    }

    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany(wait) => Some(wait.as_secs_f64().ceil().max(1.0) as u64),
            Self::Unavailable(_) => Some(2),
            _ => None,
        }
    }

    fn from_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound(Code::NotFound),
            StatusCode::UNAUTHORIZED => Self::Unauthorized(Code::LoginNeeded),
            StatusCode::FORBIDDEN => Self::Forbidden(Code::Forbidden),
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::MediaType,
            StatusCode::METHOD_NOT_ALLOWED => Self::BadRequest(Code::Method, String::new()),
            StatusCode::SERVICE_UNAVAILABLE => Self::Unavailable(Code::Internal),
            status if status.is_client_error() => Self::BadRequest(Code::Malformed, String::new()),
            _ => Self::Internal,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for ApiError {
    /// What the handler did not expect. What it expects (a name is taken, a person is gone) it looks for first.
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Missing => Self::NotFound(Code::NotFound),
            StoreError::Taken(_) => Self::Conflict(Code::Taken),
            StoreError::Busy(_) | StoreError::Unavailable(_) => {
                tracing::warn!(%error, "the database could not be used");
                Self::Unavailable(Code::Unavailable)
            }
            StoreError::Rule | StoreError::Newer { .. } | StoreError::Migration(_) | StoreError::Other(_) => {
                tracing::error!(%error, "a statement failed");
                Self::Internal
            }
        }
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        StoreError::from(error).into()
    }
}

/// What every refusal looks like (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Address of a page that explains the code.
    #[schema(examples("/problems/room-gone"))]
    pub r#type: String,
    /// A few words, in the language that was asked for.
    #[schema(examples("No such room"))]
    pub title: String,
    /// The status once more.
    #[schema(minimum = 400, maximum = 599, examples(404))]
    pub status: u16,
    /// What happened and what to do.
    #[schema(examples("The room does not exist, or its link is too old."))]
    pub detail: String,
    /// The path that was asked for.
    #[schema(examples("/api/v1/rooms/01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e"))]
    pub instance: String,
    /// From the closed list of codes.
    #[schema(value_type = String, examples("room-gone"))]
    pub code: Code,
    /// Which fields are not allowed, if that is why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldError>,
}

/// Outermost layer: writes the body of every refusal, our own and the framework's.
pub async fn render(request: Request, next: Next) -> Response {
    let language = Language::of(request.headers());
    let instance = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let error = response.extensions_mut().remove::<ApiError>().unwrap_or_else(|| ApiError::from_status(status));
    let code = error.code();
    let meaning = meaning(code, language);
    let specific = match &error {
        ApiError::BadRequest(_, detail) => detail.as_str(),
        ApiError::Invalid(fields) => fields.first().map_or("", |field| &field.detail),
        _ => "",
    };
    let errors = match &error {
        ApiError::Invalid(fields) => fields.clone(),
        ApiError::Taken(pointer) => {
            vec![FieldError { pointer: (*pointer).into(), code, detail: meaning.explanation.into() }]
        }
        _ => Vec::new(),
    };
    let detail = if specific.is_empty() || language == Language::Ko { meaning.explanation } else { specific };
    let problem = Problem {
        r#type: format!("/problems/{}", code.as_str()),
        title: meaning.title.into(),
        status: status.as_u16(),
        detail: detail.into(),
        instance,
        code,
        errors,
    };
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    // The framework's own words may have been compressed on their way here; ours are not.
    parts.headers.remove(header::CONTENT_ENCODING);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    parts.headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    if let Some(seconds) = error.retry_after() {
        parts.headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Response::from_parts(parts, body.into())
}
