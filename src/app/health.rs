//! Whether the server lives and takes people, its figures, and the reports that browsers send.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::App;
use crate::protocol::code::Code;
use crate::web::address::{self, Peer};
use crate::web::error::ApiError;

/// `/health/live`: the process answers.
pub async fn live() -> Json<serde_json::Value> {
    Json(json!({ "status": "live" }))
}

/// `/health/ready`: whether people may be sent here. 503 from the moment a shutdown begins, and without the bus.
pub async fn ready(State(app): State<App>) -> Response {
    if app.state.shutdown.draining() {
        return ApiError::Unavailable(Code::Draining).into_response();
    }
    if let Err(error) = app.state.ledger.ready().await {
        tracing::warn!(%error, "not ready: the bus does not answer");
        return ApiError::Unavailable(Code::Internal).into_response();
    }
    if let Err(error) = app.state.store.ready().await {
        tracing::warn!(%error, "not ready: the database does not answer");
        return ApiError::Unavailable(Code::Unavailable).into_response();
    }
    Json(json!({ "status": "ready" })).into_response()
}

/// `/metrics` as Prometheus text: for this machine, or for whoever has `server.metrics_token`.
pub async fn figures(
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    let allowed = match &app.state.config.server.metrics_token {
        None => address::is_local(peer, &headers),
        Some(token) => {
            let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
            let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
            // Hashed first, so that the time of the comparison tells nothing about the token.
            Sha256::digest(given) == Sha256::digest(token)
        }
    };
    if !allowed {
        return Err(ApiError::Forbidden(Code::Forbidden));
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], app.recorder.render()))
}

/// `/csp-reports`: counts what browsers report. The report itself is logged short, because it comes from anybody.
pub async fn csp_reports(headers: HeaderMap, body: Bytes) -> StatusCode {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.contains("csp-report") || kind.contains("reports+json") || kind.contains("json") {
        metrics::counter!("moodcall_csp_reports_total").increment(1);
        let text = String::from_utf8_lossy(&body);
        let start: String = text.chars().filter(|c| !c.is_control()).take(400).collect();
        tracing::warn!(report = start, "a browser reports a broken content security policy");
    }
    StatusCode::NO_CONTENT
}
