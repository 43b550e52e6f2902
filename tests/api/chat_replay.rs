//! Whoever loses their socket misses nothing and hears nothing twice: by the number of the last line they had.

use std::collections::BTreeMap;

use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::server::ServerMessage;

use crate::chat_history::say;
use crate::client::{Came, house, house_with, resume};

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
