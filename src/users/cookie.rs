//! The cookie that keeps a browser logged in: the refresh token, out of reach of every script (RFC 6265bis).

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum_extra::extract::CookieJar;

/// Its name. The prefix makes browsers insist on `Secure`, on `Path=/`, and that no other host set it.
pub const NAME: &str = "__Host-session";

/// The refresh token in a request's cookies.
pub fn read(headers: &HeaderMap) -> Option<String> {
    CookieJar::from_headers(headers).get(NAME).map(|cookie| cookie.value().to_owned()).filter(|value| !value.is_empty())
}

/// The header that puts a refresh token into the browser: until it closes, or for as long as the log-in may rest.
pub fn set(token: &str, keep: Option<Duration>) -> (HeaderName, HeaderValue) {
    let age = keep.map(|keep| format!("; Max-Age={}", keep.as_secs())).unwrap_or_default();
    header(&format!("{NAME}={token}; Path=/; Secure; HttpOnly; SameSite=Lax{age}"))
}

/// The header that takes it out again.
pub fn clear() -> (HeaderName, HeaderValue) {
    header(&format!("{NAME}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"))
}

fn header(text: &str) -> (HeaderName, HeaderValue) {
    // A token is base64url, so this cannot fail; an empty header would set no cookie.
    (header::SET_COOKIE, HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_read_again_and_no_script_sees_it() {
        let (name, value) = set("abc_-1", Some(Duration::from_secs(60)));
        assert_eq!(name, header::SET_COOKIE);
        let text = value.to_str().unwrap();
        assert_eq!(text, "__Host-session=abc_-1; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60");
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, "a=b; __Host-session=abc_-1".parse().unwrap());
        assert_eq!(read(&headers).as_deref(), Some("abc_-1"));
        headers.insert(header::COOKIE, "session=abc; __Host-session=".parse().unwrap());
        assert_eq!(read(&headers), None);
    }
}
