//! The files of stills, for whoever has a signed address.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::base::clock;
use crate::blobs::{BlobError, BlobName, Signature};
use crate::protocol::code::Code;
use crate::rooms::Rooms;
use crate::web::error::ApiError;

/// What proves an address.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// When the address of a file ends, in seconds since the Unix epoch.
    expires: Option<u64>,
    /// Made by the server, for a file.
    signature: Option<String>,
}

/// The file of that name, if the proof is ours.
///
/// # Errors
/// 403 `signature`, 404.
pub async fn show(rooms: &Rooms, file: &str, proof: Proof) -> Result<Response, ApiError> {
    let now = clock::unix();
    let name: BlobName = file.parse().map_err(|_| ApiError::NotFound(Code::NotFound))?;
    let refused = || ApiError::Forbidden(Code::Signature);
    let (Some(expires), Some(signature)) = (proof.expires, proof.signature) else { return Err(refused()) };
    rooms.stills.check(&name, &Signature { expires, signature }, now).map_err(|_| refused())?;
    let content = rooms.state.blobs.fetch(&name).await.map_err(|error| match error {
        BlobError::Missing => ApiError::NotFound(Code::NotFound),
        error => {
            tracing::error!(%error, "a still cannot be read");
            ApiError::Internal
        }
    })?;
    let left = expires.saturating_sub(now.as_secs());
    let cache = HeaderValue::from_str(&format!("private, max-age={left}, immutable"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(name.content_type())),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"moodcall\"")),
        (header::CACHE_CONTROL, cache.unwrap_or(HeaderValue::from_static("no-store"))),
    ];
    Ok((headers, content).into_response())
}
