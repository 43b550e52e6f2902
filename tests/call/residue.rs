//! What people leave behind: nothing.

use crate::stage::{PLAIN, Stage};

/// What must be as it was when everybody is gone again.
const GAUGES: &[&str] = &[
    "moodcall_sfu_rooms",
    "moodcall_sfu_participants",
    "moodcall_sfu_transports",
    "moodcall_sfu_publications",
    "moodcall_sfu_subscriptions",
    "moodcall_sfu_taps",
    "moodcall_sfu_injectors",
    "moodcall_sfu_addresses",
    "moodcall_sfu_tcp_connections",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_joins_and_leaves_leave_nothing() {
    let stage = Stage::start(PLAIN).await;
    let room = stage.room(2).await;
    let mut before = Vec::new();
    for name in GAUGES {
        before.push(stage.metric(name).await);
    }
    for round in 0..50 {
        let (mut ann, mut ben) = tokio::join!(stage.join(&room, "Ann"), stage.join(&room, "Ben"));
        if round % 10 == 0 {
            ann.show().await;
            ben.speak().await;
        }
        tokio::join!(ann.leave(), ben.leave());
    }
    for (name, before) in GAUGES.iter().zip(before) {
        stage.metric_becomes(name, before).await;
    }
}
