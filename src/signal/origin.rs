//! Which pages may open a socket here (cross-site WebSocket hijacking, threat S13).

use axum::http::{HeaderMap, header};

/// Whether a handshake with these headers comes from a page of ours: the configured public origin, or the host that was
/// asked for. A client without `Origin` is no browser, and its ticket is all that it has to show.
pub fn allowed(headers: &HeaderMap, public_origin: Option<&str>) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let Some(origin) = origins.next() else { return true };
    let (Ok(origin), None) = (origin.to_str(), origins.next()) else { return false };
    if public_origin.is_some_and(|public| public.eq_ignore_ascii_case(origin)) {
        return true;
    }
    let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
    let asked = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    asked.is_some_and(|asked| !asked.is_empty() && asked.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_origin_and_the_host_asked_for_may_open_a_socket() {
        let table = [
            (None, true),
            (Some("https://call.example.org"), true),
            (Some("http://localhost:8080"), true),
            (Some("https://localhost:8080"), true),
            (Some("null"), false),
            (Some(""), false),
            (Some("http://localhost"), false),
            (Some("http://localhost:8080.evil.example"), false),
            (Some("https://call.example.org.evil.example"), false),
            (Some("https://evil.example/call.example.org"), false),
            (Some("https://evilcall.example.org"), false),
            (Some("http://call.example.org"), false),
            (Some("file://"), false),
            (Some("ftp://localhost:8080"), false),
        ];
        for (origin, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "localhost:8080".parse().unwrap());
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, origin.parse().unwrap());
            }
            assert_eq!(allowed(&headers, Some("https://call.example.org")), expected, "{origin:?}");
        }
        let mut twice = HeaderMap::new();
        twice.insert(header::HOST, "localhost:8080".parse().unwrap());
        twice.append(header::ORIGIN, "http://localhost:8080".parse().unwrap());
        twice.append(header::ORIGIN, "https://evil.example".parse().unwrap());
        assert!(!allowed(&twice, None));
    }
}
