//! Staff delete a room: its call ends at once, the act is written down, and only a room of whom they name is deleted.

use moodcall::moderation::audit::Act;
use moodcall::protocol::code::Code;
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::json;

use crate::client::{closed, house};
use crate::members::sit;
use crate::moderation::act;
use crate::reports::report;

#[tokio::test(flavor = "multi_thread")]
async fn staff_delete_a_room_that_was_reported_and_whoever_is_inside_is_out() {
    let house = house().await;
    let [ada, bob, eve] = [house.person("ada").await, house.person("bob").await, house.person("eve").await];
    let watch = house.staff("watch").await;
    let room = house.hosted(&ada, json!({ "title": "Cheap", "visibility": "open", "tags": ["cheap"] })).await;
    let kept = house.hosted(&ada, json!({ "title": "Quiet", "visibility": "open" })).await;
    let tagged = "SELECT item_count FROM tags WHERE name = 'cheap'";
    assert_eq!((house.number(tagged).await, report(&house, &bob, "room", room).await.0), (1, 201));
    let (one, _) = sit(&house, &ada, room).await;
    let (two, _) = sit(&house, &bob, room).await;

    let remove = json!({ "action": "remove-room", "id": room, "note": "a swindle" });
    assert_eq!(act(&house, &bob, "ada", remove.clone()).await.0, 404, "bob is not staff");
    assert_eq!(act(&house, &watch, "eve", remove.clone()).await.0, 404, "it is not eve's");
    assert!(house.look(Some(&eve), room).await.is_ok());
    let (status, done) = act(&house, &watch, "ada", remove.clone()).await;
    assert_eq!((status, &done["action"], &done["note"]), (201, &json!("remove-room"), &json!("a swindle")));
    for mut seat in [one, two] {
        let (said, code) = seat.socket.rest().await;
        assert_eq!((said.last().and_then(closed), code), (Some((Code::RoomGone, false)), Some(4004)));
    }
    for who in [Some(&ada), Some(&eve), None] {
        assert_eq!(house.look(who, room).await.expect_err("gone"), (404, "room-gone".into()));
    }
    assert_eq!(act(&house, &watch, "ada", remove).await.0, 404, "it is gone");
    assert!(house.look(Some(&eve), kept).await.is_ok(), "her other room is there");
    assert_eq!(house.number(tagged).await, 0);

    let log = house.ask(Some(&watch), Method::GET, "/admin/audit-log", None).await;
    let log: Page<Act> = log.json().await.expect("a log");
    let told: Vec<_> = log.items.iter().map(|act| (act.action.as_str(), act.subject_id.as_str())).collect();
    assert_eq!(told, [("remove-room", room.to_string().as_str())], "what did not happen is not written down");
    house.stop().await;
}
