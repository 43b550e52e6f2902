//! The host may remove people, nobody else may.

use moodcall::base::id::ParticipantId;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::{LeaveReason, ServerMessage};
use serde_json::json;

use crate::client::{error, house, resume};

#[tokio::test(flavor = "multi_thread")]
async fn the_host_removes_somebody_who_cannot_come_back_by_their_token() {
    let house = house().await;
    let room = house.room(3).await;
    let mut host = house.join(room.id, "Ada", room.host_key.as_deref()).await;
    let mut guest = house.join(room.id, "Grace", None).await;
    let mut other = house.join(room.id, "Eve", None).await;

    let kick = |participant| ClientMessage::Kick { participant };
    assert_eq!(error(&guest.socket.ask(kick(other.id)).await), Some(Code::Forbidden));
    assert_eq!(error(&host.socket.ask(kick(host.id)).await), Some(Code::NotFound));
    assert_eq!(error(&host.socket.ask(kick(ParticipantId::new())).await), Some(Code::NotFound));

    assert!(matches!(host.socket.ask(kick(guest.id)).await, ServerMessage::Left { .. }));
    let (said, code) = guest.socket.rest().await;
    assert!(said.contains(&ServerMessage::Kicked { by: Some(host.id) }), "{said:?}");
    assert_eq!(code, Some(4003));
    let left = other.socket.until(|message| match message {
        ServerMessage::Left { participant, reason } => Some((*participant, *reason)),
        _ => None,
    });
    assert_eq!(left.await, (guest.id, LeaveReason::Kicked));
    assert_eq!(error(&house.socket().await.ask(resume(&guest.resume)).await), Some(Code::Resume));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_host_key_makes_no_host() {
    let house = house().await;
    let (one, two) = (house.room(2).await, house.room(2).await);
    for wrong in ["", "guess", two.host_key.as_deref().unwrap_or_default()] {
        let body = json!({ "room": one.id, "name": "Eve", "host_key": wrong });
        let answer = house.post("/api/v1/socket-tickets", body).await;
        assert_eq!(answer.status(), 403, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reaches_into_another_room() {
    let house = house().await;
    let (one, two) = (house.room(2).await, house.room(2).await);
    let mut host = house.join(one.id, "Ada", one.host_key.as_deref()).await;
    let mut stranger = house.join(two.id, "Grace", None).await;
    let kick = ClientMessage::Kick { participant: stranger.id };
    assert_eq!(error(&host.socket.ask(kick).await), Some(Code::NotFound));
    let look = ClientMessage::Subscribe { participant: stranger.id, kind: moodcall::protocol::Kind::Video, on: true };
    assert_eq!(error(&host.socket.ask(look).await), Some(Code::NotFound));
    assert_eq!(stranger.socket.ask(ClientMessage::Ping).await, ServerMessage::Pong);
}
