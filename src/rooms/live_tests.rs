//! Rooms without a clock and without sockets.

use super::*;
use crate::base::clock;
use crate::base::token;
use crate::protocol::server::Reply;
use crate::rooms::outbox::{Inlet, Outgoing};
use crate::rooms::row::Visibility;

const KEEPS: Duration = Duration::from_secs(60);

fn setting(capacity: u32) -> Setting {
    let updated_at = Timestamp::from_millis(i64::from(capacity));
    Setting { capacity, host: None, visibility: Visibility::Link, guests: true, updated_at }
}

fn filter() -> FilterState {
    FilterState { available: true, reason: None }
}

struct Person {
    id: ParticipantId,
    outbox: Outbox,
    inlet: Inlet,
    token: TokenHash,
}

impl Person {
    fn heard(&mut self) -> Vec<ServerMessage> {
        let mut heard = Vec::new();
        while let Ok(outgoing) = self.inlet.receiver.try_recv() {
            if let Outgoing::Say(Reply { message, .. }) = outgoing {
                heard.push(message);
            }
        }
        heard
    }
}

fn enter(live: &mut Live, (room, setting): (RoomId, Setting)) -> Result<Person, Code> {
    let (outbox, inlet) = Outbox::open();
    let (id, (_, token)) = (ParticipantId::new(), token::fresh());
    let newcomer =
        Newcomer { participant: id, name: "Somebody".into(), member: None, host: false, outbox: outbox.clone(), token };
    live.join(room, setting, newcomer, None, filter(), Timestamp::from_millis(7))?;
    Ok(Person { id, outbox, inlet, token })
}

fn room(capacity: u32) -> (RoomId, Setting) {
    (RoomId::new(), setting(capacity))
}

#[test]
fn a_change_of_the_capacity_is_for_newcomers_and_an_old_copy_of_the_row_changes_nothing() {
    let mut live = Live::new(KEEPS);
    let id = RoomId::new();
    let ada = enter(&mut live, (id, setting(3))).unwrap();
    assert_eq!(live.room(id).unwrap().since(), Timestamp::from_millis(7));
    let grace = enter(&mut live, (id, setting(3))).unwrap();
    let smaller = Setting { updated_at: Timestamp::from_millis(9), ..setting(1) };
    live.refresh(id, smaller);
    assert_eq!(enter(&mut live, (id, setting(3))).err(), Some(Code::RoomFull), "the newest copy counts");
    assert!(live.seat(ada.id).is_some() && live.seat(grace.id).is_some(), "whoever is inside stays");
    live.leave(ada.id, LeaveReason::Left);
    assert_eq!(enter(&mut live, (id, smaller)).err(), Some(Code::RoomFull));
    live.leave(grace.id, LeaveReason::Left);
    assert!(live.room(id).is_none(), "nothing is live when nobody is inside");
    assert!(enter(&mut live, (id, smaller)).is_ok());
}

#[test]
fn a_seat_is_kept_exactly_for_its_time() {
    let now = clock::now();
    let mut live = Live::new(KEEPS);
    let room = room(2);
    let (ada, mut grace) = (enter(&mut live, room).unwrap(), enter(&mut live, room).unwrap());
    assert_eq!(live.next_expiry(), None);
    live.lost(ada.id, &ada.outbox, now);
    assert_eq!(live.next_expiry(), Some(now + KEEPS));
    assert!(live.expired(now + KEEPS - Duration::from_millis(1)).is_empty());
    assert_eq!(live.expired(now + KEEPS), [ada.id]);
    let away = ServerMessage::Presence { participant: ada.id, away: true };
    assert_eq!(grace.heard().last(), Some(&away));
    assert_eq!(enter(&mut live, room).err(), Some(Code::RoomFull));
    assert!(live.leave(ada.id, LeaveReason::Expired));
    assert!(!live.leave(ada.id, LeaveReason::Expired), "once");
}

#[test]
fn the_end_of_an_old_socket_does_not_touch_the_seat_of_the_new_one() {
    let now = clock::now();
    let mut live = Live::new(KEEPS);
    let room = room(2);
    let (mut ada, mut grace) = (enter(&mut live, room).unwrap(), enter(&mut live, room).unwrap());
    grace.heard();
    let (outbox, _inlet) = Outbox::open();
    live.resume(ada.token, token::fresh(), outbox.clone(), None, filter()).unwrap();
    assert!(matches!(ada.heard().last(), Some(ServerMessage::Closed { code: Code::Replaced, retry: false })));
    live.lost(ada.id, &ada.outbox, now);
    live.quiet(ada.id, &ada.outbox, true);
    assert!(!live.seat(ada.id).unwrap().away());
    assert!(grace.heard().is_empty(), "nothing has changed for others");
    live.quiet(ada.id, &outbox, true);
    live.lost(ada.id, &outbox, now);
    assert_eq!(grace.heard(), [ServerMessage::Presence { participant: ada.id, away: true }], "told once");
}

#[test]
fn nothing_is_left_of_people_who_left() {
    let mut live = Live::new(KEEPS);
    let room = room(8);
    for _ in 0..100 {
        let people: Vec<Person> = (0..8).map(|_| enter(&mut live, room).unwrap()).collect();
        for person in &people {
            let (outbox, _inlet) = Outbox::open();
            let second = token::fresh();
            let hash = second.1;
            live.resume(person.token, second, outbox.clone(), None, filter()).unwrap();
            live.resume(hash, token::fresh(), outbox, None, filter()).unwrap();
            live.leave(person.id, LeaveReason::Left);
        }
        assert_eq!(live.counts(), (0, 0, 0));
    }
}

#[test]
fn the_mood_is_in_the_roster_only_while_it_is_shared() {
    let mut live = Live::new(KEEPS);
    let room = room(8);
    let ada = enter(&mut live, room).unwrap();
    live.seat_mut(ada.id).unwrap().mood = Some((crate::protocol::MoodLabel::Happiness, 0.9));
    let mood = |live: &mut Live| {
        let mut other = enter(live, room).unwrap();
        match other.heard().remove(0) {
            ServerMessage::Roster { participants, .. } => participants[0].mood,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(mood(&mut live), None);
    live.seat_mut(ada.id).unwrap().shares_mood = true;
    assert_eq!(mood(&mut live), Some(crate::protocol::MoodLabel::Happiness));
}
