//! The body of an upload: a form (RFC 7578) with one part.

use std::time::Duration;

use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::protocol::code::Code;
use crate::web::error::ApiError;

/// Largest picture in bytes.
pub const PICTURE: usize = 10 * 1024 * 1024;
/// Largest body in bytes: the picture and what a form puts around it.
pub const BODY: usize = PICTURE + 16 * 1024;
/// Time for a body to arrive.
const TIME: Duration = Duration::from_secs(60);

/// A form with a picture.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PictureForm {
    /// A JPEG, PNG or WebP of at most 10 MiB and 4096 by 4096 pixels. What it is, is read from its content.
    #[schema(value_type = String, format = Binary)]
    pub picture: Vec<u8>,
}

/// Reads the picture out of the form.
///
/// # Errors
/// 400 for another form, 413, 415 for another media type.
pub async fn read(request: Request) -> Result<Vec<u8>, ApiError> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| ApiError::MediaType)?;
    let reading = tokio::time::timeout(TIME, part(&mut form)).await;
    reading.map_err(|_| malformed("The body took too long."))?
}

async fn part(form: &mut Multipart) -> Result<Vec<u8>, ApiError> {
    let mut picture = None;
    while let Some(mut field) = form.next_field().await.map_err(refuse)? {
        if field.name() != Some("picture") || picture.is_some() {
            return Err(malformed("The form must have one part, named picture."));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(refuse)? {
            if bytes.len() + chunk.len() > PICTURE {
                return Err(ApiError::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        picture = Some(bytes);
    }
    picture.ok_or_else(|| malformed("The form must have one part, named picture."))
}

fn refuse(error: MultipartError) -> ApiError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge,
        _ => malformed("The body is not a form."),
    }
}

fn malformed(detail: &str) -> ApiError {
    ApiError::BadRequest(Code::Malformed, detail.into())
}
