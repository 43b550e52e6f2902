//! A number for every request, in the log and in the answer, and the count of answers by route.

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;
use uuid::Uuid;

use crate::base::clock;

/// Gives the request a fresh id (a client's own is not believed), logs the answer, counts it.
pub async fn trace(request: Request, next: Next) -> Response {
    let id = Uuid::now_v7().to_string();
    let route = request.extensions().get::<MatchedPath>().map_or("(none)", |path| path.as_str()).to_owned();
    let method = request.method().clone();
    let started = clock::now();
    // The route and not the path: a path may hold a signature.
    let span = tracing::info_span!("request", %id, %method, route);
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status();
    let elapsed = clock::now().saturating_duration_since(started);
    span.in_scope(|| tracing::debug!(status = status.as_u16(), ms = elapsed.as_secs_f64() * 1e3, "answered"));
    metrics::counter!("moodcall_http_requests_total", "method" => known(&method), "route" => route.clone(),
        "status" => status.as_u16().to_string())
    .increment(1);
    metrics::histogram!("moodcall_http_request_seconds", "route" => route).record(elapsed.as_secs_f64());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// The method's name for a label. A client may invent methods without end, and each would be a series of its own.
fn known(method: &Method) -> &'static str {
    let usual = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
    let names = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    usual.iter().zip(names).find(|(usual, _)| *usual == method).map_or("other", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_that_a_client_invents_share_one_label() {
        assert_eq!((known(&Method::GET), known(&Method::DELETE)), ("GET", "DELETE"));
        for invented in [&b"get"[..], b"BREW", b"X1", b"X2"] {
            assert_eq!(known(&Method::from_bytes(invented).unwrap()), "other");
        }
    }
}
