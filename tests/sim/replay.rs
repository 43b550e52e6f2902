//! Somebody on the way repeats checks from an address of theirs, and forges whatever has no signature.

use std::net::SocketAddr;

use moodcall::sfu::ice::Path;
use rand::Rng;

use super::client::Datagram;
use super::each_seed;
use super::network::Weather;
use super::room::Room;

#[test]
fn repeated_and_forged_checks_move_nothing_and_bring_no_media() {
    each_seed(6, |seed| {
        let mut room = Room::new(seed, Weather::FAIR);
        let (anna, ben) = (room.join(), room.join());
        room.run(2000);
        let home = room.seats[&anna].agent.selected();
        let mallory: SocketAddr = "198.51.100.66:666".parse().unwrap();
        for _ in 0..200 {
            // Seen on its way to the server, sent again from elsewhere a moment later.
            let check = room.clients[&anna].check();
            let from = room.clients[&anna].path();
            room.handle(from, Datagram::Stun(check.clone()));
            room.handle(Path::udp(mallory), Datagram::Stun(check.clone()));
            room.handle(Path::tcp(mallory), Datagram::Stun(check.clone()));
            let mut forged = check;
            let at = room.random.random_range(0..forged.len() - 8);
            forged[at] ^= 1 << room.random.random_range(0..8);
            room.handle(Path::udp(mallory), Datagram::Stun(forged));
            // A request for a keyframe is as good as any other encrypted packet from there.
            room.handle(Path::udp(mallory), Datagram::Pli(ben));
            room.run(25);
        }
        assert_eq!(room.seats[&anna].agent.selected(), home);
        assert!(!room.seats[&anna].agent.accepts(Path::udp(mallory)));
        assert_eq!(room.demux.owner(Path::udp(mallory)), None);
        assert!(room.dropped >= 800, "{} dropped", room.dropped);
        assert!(room.pictures(ben, anna) > 120, "the call went on");
    });
}

#[test]
fn a_participant_cannot_take_the_address_of_another() {
    each_seed(4, |seed| {
        let mut room = Room::new(seed, Weather::FAIR);
        let (anna, mallory) = (room.join(), room.join());
        room.run(2000);
        // Good credentials of one's own, the source address of somebody else.
        let (victim, check) = (room.clients[&anna].path(), room.clients[&mallory].check());
        room.handle(victim, Datagram::Stun(check));
        assert_eq!(room.demux.owner(victim), Some(anna));
        let before = room.pictures(anna, mallory);
        room.run(2000);
        assert!(room.pictures(anna, mallory) >= before + 38);
    });
}
