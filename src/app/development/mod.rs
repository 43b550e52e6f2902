//! What exists only with `server.development`, and only for this machine: letters to read, a provider to log in with.

pub mod outbox;
pub mod provider;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::App;
use crate::protocol::code::Code;
use crate::web::address::{self, Peer};
use crate::web::error::ApiError;

/// Taken by every handler here: without development mode, or from elsewhere, nothing of that name exists.
pub struct OnThisMachine;

impl FromRequestParts<App> for OnThisMachine {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let peer = parts.extensions.get::<Peer>().copied();
        let local = peer.is_some_and(|peer| address::is_local(peer, &parts.headers));
        if app.state.config.server.development && local { Ok(Self) } else { Err(ApiError::NotFound(Code::NotFound)) }
    }
}
