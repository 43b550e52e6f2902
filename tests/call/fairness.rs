//! Whoever cannot keep up harms only themselves.

use std::time::Duration;

use moodcall::bench::client::publish::Recording;
use moodcall::protocol::Kind;
use tokio::sync::oneshot;

use crate::stage::{PLAIN, Person, Stage, longest_pause, missing, options};

/// Octets of a picture: 16 Mbit/s fill the socket buffers of somebody who stopped reading within seconds.
const PICTURE: usize = 64_000;
/// Packets of a picture.
const PACKETS: usize = PICTURE / 1100 + 1;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stuck_subscriber_costs_the_others_nothing() {
    let stage = Stage::start(PLAIN).await;
    let room = stage.room(3).await;
    let mut ann = stage.host(&room, "Ann").await;
    ann.show_recording(Recording::blank(PICTURE)).await;
    let ben = stage.join(&room, "Ben").await;

    // Cleo is connected by TCP from a thread of her own, and then blocks it: her connection is neither read nor closed,
    // and what is sent to her piles up in the server.
    let (tell, told) = oneshot::channel();
    let (end, ended) = std::sync::mpsc::channel::<()>();
    let (api, theirs) = (stage.api.clone(), room.clone());
    let stuck = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async move {
            let mut options = options("Cleo");
            options.peer.tcp = true;
            let cleo = Person::join(&api, &theirs, options).await.expect("a seat");
            cleo.inbox.wait("pictures", 0, Kind::Video, 30).await;
            tell.send(()).expect("somebody listens");
            ended.recv().expect("the end is announced");
        });
    });
    told.await.expect("Cleo is in and stuck");

    let mark = ben.inbox.len();
    stage.metric_reaches("moodcall_sfu_dropped_queue_datagrams_total", |dropped| dropped > 0.0).await;
    let full = ben.inbox.len();
    ben.inbox.wait("a second more of pictures", full, Kind::Video, 30 * PACKETS).await;
    let all = ben.inbox.since(mark, Kind::Video);
    assert_eq!(missing(&all), 0);
    assert!(longest_pause(&all) < Duration::from_millis(500), "a pause of {:?}", longest_pause(&all));
    end.send(()).expect("Cleo is there");
    stuck.join().expect("no panic");
}
