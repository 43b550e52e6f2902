//! A page vanishes without a word: away after 5 s, its media path gone after 30 s, and nothing is sent into the void.

use std::time::Duration;

use moodcall::sfu::ice::Event;

use super::each_seed;
use super::network::Weather;
use super::room::Room;

#[test]
fn whoever_vanishes_is_away_then_gone_and_can_come_back() {
    each_seed(4, |seed| {
        let mut room = Room::new(seed, Weather::FAIR);
        let (anna, ben) = (room.join(), room.join());
        room.run(3000);
        let client = room.clients.remove(&anna).unwrap();
        let vanished = room.now;
        room.run(3_600_000 / 60);
        let told = |event: &Event| {
            let at = room.seats[&anna].events.iter().find(|(_, told)| told == event).map(|(at, _)| *at - vanished);
            at.unwrap_or_else(|| panic!("{event:?} was never told"))
        };
        let (silent, gone) = (told(&Event::Silent), told(&Event::Gone));
        assert!(silent > Duration::from_millis(4900) && silent < Duration::from_millis(5100), "{silent:?}");
        assert!(gone > Duration::from_secs(27) && gone < Duration::from_millis(30_100), "{gone:?}");
        assert_eq!(room.seats[&anna].agent.selected(), None);
        assert_eq!(room.demux.len(), (2, 1), "her address is forgotten, her credentials are not");

        room.clients.insert(anna, client);
        room.clients.get_mut(&anna).unwrap().next_picture = room.now;
        room.run(3000);
        assert!(room.seats[&anna].events.iter().any(|(_, event)| *event == Event::Back));
        room.take_longest_gap(ben, anna);
        room.take_longest_gap(anna, ben);
        room.run(1000);
        assert!(room.take_longest_gap(ben, anna) < Duration::from_millis(100));
        assert!(room.take_longest_gap(anna, ben) < Duration::from_millis(100));
    });
}

#[test]
fn checks_now_and_then_are_enough_while_media_flows() {
    // Some browsers check every 4 to 6 s. Nobody may come and go because of that.
    let mut room = Room::new(1, Weather::FAIR);
    let (anna, _) = (room.join(), room.join());
    room.run(2000);
    for _ in 0..10 {
        room.clients.get_mut(&anna).unwrap().next_check = room.now + Duration::from_millis(5900);
        room.run(6000);
    }
    assert!(!room.seats[&anna].events.iter().any(|(_, event)| matches!(event, Event::Silent | Event::Gone)));
}
