//! Which version of a thing somebody has: entity tags (RFC 9110, 8.8.3) and `If-Match` (13.1.1).
//!
//! A tag is of what its owner writes. Counts, and whether the viewer likes the thing, change without it.

use axum::Json;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use super::error::ApiError;

/// The entity tag of a version.
#[must_use]
pub fn tag(version: i64) -> String {
    format!("\"v{version}\"")
}

/// A thing with its entity tag.
pub fn tagged(version: i64, thing: impl Serialize) -> Response {
    let headers: [(HeaderName, String); 2] =
        [(header::ETAG, tag(version)), (header::CACHE_CONTROL, "private, no-cache".into())];
    (headers, Json(thing)).into_response()
}

/// Refuses a change of another version than `If-Match` names. Without the header every version is meant.
///
/// # Errors
/// 412 `changed`.
pub fn check(headers: &HeaderMap, version: i64) -> Result<(), ApiError> {
    if !headers.contains_key(header::IF_MATCH) {
        return Ok(());
    }
    let now = tag(version);
    let named = headers.get_all(header::IF_MATCH).iter().filter_map(|value| value.to_str().ok());
    // By the letter a weak tag matches nothing here. A proxy that compresses makes ours weak, and it still names the version.
    let plain = |one: &str| one.trim().trim_start_matches("W/").to_owned();
    let matches = named.flat_map(|value| value.split(',')).map(plain).any(|one| one == "*" || one == now);
    if matches { Ok(()) } else { Err(ApiError::Changed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_match_names_one_version_several_or_any() {
        let check = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::IF_MATCH, value.parse().unwrap());
            }
            check(&headers, 3).is_ok()
        };
        for fine in [&[][..], &["\"v3\""], &["*"], &["\"v1\", \"v3\""], &["\"v1\"", "\"v3\""], &["W/\"v3\""]] {
            assert!(check(fine), "{fine:?}");
        }
        for wrong in [&["\"v2\""][..], &["v3"], &[""], &["\"v33\""]] {
            assert!(!check(wrong), "{wrong:?}");
        }
    }
}
