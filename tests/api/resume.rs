//! The resume token takes the seat back with everything as it was.

use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::ServerMessage;

use crate::client::{Socket, closed, error, house, resume};

async fn come_back(socket: &mut Socket, token: &str) -> String {
    match socket.ask(resume(token)).await {
        ServerMessage::Welcome { resumed: true, resume, .. } => resume,
        other => panic!("no welcome but {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_socket_comes_back_to_its_seat_and_the_room_hears_it() {
    let house = house().await;
    let room = house.room(2).await.id;
    let mut ada = house.join(room, "Ada", None).await;
    let mut grace = house.join(room, "Grace", None).await;
    grace.socket.ask(ClientMessage::Mood { share: true }).await;
    drop(grace.socket);
    let presence = |message: &ServerMessage| match message {
        ServerMessage::Presence { participant, away } => Some((*participant, *away)),
        _ => None,
    };
    assert_eq!(ada.socket.until(presence).await, (grace.id, true));

    let mut socket = house.socket().await;
    let token = come_back(&mut socket, &grace.resume).await;
    assert_ne!(token, grace.resume);
    let (you, people) = socket
        .until(|message| match message {
            ServerMessage::Roster { you, participants, .. } => Some((*you, participants.clone())),
            _ => None,
        })
        .await;
    assert_eq!(you, grace.id);
    assert_eq!(people.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Ada", "Grace"]);
    assert!(people.iter().all(|one| !one.away));
    socket.until(|message| matches!(message, ServerMessage::Subscribed { .. }).then_some(())).await;
    assert_eq!(ada.socket.until(presence).await, (grace.id, false));

    // It is a seat as before.
    assert!(matches!(socket.ask(ClientMessage::Chat { text: "back".into() }).await, ServerMessage::Chat { .. }));
    let line = |message: &ServerMessage| match message {
        ServerMessage::Chat { name, text, .. } => Some((name.clone(), text.clone())),
        _ => None,
    };
    assert_eq!(ada.socket.until(line).await, ("Grace".into(), "back".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_window_takes_the_seat_over_and_the_first_is_told() {
    let house = house().await;
    let room = house.room(2).await.id;
    let mut ada = house.join(room, "Ada", None).await;
    let mut second = house.socket().await;
    come_back(&mut second, &ada.resume).await;
    let (said, code) = ada.socket.rest().await;
    assert_eq!(said.iter().find_map(closed), Some((Code::Replaced, false)));
    assert_eq!(code, Some(4001));
    // The first socket's end does not make the seat away.
    assert_eq!(second.ask(ClientMessage::Ping).await, ServerMessage::Pong);
    let live = house.running.app.rooms.live();
    assert!(!live.seat(ada.id).expect("the seat").away());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_works_again_only_until_its_successor_is_known_to_have_arrived() {
    let house = house().await;
    let room = house.room(2).await.id;
    let mut ada = house.join(room, "Ada", None).await;

    let mut lost = house.socket().await;
    let never_read = come_back(&mut lost, &ada.resume).await;
    drop(lost);
    // The welcome was lost with the socket, so the page still has the old token.
    let mut again = house.socket().await;
    let token = come_back(&mut again, &ada.resume).await;
    assert_eq!(error(&house.socket().await.ask(resume(&never_read)).await), Some(Code::Resume));

    assert!(matches!(again.ask(ClientMessage::Chat { text: "here".into() }).await, ServerMessage::Chat { .. }));
    assert_eq!(error(&house.socket().await.ask(resume(&ada.resume)).await), Some(Code::Resume));
    let mut last = house.socket().await;
    come_back(&mut last, &token).await;
    assert!(ada.socket.rest().await.0.iter().any(|message| closed(message).is_some()));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_has_no_seat_to_come_back_to() {
    let house = house().await;
    let room = house.room(2).await.id;
    let mut ada = house.join(room, "Ada", None).await;
    assert!(matches!(ada.socket.ask(ClientMessage::Leave).await, ServerMessage::Left { .. }));
    assert_eq!(ada.socket.rest().await.1, Some(1000));
    assert_eq!(error(&house.socket().await.ask(resume(&ada.resume)).await), Some(Code::Resume));
    assert_eq!(house.get(&format!("/api/v1/rooms/{room}")).await.status(), 200, "the link still works");
}
