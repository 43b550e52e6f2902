//! Rooms with several people and no sockets.

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::*;
use crate::base::clock;
use crate::sfu::command::Section;
use crate::sfu::{Codec, Source};

const CHROME: &str = include_str!("negotiation/chrome_offer.sdp");

/// A room without sockets, and what everybody in it was told.
struct Scene {
    room: Room,
    means: Means,
    demux: Demux,
    out: Outgoing,
    now: Instant,
    next: u8,
}

struct Person {
    id: ParticipantId,
    events: UnboundedReceiver<Event>,
    /// Tells this page from others: its fingerprint, its sources.
    page: u8,
}

impl Person {
    fn told(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.events.try_recv().ok()).collect()
    }
}

impl Scene {
    fn new() -> Self {
        let identity = Identity::generate().unwrap();
        let means = Means::new(&Options::default(), identity, Vec::new(), Arc::default());
        let (room, demux, out) = (Room::default(), Demux::default(), Outgoing::new());
        Self { room, means, demux, out, now: clock::now(), next: 0 }
    }

    fn join(&mut self) -> Person {
        let (told, events) = unbounded_channel();
        let id = ParticipantId::new();
        self.room.join(id, told);
        self.next += 1;
        Person { id, events, page: self.next }
    }

    fn offer(&mut self, person: &Person, sdp: &str) -> String {
        let sdp = sdp.replace("sha-256 A0:A1:", &format!("sha-256 {:02X}:A1:", person.page));
        self.room.offer(person.id, &sdp, &self.means, &mut self.demux, &mut self.out, self.now).unwrap()
    }

    fn publish(&mut self, person: &Person, kind: Kind) -> TrackId {
        let (mid, source) = if kind == Kind::Audio { ("0", Source::Microphone) } else { ("1", Source::Camera) };
        self.room.publish(person.id, Publish { mid: mid.into(), kind, source, muted: false }, self.now).unwrap()
    }
}

fn chrome() -> String {
    CHROME.to_owned()
}

fn h264_only() -> String {
    let without = |line: &&str| !line.contains(":96 ") && !line.contains(":97 ");
    let lines = chrome().replace("SAVPF 96 97 ", "SAVPF ");
    lines.lines().filter(without).map(|line| format!("{line}\r\n")).collect()
}

fn video_line(answer: &str) -> &str {
    answer.lines().find(|line| line.starts_with("m=video")).unwrap()
}

#[test]
fn two_people_see_each_other_in_the_sections_that_they_send_in() {
    let mut scene = Scene::new();
    let (mut anna, mut boris) = (scene.join(), scene.join());
    for person in [&anna, &boris] {
        scene.offer(person, &chrome());
    }
    let (voice, camera) = (scene.publish(&anna, Kind::Audio), scene.publish(&anna, Kind::Video));
    let shown = |mid: &str, track, kind| Section { mid: mid.into(), participant: anna.id, track, kind };
    let last = boris.told().pop();
    assert_eq!(last, Some(Event::Sections(vec![shown("0", voice, Kind::Audio), shown("1", camera, Kind::Video)])));
    assert!(!anna.told().iter().any(|event| matches!(event, Event::Negotiate { .. })));
}

#[test]
fn the_third_needs_more_sections_and_is_asked_for_once() {
    let mut scene = Scene::new();
    let mut people = [scene.join(), scene.join(), scene.join()];
    for person in &people {
        scene.offer(person, &chrome());
        scene.publish(person, Kind::Video);
    }
    for person in &mut people {
        let asked = person.told().into_iter().filter(|event| matches!(event, Event::Negotiate { .. }));
        assert_eq!(asked.collect::<Vec<_>>(), [Event::Negotiate { audio: 1, video: 2 }]);
    }
}

#[test]
fn somebody_without_vp8_turns_the_room_to_h264_and_their_leaving_turns_it_back() {
    let mut scene = Scene::new();
    let mut anna = scene.join();
    assert!(video_line(&scene.offer(&anna, &chrome())).ends_with("SAVPF 96 97 108 109 106 107"));
    let track = scene.publish(&anna, Kind::Video);
    assert!(anna.told().contains(&Event::PublicationCodec { track, codec: Codec::Vp8 }));
    let boris = scene.join();
    assert!(video_line(&scene.offer(&boris, &h264_only())).ends_with("SAVPF 108 109 106 107"));
    assert_eq!(anna.told(), [Event::Negotiate { audio: 1, video: 1 }]);
    assert!(video_line(&scene.offer(&anna, &chrome())).ends_with("SAVPF 108 109 106 107 96 97"));
    assert_eq!(anna.told(), [Event::PublicationCodec { track, codec: Codec::H264 }]);
    scene.room.leave(boris.id, &mut scene.demux, &mut scene.out, scene.now);
    assert_eq!(anna.told(), [Event::Negotiate { audio: 1, video: 1 }]);
    scene.offer(&anna, &chrome());
    assert_eq!(anna.told(), [Event::PublicationCodec { track, codec: Codec::Vp8 }]);
}

#[test]
fn a_restart_changes_the_credentials_and_nothing_else() {
    let mut scene = Scene::new();
    let anna = scene.join();
    let line = |answer: &str, key: &str| answer.lines().find(|line| line.starts_with(key)).unwrap().to_owned();
    let first = scene.offer(&anna, &chrome());
    let same = scene.offer(&anna, &chrome());
    let restarted = scene.offer(&anna, &chrome().replace("a=ice-ufrag:Yf7x", "a=ice-ufrag:Zg8y"));
    assert_eq!(line(&first, "a=ice-ufrag"), line(&same, "a=ice-ufrag"));
    assert_ne!(line(&first, "a=ice-ufrag"), line(&restarted, "a=ice-ufrag"));
    assert_eq!(line(&first, "a=ssrc-group"), line(&restarted, "a=ssrc-group"));
    assert_eq!(scene.demux.len().0, 2, "the old credentials serve until the new ones have brought a path");
}

#[test]
fn every_section_of_an_offer_has_its_place_in_the_answer() {
    let mut scene = Scene::new();
    let anna = scene.join();
    let answer = scene.offer(&anna, &chrome().replace("a=sendrecv", "a=inactive"));
    let media: Vec<_> = answer.lines().filter(|line| line.starts_with("m=")).collect();
    assert!(media[0].starts_with("m=audio 9") && media[1].starts_with("m=video 9"));
    assert_eq!(media[2], "m=application 0 UDP/DTLS/SCTP webrtc-datachannel");
    assert_eq!(answer.lines().filter(|line| *line == "a=inactive").count(), 3);
    assert!(!answer.contains("a=ssrc"), "nothing is sent where nobody receives");
    // Inactive is not for ever.
    assert!(scene.offer(&anna, &chrome()).contains("a=sendrecv"));
}

#[test]
fn publishing_takes_a_section_that_sends_and_one_source_each() {
    let mut scene = Scene::new();
    let anna = scene.join();
    let camera = Publish { mid: "1".into(), kind: Kind::Video, source: Source::Camera, muted: false };
    assert_eq!(scene.room.publish(anna.id, camera.clone(), scene.now), Err(SfuError::UnknownSection));
    scene.offer(&anna, &chrome());
    let track = scene.room.publish(anna.id, camera.clone(), scene.now).unwrap();
    assert_eq!(scene.room.publish(anna.id, camera.clone(), scene.now), Ok(track), "again is the same");
    let screen = Publish { source: Source::Screen, ..camera.clone() };
    assert_eq!(scene.room.publish(anna.id, screen, scene.now), Err(SfuError::UnknownSection), "the section is taken");
    let wrong = Publish { mid: "0".into(), ..camera };
    assert_eq!(scene.room.publish(anna.id, wrong, scene.now), Err(SfuError::UnknownSection), "that one is for audio");
}

#[test]
fn a_new_page_is_told_its_map_even_if_it_is_the_old_ones() {
    let mut scene = Scene::new();
    let (anna, mut boris) = (scene.join(), scene.join());
    for person in [&anna, &boris] {
        scene.offer(person, &chrome());
    }
    scene.publish(&anna, Kind::Video);
    let map = boris.told().pop();
    assert!(matches!(&map, Some(Event::Sections(sections)) if sections.len() == 1));
    scene.next += 1;
    boris.page = scene.next;
    scene.offer(&boris, &chrome());
    assert_eq!(boris.told(), [Event::Sections(Vec::new()), map.unwrap()]);
}

#[test]
fn a_section_may_be_stopped_and_another_one_added() {
    let mut scene = Scene::new();
    let anna = scene.join();
    scene.offer(&anna, &chrome());
    scene.publish(&anna, Kind::Video);
    let stopped = chrome().replace("m=video 9 ", "m=video 0 ");
    let answer = scene.offer(&anna, &stopped);
    assert!(answer.contains("a=group:BUNDLE 0\r\n") && video_line(&answer).starts_with("m=video 0 "), "{answer}");
    let blocks: Vec<_> = stopped.split("m=").collect();
    let video = blocks.iter().find(|block| block.starts_with("video")).unwrap();
    let added =
        video.replace("video 0 ", "video 9 ").replace("a=mid:1\r", "a=mid:7\r").replace("a=mid:1\n", "a=mid:7\n");
    let answer = scene.offer(&anna, &format!("{stopped}m={added}"));
    assert!(answer.contains("a=group:BUNDLE 0 7\r\n"), "{answer}");
    let camera = Publish { mid: "7".into(), kind: Kind::Video, source: Source::Camera, muted: false };
    assert!(scene.room.publish(anna.id, camera, scene.now).is_ok());
}

#[test]
fn no_more_sections_are_asked_for_than_an_offer_may_have() {
    let mut scene = Scene::new();
    let mut people: Vec<_> = (0..40).map(|_| scene.join()).collect();
    for person in &people {
        scene.offer(person, &chrome());
        scene.publish(person, Kind::Audio);
        scene.publish(person, Kind::Video);
    }
    for person in &mut people {
        let asked = person.told().into_iter().filter_map(|event| match event {
            Event::Negotiate { audio, video } => Some(audio + video),
            _ => None,
        });
        assert!(asked.max().unwrap() < 64);
    }
}
