//! People come, go and come back: nothing of them stays, and those who remain see each other.

use rand::Rng;
use rand::seq::IteratorRandom;

use super::each_seed;
use super::network::Weather;
use super::room::Room;

#[test]
fn a_hundred_joins_and_leaves_leave_nothing_behind() {
    each_seed(3, |seed| {
        let mut room = Room::new(seed, Weather::ROUGH.losing(0.01));
        let host = room.join();
        for _ in 0..100 {
            if room.seats.len() < 4 && (room.seats.len() < 2 || room.random.random_bool(0.5)) {
                room.join();
            } else {
                let guests: Vec<_> = room.seats.keys().copied().filter(|id| *id != host).collect();
                let guest = guests.into_iter().choose(&mut room.random).expect("somebody is there");
                room.leave(guest);
            }
            let pause = room.random.random_range(50..600);
            room.run(pause);
        }
        let guests: Vec<_> = room.seats.keys().copied().filter(|id| *id != host).collect();
        guests.into_iter().for_each(|guest| room.leave(guest));
        assert_eq!(room.demux.len(), (1, 1));
        (room.up.weather, room.down.weather) = (Weather::FAIR, Weather::FAIR);
        let guest = room.join();
        room.run(3000);
        let seen = (room.pictures(guest, host), room.pictures(host, guest));
        assert!(seen.0 > 45 && seen.1 > 45, "{seen:?} of 60 pictures");
        room.leave(guest);
        room.leave(host);
        assert!(room.demux.is_empty());
    });
}
