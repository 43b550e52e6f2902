//! Who may change and delete a line, and what the room hears of it.

use moodcall::base::id::MessageId;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::server::ServerMessage;
use reqwest::Method;
use serde_json::{Value, json};

use crate::chat_history::say;
use crate::client::{House, Socket, house};
use crate::members::sit;
use crate::moderation::act;

/// A request about a line, by any token: status and body.
async fn about(house: &House, token: &str, method: Method, line: MessageId, text: Option<&str>) -> (u16, Value) {
    let request = reqwest::Client::new().request(method, house.url(&format!("/api/v1/messages/{line}")));
    let request = match text {
        Some(text) => request.json(&json!({ "text": text })),
        None => request,
    };
    let answer = request.bearer_auth(token).send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

async fn edit(house: &House, token: &str, line: MessageId, text: &str) -> u16 {
    about(house, token, Method::PATCH, line, Some(text)).await.0
}

async fn delete(house: &House, token: &str, line: MessageId) -> u16 {
    about(house, token, Method::DELETE, line, None).await.0
}

/// The next change of a line that a socket hears: which, and what it says now, if anything.
async fn changed(socket: &mut Socket) -> (MessageId, Option<String>) {
    let pick = |message: &ServerMessage| match message {
        ServerMessage::ChatEdited { message, text, .. } => Some((*message, Some(text.clone()))),
        ServerMessage::ChatDeleted { message, .. } => Some((*message, None)),
        _ => None,
    };
    socket.until(pick).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_author_changes_and_deletes_and_the_room_hears_it() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let room = house.room_of(&ada, "link").await;
    let (mut host, _) = sit(&house, &ada, room).await;
    let (mut author, _) = sit(&house, &bob, room).await;
    let mut guest = house.join(room, "Guest", None).await;
    let (_, line) = say(&mut author, "helo").await;
    let (status, shown) = about(&house, &bob.token, Method::PATCH, line, Some("  hello ")).await;
    assert_eq!((status, &shown["text"], &shown["deleted"]), (200, &json!("hello"), &json!(false)));
    assert!(shown["edited_at"].is_string());
    assert_eq!(edit(&house, &author.resume, line, "hello!").await, 200, "by the seat as well");
    for socket in [&mut host.socket, &mut author.socket, &mut guest.socket] {
        assert_eq!(changed(socket).await, (line, Some("hello".into())));
        assert_eq!(changed(socket).await, (line, Some("hello!".into())));
    }
    for bad in ["", "  ", &"x".repeat(1001)] {
        assert_eq!(edit(&house, &bob.token, line, bad).await, 422);
    }
    for _ in 0..2 {
        assert_eq!(delete(&house, &bob.token, line).await, 204);
    }
    for socket in [&mut host.socket, &mut author.socket, &mut guest.socket] {
        assert_eq!(changed(socket).await, (line, None));
    }
    let (_, next) = say(&mut author, "next").await;
    for socket in [&mut host.socket, &mut guest.socket] {
        let pick = |message: &ServerMessage| match message {
            ServerMessage::Chat { message, .. } => Some(Some(*message)),
            ServerMessage::ChatDeleted { .. } => Some(None),
            _ => None,
        };
        assert_eq!(socket.until(pick).await, Some(next), "the second deletion is no news");
    }
    assert_eq!(edit(&house, &bob.token, line, "back").await, 404, "what is deleted stays so");
    let lines = house.page_of_lines(&guest.resume, room, "?after=0").await.items;
    assert_eq!((lines[0].deleted, lines[0].text.as_str(), lines[0].seq), (true, "", 1));
    let left: String = sqlx::query_scalar("SELECT body FROM messages WHERE id = $1")
        .bind(line)
        .fetch_one(house.running.app.state.store.read())
        .await
        .expect("the row");
    assert_eq!(left, "", "nothing of the words is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_anothers_line_and_only_the_host_deletes_it() {
    let house = house().await;
    let [ada, bob, eve] = [house.person("ada").await, house.person("bob").await, house.person("eve").await];
    let room = house.room_of(&ada, "link").await;
    let (mut author, _) = sit(&house, &bob, room).await;
    let guest = house.join(room, "Guest", None).await;
    let (_, line) = say(&mut author, "mine").await;
    for (token, status, who) in [
        (&ada.token, 403, "the host"),
        (&guest.resume, 403, "somebody beside"),
        (&eve.token, 404, "somebody outside"),
        (&"guess".to_owned(), 404, "a guess"),
    ] {
        assert_eq!(edit(&house, token, line, "theirs").await, status, "{who}");
    }
    assert_eq!(delete(&house, &guest.resume, line).await, 403);
    assert_eq!(delete(&house, &eve.token, line).await, 404);
    assert_eq!(delete(&house, &ada.token, MessageId::new()).await, 404);
    assert_eq!(delete(&house, &ada.token, line).await, 204, "the host");
    assert_eq!(changed(&mut author.socket).await, (line, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_changes_their_lines_while_they_sit_there() {
    let house = house().await;
    let room = house.room(3).await;
    let mut guest = house.join(room.id, "Guest", None).await;
    let other = house.join(room.id, "Guest", None).await;
    let (_, line) = say(&mut guest, "helo").await;
    assert_eq!(edit(&house, &other.resume, line, "theirs").await, 403, "the same name is not the same person");
    assert_eq!(edit(&house, &guest.resume, line, "hello").await, 200);
    guest.socket.ask(ClientMessage::Leave).await;
    assert_eq!(edit(&house, &guest.resume, line, "again").await, 404);
    assert_eq!(delete(&house, &guest.resume, line).await, 404);
    let key = room.host_key.expect("a key");
    assert_eq!(edit(&house, &key, line, "the host's").await, 403);
    assert_eq!(delete(&house, &key, line).await, 204, "whoever has the host key is the host");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_thrown_out_takes_back_what_they_said_and_says_nothing_new_by_it() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let room = house.room_of(&ada, "open").await;
    let (mut author, _) = sit(&house, &bob, room).await;
    let (_, line) = say(&mut author, "kind").await;
    house.standing(room, &bob, "banned").await;
    author.socket.ask(ClientMessage::Leave).await;
    assert_eq!(edit(&house, &bob.token, line, "unkind").await, 404);
    assert_eq!(delete(&house, &bob.token, line).await, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_staff_remove_is_gone_on_every_page_at_once() {
    let house = house().await;
    let [ada, bob, mod_] = [house.person("ada").await, house.person("bob").await, house.staff("watch").await];
    let room = house.room_of(&ada, "link").await;
    let (mut author, _) = sit(&house, &bob, room).await;
    let mut guest = house.join(room, "Guest", None).await;
    let (_, line) = say(&mut author, "unkind").await;
    let remove = json!({ "action": "remove-message", "id": line });
    assert_eq!(act(&house, &mod_, "ada", remove.clone()).await.0, 404, "it is not Ada's");
    assert_eq!(act(&house, &mod_, "bob", remove).await.0, 201);
    for socket in [&mut author.socket, &mut guest.socket] {
        assert_eq!(changed(socket).await, (line, None));
    }
    assert_eq!(edit(&house, &bob.token, line, "back").await, 404);
}
