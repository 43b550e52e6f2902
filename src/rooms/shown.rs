//! A room as people see it: what it is, who is inside, and what they need to come in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Rooms;
use super::door::Door;
use super::live::Live;
use super::room::Seat;
use super::row::{RoomRow, Visibility};
use crate::base::id::RoomId;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::protocol::notification::Person;
use crate::users::card::Card;

/// A room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShownRoom {
    /// The room.
    pub id: RoomId,
    /// What it is called; may be empty.
    #[schema(examples("Tea at five"))]
    pub title: String,
    /// What it is for; may be empty.
    #[schema(examples("Bring a mug."))]
    pub description: String,
    /// Who may come in.
    pub visibility: Visibility,
    /// Whether people without an account may come in, where they otherwise could.
    pub guests: bool,
    /// Seats.
    #[schema(minimum = 1, examples(2))]
    pub capacity: u32,
    /// Seats taken. More than there are, when there were more before.
    #[schema(examples(1))]
    pub participants: u32,
    /// Since when somebody is inside; none while nobody is.
    pub since: Option<Timestamp>,
    /// Who is inside, for whoever may come in.
    pub people: Vec<Inside>,
    /// Whose it is; none for a guest's.
    pub host: Option<Card>,
    /// Whether it is one's own.
    pub yours: bool,
    /// What stands between one and a seat, besides that all may be taken: `login-needed`, `invite-needed`, `forbidden`.
    /// None when one may come in.
    #[schema(value_type = Option<String>, examples("invite-needed"))]
    pub needs: Option<Code>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the link of a guest's room ends; the room of an account stays.
    pub expires_at: Option<Timestamp>,
}

/// Somebody inside, as the others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Inside {
    /// Their nickname, or what a guest calls themselves.
    #[schema(examples("Ada"))]
    pub name: String,
    /// Whose account it is; none for a guest.
    pub user: Option<Person>,
    /// Whether they are the host.
    pub host: bool,
}

impl Inside {
    fn of(seat: &Seat) -> Self {
        let user = seat.member.as_ref().map(|member| member.person.clone());
        Self { name: seat.name.clone(), user, host: seat.host }
    }
}

/// Who is in a room now.
pub(super) struct Company {
    since: Option<Timestamp>,
    people: Vec<Inside>,
}

impl Company {
    pub(super) fn of(live: &Live, room: RoomId) -> Self {
        let inside = live.room(room);
        let people = inside.map(|inside| inside.seats().iter().map(Inside::of).collect()).unwrap_or_default();
        Self { since: inside.map(super::room::Room::since), people }
    }
}

impl ShownRoom {
    pub(super) fn new(row: RoomRow, host: Option<Card>, company: Company, yours: bool, needs: Option<Code>) -> Self {
        let RoomRow { id, title, description, visibility, guests, capacity, created_at, expires_at, .. } = row;
        let Company { since, people } = company;
        let participants = people.len() as u32;
        let people = if needs.is_none() { people } else { Vec::new() };
        Self {
            id,
            title,
            description,
            visibility,
            guests,
            capacity,
            participants,
            since,
            people,
            host,
            yours,
            needs,
            created_at,
            expires_at,
        }
    }
}

impl Rooms {
    /// The room behind a door.
    pub(super) fn shown(&self, door: Door) -> ShownRoom {
        let company = Company::of(&self.live(), door.room.id);
        let (yours, needs) = (door.is_host(), door.enter().err());
        ShownRoom::new(door.room, door.host, company, yours, needs)
    }
}
