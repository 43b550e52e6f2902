//! What was reported is taken down from its report, whoever made it: also what a guest did, on whom nobody can act.

use moodcall::moderation::audit::Act;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::ServerMessage;
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::{Value, json};

use crate::chat_history::say;
use crate::client::{House, closed, house};
use crate::comments::{post, said};
use crate::members::sit;
use crate::person::Person;
use crate::reports::report;

/// Somebody reports a thing; the path that takes it down.
async fn reported(house: &House, who: &Person, kind: &str, id: impl ToString) -> String {
    let (status, report) = report(house, who, kind, id).await;
    assert_eq!(status, 201, "{kind}: {report}");
    format!("/admin/reports/{}/takedown", report["id"].as_str().expect("an identifier"))
}

async fn take_down(house: &House, who: &Person, path: &str) -> (u16, Value) {
    let answer = house.ask(Some(who), Method::POST, path, Some(json!({ "note": "a swindle" }))).await;
    (answer.status().as_u16(), answer.json().await.expect("a body"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guests_room_is_deleted_and_its_call_ends() {
    let house = house().await;
    let (bob, watch) = (house.person("bob").await, house.staff("watch").await);
    let (room, kept) = (house.room(2).await.id, house.room(2).await.id);
    let (mut guest, _other) = (house.join(room, "Guest", None).await, house.join(kept, "Other", None).await);
    let path = reported(&house, &bob, "room", room).await;
    assert_eq!(take_down(&house, &bob, &path).await.0, 404, "bob is not staff");
    let (status, act) = take_down(&house, &watch, &path).await;
    assert_eq!((status, &act["action"], &act["note"]), (201, &json!("remove-room"), &json!("a swindle")));
    let (heard, code) = guest.socket.rest().await;
    assert_eq!((heard.last().and_then(closed), code), (Some((Code::RoomGone, false)), Some(4004)));
    assert_eq!(house.look(None, room).await.expect_err("gone"), (404, "room-gone".into()));
    assert_eq!(take_down(&house, &watch, &path).await.0, 404, "it is gone");
    assert!(house.look(None, kept).await.is_ok(), "another guest's room is there");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guests_line_is_deleted_on_every_page_of_the_room() {
    let house = house().await;
    let (ada, watch) = (house.person("ada").await, house.staff("watch").await);
    let room = house.room_of(&ada, "link").await;
    let (mut host, _) = sit(&house, &ada, room).await;
    let mut guest = house.join(room, "Guest", None).await;
    let (_, line) = say(&mut guest, "buy now").await;
    let (_, kept) = say(&mut guest, "hello").await;
    let path = reported(&house, &ada, "message", line).await;
    let (status, act) = take_down(&house, &watch, &path).await;
    assert_eq!((status, &act["action"], &act["subject_id"]), (201, &json!("remove-message"), &json!(line)));
    let gone = host.socket.until(|message| match message {
        ServerMessage::ChatDeleted { message, .. } => Some(*message),
        _ => None,
    });
    assert_eq!(gone.await, line);
    let lines = house.page_of_lines(&ada.token, room, "?after=0").await.items;
    let shown: Vec<_> = lines.iter().map(|line| (line.id, line.deleted, line.text.as_str())).collect();
    assert_eq!(shown, [(line, true, ""), (kept, false, "hello")]);
    house.stop().await;
}

#[tokio::test]
async fn each_kind_of_thing_goes_its_own_way_once_and_a_person_does_not() {
    let house = house().await;
    let [ada, bob] = [house.person("ada").await, house.person("bob").await];
    let watch = house.staff("watch").await;
    let open = post(&house, &ada, "public").await;
    let below = post(&house, &ada, "public").await;
    let comment = said(&house, &ada, below, "buy now", None).await.id;
    let playlist = house.playlist_by(&ada, json!({ "title": "Buy records" })).await.id;
    let room = house.hosted(&ada, json!({ "title": "Cheap", "visibility": "open" })).await;
    let things = [
        ("post", open.to_string(), "hide-post", format!("/posts/{open}")),
        ("comment", comment.to_string(), "remove-comment", String::new()),
        ("playlist", playlist.to_string(), "hide-playlist", format!("/playlists/{playlist}")),
        ("room", room.to_string(), "remove-room", format!("/rooms/{room}")),
    ];
    for (kind, id, action, place) in &things {
        let path = reported(&house, &bob, kind, id).await;
        let (status, act) = take_down(&house, &watch, &path).await;
        assert_eq!((status, &act["action"], &act["subject_id"]), (201, &json!(action), &json!(id)), "{kind}");
        assert_eq!(take_down(&house, &watch, &path).await.0, 404, "a second time: {kind}");
        if !place.is_empty() {
            assert_eq!(house.ask(Some(&bob), Method::GET, place, None).await.status(), 404, "{kind}");
        }
    }
    let comments = house.ask(Some(&bob), Method::GET, &format!("/posts/{below}/comments"), None).await;
    assert_eq!(
        comments.json::<Value>().await.expect("a page")["items"],
        json!([]),
        "nothing below it, so no place is kept"
    );
    let person = reported(&house, &bob, "user", ada.id).await;
    assert_eq!(take_down(&house, &watch, &person).await.0, 404, "they are suspended, not taken down");
    let long = json!({ "note": "a".repeat(501) });
    assert_eq!(house.ask(Some(&watch), Method::POST, &person, Some(long)).await.status(), 422);
    for id in [open.to_string(), "guess".into()] {
        assert_eq!(take_down(&house, &watch, &format!("/admin/reports/{id}/takedown")).await.0, 404, "no such report");
    }
    let log = house.ask(Some(&watch), Method::GET, "/admin/audit-log", None).await;
    let log: Page<Act> = log.json().await.expect("a log");
    let written: Vec<_> = log.items.iter().rev().map(|act| act.action.as_str()).collect();
    assert_eq!(written, things.map(|(_, _, action, _)| action), "what did not happen is not written down");
    house.stop().await;
}
