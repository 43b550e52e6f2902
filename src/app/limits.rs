//! How often one caller may ask for anything at all, whatever the address is spelled like.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::App;
use crate::config::Config;
use crate::users::{CurrentUser, Users};
use crate::web::address::{Peer, client};
use crate::web::error::ApiError;
use crate::web::rate::{Caller, Rate};

/// What costs nothing and is asked for in bulk: files of the pages, and what watches the server.
const FREE: &[&str] = &["/static/", "/vendor/", "/health/", "/metrics", "/favicon.ico"];

/// The general limit: `accounts.requests_per_minute` for each person, else for each address or /64.
#[derive(Clone)]
pub struct Limits {
    users: Users,
    config: Arc<Config>,
    rate: Arc<Rate<Caller>>,
}

impl Limits {
    /// With nobody counted yet.
    pub fn new(app: &App) -> Self {
        let config = app.state.config.clone();
        let rate = Arc::new(Rate::per_minute(config.accounts.requests_per_minute));
        Self { users: app.users.clone(), config, rate }
    }
}

/// Layer: finds out who asks, counts it, and leaves both for the handlers: [`CurrentUser`] and [`Caller`].
///
/// # Errors
/// 429 above the limit.
pub async fn general(State(limits): State<Limits>, request: Request, next: Next) -> Result<Response, ApiError> {
    let path = request.uri().path();
    if FREE.iter().any(|free| path.starts_with(free)) {
        return Ok(next.run(request).await);
    }
    let (mut parts, body) = request.into_parts();
    // A token that is refused here is refused by the handler, with its reason, if it needs one.
    let user = CurrentUser::from_request_parts(&mut parts, &limits.users).await.ok();
    let address = parts.extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| {
        client(*peer, &parts.headers, &limits.config.server.trusted_proxies)
    });
    let caller = Caller::new(user.map(|user| user.id), address);
    limits.rate.admit(&caller)?;
    parts.extensions.insert(caller);
    if let Some(user) = user {
        parts.extensions.insert(user);
    }
    Ok(next.run(Request::from_parts(parts, body)).await)
}
