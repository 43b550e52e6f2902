//! `docs/protocol.md` says what the types say: every JSON block parses, every message and every code is shown.

use std::collections::BTreeSet;

use moodcall::protocol::client::Request;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::Reply;
use moodcall::rooms::api::{CreatedRoom, CreatedTicket, NewRoom, NewTicket, ShownRoom};
use moodcall::rooms::stills::{CreatedStill, NewStill};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

const PAGE: &str = include_str!("../docs/protocol.md");

/// The language line and the text of each fenced block that begins with `json`.
fn blocks() -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut rest = PAGE;
    while let Some(start) = rest.find("\n```json") {
        let block = &rest[start + 4..];
        let (head, body) = block.split_once('\n').expect("a line");
        let end = body.find("\n```").expect("an end");
        blocks.push((head.trim().to_owned(), body[..end].to_owned()));
        rest = &body[end + 4..];
    }
    blocks
}

/// Reads `text` as a `T` and writes it again: nothing may be lost, so no field of the page is unknown to the type.
fn round_trip<T: DeserializeOwned + Serialize>(text: &str) {
    let read: T = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in\n{text}"));
    same(&serde_json::to_value(read).expect("JSON"), text);
}

fn same(written: &Value, text: &str) {
    let shown: Value = serde_json::from_str(text).expect("JSON");
    for (key, value) in shown.as_object().expect("an object") {
        if let (Some(shown), Some(written)) = (value.as_f64(), written[key].as_f64()) {
            assert!((shown - written).abs() < 1e-6, "{key} in\n{text}");
        } else {
            assert_eq!(written.get(key), Some(value), "{key} in\n{text}");
        }
    }
}

/// The names of an enum's messages, from its source.
fn variants(source: &str, name: &str) -> BTreeSet<String> {
    let body = source.split(&format!("pub enum {name} {{")).nth(1).expect("the enum");
    let body = &body[..body.find("\n}").expect("its end")];
    body.lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|line| line.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_lowercase())
        .collect()
}

#[test]
fn every_block_parses_and_every_message_is_shown() {
    let (mut client, mut server, mut http) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (head, text) in blocks() {
        let kind = |text: &str| {
            let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in\n{text}"));
            value["type"].as_str().unwrap_or_default().replace('-', "")
        };
        match head.as_str() {
            "json client" => {
                let request = Request::parse(&text).unwrap_or_else(|error| panic!("{} in\n{text}", error.detail));
                same(&serde_json::to_value(request).expect("JSON"), &text);
                client.insert(kind(&text));
            }
            "json server" => {
                round_trip::<Reply>(&text);
                server.insert(kind(&text));
            }
            "json http NewRoom" => round_trip::<NewRoom>(&text),
            "json http CreatedRoom" => round_trip::<CreatedRoom>(&text),
            "json http ShownRoom" => round_trip::<ShownRoom>(&text),
            "json http NewTicket" => round_trip::<NewTicket>(&text),
            "json http CreatedTicket" => round_trip::<CreatedTicket>(&text),
            "json http NewStill" => round_trip::<NewStill>(&text),
            "json http CreatedStill" => round_trip::<CreatedStill>(&text),
            other => panic!("a block of unknown kind: {other}"),
        }
        http.extend(head.strip_prefix("json http ").map(str::to_owned));
    }
    assert_eq!(client, variants(include_str!("../src/protocol/client.rs"), "ClientMessage"));
    assert_eq!(server, variants(include_str!("../src/protocol/server.rs"), "ServerMessage"));
    assert_eq!(http.len(), 7, "{http:?}");
}

#[test]
fn the_list_of_codes_is_whole() {
    let list = PAGE.split("## Codes").nth(1).expect("the list");
    for code in Code::ALL {
        assert!(list.contains(&format!("`{}`", code.as_str())), "{}", code.as_str());
    }
    assert_eq!(list.matches('`').count() / 2, Code::ALL.len() + 1, "a code on the page that does not exist");
}
