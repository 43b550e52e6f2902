//! Which pages are ours: what may open a socket, and what may use a cookie to log in.

use axum::http::{HeaderMap, header};

/// Whether a request with these headers comes from a page of ours: the configured public origin, or the host that was
/// asked for. A client without `Origin` is no browser; what else it shows must be enough.
pub fn allowed(headers: &HeaderMap, public_origin: Option<&str>) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let Some(origin) = origins.next() else { return true };
    let (Ok(origin), None) = (origin.to_str(), origins.next()) else { return false };
    if public_origin.is_some_and(|public| bare(public).eq_ignore_ascii_case(bare(origin))) {
        return true;
    }
    let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
    // A browser never writes the scheme's own port; some proxies do.
    let same = |scheme: &str| {
        let asked = bare(origin).strip_prefix(scheme)?;
        let host = format!("{scheme}{host}");
        Some(!asked.is_empty() && asked.eq_ignore_ascii_case(bare(&host).strip_prefix(scheme)?))
    };
    same("https://").or_else(|| same("http://")).unwrap_or(false)
}

/// An origin without the port that its scheme has anyway (RFC 6454, section 6.2).
fn bare(origin: &str) -> &str {
    let port = if origin.starts_with("https://") { ":443" } else { ":80" };
    origin.strip_suffix(port).unwrap_or(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_origin_and_the_host_asked_for_are_ours() {
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
    }

    #[test]
    fn the_port_that_a_scheme_has_anyway_makes_no_other_origin() {
        let table = [
            ("call.example.org:443", "https://call.example.org", true),
            ("call.example.org:80", "http://call.example.org", true),
            ("call.example.org:80", "https://call.example.org", false),
            ("call.example.org:4430", "https://call.example.org", false),
            ("[::1]:443", "https://[::1]", true),
            ("[::1]:8080", "http://[::1]:8080", true),
        ];
        for (host, origin, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().unwrap());
            headers.insert(header::ORIGIN, origin.parse().unwrap());
            assert_eq!(allowed(&headers, None), expected, "{host} {origin}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(header::ORIGIN, "https://call.example.org".parse().unwrap());
        assert!(allowed(&headers, Some("https://call.example.org:443")));
    }

    #[test]
    fn two_origins_are_none() {
        let mut twice = HeaderMap::new();
        twice.insert(header::HOST, "localhost:8080".parse().unwrap());
        twice.append(header::ORIGIN, "http://localhost:8080".parse().unwrap());
        twice.append(header::ORIGIN, "https://evil.example".parse().unwrap());
        assert!(!allowed(&twice, None));
    }
}
