//! Rooms without a clock and without sockets.

use super::*;
use crate::base::clock;
use crate::base::token;
use crate::protocol::server::Reply;
use crate::rooms::outbox::{Inlet, Outgoing};

const TERMS: Terms = Terms { seat: Duration::from_secs(60), link: Duration::from_secs(3600), rooms: 3 };

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

fn enter(live: &mut Live, room: RoomId, now: Instant) -> Result<Person, Code> {
    let (outbox, inlet) = Outbox::open();
    let (id, (_, token)) = (ParticipantId::new(), token::fresh());
    let newcomer =
        Newcomer { participant: id, name: "Somebody".into(), member: None, host: false, outbox: outbox.clone(), token };
    live.join(room, newcomer, None, filter(), now)?;
    Ok(Person { id, outbox, inlet, token })
}

fn room(live: &mut Live, capacity: u32, now: Instant) -> RoomId {
    live.create(capacity, token::fresh().1, now).unwrap()
}

#[test]
fn a_link_works_for_its_time_and_longer_while_somebody_is_inside() {
    let now = clock::now();
    let mut live = Live::new(TERMS);
    let (empty, used) = (room(&mut live, 2, now), room(&mut live, 2, now));
    let ada = enter(&mut live, used, now).unwrap();
    let late = now + TERMS.link;
    assert!(live.link(empty, late - Duration::from_millis(1)).is_some());
    assert_eq!(enter(&mut live, empty, late).err(), Some(Code::RoomGone));
    assert!(enter(&mut live, used, late).is_ok());
    assert_eq!(live.counts().0, 1);
    live.leave(ada.id, LeaveReason::Left);
    assert!(live.link(used, late).is_some(), "one is still inside");
}

#[test]
fn there_are_only_so_many_links_and_old_ones_make_way() {
    let now = clock::now();
    let mut live = Live::new(TERMS);
    for _ in 0..TERMS.rooms {
        room(&mut live, 2, now);
    }
    assert_eq!(live.create(2, token::fresh().1, now), Err(Code::TooMany));
    assert!(live.create(2, token::fresh().1, now + TERMS.link).is_ok(), "what is over does not count");
}

#[test]
fn a_seat_is_kept_exactly_for_its_time() {
    let now = clock::now();
    let mut live = Live::new(TERMS);
    let room = room(&mut live, 2, now);
    let (ada, mut grace) = (enter(&mut live, room, now).unwrap(), enter(&mut live, room, now).unwrap());
    assert_eq!(live.next_expiry(), None);
    live.lost(ada.id, &ada.outbox, now);
    assert_eq!(live.next_expiry(), Some(now + TERMS.seat));
    assert!(live.expired(now + TERMS.seat - Duration::from_millis(1)).is_empty());
    assert_eq!(live.expired(now + TERMS.seat), [ada.id]);
    let away = ServerMessage::Presence { participant: ada.id, away: true };
    assert_eq!(grace.heard().last(), Some(&away));
    assert_eq!(enter(&mut live, room, now).err(), Some(Code::RoomFull));
    assert!(live.leave(ada.id, LeaveReason::Expired));
    assert!(!live.leave(ada.id, LeaveReason::Expired), "once");
}

#[test]
fn the_end_of_an_old_socket_does_not_touch_the_seat_of_the_new_one() {
    let now = clock::now();
    let mut live = Live::new(TERMS);
    let room = room(&mut live, 2, now);
    let (mut ada, mut grace) = (enter(&mut live, room, now).unwrap(), enter(&mut live, room, now).unwrap());
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
    let now = clock::now();
    let mut live = Live::new(TERMS);
    let room = room(&mut live, 8, now);
    for _ in 0..100 {
        let people: Vec<Person> = (0..8).map(|_| enter(&mut live, room, now).unwrap()).collect();
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
    let now = clock::now();
    let mut live = Live::new(TERMS);
    let room = room(&mut live, 8, now);
    let ada = enter(&mut live, room, now).unwrap();
    live.seat_mut(ada.id).unwrap().mood = Some((crate::protocol::MoodLabel::Happiness, 0.9));
    let mood = |live: &mut Live| {
        let mut other = enter(live, room, now).unwrap();
        match other.heard().remove(0) {
            ServerMessage::Roster { participants, .. } => participants[0].mood,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(mood(&mut live), None);
    live.seat_mut(ada.id).unwrap().shares_mood = true;
    assert_eq!(mood(&mut live), Some(crate::protocol::MoodLabel::Happiness));
}

#[test]
fn links_come_back_after_a_restart_for_the_time_that_they_have_left() {
    let now = clock::now();
    let unix = Duration::from_secs(1_000_000);
    let mut live = Live::new(TERMS);
    let (_, key) = token::fresh();
    let room = live.create(3, key, now).unwrap();
    let later = now + TERMS.link / 2;
    let kept = live.links_to_keep(later, unix);

    let mut next = Live::new(TERMS);
    next.restore_links(kept.clone(), later, unix);
    assert_eq!(next.link(room, later).map(|link| link.capacity), Some(3));
    assert!(next.is_host_key(room, key));
    assert!(next.link(room, now + TERMS.link).is_none());

    let mut late = Live::new(TERMS);
    late.restore_links(kept, later, unix + TERMS.link);
    assert!(late.link(room, later).is_none());
}
