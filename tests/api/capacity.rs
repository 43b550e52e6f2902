//! Seats are counted in one step.

use futures_util::future::join_all;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::ServerMessage;

use crate::client::{House, error, house};

/// `people` join a room with `capacity` seats at once; how many got in.
async fn race(house: &House, people: usize, capacity: u32) -> usize {
    let room = house.room(capacity).await.id;
    let sockets = join_all((0..people).map(async |number| {
        let mut socket = house.socket().await;
        socket.hello(&house.ticket(room, &format!("Guest {number}"), None).await).await;
        socket
    }))
    .await;
    let answers = join_all(sockets.into_iter().map(async |mut socket| {
        let answer = socket.ask(ClientMessage::Join { room }).await;
        (answer, socket)
    }))
    .await;
    let (mut inside, mut full) = (0, 0);
    for (answer, _socket) in &answers {
        match answer {
            ServerMessage::Roster { capacity: told, participants, .. } => {
                assert_eq!(*told, capacity);
                assert!(participants.len() <= capacity as usize);
                inside += 1;
            }
            answer => {
                assert_eq!(error(answer), Some(Code::RoomFull));
                full += 1;
            }
        }
    }
    assert_eq!(inside + full, people);
    inside
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_who_join_a_room_for_two_exactly_two_get_in() {
    let house = house().await;
    for _ in 0..5 {
        assert_eq!(race(&house, 20, 2).await, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_who_join_a_room_for_eight_exactly_eight_get_in() {
    let house = house().await;
    assert_eq!(race(&house, 100, 8).await, 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_found_the_room_full_gets_the_seat_that_somebody_leaves() {
    let house = house().await;
    let room = house.room(1).await.id;
    let mut first = house.join(room, "Ada", None).await;
    let mut second = house.socket().await;
    second.hello(&house.ticket(room, "Grace", None).await).await;
    assert_eq!(error(&second.ask(ClientMessage::Join { room }).await), Some(Code::RoomFull));
    assert!(matches!(first.socket.ask(ClientMessage::Leave).await, ServerMessage::Left { .. }));
    assert!(matches!(second.ask(ClientMessage::Join { room }).await, ServerMessage::Roster { .. }));
}
