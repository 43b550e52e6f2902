//! Whoever cannot keep up harms only themselves.

use std::time::Duration;

use moodcall::bench::client::publish::Recording;
use moodcall::protocol::Kind;
use tokio::sync::oneshot;

use crate::stage::{PLAIN, Person, Stage, longest_pause, missing, options};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stuck_subscriber_costs_the_others_nothing() {
    let stage = Stage::start(PLAIN).await;
    let room = stage.room(3).await;
    let mut ann = stage.host(&room, "Ann").await;
    // 8 Mbit/s fill the buffers of somebody who stopped reading within a second.
    ann.show_recording(Recording::blank(32_000)).await;
    let ben = stage.join(&room, "Ben").await;

    // Cleo lives on a thread of her own and then blocks it: her socket is neither read nor closed.
    let (tell, told) = oneshot::channel();
    let (end, ended) = std::sync::mpsc::channel::<()>();
    let (api, theirs) = (stage.api.clone(), room.clone());
    let stuck = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async move {
            let cleo = Person::join(&api, &theirs, options("Cleo")).await.expect("a seat");
            cleo.inbox.wait("pictures", 0, Kind::Video, 30).await;
            tell.send(()).expect("somebody listens");
            ended.recv().expect("the end is announced");
        });
    });
    told.await.expect("Cleo is in and stuck");

    let mark = ben.inbox.len();
    let pictures = 120;
    let packets = pictures * (32_000 / 1100 + 1);
    let all = ben.inbox.wait("four seconds of pictures", mark, Kind::Video, packets).await;
    assert_eq!(missing(&all), 0);
    assert!(longest_pause(&all) < Duration::from_millis(500), "a pause of {:?}", longest_pause(&all));
    end.send(()).expect("Cleo is there");
    stuck.join().expect("no panic");
}
