//! Every route of the server, in one list, and the layers around them.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use super::{App, assets, headers, health, system};
use crate::protocol::code::Code;
use crate::web::error::{self, ApiError};
use crate::web::request_id;
use crate::{rooms, signal};

/// Largest body of a request, in bytes.
const BODY: usize = 64 * 1024;

/// The routes with the layers around them; the outermost layer stands last.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/", get(assets::page))
        .route("/room/{id}", get(assets::page))
        .route("/favicon.ico", get(assets::favicon))
        .route("/static/{*path}", get(assets::static_file))
        .route("/vendor/{*path}", get(assets::vendor_file))
        .route("/api/v1/rooms", post(rooms::api::create))
        .route("/api/v1/rooms/{id}", get(rooms::api::show))
        .route("/api/v1/rooms/{id}/stills", post(rooms::stills::create))
        .route("/api/v1/stills/{file}", get(rooms::stills::show))
        .route("/api/v1/socket-tickets", post(rooms::api::ticket))
        .route("/api/v1/socket", get(signal::socket::open))
        .route("/api/v1/moods", get(system::moods))
        .route("/api/v1/models", get(system::models))
        .route("/api/v1/config", get(system::settings))
        .route("/api/v1/version", get(system::version))
        .route("/api/v1/ice-servers", get(system::ice_servers))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(health::figures))
        .route("/csp-reports", post(health::csp_reports))
        .route("/problems/{code}", get(system::problem))
        .fallback(async || ApiError::NotFound(Code::NotFound))
        .layer(DefaultBodyLimit::max(BODY))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new())
        .layer(from_fn(error::render))
        .layer(from_fn(headers::secure))
        .layer(from_fn(request_id::trace))
        .with_state(app)
}

fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(panic = text.unwrap_or("(no text)"), "a handler panicked");
    metrics::counter!("moodcall_panics_total").increment(1);
    ApiError::Internal.into_response()
}
