//! What is said reaches whom it should.

use moodcall::protocol::Effects;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::ServerMessage;

use crate::client::{error, house};

#[tokio::test(flavor = "multi_thread")]
async fn the_room_hears_chat_reactions_quality_and_who_comes_and_goes() {
    let house = house().await;
    let room = house.room(2).await;
    let mut ada = house.join(room.id, "Ada", room.host_key.as_deref()).await;
    let mut grace = house.join(room.id, " Grace\u{202e} ", None).await;
    let joined = ada.socket.until(|message| match message {
        ServerMessage::Joined { participant } => Some(participant.clone()),
        _ => None,
    });
    let joined = joined.await;
    assert_eq!((joined.id, joined.name.as_str(), joined.host), (grace.id, "Grace", false));

    let said = grace.socket.ask(ClientMessage::Chat { text: "<b>안녕</b>".into() }).await;
    let heard = ada.socket.until(|message| matches!(message, ServerMessage::Chat { .. }).then(|| message.clone()));
    assert_eq!(heard.await, said, "speaker and listener get the same line");
    assert!(matches!(said, ServerMessage::Chat { seq: 1, text, .. } if text == "<b>안녕</b>"));

    grace.socket.ask(ClientMessage::Reaction { emoji: "👏".into() }).await;
    let reaction = ServerMessage::Reaction { participant: grace.id, emoji: "👏".into() };
    ada.socket.until(|message| (*message == reaction).then_some(())).await;

    grace.socket.ask(ClientMessage::Quality { bars: 3 }).await;
    let quality = ServerMessage::Quality { participant: grace.id, rung: None, bars: Some(3) };
    ada.socket.until(|message| (*message == quality).then_some(())).await;

    grace.socket.ask(ClientMessage::Leave).await;
    ada.socket.until(|message| matches!(message, ServerMessage::Left { .. }).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_filter_effects_are_refused_and_off_is_not() {
    let house = house().await;
    let room = house.room(2).await;
    let mut ada = house.join(room.id, "Ada", None).await;
    let ask = |effects, consent| ClientMessage::Effects { effects, consent };
    assert_eq!(error(&ada.socket.ask(ask(Effects::Mood, false)).await), Some(Code::Consent));
    assert_eq!(error(&ada.socket.ask(ask(Effects::Mood, true)).await), Some(Code::FilterUnavailable));
    assert_eq!(error(&ada.socket.ask(ask(Effects::Blur, false)).await), Some(Code::FilterUnavailable));
    let off = ada.socket.ask(ask(Effects::Off, false)).await;
    assert_eq!(off, ServerMessage::Effects { participant: ada.id, effects: Effects::Off });
}
