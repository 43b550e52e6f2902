//! `[rooms]`: seats, links, and how much one person or one address may ask for.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::load::ConfigError;

/// The section `[rooms]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rooms {
    /// Seats of a room whose maker did not say.
    pub default_capacity: u32,
    /// Most seats that a room may have, at most 200. One connection receives at most 30 tracks of a kind.
    pub max_capacity: u32,
    /// Most rooms whose links are valid at a time.
    pub max_rooms: usize,
    /// Whether people without an account may make rooms and join.
    pub guests: bool,
    /// How long the seat of somebody whose socket was lost is kept, in seconds.
    pub seat_seconds: u64,
    /// How long a friend's pages ring, in seconds.
    pub ring_seconds: u64,
    /// How long a room's link works, in hours.
    pub link_hours: u64,
    /// How long a join ticket is valid, in seconds.
    pub ticket_seconds: u64,
    /// Time for the first message on a socket, in seconds.
    pub hello_seconds: u64,
    /// Open sockets per client address (an IPv6 client is its /64).
    pub per_address_sockets: u32,
    /// Open sockets per participant.
    pub per_user_sockets: u32,
    /// Rooms that one address may make a minute.
    pub creates_per_minute: u32,
    /// Tickets that one address may ask for a minute.
    pub tickets_per_minute: u32,
    /// Stills that may be taken of one room a minute.
    pub stills_per_minute: u32,
    /// Messages a second that one socket may send on average.
    pub messages_per_second: u32,
    /// Messages that one socket may send at once.
    pub message_burst: u32,
}

impl Default for Rooms {
    fn default() -> Self {
        Self {
            default_capacity: 2,
            max_capacity: 8,
            max_rooms: 10_000,
            guests: true,
            seat_seconds: 60,
            ring_seconds: 30,
            link_hours: 24,
            ticket_seconds: 30,
            hello_seconds: 5,
            per_address_sockets: 50,
            per_user_sockets: 5,
            creates_per_minute: 30,
            tickets_per_minute: 120,
            stills_per_minute: 30,
            messages_per_second: 20,
            message_burst: 60,
        }
    }
}

impl Rooms {
    /// How long a lost participant's seat is kept.
    pub fn seat(&self) -> Duration {
        Duration::from_secs(self.seat_seconds)
    }

    /// How long somebody is rung.
    pub fn ring(&self) -> Duration {
        Duration::from_secs(self.ring_seconds)
    }

    /// How long a link works.
    pub fn link(&self) -> Duration {
        Duration::from_secs(self.link_hours * 3600)
    }

    /// How long a ticket is valid.
    pub fn ticket(&self) -> Duration {
        Duration::from_secs(self.ticket_seconds)
    }

    /// Time for the first message on a socket.
    pub fn hello(&self) -> Duration {
        Duration::from_secs(self.hello_seconds)
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.max_capacity == 0 || self.max_capacity > 200 {
            return Err(ConfigError::value("rooms.max_capacity", "must be 1 to 200"));
        }
        if self.default_capacity == 0 || self.default_capacity > self.max_capacity {
            return Err(ConfigError::value("rooms.default_capacity", "must be 1 to rooms.max_capacity"));
        }
        if !(1..=600).contains(&self.ticket_seconds) {
            return Err(ConfigError::value("rooms.ticket_seconds", "must be 1 to 600"));
        }
        if !(1..=300).contains(&self.ring_seconds) {
            return Err(ConfigError::value("rooms.ring_seconds", "must be 1 to 300"));
        }
        if self.hello_seconds == 0 || self.messages_per_second == 0 || self.message_burst == 0 {
            return Err(ConfigError::value("rooms", "hello_seconds, messages_per_second, message_burst must not be 0"));
        }
        if self.link_hours == 0 || self.link_hours > 24 * 365 {
            return Err(ConfigError::value("rooms.link_hours", "must be 1 to 8760"));
        }
        Ok(())
    }
}
