//! Who loses their seat.

use std::time::Duration;

use super::*;
use crate::base::id::SessionId;
use crate::base::timestamp::Timestamp;
use crate::base::token;
use crate::protocol::notification::Person;
use crate::protocol::server::{FilterState, Reply};
use crate::rooms::live::Newcomer;
use crate::rooms::outbox::{Inlet, Outbox, Outgoing};
use crate::rooms::room::Member;
use crate::rooms::row::Visibility;

struct House {
    live: Live,
    room: RoomId,
    setting: Setting,
}

struct Sitting {
    id: ParticipantId,
    inlet: Inlet,
}

impl Sitting {
    /// What they heard last, and the code that their socket closes with.
    fn end(&mut self) -> (Option<ServerMessage>, Option<u16>) {
        let (mut last, mut code) = (None, None);
        while let Ok(outgoing) = self.inlet.receiver.try_recv() {
            match outgoing {
                Outgoing::Say(Reply { message, .. }) => last = Some(message),
                Outgoing::Close(with) => code = Some(with),
            }
        }
        (last, code)
    }
}

fn house(host: Option<UserId>) -> House {
    let updated_at = Timestamp::from_millis(1);
    let setting = Setting { capacity: 8, host, visibility: Visibility::Open, guests: true, updated_at };
    House { live: Live::new(Duration::from_secs(60)), room: RoomId::new(), setting }
}

impl House {
    fn sit(&mut self, user: Option<UserId>, host: bool) -> Sitting {
        let (outbox, inlet) = Outbox::open();
        let (id, (_, token)) = (ParticipantId::new(), token::fresh());
        let person = |id| Person { id, handle: "ada".into(), nickname: "Ada".into(), avatar: None };
        let member = user.map(|user| Member { person: person(user), session: SessionId::new() });
        let newcomer = Newcomer { participant: id, name: "Ada".into(), member, host, outbox, token };
        let filter = FilterState { available: true, reason: None };
        self.live.join(self.room, self.setting, newcomer, None, filter, Timestamp::from_millis(1)).unwrap();
        Sitting { id, inlet }
    }
}

const GONE: ServerMessage = ServerMessage::Closed { code: Code::RoomGone, retry: false };

#[test]
fn where_both_are_the_blocked_one_goes_with_every_seat() {
    let (ada, eve) = (UserId::new(), UserId::new());
    let mut house = house(None);
    let (mut one, mut two, mut three) =
        (house.sit(Some(ada), false), house.sit(Some(eve), false), house.sit(Some(eve), false));
    let before = house.live.rights();
    assert_eq!(house.live.part(ada, eve), [two.id, three.id]);
    assert_ne!(house.live.rights(), before, "whoever is at the door looks again");
    for gone in [&mut two, &mut three] {
        assert_eq!(gone.end(), (Some(GONE), Some(close::ENDED)));
    }
    let left = ServerMessage::Left { participant: three.id, reason: LeaveReason::Left };
    assert_eq!(one.end(), (Some(left), None), "nobody is told of a block");
    assert_eq!(house.live.counts(), (1, 1, 1));
}

#[test]
fn nobody_loses_a_seat_in_a_room_of_their_own_or_where_the_other_is_not() {
    let (ada, eve) = (UserId::new(), UserId::new());
    // By account, whether or not the host is inside; and by key.
    for (host, by_key, ada_inside) in [(Some(eve), false, true), (None, true, true)] {
        let mut house = house(host);
        let theirs = house.sit(Some(eve), by_key || host.is_some());
        let hers = ada_inside.then(|| house.sit(Some(ada), false).id);
        assert_eq!(house.live.part(ada, eve), Vec::from_iter(hers), "the blocker goes from the room of the blocked");
        assert!(house.live.seat(theirs.id).is_some());
    }
    let mut own = house(Some(ada));
    let guest = own.sit(Some(eve), false);
    assert_eq!(own.live.part(ada, eve), [guest.id], "the host is not even inside");
    let mut other = house(None);
    other.sit(Some(eve), false);
    assert!(other.live.part(ada, eve).is_empty());
    let mut hers = house(Some(eve));
    let seat = hers.sit(Some(ada), false);
    assert_eq!(hers.live.part(ada, eve), [seat.id], "whoever blocks the host goes");
}

#[test]
fn a_room_that_ends_is_over_for_everybody_inside() {
    let ada = UserId::new();
    let mut house = house(Some(ada));
    let mut all = [house.sit(Some(ada), true), house.sit(None, false), house.sit(None, false)];
    assert_eq!(house.live.hosted(ada), [house.room]);
    assert_eq!(house.live.end(house.room).len(), 3);
    for seat in &mut all {
        assert_eq!(seat.end(), (Some(GONE), Some(close::ENDED)));
    }
    assert_eq!(house.live.counts(), (0, 0, 0));
    assert!(house.live.end(house.room).is_empty() && house.live.hosted(ada).is_empty());
}

#[test]
fn only_the_host_may_remove_and_only_from_their_own_room() {
    let (ada, eve) = (UserId::new(), UserId::new());
    let mut house = house(Some(ada));
    let (host, guest, member) = (house.sit(Some(ada), true), house.sit(None, false), house.sit(Some(eve), false));
    house.room = RoomId::new();
    let elsewhere = house.sit(None, false);
    let live = &mut house.live;
    assert_eq!(live.may_kick(guest.id, member.id), Err(Code::Forbidden));
    assert_eq!(live.may_kick(host.id, elsewhere.id), Err(Code::NotFound));
    assert_eq!(live.may_kick(host.id, host.id), Err(Code::NotFound));
    assert_eq!(live.may_kick(host.id, member.id), Ok(Some(eve)));
    assert_eq!(live.may_kick(host.id, guest.id), Ok(None));
    let mut member = member;
    assert!(live.kick(Some(host.id), member.id));
    assert!(!live.kick(Some(host.id), member.id), "once");
    assert_eq!(member.end(), (Some(ServerMessage::Kicked { by: Some(host.id) }), Some(close::KICKED)));
}
