//! People who come and go leave nothing behind.

use futures_util::future::join_all;
use moodcall::base::id::RoomId;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::server::ServerMessage;

use crate::client::{House, eventually, house_with};

/// Tasks of a server that nobody uses: seats, rooms, lines of chat, stills, calls that ring, who parts, what rooms listen to,
/// what the studio says; what is old among letters, repeated requests and log-ins; copies of people's data, accounts, posts
/// and playlists whose grace is over; visits to posts; playlists in the making, and those whose making ended long ago.
const SERVER_TASKS: usize = 18;

/// Rooms, seats and tokens; addresses and participants that hold sockets; rooms, participants, transports of the SFU;
/// tasks of the features and of the whole runtime.
#[derive(Debug, PartialEq, Eq)]
struct Residue {
    live: (usize, usize, usize),
    sockets: (usize, usize),
    sfu: (u64, u64, u64),
    tasks: usize,
    runtime: usize,
}

fn residue(house: &House) -> Residue {
    let app = &house.running.app;
    let sfu = app.state.sfu.stats();
    Residue {
        live: app.rooms.live().counts(),
        sockets: app.signal.holders(),
        sfu: (sfu.rooms, sfu.participants, sfu.transports),
        tasks: app.state.tasks.len(),
        runtime: tokio::runtime::Handle::current().metrics().num_alive_tasks(),
    }
}

/// Two people in a room of their own: both leave, or one is killed, or both are.
async fn round(house: &House, room: RoomId, number: usize) {
    let mut ada = house.join(room, "Ada", None).await;
    let mut grace = house.join(room, "Grace", None).await;
    if number % 3 != 2 {
        assert!(matches!(ada.socket.ask(ClientMessage::Leave).await, ServerMessage::Left { .. }));
    }
    if number.is_multiple_of(3) {
        grace.socket.ask(ClientMessage::Leave).await;
    }
    drop((ada.socket, grace.socket));
    let rooms = house.running.app.rooms.clone();
    eventually("the room is empty", || rooms.live().room(room).is_none()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_hundred_rounds_of_coming_and_going_nothing_is_left() {
    let house = house_with(|config| config.rooms.seat_seconds = 1).await;
    let lanes = join_all((0..10).map(async |_| house.room(2).await.id)).await;
    round(&house, lanes[0], 0).await;
    // Whatever the first round made once and for all is there now.
    let quiet = |residue: &Residue| {
        residue.live == (0, 0, 0)
            && residue.sockets == (0, 0)
            && residue.sfu == (0, 0, 0)
            && residue.tasks <= SERVER_TASKS
    };
    eventually("the first round is over", || quiet(&residue(&house))).await;
    let before = residue(&house);
    join_all(lanes.into_iter().map(async |room| {
        for number in 0..10 {
            round(&house, room, number).await;
        }
    }))
    .await;
    let mut last = residue(&house);
    let back = || {
        last = residue(&house);
        quiet(&last) && last.runtime <= before.runtime
    };
    eventually(&format!("{before:?} again"), back).await;
}
