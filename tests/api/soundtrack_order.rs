//! What a room plays is what its row says, however many requests of its host come at once.

use futures_util::future::join_all;
use moodcall::base::id::PlaylistId;
use serde_json::json;

use crate::client::house_with;
use crate::members::sit;

#[tokio::test(flavor = "multi_thread")]
async fn of_many_lists_that_are_attached_at_once_the_one_in_the_row_plays() {
    let house = house_with(|config| config.database.connections = 20).await;
    let ada = house.person("ada").await;
    let room = house.hosted(&ada, json!({})).await;
    let mut lists = vec![None];
    for _ in 0..3 {
        lists.push(Some(house.playlist_with(&ada, true, &[90]).await));
    }
    let (_host, _) = sit(&house, &ada, room).await;
    for round in 0..15 {
        let all = lists.iter().cycle().skip(round).take(40).map(|list| house.attach(Some(&ada), room, *list));
        assert!(join_all(all).await.iter().all(|status| *status == 204));
        let row: Option<PlaylistId> = sqlx::query_scalar("SELECT playlist_id FROM rooms WHERE id = $1")
            .bind(room)
            .fetch_one(house.running.app.state.store.read())
            .await
            .expect("a room");
        let plays = house.running.app.rooms.live().soundtrack(room).map(|playing| playing.playlist());
        assert_eq!(plays, row, "round {round}");
    }
}
