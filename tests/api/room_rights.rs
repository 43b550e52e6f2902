//! Who may come in by which visibility, as the door says it, the ticket, and the seat.

use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::ServerMessage;
use reqwest::Method;
use serde_json::json;

use crate::client::{House, error, house};
use crate::members::{sit, ticket};
use crate::person::Person;
use crate::profile::FRIENDSHIP;

/// What stands between somebody and a seat, by every way to learn it: they agree.
async fn needs(house: &House, who: Option<&Person>, room: moodcall::base::id::RoomId) -> Option<Code> {
    let shown = house.look(who, room).await.expect("a room").needs;
    let code = shown.map(|code| code.as_str().to_owned()).unwrap_or_default();
    let path = format!("/rooms/{room}/members/me");
    let (status, told) = house.told(who, Method::PUT, &path, Some(json!({}))).await;
    assert_eq!((status == 200, told), (shown.is_none(), code.clone()), "asking to come in");
    let body = json!({ "room": room, "name": "Guest" });
    let (status, told) = house.told(who, Method::POST, "/socket-tickets", Some(body)).await;
    assert_eq!((status == 201, told), (shown.is_none(), code), "asking for a ticket");
    shown
}

#[tokio::test(flavor = "multi_thread")]
async fn each_visibility_lets_in_whom_it_says() {
    let house = house().await;
    let (ada, friend, other) = (house.person("ada").await, house.person("fred").await, house.person("otto").await);
    house.edge(FRIENDSHIP, ada.id.min(friend.id), ada.id.max(friend.id)).await;
    let (login, invite) = (Some(Code::LoginNeeded), Some(Code::InviteNeeded));
    let table = [
        ("link", [None, None, None], None),
        ("open", [None, None, None], None),
        ("friends", [None, None, invite], invite),
        ("invite", [None, invite, invite], invite),
    ];
    for (visibility, people, guest) in table {
        for guests in [true, false] {
            let body = json!({ "visibility": visibility, "guests": guests });
            let room = house.hosted(&ada, body).await;
            for (who, expected) in [&ada, &friend, &other].into_iter().zip(people) {
                assert_eq!(needs(&house, Some(who), room).await, expected, "{} {visibility}", who.handle);
            }
            let expected = if guests { guest } else { login };
            assert_eq!(needs(&house, None, room).await, expected, "a guest, {visibility}, {guests}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn narrower_terms_are_for_newcomers_and_for_tickets_of_before() {
    let house = house().await;
    let (ada, bob, eve) = (house.person("ada").await, house.person("bob").await, house.person("eve").await);
    let room = house.hosted(&ada, json!({ "visibility": "open", "capacity": 8 })).await;
    let (mut inside, _) = sit(&house, &bob, room).await;
    let mut guest = house.join(room, "Guest", None).await;
    let early = ticket(&house, &eve, json!({ "room": room })).await.expect("a ticket");
    let early_guest = house.ticket(room, "Late", None).await;
    let change = json!({ "visibility": "friends", "guests": false });
    assert_eq!(house.told(Some(&ada), Method::PATCH, &format!("/rooms/{room}"), Some(change)).await.0, 200);
    for seat in [&mut inside, &mut guest] {
        assert_eq!(seat.socket.ask(ClientMessage::Ping).await, ServerMessage::Pong, "whoever is inside stays");
    }
    for (ticket, code) in [(early, Code::InviteNeeded), (early_guest, Code::LoginNeeded)] {
        let mut socket = house.socket().await;
        socket.hello(&ticket).await;
        assert_eq!(error(&socket.ask(ClientMessage::Join { room }).await), Some(code));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_one_needs_a_new_invitation_where_one_was_needed() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let room = house.hosted(&ada, json!({ "visibility": "invite", "capacity": 8 })).await;
    let (mut host, _) = sit(&house, &ada, room).await;
    for on_the_socket in [true, false] {
        let made = house.invite(&ada, room, json!({ "max_uses": 1 })).await;
        ticket(&house, &bob, json!({ "room": room, "invite": made.token })).await.expect("a ticket");
        let (mut seat, _) = sit(&house, &bob, room).await;
        if on_the_socket {
            host.socket.ask(ClientMessage::Kick { participant: seat.id }).await;
        } else {
            house.ask(Some(&ada), Method::DELETE, &format!("/rooms/{room}/members/bob"), None).await;
        }
        assert_eq!(seat.socket.rest().await.1, Some(4003));
        let told = ticket(&house, &bob, json!({ "room": room })).await.expect_err("removed");
        assert_eq!(told, (403, "invite-needed".into()));
    }
}
