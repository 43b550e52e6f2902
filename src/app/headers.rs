//! Headers that every answer carries: what a page of ours may load, and what a browser must not guess.

use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// Sets the content security policy and its companions.
pub async fn secure(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&policy(host.as_deref())) {
        // Pictures and letters have a stricter one of their own.
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert(
        "permissions-policy",
        HeaderValue::from_static(
            "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), clipboard-write=(self), \
             geolocation=(), payment=(), usb=(), serial=()",
        ),
    );
    response
}

/// No inline script or style, nothing from elsewhere but the frame of a video, which a page makes after somebody agreed. The
/// socket's own address is named because older browsers do not take `'self'` for `ws:`.
fn policy(host: Option<&str>) -> String {
    let plain = |host: &&str| host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c));
    let sockets = host.filter(plain).map(|host| format!(" ws://{host} wss://{host}")).unwrap_or_default();
    format!(
        "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'{sockets}; \
         img-src 'self' blob: data:; media-src 'self' blob: mediastream:; font-src 'self'; worker-src 'self'; \
         frame-src https://www.youtube-nocookie.com; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'; report-uri /csp-reports"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_is_no_host_cannot_write_into_the_policy() {
        assert!(
            policy(Some("localhost:8080")).contains("connect-src 'self' ws://localhost:8080 wss://localhost:8080;")
        );
        assert!(policy(Some("[::1]:8080")).contains("ws://[::1]:8080"));
        for bad in ["a b", "x; script-src *", "x'y", "x,y"] {
            assert!(policy(Some(bad)).contains("connect-src 'self';"), "{bad}");
        }
        assert!(!policy(None).contains("unsafe"));
    }
}
