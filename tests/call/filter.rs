//! The mood filter from end to end: a real face in, decodable pictures with another background out, and stills of them.

use std::collections::HashMap;

use moodcall::bench::client::publish::{Recording, Sent};
use moodcall::bench::client::{Client, ClientError};
use moodcall::bench::clip::Clip;
use moodcall::bench::received::{Frame, Pair, pair};
use moodcall::media::codec::vp8::Decoder;
use moodcall::media::frame;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::ServerMessage;
use moodcall::protocol::{Effects, Kind, MoodLabel};
use moodcall::rtp::payload::vp8::{self, Descriptor};

use crate::stage::{Person, Stage, missing};

/// Pictures between which a comparison is made; enough for the filter to find its pace on a busy machine.
const PICTURES: usize = 60;

/// The portrait that the bench publishes, as encoded pictures.
fn portrait() -> Vec<(Vec<u8>, bool)> {
    let clip = Clip::portrait((640, 480), 60, || ()).expect("the portrait");
    clip.pictures.into_iter().map(|picture| (picture.data, picture.keyframe)).collect()
}

/// Every picture of an encoded stream, decoded.
fn decoded(pictures: &[(Vec<u8>, bool)]) -> Vec<frame::Frame> {
    let mut decoder = Decoder::new().expect("a decoder");
    let decode = |(data, _): &(Vec<u8>, bool)| {
        frame::Frame::from_view(decoder.decode(data).expect("decodable").expect("a picture"))
    };
    pictures.iter().map(decode).collect()
}

/// What came in `since` the mark as whole VP8 pictures with their times, from the first keyframe on.
fn pictures(person: &Person, since: usize) -> Vec<(u32, Vec<u8>, bool)> {
    let mut found: Vec<(u32, Vec<u8>, bool)> = Vec::new();
    for arrival in person.inbox.since(since, Kind::Video) {
        let packet = &arrival.packet;
        let descriptor = Descriptor::parse(&packet.payload).expect("a descriptor");
        if descriptor.start_of_partition && descriptor.partition == 0 {
            found.push((packet.timestamp, Vec::new(), vp8::is_keyframe_start(&packet.payload)));
        }
        if let Some((_, data, _)) = found.last_mut() {
            data.extend_from_slice(&packet.payload[descriptor.len..]);
        }
    }
    found.into_iter().skip_while(|(_, _, keyframe)| !keyframe).collect()
}

/// Received pictures with the ones that were sent, by time.
fn pairs(sent: &[Sent], person: &Person) -> Vec<Pair> {
    let received = moodcall::bench::received::Received::default();
    for arrival in person.inbox.since(0, Kind::Video) {
        received.take(&arrival);
    }
    let frames: Vec<Frame> = received.frames();
    pair(sent, &frames)
}

/// Mean difference of brightness in a part of two pictures, given in eighths of their width and height.
fn difference(
    one: &frame::Frame,
    other: &frame::Frame,
    columns: std::ops::Range<usize>,
    rows: std::ops::Range<usize>,
) -> f64 {
    assert_eq!(one.size(), other.size());
    let (width, height) = one.size();
    let (one, other) = (one.view().y(), other.view().y());
    let (mut sum, mut count) = (0_u64, 0_u64);
    for y in rows.start * height / 8..rows.end * height / 8 {
        for x in columns.start * width / 8..columns.end * width / 8 {
            sum += u64::from(one.row(y)[x].abs_diff(other.row(y)[x]));
            count += 1;
        }
    }
    sum as f64 / count as f64
}

async fn effects(person: &Person, effects: Effects) {
    person.client.effects(effects, true).await.expect("the effect is taken");
}

/// Waits until pictures arrive that are (or are not) what the camera sent.
async fn shown(ben: &Person, ann: &Person, processed: bool, count: usize) {
    ben.inbox
        .wait_until(if processed { "processed pictures" } else { "original pictures" }, || {
            let pairs = pairs(&ann.devices[0].sent(), ben);
            let last = pairs.iter().rev().take(count).filter(|pair| pair.processed() == processed).count();
            (pairs.len() >= count && last == count).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_mood_filter_changes_the_background_and_nothing_else() {
    let stage = Stage::start(&[]).await;
    let room = stage.room(2).await;
    let clip = portrait();
    let originals = decoded(&clip);
    let mut ann = stage.host(&room, "Ann").await;
    let ben = stage.join(&room, "Ben").await;
    ann.show_recording(Recording::vp8(clip)).await;
    shown(&ben, &ann, false, 15).await;

    let refused = ann.client.effects(Effects::Mood, false).await;
    assert!(matches!(refused, Err(ClientError::Refused { code: Code::Consent, .. })), "{refused:?}");
    let quiet = ben.client.socket.mark();
    effects(&ann, Effects::Mood).await;
    shown(&ben, &ann, true, PICTURES).await;
    mood(&ann.client).await;
    effects(&ann, Effects::Off).await;
    shown(&ben, &ann, false, 15).await;

    // No renegotiation, no hole in the stream, in either direction of the switch.
    let all = ben.inbox.since(0, Kind::Video);
    assert_eq!(missing(&all), 0);
    let asked = ben.client.socket.heard_since(quiet).into_iter();
    let asked = asked.filter(|message| matches!(message, ServerMessage::Negotiate { .. })).count();
    assert_eq!(asked, 0, "the switch asked for an offer");

    // All of it decodes in one go, and each picture can be laid beside what the camera saw.
    let stream = pictures(&ben, 0);
    let sent = ann.devices[0].sent();
    let by_time: HashMap<u32, Pair> =
        pairs(&sent, &ben).into_iter().map(|pair| (pair.received.timestamp, pair)).collect();
    let mut decoder = Decoder::new().expect("a decoder");
    let (mut backgrounds, mut faces) = (Vec::new(), Vec::new());
    for (timestamp, data, _) in &stream {
        let view = decoder.decode(data).expect("decodable").expect("a picture");
        let Some(pair) = by_time.get(timestamp).filter(|pair| pair.processed()) else { continue };
        let (here, there) = (frame::Frame::from_view(view), &originals[pair.sent.picture]);
        // A flag on the left, a model on the right, the face between them; the camera sways less than that.
        backgrounds.push(difference(&here, there, 0..1, 0..4).min(difference(&here, there, 6..7, 1..5)));
        faces.push(difference(&here, there, 3..4, 2..3));
    }
    let median = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let (background, face) = (median(&mut backgrounds), median(&mut faces));
    // Out of 255. What differs in the face is what encoding twice costs.
    assert!(background > 15.0, "the background differs by {background:.1}, the face by {face:.1}");
    assert!(face < 6.0, "the face differs by {face:.1}, the background by {background:.1}");
}

async fn mood(client: &Client) -> MoodLabel {
    let label = |message: &ServerMessage| match message {
        ServerMessage::Mood { participant, mood, .. } if *participant == client.you => *mood,
        _ => None,
    };
    client.socket.wait_for("one's own mood", 0, label).await.expect("a mood")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_still_shows_both_people_side_by_side() {
    let stage = Stage::start(&[]).await;
    let room = stage.room(2).await;
    let clip = portrait();
    let mut ann = stage.host(&room, "Ann").await;
    let mut ben = stage.join(&room, "Ben").await;
    ann.show_recording(Recording::vp8(clip.clone())).await;
    ben.show_recording(Recording::vp8(clip)).await;
    ben.inbox.wait("pictures", 0, Kind::Video, 30).await;
    ann.inbox.wait("pictures", 0, Kind::Video, 30).await;
    let still = ann.client.socket.request(ClientMessage::Still { names: true, time: false }).await.expect("a still");
    let ServerMessage::Still { width, height, png, webp, .. } = still else { panic!("{still:?}") };
    assert!(width > height, "{width}x{height} is not two people side by side");
    for (address, format) in [(png, image::ImageFormat::Png), (webp, image::ImageFormat::WebP)] {
        let data = stage.api.fetch(&address).await.expect("the still");
        let picture = image::load_from_memory_with_format(&data, format).expect("a picture");
        assert_eq!((picture.width(), picture.height()), (width, height));
    }
    // The same over HTTP, for the host's key.
    let still = stage.api.still(room.id, &room.host_key).await.expect("a still");
    assert_eq!((still.width, still.height), (width, height));
}
