//! Effects on, effects off: the picture changes its source on a keyframe and the stream goes on without a hole.

use std::time::Duration;

use super::each_seed;
use super::network::Weather;
use super::room::Room;

#[test]
fn switching_between_original_and_processed_shows_no_gap() {
    each_seed(6, |seed| {
        let mut room = Room::new(seed, Weather::FAIR);
        let (anna, ben, carl) = (room.join(), room.join(), room.join());
        room.run(3000);
        for subscriber in [ben, carl] {
            room.take_longest_gap(anna, subscriber);
        }
        for turn in 0..20 {
            room.show(anna, turn % 2 == 0);
            room.run(1500 + seed * 77);
        }
        for subscriber in [ben, carl] {
            let gap = room.take_longest_gap(anna, subscriber);
            assert!(gap < Duration::from_millis(150), "the old source goes on until the keyframe: {gap:?}");
            assert_eq!(room.clients[&subscriber].decoders[&anna].sources_seen.len(), 21);
        }
    });
}

#[test]
fn switching_on_a_rough_and_lossy_link_stays_one_stream() {
    each_seed(8, |seed| {
        let mut room = Room::new(seed, Weather::ROUGH.losing(0.03));
        let (anna, ben) = (room.join(), room.join());
        room.run(2000);
        for turn in 0..30 {
            room.show(anna, turn % 2 == 0);
            room.run(200 + (seed * 331 + turn * 97) % 1500);
        }
        (room.up.weather, room.down.weather) = (Weather::FAIR, Weather::FAIR);
        room.run(3000);
        room.take_longest_gap(anna, ben);
        room.run(1000);
        assert!(room.take_longest_gap(anna, ben) < Duration::from_millis(100));
    });
}
