//! Join tickets: short-lived, single-use JWTs that say who may take which seat.
//!
//! The library's defaults accept a missing `aud`, a future `nbf` and a minute's leeway, so everything is set here: one
//! algorithm, five required claims, five seconds.

use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use rand::RngCore as _;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::base::id::{ParticipantId, RoomId};

/// Who issues tickets.
pub const ISSUER: &str = "moodcall";
/// What tickets are for. A token for anything else is no ticket.
pub const AUDIENCE: &str = "moodcall:socket";
/// How far two clocks may differ.
pub const LEEWAY: Duration = Duration::from_secs(5);

const KEY_BYTES: usize = 32;

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
    /// The room it opens.
    pub room: RoomId,
    /// The name that the room will see.
    pub name: String,
    /// Whether its holder is the room's host.
    pub host: bool,
}

/// Why there is no key.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("the ticket key {path} cannot be used: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("the ticket key {0} is not {KEY_BYTES} bytes long")]
    Length(String),
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
        let path = folder.join("ticket.key");
        let key = key(&path).map_err(|source| KeyError::File { path: path.display().to_string(), source })?;
        if key.len() != KEY_BYTES {
            return Err(KeyError::Length(path.display().to_string()));
        }
        let keys = Arc::new((EncodingKey::from_secret(&key), DecodingKey::from_secret(&key)));
        Ok(Self { keys, valid })
    }

    /// A ticket for a new seat, and when it ends (seconds since the epoch).
    ///
    /// # Errors
    /// The library could not sign; practically never.
    pub fn issue(&self, room: RoomId, name: String, host: bool, now: Duration) -> Result<(String, u64), TicketError> {
        let (iat, exp) = (now.as_secs(), now.as_secs() + self.valid.as_secs());
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: ParticipantId::new(),
            iat,
            nbf: iat,
            exp,
            jti: Uuid::now_v7(),
            room,
            name,
            host,
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

/// The key in the file, which is made at the first start. Two servers that start at once in one folder agree on the
/// file that was there first.
fn key(path: &Path) -> io::Result<Vec<u8>> {
    let mut fresh = [0; KEY_BYTES];
    rand::rng().fill_bytes(&mut fresh);
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            file.write_all(&fresh)?;
            file.sync_all()?;
            Ok(fresh.to_vec())
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let mut key = Vec::new();
            std::fs::File::open(path)?.take(KEY_BYTES as u64 + 1).read_to_end(&mut key)?;
            Ok(key)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
#[path = "ticket_tests.rs"]
mod tests;
