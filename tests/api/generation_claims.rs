//! Who begins with what waits: looked for without keeping anybody from writing, and taken by one.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use moodcall::base::timestamp::Timestamp;
use moodcall::generation::held::{self, Free, Held};

use super::client::{SOON, house};
use super::generation::row;

/// The server of a test takes what waits now, so these wait until tomorrow, which the test says that it is.
fn tomorrow() -> Timestamp {
    Timestamp::now().after(Duration::from_secs(86_400))
}

#[tokio::test]
async fn whoever_looks_for_what_waits_keeps_nobody_from_writing() {
    let house = house().await;
    let ada = house.person("ada").await;
    let store = &house.running.app.state.store;
    let (now, tomorrow) = (Timestamp::now(), tomorrow());
    let free = async |at: Timestamp| {
        tokio::time::timeout(SOON / 2, held::free(store, at)).await.expect("at once").expect("an answer")
    };
    // Somebody writes, and goes on writing.
    let writing = store.begin().await.expect("a transaction");
    assert_eq!(free(tomorrow).await, Free::default());
    writing.commit().await.expect("written");
    let id = row(store, ada.id, "waiting", "{}", tomorrow.millis()).await;
    let writing = store.begin().await.expect("a transaction");
    assert_eq!(free(now).await, Free::default(), "it is held until tomorrow");
    assert_eq!(free(tomorrow).await, Free { waits: true, failed: false });
    writing.commit().await.expect("written");
    let failed = sqlx::query("UPDATE playlist_generations SET tries = $2 WHERE id = $1").bind(id).bind(held::TRIES);
    failed.execute(store.write()).await.expect("a row");
    assert_eq!(free(tomorrow).await, Free { waits: false, failed: true });
    row(store, ada.id, "waiting", "{}", tomorrow.millis()).await;
    assert_eq!(free(tomorrow).await, Free { waits: true, failed: true });
    assert_eq!(held::give_up(store, tomorrow).await.expect("an answer"), [id]);
    assert_eq!(free(tomorrow).await, Free { waits: true, failed: false });
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_take_at_once_one_has_it() {
    let house = house().await;
    let ada = house.person("ada").await;
    let store = &house.running.app.state.store;
    let tomorrow = tomorrow();
    let mut rows = BTreeSet::new();
    for _ in 0..3 {
        rows.insert(row(store, ada.id, "waiting", "{}", tomorrow.millis()).await);
    }
    let mut taken = Vec::new();
    while held::free(store, tomorrow).await.expect("an answer").waits {
        let round = join_all((0..20).map(|_| Held::take(store, tomorrow))).await;
        taken.extend(round.into_iter().filter_map(|held| held.expect("an answer").map(|held| held.id)));
    }
    assert_eq!((taken.len(), taken.into_iter().collect::<BTreeSet<_>>()), (3, rows));
    house.stop().await;
}
