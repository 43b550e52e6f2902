//! Invitations: shown once, kept as a hash, for so long and so many, revocable, and not to be guessed or used up in a race.

use futures_util::future::join_all;
use moodcall::base::id::RoomId;
use moodcall::base::timestamp::Timestamp;
use moodcall::base::token;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::ServerMessage;
use moodcall::rooms::invites::Invite;
use moodcall::rooms::invites::create::{CreatedInvite, MOST};
use moodcall::rooms::invites::fetch::ShownInvite;
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{House, error, house, house_with};
use crate::members::ticket;
use crate::person::Person;

impl House {
    pub async fn invite(&self, host: &Person, room: RoomId, body: Value) -> CreatedInvite {
        let answer = self.ask(Some(host), Method::POST, &format!("/rooms/{room}/invites"), Some(body)).await;
        assert_eq!(answer.status(), 201);
        answer.json().await.expect("an invitation")
    }

    async fn shown_invite(&self, who: Option<&Person>, token: &str) -> Option<ShownInvite> {
        let answer = self.ask(who, Method::GET, &format!("/invites/{token}"), None).await;
        if answer.status() == 200 { Some(answer.json().await.expect("an invitation")) } else { None }
    }

    async fn uses(&self) -> i64 {
        let uses = sqlx::query_scalar("SELECT CAST(SUM(uses) AS BIGINT) FROM room_invites");
        uses.fetch_one(self.running.app.state.store.read()).await.expect("a count")
    }

    /// A ticket of a guest, or the status and code of the refusal.
    async fn guest_ticket(&self, body: Value) -> Result<String, (u16, String)> {
        let answer = self.ask(None, Method::POST, "/socket-tickets", Some(body)).await;
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.expect("a body");
        let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
        if status == 201 { Ok(text("ticket")) } else { Err((status, text("code"))) }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_opens_the_room_and_is_kept_as_a_hash() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let room = house.hosted(&ada, json!({ "visibility": "invite", "title": "Tea" })).await;
    let needed = (403, "invite-needed".to_owned());
    assert_eq!(ticket(&house, &bob, json!({ "room": room })).await.expect_err("closed"), needed);
    assert_eq!(house.guest_ticket(json!({ "room": room, "name": "G" })).await.expect_err("closed"), needed);
    let made = house.invite(&ada, room, json!({ "max_uses": 5, "hours": 1 })).await;
    assert_eq!(made.token.len(), 22, "128 bits");
    assert!(made.link.ends_with(&format!("/room/{room}#invite={}", made.token)), "{}", made.link);
    let kept: String = sqlx::query_scalar("SELECT token_hash FROM room_invites")
        .fetch_one(house.running.app.state.store.read())
        .await
        .expect("a row");
    assert_eq!(kept, token::hash(&made.token).to_hex());
    let shown = house.shown_invite(None, &made.token).await.expect("an invitation");
    assert_eq!((shown.room, shown.title.as_str(), shown.usable), (room, "Tea", true));
    assert_eq!((shown.host.id, house.uses().await), (ada.id, 0), "to look uses nothing up");

    let with = json!({ "room": room, "invite": made.token });
    ticket(&house, &bob, with.clone()).await.expect("a ticket");
    ticket(&house, &bob, with).await.expect("a ticket");
    ticket(&house, &bob, json!({ "room": room })).await.expect("admitted for good");
    assert_eq!(house.uses().await, 1, "somebody with an account uses it once");
    let guest = house.guest_ticket(json!({ "room": room, "name": "G", "invite": made.token })).await.expect("a ticket");
    assert_eq!(house.uses().await, 2);
    let mut socket = house.socket().await;
    socket.hello(&guest).await;
    assert!(matches!(socket.ask(ClientMessage::Join { room }).await, ServerMessage::Roster { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_thirty_who_use_an_invitation_for_seven_at_once_seven_get_in() {
    let house = house().await;
    let ada = house.person("ada").await;
    let room = house.hosted(&ada, json!({ "visibility": "invite" })).await;
    for accounts in [true, false] {
        let made = house.invite(&ada, room, json!({ "max_uses": 7 })).await;
        let mut people = Vec::new();
        for number in 0..30 {
            people.push(if accounts { Some(house.person(&format!("p{number}x")).await) } else { None });
        }
        let body = json!({ "room": room, "name": "G", "invite": made.token });
        let tries = join_all(people.iter().map(async |person| match person {
            Some(person) => ticket(&house, person, body.clone()).await,
            None => house.guest_ticket(body.clone()).await,
        }))
        .await;
        assert_eq!(tries.iter().filter(|one| one.is_ok()).count(), 7, "accounts: {accounts}");
        let refused: Vec<_> = tries.into_iter().filter_map(Result::err).collect();
        assert!(refused.iter().all(|told| *told == (403, "invite-needed".into())), "{refused:?}");
        assert!(!house.shown_invite(None, &made.token).await.expect("an invitation").usable);
    }
    assert_eq!(house.uses().await, 14);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_who_uses_an_invitation_many_times_at_once_uses_it_once() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let room = house.hosted(&ada, json!({ "visibility": "invite" })).await;
    let made = house.invite(&ada, room, json!({ "max_uses": 3 })).await;
    let body = json!({ "room": room, "invite": made.token });
    let tries = join_all((0..20).map(|_| ticket(&house, &bob, body.clone()))).await;
    assert!(tries.iter().any(Result::is_ok));
    assert_eq!(house.uses().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_is_revoked_over_of_another_room_or_guessed_opens_nothing() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let room = house.hosted(&ada, json!({ "visibility": "invite" })).await;
    let other = house.hosted(&ada, json!({ "visibility": "invite" })).await;
    let [revoked, over, foreign] = [
        house.invite(&ada, room, json!({})).await,
        house.invite(&ada, room, json!({})).await,
        house.invite(&ada, other, json!({})).await,
    ];
    let early = json!({ "room": room, "name": "G", "invite": revoked.token });
    let early = house.guest_ticket(early).await.expect("a ticket");
    let path = format!("/rooms/{room}/invites/{}", revoked.invite.id);
    assert_eq!(house.told(Some(&bob), Method::DELETE, &path, None).await, (403, "forbidden".into()));
    let wrong = format!("/rooms/{other}/invites/{}", revoked.invite.id);
    assert_eq!(house.told(Some(&ada), Method::DELETE, &wrong, None).await, (404, "not-found".into()));
    for _ in 0..2 {
        assert_eq!(house.ask(Some(&ada), Method::DELETE, &path, None).await.status(), 204);
    }
    sqlx::query("UPDATE room_invites SET expires_at = $1 WHERE id = $2")
        .bind(Timestamp::now())
        .bind(over.invite.id)
        .execute(house.running.app.state.store.write())
        .await
        .expect("an old invitation");
    let guess = token::short().0;
    for token in [&revoked.token, &over.token, &foreign.token, &guess, &String::new()] {
        let body = json!({ "room": room, "invite": token });
        let told = ticket(&house, &bob, body.clone()).await.expect_err("no invitation");
        assert_eq!(told, (403, "invite-needed".into()));
        let members = format!("/rooms/{room}/members/me");
        for who in [Some(&bob), None] {
            let told = house.told(who, Method::PUT, &members, Some(json!({ "invite": token }))).await;
            assert_eq!(told, (403, "invite-needed".into()));
        }
    }
    let mut socket = house.socket().await;
    socket.hello(&early).await;
    let told = socket.ask(ClientMessage::Join { room }).await;
    assert_eq!(error(&told), Some(Code::InviteNeeded), "a ticket of before the revocation");
    for (token, usable) in
        [(&revoked.token, Some(false)), (&over.token, Some(false)), (&foreign.token, Some(true)), (&guess, None)]
    {
        assert_eq!(house.shown_invite(Some(&bob), token).await.map(|shown| shown.usable), usable);
    }
    house.ask(Some(&ada), Method::PUT, "/me/blocks/bob", None).await;
    assert!(house.shown_invite(Some(&bob), &foreign.token).await.is_none(), "not from somebody who has blocked one");
    let answer = house.ask(Some(&ada), Method::GET, &format!("/rooms/{room}/invites"), None).await;
    assert!(answer.json::<Page<Invite>>().await.expect("a page").items.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_come_in_anyway_uses_no_invitation_and_a_guest_needs_an_account_where_none_may() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let open = house.hosted(&ada, json!({ "visibility": "open" })).await;
    let closed = house.hosted(&ada, json!({ "visibility": "invite", "guests": false })).await;
    let [made, other] = [house.invite(&ada, open, json!({})).await, house.invite(&ada, closed, json!({})).await];
    ticket(&house, &bob, json!({ "room": open, "invite": made.token })).await.expect("a ticket");
    ticket(&house, &ada, json!({ "room": closed, "invite": other.token })).await.expect("a ticket");
    let told = house.guest_ticket(json!({ "room": closed, "name": "G", "invite": other.token })).await;
    assert_eq!(told.expect_err("no guests"), (401, "login-needed".into()));
    assert_eq!(house.uses().await, 0);
    let members = format!("/rooms/{closed}/members/me");
    let entry = house.ask(Some(&bob), Method::PUT, &members, Some(json!({ "invite": other.token }))).await;
    let entry: Value = entry.json().await.expect("an entry");
    assert_eq!(entry, json!({ "room": closed, "host": false, "free": 2, "name_needed": false }));
    assert_eq!(house.told(Some(&bob), Method::PUT, &members, Some(json!({}))).await.0, 200, "admitted");
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_are_counted_and_a_room_has_so_many_invitations() {
    let house = house_with(|config| config.rooms.tickets_per_minute = 10).await;
    let (ada, eve) = (house.person("ada").await, house.person("eve").await);
    let room = house.hosted(&ada, json!({ "visibility": "invite" })).await;
    let mut statuses = Vec::new();
    for _ in 0..20 {
        let path = format!("/invites/{}", token::short().0);
        statuses.push(house.ask(Some(&eve), Method::GET, &path, None).await.status().as_u16());
    }
    assert!(statuses[..10].iter().all(|status| *status == 404), "{statuses:?}");
    assert!(statuses[11..].iter().filter(|status| **status == 429).count() >= 8, "{statuses:?}");
    let path = format!("/rooms/{room}/invites");
    let all = join_all((0..MOST + 10).map(|_| house.told(Some(&ada), Method::POST, &path, Some(json!({}))))).await;
    assert_eq!(all.iter().filter(|(status, _)| *status == 201).count() as i64, MOST, "however many at once");
    assert_eq!(house.told(Some(&ada), Method::POST, &path, Some(json!({}))).await, (409, "too-many".into()));
    for body in [json!({ "max_uses": 0 }), json!({ "max_uses": 1001 }), json!({ "hours": 0 }), json!({ "hours": 721 })]
    {
        assert_eq!(house.told(Some(&ada), Method::POST, &path, Some(body.clone())).await.0, 422, "{body}");
    }
    let page = house.ask(Some(&ada), Method::GET, &format!("{path}?limit=60"), None).await;
    let page: Page<Invite> = page.json().await.expect("a page");
    let next = format!("{path}?limit=60&cursor={}", page.next_cursor.expect("more"));
    let rest: Page<Invite> = house.ask(Some(&ada), Method::GET, &next, None).await.json().await.expect("a page");
    assert_eq!((page.items.len(), rest.items.len(), rest.next_cursor), (60, 40, None));
}
