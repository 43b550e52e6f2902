//! The web app's files: `static/` and the browser packages' files that `static/vendor.json` names.
//!
//! Embedded in a release; a debug build reads `static/` from the disk, so that a reload shows an edit. Every answer
//! carries an entity tag of its content and `no-cache`: a browser asks each time and gets 304 until the file changes,
//! and never mixes the modules of two versions.

use std::borrow::Cow;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::protocol::code::Code;
use crate::web::error::ApiError;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/static"]
#[allow_missing = true]
struct Static;

/// Address and content of each file of a browser package.
static VENDOR: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/vendor.rs"));

/// `/` and `/room/{id}`: the one page, which reads its own address.
pub async fn page(headers: HeaderMap) -> Response {
    file("index.html", &headers)
}

/// `/api/docs`: shows the API's description.
pub async fn docs(headers: HeaderMap) -> Response {
    file("docs.html", &headers)
}

/// `/static/{path}`.
pub async fn static_file(Path(path): Path<String>, headers: HeaderMap) -> Response {
    file(&path, &headers)
}

/// `/favicon.ico`: browsers ask for it whatever the page says.
pub async fn favicon(headers: HeaderMap) -> Response {
    file("favicon.svg", &headers)
}

/// `/vendor/{path}`.
pub async fn vendor_file(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let address = format!("/vendor/{path}");
    match VENDOR.binary_search_by(|(known, _)| (*known).cmp(address.as_str())) {
        Ok(index) => {
            let content = VENDOR[index].1;
            answer(&path, Cow::Borrowed(content), Sha256::digest(content).into(), &headers)
        }
        Err(_) => ApiError::NotFound(Code::NotFound).into_response(),
    }
}

fn file(path: &str, headers: &HeaderMap) -> Response {
    match Static::get(path) {
        Some(file) => answer(path, file.data, file.metadata.sha256_hash(), headers),
        None => ApiError::NotFound(Code::NotFound).into_response(),
    }
}

fn answer(path: &str, content: Cow<'static, [u8]>, hash: [u8; 32], headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", hex::encode(&hash[..12]));
    let asked = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // Compression on the way may have made the tag weak.
    let known = asked.split(',').any(|one| one.trim().trim_start_matches("W/") == tag);
    let mut response =
        if known { StatusCode::NOT_MODIFIED.into_response() } else { Response::new(content.into_owned().into()) };
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::CONTENT_TYPE, content_type(path));
    response
}

fn content_type(path: &str) -> HeaderValue {
    let guess = mime_guess::from_path(path).first_or_octet_stream();
    let text = match (guess.type_().as_str(), guess.subtype().as_str()) {
        ("text", "javascript") | ("application", "javascript") => "text/javascript; charset=utf-8".to_owned(),
        ("text", _) | ("application", "json" | "manifest+json") => format!("{guess}; charset=utf-8"),
        _ => guess.to_string(),
    };
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// How many of the files that a page needs were not there when the program was built.
pub fn missing() -> usize {
    let list = Static::get("vendor.json").map(|file| file.data).unwrap_or_default();
    let named: std::collections::BTreeMap<String, String> = serde_json::from_slice(&list).unwrap_or_default();
    let page = usize::from(Static::get("index.html").is_none());
    page + named.keys().filter(|address| VENDOR.binary_search_by(|(known, _)| (*known).cmp(address)).is_err()).count()
}
