//! A room as people see it: what it is, who is inside, and what they need to come in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Rooms;
use super::door::Door;
use super::live::Live;
use super::room::Seat;
use super::row::{RoomRow, Visibility};
use super::tags::TagsOf;
use crate::base::id::RoomId;
use crate::base::timestamp::Timestamp;
use crate::protocol::code::Code;
use crate::protocol::notification::Person;
use crate::store::StoreError;
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
    /// What it is found by.
    #[schema(examples("rain"))]
    pub tags: Vec<String>,
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
    /// Days that lines of chat are kept, 0 for as long as the room is there; for its host.
    #[schema(maximum = 3650, examples(30))]
    pub message_days: Option<u32>,
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
    pub(super) fn new(
        row: RoomRow,
        tags: Vec<String>,
        host: Option<Card>,
        company: Company,
        yours: bool,
        needs: Option<Code>,
    ) -> Self {
        let RoomRow { id, title, description, visibility, guests, capacity, message_days, .. } = row;
        let Company { since, people } = company;
        let participants = people.len() as u32;
        let people = if needs.is_none() { people } else { Vec::new() };
        Self {
            id,
            title,
            description,
            tags,
            visibility,
            guests,
            capacity,
            participants,
            since,
            people,
            host,
            yours,
            needs,
            message_days: yours.then_some(message_days),
            created_at: row.created_at,
            expires_at: row.expires_at,
        }
    }
}

impl Rooms {
    /// The room behind a door.
    pub(super) async fn shown(&self, door: Door) -> Result<ShownRoom, StoreError> {
        let tags = TagsOf::load(&self.state.store, &[door.room.id]).await?.take(door.room.id);
        let company = Company::of(&self.live(), door.room.id);
        let (yours, needs) = (door.is_host(), door.enter().err());
        Ok(ShownRoom::new(door.room, tags, door.host, company, yours, needs))
    }
}
