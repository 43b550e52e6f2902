//! Whoever loses their socket misses nothing and hears nothing twice: by the number of the last line they had, and by that of
//! the last thing that they heard to happen to a line.

use std::collections::BTreeMap;

use moodcall::base::id::RoomId;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::server::ServerMessage;

use reqwest::Method;
use serde_json::json;

use crate::chat_history::say;
use crate::client::{Came, House, Seat, house, house_with, resume};
use crate::members::sit;
use crate::moderation::act;

/// The last change of a line that a seat hears, of so many.
async fn last_change(seat: &mut Seat, changes: usize) -> i64 {
    let mut last = 0;
    for _ in 0..changes {
        let pick = |message: &ServerMessage| match message {
            ServerMessage::Chat { change, .. }
            | ServerMessage::ChatEdited { change, .. }
            | ServerMessage::ChatDeleted { change, .. } => Some(*change),
            _ => None,
        };
        let change = seat.socket.until(pick).await;
        assert!(change > last, "in order");
        last = change;
    }
    last
}

/// What happened to lines after a change, a few at a time: number, words, whether it is deleted.
async fn changes(house: &House, token: &str, room: RoomId, after: i64) -> Vec<(i64, String, bool)> {
    let (mut all, mut after) = (Vec::new(), after.to_string());
    loop {
        let page = house.page_of_lines(token, room, &format!("?changed_after={after}&limit=2")).await;
        all.extend(page.items.into_iter().map(|line| (line.seq, line.text, line.deleted)));
        let Some(next) = page.next_cursor else { return all };
        after = next;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_and_deleted_while_a_socket_was_lost_is_right_after_it_is_back() {
    let house = house().await;
    let [ada, bob, mod_] = [house.person("ada").await, house.person("bob").await, house.staff("watch").await];
    let room = house.room_of(&ada, "link").await;
    let (mut host, _) = sit(&house, &ada, room).await;
    let (mut author, _) = sit(&house, &bob, room).await;
    let mut guest = house.join(room, "Guest", None).await;
    let mut lines = Vec::new();
    for text in ["one", "two", "three", "four", "five"] {
        lines.push(say(&mut author, text).await.1);
    }
    let heard = last_change(&mut guest, 5).await;
    // The guest is away: nothing of this is heard there.
    guest.socket = house.socket().await;
    let path = |n: usize| format!("/messages/{}", lines[n]);
    let edit = |text: &str| Some(json!({ "text": text }));
    assert_eq!(house.told(Some(&bob), Method::PATCH, &path(0), edit("One")).await.0, 200);
    assert_eq!(house.told(Some(&bob), Method::DELETE, &path(1), None).await.0, 204);
    assert_eq!(act(&house, &mod_, "bob", json!({ "action": "remove-message", "id": lines[2] })).await.0, 201);
    say(&mut author, "six").await;
    assert_eq!(house.told(Some(&bob), Method::PATCH, &path(0), edit("One!")).await.0, 200, "again");
    assert_eq!(house.told(Some(&bob), Method::DELETE, &path(1), None).await.0, 204, "which changes nothing");
    let token = match guest.socket.ask(resume(&guest.resume)).await {
        ServerMessage::Welcome { resumed: true, resume, .. } => resume,
        other => panic!("no welcome but {other:?}"),
    };
    let line = |seq: i64, text: &str| (seq, text.to_owned(), text.is_empty());
    let missed = [line(2, ""), line(3, ""), line(6, "six"), line(1, "One!")];
    assert_eq!(changes(&house, &token, room, heard).await, missed, "each once, as it is now");
    // The host was there, and has heard the same by the socket: five lines, and what was done to them.
    let last = last_change(&mut host, 10).await;
    assert_eq!(changes(&house, &host.resume, room, last).await, []);
    assert_eq!(changes(&house, &token, room, last - 1).await, [line(1, "One!")]);
    for wrong in ["?changed_after=-1", "?changed_after=x", "?changed_after=1&after=1", "?changed_after=1&before=1"] {
        assert_eq!(house.lines(&token, room, wrong).await.status(), 422, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_while_a_socket_was_lost_is_asked_for_and_nothing_is_missing() {
    const LINES: i64 = 60;
    let house =
        house_with(|config| (config.rooms.messages_per_second, config.rooms.message_burst) = (1000, 1000)).await;
    let room = house.room(2).await.id;
    let mut ada = house.join(room, "Ada", None).await;
    let mut bob = house.join(room, "Bob", None).await;
    let talking = tokio::spawn(async move {
        for n in 1..=LINES {
            let (seq, _) = say(&mut ada, &n.to_string()).await;
            assert_eq!(seq, n);
        }
        ada
    });
    // What Bob has: each line once, by its number.
    let mut had: BTreeMap<i64, String> = BTreeMap::new();
    let mut token = bob.resume.clone();
    for stop in [10, 25, 40] {
        while had.keys().last().is_none_or(|last| *last < stop) {
            let pick = |message: &ServerMessage| match message {
                ServerMessage::Chat { seq, text, .. } => Some((*seq, text.clone())),
                _ => None,
            };
            let (seq, text) = bob.socket.until(pick).await;
            had.entry(seq).or_insert(text);
        }
        // The socket is gone without a word, and comes back while Ada goes on.
        bob.socket = house.socket().await;
        token = match bob.socket.ask(resume(&token)).await {
            ServerMessage::Welcome { resumed: true, resume, .. } => resume,
            other => panic!("no welcome but {other:?}"),
        };
        let mut after = had.keys().last().copied().unwrap_or(0);
        loop {
            let page = house.page_of_lines(&token, room, &format!("?after={after}&limit=4")).await;
            for line in page.items {
                assert_eq!(line.seq, after + 1, "in order and without a gap");
                after = line.seq;
                assert_eq!(had.insert(line.seq, line.text), None, "nothing twice");
            }
            if page.next_cursor.is_none() {
                break;
            }
        }
    }
    while had.keys().last().is_none_or(|last| *last < LINES) {
        match bob.socket.next().await {
            Came::Said(reply) => {
                if let ServerMessage::Chat { seq, text, .. } = reply.message {
                    // The lines that were said between coming back and asking were in both; the number tells.
                    had.entry(seq).or_insert(text);
                }
            }
            Came::Closed(code) => panic!("closed with {code:?}"),
        }
    }
    let _ada = talking.await.expect("all was said");
    let expected: BTreeMap<i64, String> = (1..=LINES).map(|n| (n, n.to_string())).collect();
    assert_eq!(had, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_was_answered_is_kept_whatever_becomes_of_its_speaker() {
    let house = house().await;
    let room = house.room(2).await.id;
    let bob = house.join(room, "Bob", None).await;
    let mut ada = house.join(room, "Ada", None).await;
    let (seq, line) = say(&mut ada, "last words").await;
    ada.socket.ask(ClientMessage::Leave).await;
    let kept = house.page_of_lines(&bob.resume, room, "").await.items;
    assert_eq!((kept.len(), kept[0].seq, kept[0].id), (1, seq, line));
}
