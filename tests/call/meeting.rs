//! Coming together: two see and hear each other, a third finds no seat, people leave, return, come late, are removed.

use moodcall::base::id::ParticipantId;
use moodcall::bench::client::ClientError;
use moodcall::bench::client::publish::{Recording, tail};
use moodcall::protocol::Kind;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::{LeaveReason, Section, ServerMessage};
use moodcall::rtp::payload::vp8;

use crate::stage::{PLAIN, Person, Stage, missing, options};

/// The section of `person` that receives `kind` from `publisher`, once the server says so.
async fn section(person: &Person, publisher: ParticipantId, kind: Kind) -> Section {
    let wanted = |message: &ServerMessage| match message {
        ServerMessage::Subscribed { sections } => {
            sections.iter().find(|section| section.participant == publisher && section.kind == kind).cloned()
        }
        _ => None,
    };
    person.client.socket.wait_for("a section", 0, wanted).await.expect("a section")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_see_and_hear_each_other() {
    let stage = Stage::start(PLAIN).await;
    let room = stage.room(2).await;
    let mut ann = stage.host(&room, "Ann").await;
    let mut ben = stage.join(&room, "Ben").await;
    assert_eq!(ben.client.roster.len(), 2, "Ben sees both seats");
    for person in [&mut ann, &mut ben] {
        person.show().await;
        person.speak().await;
    }
    for (here, there) in [(&ann, &ben), (&ben, &ann)] {
        let audio = here.inbox.wait("sound", 0, Kind::Audio, 25).await;
        let video = here.inbox.wait("pictures", 0, Kind::Video, 60).await;
        // Payloads come through untouched behind their descriptors, streams without holes.
        let sent: Vec<u64> = there.devices[0].sent().iter().map(|sent| sent.tail).collect();
        let shown = video.iter().filter(|arrival| arrival.packet.marker);
        assert!(shown.map(|arrival| tail(&arrival.packet.payload)).all(|tail| sent.contains(&tail)));
        assert!(vp8::is_keyframe_start(&video[0].packet.payload), "the first packet starts a keyframe");
        assert_eq!((missing(&audio), missing(&video)), (0, 0));
        // And they come in the sections that the server named.
        for (kind, arrivals) in [(Kind::Audio, &audio), (Kind::Video, &video)] {
            let section = section(here, there.client.you, kind).await;
            assert_eq!(here.client.peer.section_of(arrivals[0].packet.ssrc), Some(section.mid));
        }
    }
    ann.leave().await;
    ben.leave().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_third_person_is_refused_and_disturbs_nobody() {
    let stage = Stage::start(PLAIN).await;
    let room = stage.room(2).await;
    let mut ann = stage.host(&room, "Ann").await;
    let ben = stage.join(&room, "Ben").await;
    ann.show().await;
    ben.inbox.wait("pictures", 0, Kind::Video, 10).await;
    let refused = stage.try_join(&room, options("Cleo")).await.map(drop);
    assert!(matches!(refused, Err(ClientError::Refused { code: Code::RoomFull, .. })), "{refused:?}");
    let mark = ben.inbox.len();
    let after = ben.inbox.wait("more pictures", mark, Kind::Video, 60).await;
    assert_eq!(missing(&after), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_leaves_may_come_again_and_is_seen_again() {
    let stage = Stage::start(PLAIN).await;
    let room = stage.room(2).await;
    let mut ann = stage.host(&room, "Ann").await;
    ann.show().await;
    for _ in 0..3 {
        let mark = ann.client.socket.mark();
        let mut ben = stage.join(&room, "Ben").await;
        ben.show().await;
        let you = ben.client.you;
        let heard = ann.inbox.len();
        ann.inbox.wait("Ben's pictures", heard, Kind::Video, 10).await;
        ben.inbox.wait("Ann's pictures", 0, Kind::Video, 10).await;
        ben.leave().await;
        let left = |message: &ServerMessage| match message {
            ServerMessage::Left { participant, reason } if *participant == you => Some(*reason),
            _ => None,
        };
        let reason = ann.client.socket.wait_for("Ben's leave", mark, left).await.expect("left");
        assert_eq!(reason, LeaveReason::Left);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_joiner_gets_a_keyframe_at_once() {
    let stage = Stage::start(PLAIN).await;
    let room = stage.room(3).await;
    let mut ann = stage.host(&room, "Ann").await;
    ann.show().await;
    let ben = stage.join(&room, "Ben").await;
    ben.inbox.wait("pictures", 0, Kind::Video, 60).await;
    let sent_before = ann.devices[0].sent().len();
    let cleo = stage.join(&room, "Cleo").await;
    let first = cleo.inbox.wait("pictures", 0, Kind::Video, 1).await;
    assert!(vp8::is_keyframe_start(&first[0].packet.payload), "nothing comes before a keyframe");
    // The recording has one keyframe in 60 pictures: a camera that was not asked would take up to two seconds.
    let sent = ann.devices[0].sent();
    let asked = sent[sent_before..].iter().position(|sent| sent.keyframe).expect("a keyframe was made");
    assert!(asked <= 30, "the keyframe came {asked} pictures late");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_people_get_sections_for_each_other() {
    let stage = Stage::start(PLAIN).await;
    let room = stage.room(3).await;
    let mut people = Vec::new();
    for name in ["Ann", "Ben", "Cleo"] {
        let mut person = stage.join(&room, name).await;
        person.show_recording(Recording::blank(1500)).await;
        person.speak().await;
        people.push(person);
    }
    for person in &people {
        for other in people.iter().filter(|other| other.client.you != person.client.you) {
            for kind in [Kind::Audio, Kind::Video] {
                let section = section(person, other.client.you, kind).await;
                person
                    .inbox
                    .wait_until("each other's media", || {
                        let arrived = person.inbox.since(0, kind);
                        let named = |ssrc| person.client.peer.section_of(ssrc).as_ref() == Some(&section.mid);
                        arrived.iter().any(|arrival| named(arrival.packet.ssrc)).then_some(())
                    })
                    .await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_host_removes_somebody_and_nobody_else_may() {
    let stage = Stage::start(PLAIN).await;
    let room = stage.room(2).await;
    let mut ann = stage.host(&room, "Ann").await;
    ann.show().await;
    let ben = stage.join(&room, "Ben").await;
    let kick = |participant| ClientMessage::Kick { participant };
    let refused = ben.client.socket.request(kick(ann.client.you)).await;
    assert!(matches!(refused, Err(ClientError::Refused { code: Code::Forbidden, .. })), "{refused:?}");
    ben.inbox.wait("pictures", 0, Kind::Video, 10).await;

    let you = ben.client.you;
    ann.client.socket.say(kick(you)).expect("said");
    let kicked = |message: &ServerMessage| match message {
        ServerMessage::Kicked { by } => *by,
        _ => None,
    };
    let by = ben.client.socket.wait_for("the removal", 0, kicked).await.expect("kicked");
    assert_eq!(by, ann.client.you);
    ben.client.socket.closed().await.expect("the socket ends");
    let left = |message: &ServerMessage| {
        matches!(message, ServerMessage::Left { participant, reason: LeaveReason::Kicked } if *participant == you)
            .then_some(())
    };
    ann.client.socket.wait_for("Ben's removal", 0, left).await.expect("told");
    stage.metric_becomes("moodcall_sfu_transports", 1.0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_udp_is_blocked_the_call_goes_over_tcp() {
    let stage = Stage::start(PLAIN).await;
    let room = stage.room(2).await;
    let mut tcp = options("Ann");
    tcp.peer.tcp = true;
    let mut ann = stage.try_join(&room, tcp).await.expect("a seat");
    let mut ben = stage.join(&room, "Ben").await;
    ann.show().await;
    ben.show().await;
    for person in [&ann, &ben] {
        let video = person.inbox.wait("pictures", 0, Kind::Video, 60).await;
        assert_eq!(missing(&video), 0);
    }
    stage.metric_becomes("moodcall_sfu_tcp_connections", 1.0).await;
}
