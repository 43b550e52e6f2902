//! Headers that every answer carries: what a page of ours may load, and what a browser must not guess.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// Where the videos of songs are shown from: the one origin elsewhere that a page may put into a frame, and only where the
/// server looks for videos.
const VIDEOS: &str = "https://www.youtube-nocookie.com";

/// What may be shown in frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frames {
    /// Videos of songs.
    pub videos: bool,
}

/// Sets the content security policy and its companions.
pub async fn secure(State(frames): State<Frames>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&policy(host.as_deref(), frames)) {
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
fn policy(host: Option<&str>, frames: Frames) -> String {
    let plain = |host: &&str| host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c));
    let sockets = host.filter(plain).map(|host| format!(" ws://{host} wss://{host}")).unwrap_or_default();
    let videos = if frames.videos { format!(" frame-src 'self' {VIDEOS};") } else { String::new() };
    format!(
        "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'{sockets}; \
         img-src 'self' blob: data:; media-src 'self' blob: mediastream:; font-src 'self'; worker-src 'self';{videos} \
         object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'; report-uri /csp-reports"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Frames = Frames { videos: false };

    #[test]
    fn a_frame_from_elsewhere_is_allowed_where_videos_are_and_from_one_place() {
        let some = Frames { videos: true };
        assert!(policy(None, some).contains("; frame-src 'self' https://www.youtube-nocookie.com; object-src"));
        assert!(!policy(None, NONE).contains("frame-src"), "what is not named follows default-src");
    }

    #[test]
    fn a_host_that_is_no_host_cannot_write_into_the_policy() {
        assert!(
            policy(Some("localhost:8080"), NONE)
                .contains("connect-src 'self' ws://localhost:8080 wss://localhost:8080;")
        );
        assert!(policy(Some("[::1]:8080"), NONE).contains("ws://[::1]:8080"));
        for bad in ["a b", "x; script-src *", "x'y", "x,y"] {
            assert!(policy(Some(bad), NONE).contains("connect-src 'self';"), "{bad}");
        }
        assert!(!policy(None, NONE).contains("unsafe"));
    }
}
