//! What goes wrong on the way: networks change, sockets break, people vanish. The call goes on.

use std::time::Duration;

use moodcall::base::clock;
use moodcall::protocol::Kind;
use moodcall::protocol::server::{LeaveReason, ServerMessage};
use tokio::sync::oneshot;

use crate::relay::Relay;
use crate::stage::{PLAIN, Person, Stage, longest_pause, missing, options};

/// The longest pause that nobody sees as a freeze; a busy machine adds to the 33 ms between pictures.
const NO_FREEZE: Duration = Duration::from_millis(500);

async fn presence(person: &Person, of: moodcall::base::id::ParticipantId, wanted: bool, mark: usize) {
    let change = |message: &ServerMessage| {
        matches!(message, ServerMessage::Presence { participant, away } if *participant == of && *away == wanted)
            .then_some(())
    };
    person.client.socket.wait_for("a change of presence", mark, change).await.expect("told");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ice_restart_in_mid_call_costs_no_picture() {
    let stage = Stage::start(PLAIN).await;
    let room = stage.room(2).await;
    let mut ann = stage.host(&room, "Ann").await;
    let ben = stage.join(&room, "Ben").await;
    ann.show().await;
    ben.inbox.wait("pictures", 0, Kind::Video, 30).await;
    ben.client.restart_ice().await.expect("restarted");
    let mark = ben.inbox.len();
    ben.inbox.wait("pictures after the restart", mark, Kind::Video, 120).await;
    let all = ben.inbox.since(0, Kind::Video);
    assert_eq!(missing(&all), 0);
    assert!(longest_pause(&all) < NO_FREEZE, "a pause of {:?}", longest_pause(&all));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_from_another_address_goes_on_there() {
    let stage = Stage::start(PLAIN).await;
    let room = stage.room(2).await;
    let mut ann = stage.host(&room, "Ann").await;
    ann.show().await;
    let mut moving = options("Ben");
    moving.peer.restart_moves = true;
    let ben = stage.try_join(&room, moving).await.expect("a seat");
    ben.inbox.wait("pictures", 0, Kind::Video, 30).await;
    ben.client.restart_ice().await.expect("restarted");
    let mark = ben.inbox.len();
    ben.inbox.wait("pictures at the new address", mark, Kind::Video, 120).await;
    let all = ben.inbox.since(0, Kind::Video);
    assert!(longest_pause(&all) < Duration::from_secs(1), "a pause of {:?}", longest_pause(&all));
    stage.metric_becomes("moodcall_sfu_transports", 2.0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_change_that_the_client_does_not_notice_is_followed() {
    let stage = Stage::start(PLAIN).await;
    let room = stage.room(2).await;
    let mut ann = stage.host(&room, "Ann").await;
    ann.show().await;
    let relay = Relay::to(stage.media().await).await;
    let mut behind = options("Ben");
    behind.peer.via = Some(relay.address);
    behind.peer.keep_alive = Duration::from_millis(200);
    let mut ben = stage.try_join(&room, behind).await.expect("a seat");
    ben.show().await;
    ben.inbox.wait("pictures", 0, Kind::Video, 30).await;
    ann.inbox.wait("their pictures", 0, Kind::Video, 30).await;
    for _ in 0..2 {
        relay.move_away().await;
        let (here, there) = (ben.inbox.len(), ann.inbox.len());
        ben.inbox.wait("pictures at the new address", here, Kind::Video, 90).await;
        ann.inbox.wait("pictures from the new address", there, Kind::Video, 90).await;
    }
    for person in [&ann, &ben] {
        let all = person.inbox.since(0, Kind::Video);
        // A client that does not nominate its pair again is followed once its old address has been silent for 3 s.
        assert!(longest_pause(&all) < Duration::from_secs(4), "a pause of {:?}", longest_pause(&all));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_socket_is_resumed_while_media_flows() {
    let stage = Stage::start(PLAIN).await;
    let room = stage.room(2).await;
    let mut ann = stage.host(&room, "Ann").await;
    ann.show().await;
    let mut ben = stage.join(&room, "Ben").await;
    ben.show().await;
    ben.inbox.wait("pictures", 0, Kind::Video, 30).await;
    let you = ben.client.you;
    let cut = clock::now();
    ben.client.cut();
    presence(&ann, you, true, 0).await;
    assert!(cut.elapsed() < Duration::from_secs(3), "away after {:?}", cut.elapsed());
    // Media goes on both ways without a socket.
    let (here, there) = (ben.inbox.len(), ann.inbox.len());
    ben.inbox.wait("pictures without a socket", here, Kind::Video, 30).await;
    ann.inbox.wait("their pictures without a socket", there, Kind::Video, 30).await;

    let mark = ann.client.socket.mark();
    ben.client.reconnect().await.expect("resumed");
    assert_eq!(ben.client.you, you, "it is the same seat");
    let roster = |message: &ServerMessage| match message {
        ServerMessage::Roster { participants, .. } => Some(participants.clone()),
        _ => None,
    };
    let roster = ben.client.socket.wait_for("the roster", 0, roster).await.expect("a roster");
    let mine = roster.iter().find(|seat| seat.id == you).expect("a seat");
    assert_eq!((roster.len(), mine.tracks.len(), mine.away), (2, 1, false));
    presence(&ann, you, false, mark).await;
    let here = ben.inbox.len();
    ben.inbox.wait("pictures afterwards", here, Kind::Video, 30).await;
    let all = ben.inbox.since(0, Kind::Video);
    assert_eq!(missing(&all), 0);
    assert!(longest_pause(&all) < NO_FREEZE, "a pause of {:?}", longest_pause(&all));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_vanishes_is_away_at_once_and_gone_after_the_silence() {
    let silence = ("MOODCALL_MEDIA__SILENCE_SECONDS", "10");
    let stage = Stage::start(&[PLAIN[0], silence, ("MOODCALL_ROOMS__SEAT_SECONDS", "12")]).await;
    let room = stage.room(2).await;
    let ann = stage.host(&room, "Ann").await;
    // Ben lives on a thread and a runtime of his own: ending it takes his sockets away as a killed process would.
    let (end, ended) = oneshot::channel::<()>();
    let (tell, told) = oneshot::channel();
    let api = stage.api.clone();
    let theirs = room.clone();
    let vanishing = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async move {
            let ben = Person::join(&api, &theirs, options("Ben")).await.expect("a seat");
            let mut ben = ben;
            ben.show().await;
            tell.send(ben.client.you).expect("somebody listens");
            ended.await.expect("the end is announced");
        });
    });
    let you = told.await.expect("Ben is in");
    ann.inbox.wait("Ben's pictures", 0, Kind::Video, 30).await;
    end.send(()).expect("Ben is there");
    vanishing.join().expect("no panic");
    let vanished = clock::now();
    presence(&ann, you, true, 0).await;
    assert!(vanished.elapsed() < Duration::from_secs(3), "away after {:?}", vanished.elapsed());
    // No bars when nothing was heard for a while, and again when the media is given up.
    for bound in [4, 9] {
        let mark = ann.client.socket.mark();
        let no_bars = |message: &ServerMessage| {
            matches!(message, ServerMessage::Quality { participant, bars: Some(0), .. } if *participant == you)
                .then_some(())
        };
        ann.client.socket.wait_for("no bars", mark, no_bars).await.expect("told");
        assert!(vanished.elapsed() > Duration::from_secs(bound), "already after {:?}", vanished.elapsed());
    }
    // The seat outlives the media a little, and then nothing is left.
    let expired = |message: &ServerMessage| {
        matches!(message, ServerMessage::Left { participant, reason: LeaveReason::Expired } if *participant == you)
            .then_some(())
    };
    ann.client.socket.wait_for("the end of the seat", 0, expired).await.expect("told");
    stage.metric_becomes("moodcall_sfu_transports", 1.0).await;
}
