//! Join tickets: short-lived, single-use JWTs that say who may take which seat.
//!
//! The library's defaults accept a missing `aud`, a future `nbf` and a minute's leeway, so everything is set here: one
//! algorithm, five required claims, five seconds.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::base::id::{InviteId, ParticipantId, RoomId, SessionId, UserId};
use crate::base::keyfile::{self, KeyError};

/// Who issues tickets.
pub const ISSUER: &str = "moodcall";
/// What tickets are for. A token for anything else is no ticket.
pub const AUDIENCE: &str = "moodcall:socket";
/// How far two clocks may differ.
pub const LEEWAY: Duration = Duration::from_secs(5);

/// What a ticket says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    iss: String,
    aud: String,
    /// The seat's identifier.
    pub sub: ParticipantId,
    iat: u64,
    nbf: u64,
    exp: u64,
    /// What the ledger knows the ticket by.
    pub jti: Uuid,
    /// The room it opens; none for a socket that only hears of notifications.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// Whose it is; none for a guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    /// The name that the room will see of a guest. Somebody with an account is called by their nickname.
    pub name: String,
    /// Whether its holder has shown the host key. Somebody with an account is the host of their own rooms without.
    pub host: bool,
    /// The invitation that its holder has used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite: Option<InviteId>,
}

/// What a ticket is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The room; none for a socket that only hears of notifications.
    pub room: Option<RoomId>,
    /// Whose it will be; none for a guest.
    pub account: Option<Account>,
    /// The name that the room will see.
    pub name: String,
    /// Whether its holder has shown the host key.
    pub host: bool,
    /// The invitation that its holder has used.
    pub invite: Option<InviteId>,
}

/// Somebody who is logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The person.
    pub user: UserId,
    /// The log-in. When it ends, the socket does.
    pub session: SessionId,
}

/// The ticket is refused. Nobody outside is told why.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct TicketError(String);

/// Signs and checks tickets.
#[derive(Clone)]
pub struct Tickets {
    keys: Arc<(EncodingKey, DecodingKey)>,
    valid: Duration,
}

impl Tickets {
    /// Reads `ticket.key` in the data folder, or makes it, readable by its owner only.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn open(folder: &Path, valid: Duration) -> Result<Self, KeyError> {
        let key = keyfile::open(folder, "ticket.key")?;
        let keys = Arc::new((EncodingKey::from_secret(&key), DecodingKey::from_secret(&key)));
        Ok(Self { keys, valid })
    }

    /// A ticket for a new seat, and when it ends (seconds since the epoch).
    ///
    /// # Errors
    /// The library could not sign; practically never.
    pub fn issue(&self, grant: Grant, now: Duration) -> Result<(String, u64), TicketError> {
        let (iat, exp) = (now.as_secs(), now.as_secs() + self.valid.as_secs());
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: ParticipantId::new(),
            iat,
            nbf: iat,
            exp,
            jti: Uuid::now_v7(),
            room: grant.room,
            account: grant.account,
            name: grant.name,
            host: grant.host,
            invite: grant.invite,
        };
        let ticket = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.keys.0)
            .map_err(|error| TicketError(error.to_string()))?;
        Ok((ticket, exp))
    }

    /// What a ticket says, if we signed it and its time is now. Whether it was used before, only the ledger knows.
    ///
    /// # Errors
    /// [`TicketError`], with a reason for the log.
    pub fn check(&self, ticket: &str) -> Result<Claims, TicketError> {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.leeway = LEEWAY.as_secs();
        rules.validate_exp = true;
        rules.validate_nbf = true;
        rules.validate_aud = true;
        rules.set_audience(&[AUDIENCE]);
        rules.set_issuer(&[ISSUER]);
        rules.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        let token = jsonwebtoken::decode::<Claims>(ticket, &self.keys.1, &rules)
            .map_err(|error| TicketError(error.to_string()))?;
        Ok(token.claims)
    }

    /// How long the ledger must remember a used ticket: until nobody could use it any more.
    pub fn remember(&self) -> Duration {
        self.valid + LEEWAY * 2
    }
}

#[cfg(test)]
#[path = "ticket_tests.rs"]
mod tests;
