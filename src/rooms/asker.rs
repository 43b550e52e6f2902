//! Who asks for what belongs to a room: whoever has a seat, by its token; a guest's host key; somebody who is logged in.

use super::Rooms;
use super::api::refusal;
use super::chat::line::Origin;
use super::door::Pass;
use crate::base::id::{ParticipantId, RoomId, SessionId, UserId};
use crate::base::timestamp::Timestamp;
use crate::base::token::{self, TokenHash};
use crate::protocol::code::Code;
use crate::users::{CurrentUser, Users};
use crate::web::error::ApiError;

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub enum Asker {
    /// Somebody with a seat.
    Seat {
        /// The seat.
        participant: ParticipantId,
        /// Where it is.
        room: RoomId,
        /// Whose it is; none for a guest.
        user: Option<UserId>,
        /// The log-in that they came by; none for a guest.
        session: Option<SessionId>,
        /// Whether it is the host's.
        host: bool,
    },
    /// Somebody who is logged in.
    Person(CurrentUser),
    /// Whoever has this text: a host key, or nothing.
    Key(TokenHash),
}

impl Asker {
    /// Who brings this token.
    ///
    /// # Errors
    /// 401 for an access token that does not hold.
    pub async fn of(rooms: &Rooms, users: &Users, bearer: &str) -> Result<Self, ApiError> {
        let hash = token::hash(bearer);
        {
            let live = rooms.live();
            if let Some(seat) = live.holder(hash).and_then(|participant| live.seat(participant))
                && let Some(room) = live.home(seat.id)
            {
                let user = seat.member.as_ref().map(|member| member.person.id);
                let session = seat.member.as_ref().map(|member| member.session);
                return Ok(Self::Seat { participant: seat.id, room, user, session, host: seat.host });
            }
        }
        // No other token has a dot.
        if bearer.contains('.') { users.recognize(bearer).await.map(Self::Person) } else { Ok(Self::Key(hash)) }
    }

    /// The account behind it.
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::Seat { user, .. } => *user,
            Self::Person(person) => Some(person.id),
            Self::Key(_) => None,
        }
    }

    /// How statements name the account: empty for a guest.
    pub fn name(&self) -> String {
        self.user().map(|user| user.to_string()).unwrap_or_default()
    }

    /// Whether it is their line.
    pub fn wrote(&self, line: &Origin) -> bool {
        let by_seat = matches!(self, Self::Seat { participant, .. } if *participant == line.participant);
        by_seat || (line.user.is_some() && self.user() == line.user)
    }

    /// Whether they may read what is said in a room: they sit there, or it is theirs, or its host has admitted them and
    /// they may come in. True for its host.
    ///
    /// # Errors
    /// 404 `room-gone`, 403, 503.
    pub async fn read(&self, rooms: &Rooms, room: RoomId) -> Result<bool, ApiError> {
        if let Self::Seat { room: home, host, .. } = self
            && *home == room
        {
            return Ok(*host);
        }
        let door = rooms.door(room, self.user(), Pass::default()).await.map_err(refusal)?;
        let host = match self {
            Self::Key(hash) => door.room.is_host_key(*hash),
            _ => door.is_host(),
        };
        if host {
            return Ok(true);
        }
        let Some(user) = self.user() else { return Err(ApiError::Forbidden(Code::Forbidden)) };
        if rooms.live().company(room).contains(&user) {
            return Ok(false);
        }
        door.seen().map_err(refusal)?;
        if door.is_admitted() && door.enter().is_ok() { Ok(false) } else { Err(ApiError::Forbidden(Code::Forbidden)) }
    }

    /// Whether they may take a picture of a room: they sit there, or it is theirs.
    ///
    /// # Errors
    /// 404 `room-gone`, 403, 503.
    pub async fn picture(&self, rooms: &Rooms, room: RoomId) -> Result<(), ApiError> {
        let door = rooms.door(room, self.user(), Pass::default()).await.map_err(refusal)?;
        let inside = match self {
            Self::Seat { room: home, .. } => *home == room,
            Self::Key(hash) => door.room.is_host_key(*hash),
            Self::Person(person) => door.is_host() || rooms.live().company(room).contains(&person.id),
        };
        if inside { Ok(()) } else { Err(ApiError::Forbidden(Code::Forbidden)) }
    }

    /// Refuses whoever is suspended, by their seat too: it may be there for a moment more.
    ///
    /// # Errors
    /// 403 `suspended`; 401 when the log-in behind the seat is over; 503.
    pub async fn active(&self, users: &Users) -> Result<(), ApiError> {
        let session = match self {
            Self::Person(person) => return person.active(),
            Self::Seat { session: Some(session), .. } => *session,
            Self::Seat { session: None, .. } | Self::Key(_) => return Ok(()),
        };
        let standing = users.live.standing(session).await?.ok_or(ApiError::Unauthorized(Code::LoginNeeded))?;
        if standing.is_suspended(Timestamp::now()) { Err(ApiError::Forbidden(Code::Suspended)) } else { Ok(()) }
    }
}
