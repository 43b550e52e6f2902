//! What was said in a room: one order for everybody, kept, and read by whom it is for.

use futures_util::future::join_all;
use moodcall::base::id::RoomId;
use moodcall::base::timestamp::Timestamp;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::ServerMessage;
use moodcall::rooms::chat::line::Message;
use moodcall::rooms::chat::sweep;
use moodcall::web::page::Page;
use reqwest::{Method, Response};
use serde_json::json;

use crate::client::{House, Seat, Socket, error, house, house_with};
use crate::members::sit;
use crate::person::Person;

impl House {
    /// Asks for lines, by an access token, a seat's token or a host key.
    pub async fn lines(&self, token: &str, room: RoomId, query: &str) -> Response {
        let url = self.url(&format!("/api/v1/rooms/{room}/messages{query}"));
        reqwest::Client::new().get(url).bearer_auth(token).send().await.expect("an answer")
    }

    pub async fn page_of_lines(&self, token: &str, room: RoomId, query: &str) -> Page<Message> {
        let answer = self.lines(token, room, query).await;
        assert_eq!(answer.status(), 200, "{query}");
        answer.json().await.expect("a page")
    }

    /// A room of somebody's account.
    pub async fn room_of(&self, who: &Person, visibility: &str) -> RoomId {
        let body = json!({ "visibility": visibility, "capacity": 8 });
        let answer = self.ask(Some(who), Method::POST, "/rooms", Some(body)).await;
        assert_eq!(answer.status(), 201);
        serde_json::from_value(answer.json::<serde_json::Value>().await.expect("a room")["id"].clone()).expect("an id")
    }

    /// Lets somebody in by name, as the answer to a knock does.
    pub async fn standing(&self, room: RoomId, who: &Person, standing: &str) {
        sqlx::query(
            "INSERT INTO room_members (room_id, user_id, standing, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (room_id, user_id) DO UPDATE SET standing = $3",
        )
        .bind(room)
        .bind(who.id)
        .bind(standing)
        .bind(Timestamp::now())
        .execute(self.running.app.state.store.write())
        .await
        .expect("a standing");
    }
}

/// Says something; number and identifier of the line.
pub async fn say(seat: &mut Seat, text: &str) -> (i64, moodcall::base::id::MessageId) {
    match seat.socket.ask(ClientMessage::Chat { text: text.into() }).await {
        ServerMessage::Chat { seq, message, .. } => (seq, message),
        other => panic!("{other:?}"),
    }
}

/// The numbers and words of the next lines that a socket hears.
async fn heard(socket: &mut Socket, lines: usize) -> Vec<(i64, String)> {
    let mut heard = Vec::new();
    while heard.len() < lines {
        let pick = |message: &ServerMessage| match message {
            ServerMessage::Chat { seq, text, .. } => Some((*seq, text.clone())),
            _ => None,
        };
        heard.push(socket.until(pick).await);
    }
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_speak_at_once_are_heard_in_one_order_by_everybody_and_so_it_is_kept() {
    const EACH: usize = 15;
    let house = house().await;
    let room = house.room(8).await.id;
    let mut listener = house.join(room, "Listener", None).await;
    let mut speakers = Vec::new();
    for n in 0..4 {
        speakers.push(house.join(room, &format!("Speaker {n}"), None).await);
    }
    let all = 4 * EACH;
    let mut orders = join_all(speakers.iter_mut().enumerate().map(async |(n, speaker)| {
        for line in 0..EACH {
            let text = ClientMessage::Chat { text: format!("{n}:{line}") };
            speaker.socket.send(serde_json::to_string(&text).expect("a message")).await;
        }
        heard(&mut speaker.socket, all).await
    }))
    .await;
    orders.push(heard(&mut listener.socket, all).await);
    let numbers: Vec<i64> = (1..=all as i64).collect();
    for order in &orders {
        assert_eq!(order.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), numbers);
        assert_eq!(order, &orders[0]);
    }
    let (mut kept, mut query) = (Vec::new(), String::from("?after=0&limit=7"));
    loop {
        let page = house.page_of_lines(&listener.resume, room, &query).await;
        kept.extend(page.items.into_iter().map(|line| (line.seq, line.text)));
        match page.next_cursor {
            Some(next) => query = format!("?after={next}&limit=7"),
            None => break,
        }
    }
    assert_eq!(kept, orders[0]);
    let (mut back, mut query) = (Vec::new(), String::from("?limit=9"));
    loop {
        let page = house.page_of_lines(&listener.resume, room, &query).await;
        back.extend(page.items.into_iter().map(|line| (line.seq, line.text)));
        match page.next_cursor {
            Some(next) => query = format!("?before={next}&limit=9"),
            None => break,
        }
    }
    back.reverse();
    assert_eq!(back, orders[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_shows_who_said_it_and_a_guest_is_nobody() {
    let house = house().await;
    let ada = house.person("ada").await;
    let room = house.room_of(&ada, "link").await;
    let (mut host, _) = sit(&house, &ada, room).await;
    let mut guest = house.join(room, "ada", None).await;
    say(&mut host, "one\ntwo").await;
    say(&mut guest, "it is me").await;
    let lines = house.page_of_lines(&ada.token, room, "?after=0").await.items;
    let shown: Vec<_> = lines.iter().map(|line| (line.name.as_str(), line.text.as_str(), line.participant)).collect();
    assert_eq!(shown, [("ada", "one\ntwo", host.id), ("ada", "it is me", guest.id)]);
    assert_eq!(lines[0].user.as_ref().map(|card| card.id), Some(ada.id));
    assert_eq!(lines[1].user, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_is_there_the_host_and_who_was_admitted_read_it() {
    let house = house().await;
    let [ada, bob, eve, zed] =
        [house.person("ada").await, house.person("bob").await, house.person("eve").await, house.person("zed").await];
    let room = house.room_of(&ada, "open").await;
    let elsewhere = house.room(2).await;
    let other = house.join(elsewhere.id, "Other", Some(&elsewhere.host_key.clone().expect("a key"))).await;
    let (mut seat, _) = sit(&house, &zed, room).await;
    say(&mut seat, "here").await;
    house.standing(room, &bob, "admitted").await;
    let mut table = vec![
        (ada.token.clone(), 200, "the host"),
        (bob.token.clone(), 200, "who was admitted"),
        (zed.token.clone(), 200, "who sits there"),
        (seat.resume.clone(), 200, "the seat"),
        (eve.token.clone(), 403, "who could come in and has not"),
        (other.resume.clone(), 403, "a seat elsewhere"),
        (elsewhere.host_key.clone().expect("a key"), 403, "a key of another room"),
        ("guess".into(), 403, "a guess"),
        ("a.b.c".into(), 401, "a bad token"),
    ];
    for (token, status, who) in &table {
        assert_eq!(house.lines(token, room, "").await.status(), *status, "{who}");
    }
    seat.socket.ask(ClientMessage::Leave).await;
    house.standing(room, &bob, "banned").await;
    table = vec![
        (bob.token.clone(), 403, "who was banned"),
        (zed.token.clone(), 403, "who has left"),
        (seat.resume.clone(), 403, "the token of a seat that was left"),
    ];
    for (token, status, who) in &table {
        assert_eq!(house.lines(token, room, "").await.status(), *status, "{who}");
    }
    house.ask(Some(&ada), Method::PUT, "/me/blocks/eve", None).await;
    assert_eq!(house.lines(&eve.token, room, "").await.status(), 404, "who is blocked knows of no room");
    assert_eq!(house.lines(&ada.token, RoomId::new(), "").await.status(), 404);
    assert_eq!(house.ask(None, Method::GET, &format!("/rooms/{room}/messages"), None).await.status(), 401);
    for query in ["?limit=0", "?limit=101", "?after=x", "?after=-1", "?before=-1", "?after=1&before=2", "?more=1"] {
        assert_eq!(house.lines(&ada.token, room, query).await.status(), 422, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_somebody_whom_a_block_divides_from_the_reader_keep_their_place_only() {
    let house = house().await;
    let [ada, bob] = [house.person("ada").await, house.person("bob").await];
    let zed = house.person("zed").await;
    let room = house.room_of(&zed, "open").await;
    for who in [&ada, &bob] {
        let (mut seat, _) = sit(&house, who, room).await;
        say(&mut seat, &format!("I am {}", who.handle)).await;
        seat.socket.ask(ClientMessage::Leave).await;
        house.standing(room, who, "admitted").await;
    }
    house.ask(Some(&ada), Method::PUT, "/me/blocks/bob", None).await;
    for (reader, hidden) in [(&ada, Some(2)), (&bob, Some(1)), (&zed, None)] {
        for line in house.page_of_lines(&reader.token, room, "?after=0").await.items {
            assert_eq!(line.deleted, Some(line.seq) == hidden, "{}", reader.handle);
            assert_eq!((line.text.is_empty(), line.user.is_none()), (line.deleted, line.deleted));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_has_at_most_a_thousand_characters() {
    let house = house().await;
    let room = house.room(2).await.id;
    let mut ada = house.join(room, "Ada", None).await;
    assert_eq!(say(&mut ada, &"가".repeat(1000)).await.0, 1);
    let long = ClientMessage::Chat { text: "가".repeat(1001) };
    assert_eq!(error(&ada.socket.ask(long).await), Some(Code::Invalid));
    assert_eq!(say(&mut ada, "short").await.0, 2, "what was refused has no number");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_keeps_lines_for_as_many_days_as_it_says() {
    let house = house_with(|config| config.rooms.messages_per_second = 1000).await;
    let ada = house.person("ada").await;
    let mut seats = Vec::new();
    for days in [0_i64, 1, 7] {
        let room = house.room_of(&ada, "link").await;
        let setting = json!({ "message_days": days });
        assert_eq!(house.ask(Some(&ada), Method::PATCH, &format!("/rooms/{room}"), Some(setting)).await.status(), 200);
        let mut seat = house.join(room, "Guest", None).await;
        for n in 0..3 {
            say(&mut seat, &n.to_string()).await;
        }
        seats.push((room, seat, days));
    }
    // One line of each room is two days old, one eight.
    for (days, seq) in [(2, 2_i64), (8, 1)] {
        sqlx::query("UPDATE messages SET created_at = $1 WHERE seq = $2")
            .bind(Timestamp::now().before(std::time::Duration::from_secs(days * 86_400)))
            .bind(seq)
            .execute(house.running.app.state.store.write())
            .await
            .expect("older lines");
    }
    assert_eq!(sweep::round(&house.running.app.rooms, Timestamp::now()).await.expect("a round"), 3);
    for (room, mut seat, days) in seats {
        let left: Vec<i64> =
            house.page_of_lines(&seat.resume, room, "?after=0").await.items.iter().map(|line| line.seq).collect();
        let expected: &[i64] = if days == 0 {
            &[1, 2, 3]
        } else if days == 1 {
            &[3]
        } else {
            &[2, 3]
        };
        assert_eq!(left, expected, "{days} days");
        assert_eq!(say(&mut seat, "on").await.0, 4, "numbers go on");
    }
}
