//! Loss, reordering and duplicates: what a decoder gets stays one stream, and it comes back by keyframes that nobody
//! asks for more than twice a second.

use std::time::Duration;

use super::each_seed;
use super::network::Weather;
use super::room::Room;

#[test]
fn a_rough_link_reorders_and_repeats_and_every_picture_still_arrives() {
    each_seed(6, |seed| {
        let mut room = Room::new(seed, Weather::ROUGH);
        let (anna, ben) = (room.join(), room.join());
        room.run(3000);
        let before = (room.pictures(anna, ben), room.pictures(ben, anna));
        room.run(20_000);
        for (now, before) in [(room.pictures(anna, ben), before.0), (room.pictures(ben, anna), before.1)] {
            assert!(now - before >= 395, "{} of 400 pictures", now - before);
        }
    });
}

#[test]
fn loss_costs_pictures_but_neither_continuity_nor_the_publishers_peace() {
    each_seed(6, |seed| {
        let mut room = Room::new(seed, Weather::ROUGH.losing(0.05));
        let (anna, ben, carl) = (room.join(), room.join(), room.join());
        room.run(30_000);
        for publisher in [anna, ben, carl] {
            let requests = &room.clients[&publisher].plis_received;
            assert!(requests.len() > 10, "loss makes people ask");
            // Half a second apart where they are sent. On the way jitter moves them by up to 30 ms, and some come twice.
            let apart = requests.windows(2).map(|pair| pair[1] - pair[0]).filter(|apart| apart.as_millis() > 30);
            let closest = apart.min().unwrap_or_default();
            assert!(closest >= Duration::from_millis(470), "{closest:?}");
            assert!(requests.len() <= 65, "{} requests in 30 s", requests.len());
        }
        assert!(room.pictures(anna, ben) > 50, "{} pictures", room.pictures(anna, ben));
        (room.up.weather, room.down.weather) = (Weather::FAIR, Weather::FAIR);
        room.run(2000);
        for (publisher, subscriber) in [(anna, ben), (ben, carl), (carl, anna)] {
            room.take_longest_gap(publisher, subscriber);
        }
        room.run(2000);
        for (publisher, subscriber) in [(anna, ben), (ben, carl), (carl, anna)] {
            assert!(room.take_longest_gap(publisher, subscriber) < Duration::from_millis(100), "whole again");
        }
    });
}

#[test]
fn an_outage_of_two_seconds_is_over_soon_after_it_ends() {
    each_seed(4, |seed| {
        let mut room = Room::new(seed, Weather::FAIR);
        let (anna, ben) = (room.join(), room.join());
        room.run(3000);
        (room.up.weather, room.down.weather) = (Weather::OUT, Weather::OUT);
        room.run(2000);
        (room.up.weather, room.down.weather) = (Weather::FAIR, Weather::FAIR);
        room.run(900);
        room.take_longest_gap(anna, ben);
        room.run(1000);
        assert!(room.take_longest_gap(anna, ben) < Duration::from_millis(120));
    });
}
