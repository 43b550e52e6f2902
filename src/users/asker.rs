//! Where a request comes from, for the limits of log-ins and for the list of them.

use std::net::IpAddr;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;

use super::{Users, cookie};
use crate::base::text;
use crate::protocol::code::Code;
use crate::web::address::{Peer, client};
use crate::web::error::ApiError;
use crate::web::language::Language;
use crate::web::origin;
use crate::web::rate::Caller;

/// Characters of a `User-Agent` that are kept.
const AGENT: usize = 200;

/// Where a request comes from.
#[derive(Clone, Debug)]
pub struct Asker {
    /// Address of the client.
    pub address: IpAddr,
    /// What it says it is, cleaned and cut.
    pub user_agent: String,
    /// The language that it prefers.
    pub language: Language,
    /// The refresh token in its cookie.
    pub cookie: Option<String>,
    /// Origin that links in letters begin with.
    pub origin: String,
    /// Whether a page of ours sent it, or no page at all.
    ours: bool,
}

impl Asker {
    /// How limits count it while nobody is logged in.
    pub fn caller(&self) -> Caller {
        Caller::new(None, self.address)
    }

    /// Refuses pages of others: cookies would let them log somebody in or out behind that person's back.
    ///
    /// # Errors
    /// 403 `origin`.
    pub fn on_our_page(&self) -> Result<(), ApiError> {
        if self.ours { Ok(()) } else { Err(ApiError::Forbidden(Code::Origin)) }
    }
}

impl<S> FromRequestParts<S> for Asker
where
    S: Send + Sync,
    Users: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let users = Users::from_ref(state);
        let server = &users.state.config.server;
        let peer = *parts.extensions.get::<Peer>().ok_or(ApiError::Internal)?;
        let said = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let agent: String = said(header::USER_AGENT).unwrap_or_default().chars().take(AGENT).collect();
        Ok(Self {
            address: client(peer, &parts.headers, &server.trusted_proxies),
            user_agent: text::line(&agent, AGENT).unwrap_or_default(),
            language: Language::of(&parts.headers),
            cookie: cookie::read(&parts.headers),
            origin: link_origin(server.public_origin.as_deref(), said(header::HOST), server.listen.port()),
            ours: origin::allowed(&parts.headers, server.public_origin.as_deref()),
        })
    }
}

/// Origin for links in letters. The host that a request names is believed only when it is this machine: somebody else
/// chose it, and the letter goes to a third person.
fn link_origin(public: Option<&str>, host: Option<&str>, port: u16) -> String {
    if let Some(public) = public {
        return public.trim_end_matches('/').to_owned();
    }
    let asked = host.and_then(|host| host.rsplit_once(':'));
    match asked.map(|(name, port)| (name, port.parse::<u16>())) {
        Some((name @ ("localhost" | "127.0.0.1" | "[::1]"), Ok(port))) => format!("http://{name}:{port}"),
        _ => format!("http://localhost:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_never_leads_where_a_stranger_wants() {
        let table = [
            (Some("https://call.example.org"), Some("evil.example"), "https://call.example.org"),
            (None, Some("evil.example"), "http://localhost:8080"),
            (None, Some("localhost.evil.example:80"), "http://localhost:8080"),
            (None, Some("localhost:80/evil"), "http://localhost:8080"),
            (None, Some("127.0.0.1:3000"), "http://127.0.0.1:3000"),
            (None, Some("[::1]:3000"), "http://[::1]:3000"),
            (None, None, "http://localhost:8080"),
        ];
        for (public, host, expected) in table {
            assert_eq!(link_origin(public, host, 8080), expected, "{public:?} {host:?}");
        }
    }
}
