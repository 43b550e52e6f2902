//! The client's address changes in mid-call, or the page restarts ICE: the picture goes on.

use std::time::Duration;

use moodcall::sfu::ice::{Event, Path};

use super::each_seed;
use super::network::Weather;
use super::room::Room;

#[test]
fn media_follows_a_new_address_with_the_first_check_from_there() {
    each_seed(10, |seed| {
        let mut room = Room::new(seed, Weather::FAIR);
        let (anna, ben) = (room.join(), room.join());
        room.run(3000 + seed * 137);
        room.take_longest_gap(ben, anna);
        // A NAT forgot its mapping: from one moment on everything comes from elsewhere.
        let address = room.fresh_address();
        room.clients.get_mut(&anna).unwrap().address = address;
        room.run(4500);
        assert_eq!(room.seats[&anna].agent.selected(), Some(Path::udp(address)));
        let gap = room.take_longest_gap(ben, anna);
        assert!(gap < Duration::from_millis(3300), "a check every 2.5 s, a question, a keyframe: {gap:?}");
        room.run(1000);
        assert!(room.take_longest_gap(anna, ben) < Duration::from_millis(3300));
        room.run(1000);
        assert!(room.take_longest_gap(ben, anna) < Duration::from_millis(100));
        assert!(room.take_longest_gap(anna, ben) < Duration::from_millis(100));
    });
}

#[test]
fn an_ice_restart_loses_nothing() {
    each_seed(6, |seed| {
        let mut room = Room::new(seed, Weather::FAIR);
        let (anna, ben) = (room.join(), room.join());
        room.run(3000);
        room.take_longest_gap(anna, ben);
        for _ in 0..20 {
            room.restart_ice(anna);
            if seed % 2 == 0 {
                // Roaming: the restart comes with another interface, the old one still works until then.
                room.run(1);
            }
            room.run(700);
        }
        assert!(room.take_longest_gap(anna, ben) < Duration::from_millis(100));
        assert!(room.take_longest_gap(ben, anna) < Duration::from_millis(2000));
        assert_eq!(room.demux.len(), (2, 2), "no credentials are left over");
        let retired = room.seats[&anna].events.iter().filter(|(_, event)| matches!(event, Event::Retired(_))).count();
        assert_eq!(retired, 20);
    });
}
