//! Stills of people with accounts: they lie in the gallery of whoever took them until they are deleted.

use std::time::Duration;

use futures_util::future::join_all;
use moodcall::base::id::{ParticipantId, RoomId, StillId, TrackId};
use moodcall::base::timestamp::Timestamp;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::{ServerMessage, Track};
use moodcall::protocol::{Kind, Source};
use moodcall::rooms::stills::CreatedStill;
use moodcall::rooms::stills::keep::{Kept, keep};
use moodcall::rooms::stills::still::{Still, StillConsent};
use moodcall::rooms::stills::sweep;
use moodcall::users::removal;
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::json;

use crate::client::{House, Seat, error, house, house_with};
use crate::members::sit;
use crate::person::Person;

impl House {
    /// Has the room see a camera at somebody's seat.
    pub fn show_camera(&self, seat: ParticipantId) {
        let track = Track { id: TrackId::new(), kind: Kind::Video, source: Source::Camera, muted: false };
        self.running.app.rooms.live().seat_mut(seat).expect("a seat").tracks.push(track);
    }

    pub async fn gallery(&self, who: &Person, query: &str) -> Page<Still> {
        let answer = self.ask(Some(who), Method::GET, &format!("/me/stills{query}"), None).await;
        assert_eq!(answer.status(), 200);
        answer.json().await.expect("a page")
    }

    /// A still as somebody sees it.
    pub async fn shown_still(&self, who: &Person, still: StillId) -> Option<Still> {
        let answer = self.ask(Some(who), Method::GET, &format!("/stills/{still}"), None).await;
        if answer.status() == 404 {
            return None;
        }
        assert_eq!(answer.status(), 200);
        Some(answer.json().await.expect("a still"))
    }

    fn still_files(&self) -> usize {
        std::fs::read_dir(self.running.app.state.config.server.data_dir.join("stills")).expect("the folder").count()
    }
}

/// Takes one over the socket.
pub async fn take(seat: &mut Seat) -> StillId {
    match seat.socket.ask(ClientMessage::Still { names: true, time: false }).await {
        ServerMessage::Still { still, .. } => still,
        other => panic!("{other:?}"),
    }
}

async fn titled(house: &House, host: &Person, title: &str) -> RoomId {
    let room = house.room_of(host, "link").await;
    house.ask(Some(host), Method::PATCH, &format!("/rooms/{room}"), Some(json!({ "title": title }))).await;
    room
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_takes_lies_in_their_gallery_with_the_room_and_who_is_in_it() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let room = titled(&house, &bob, "Tea at five").await;
    let (mut taker, _) = sit(&house, &ada, room).await;
    let (other, _) = sit(&house, &bob, room).await;
    let guest = house.join(room, "Guest", None).await;
    let (_hidden, _) = sit(&house, &house.person("zed").await, room).await;
    for seat in [taker.id, other.id, guest.id] {
        house.show_camera(seat);
    }
    let still = take(&mut taker).await;
    let found = house.gallery(&ada, "").await.items;
    assert_eq!(found.len(), 1);
    let shown = &found[0];
    assert_eq!((shown.id, shown.room, shown.room_title.as_str()), (still, Some(room), "Tea at five"));
    assert_eq!((shown.mine, shown.consent, shown.postable), (true, Some(StillConsent::Given), false));
    let people: Vec<_> = shown
        .people
        .iter()
        .map(|one| (one.name.as_str(), one.user.as_ref().map(|card| card.id), one.consent))
        .collect();
    let expected = [
        ("ada", Some(ada.id), StillConsent::Given),
        ("bob", Some(bob.id), StillConsent::Pending),
        ("Guest", None, StillConsent::Pending),
    ];
    assert_eq!(people, expected, "who shows no camera is not in it");
    for address in [&shown.png, &shown.webp] {
        assert_eq!(house.get(address).await.status(), 200);
    }
    assert_eq!(house.shown_still(&ada, still).await.expect("a still").people, shown.people);
    assert!(house.gallery(&bob, "").await.items.is_empty());

    house.ask(Some(&bob), Method::DELETE, &format!("/rooms/{room}"), None).await;
    let kept = house.shown_still(&ada, still).await.expect("a still");
    assert_eq!((kept.room, kept.room_title.as_str()), (None, "Tea at five"), "it outlives its room");
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http_it_belongs_to_whose_token_it_is_and_a_guests_to_nobody() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let room = house.room_of(&ada, "link").await;
    let (seat, _) = sit(&house, &bob, room).await;
    let guest = house.join(room, "Guest", None).await;
    let eve = house.person("eve").await;
    let post = async |token: &str| {
        let url = house.url(&format!("/api/v1/rooms/{room}/stills"));
        let answer = reqwest::Client::new().post(url).bearer_auth(token).json(&json!({})).send().await;
        answer.expect("an answer")
    };
    for (token, status) in [(&ada.token, 201), (&bob.token, 201), (&seat.resume, 201), (&guest.resume, 201)] {
        let answer = post(token).await;
        assert_eq!(answer.status(), status);
        let made: CreatedStill = answer.json().await.expect("a still");
        assert_eq!(house.get(&made.png).await.status(), 200);
    }
    assert_eq!(post(&eve.token).await.status(), 403, "who is not there");
    assert_eq!(house.gallery(&ada, "").await.items.len(), 1, "the host who sits elsewhere");
    assert_eq!(house.gallery(&bob, "").await.items.len(), 2, "by log-in and by seat");
    assert_eq!(house.still_files(), 8);

    // What has an owner stays; what a guest took goes after a day.
    let rooms = &house.running.app.rooms;
    let later = Timestamp::now().after(Duration::from_secs(25 * 3600));
    assert_eq!(sweep::round(rooms, Timestamp::now()).await.expect("a round"), 0);
    assert_eq!(sweep::round(rooms, later).await.expect("a round"), 1);
    assert_eq!(sweep::round(rooms, later).await.expect("a round"), 0);
    assert_eq!(house.still_files(), 6);
    for still in house.gallery(&bob, "").await.items {
        assert_eq!(house.get(&still.webp).await.status(), 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_still_is_gone_with_its_files_and_only_its_owner_deletes_it() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let room = house.room_of(&ada, "link").await;
    let (mut taker, _) = sit(&house, &ada, room).await;
    let (other, _) = sit(&house, &bob, room).await;
    house.show_camera(other.id);
    let still = take(&mut taker).await;
    let png = house.shown_still(&ada, still).await.expect("a still").png;
    let path = format!("/stills/{still}");
    assert_eq!(house.ask(Some(&bob), Method::DELETE, &path, None).await.status(), 404, "who is in it");
    assert_eq!(house.ask(None, Method::DELETE, &path, None).await.status(), 401);
    assert_eq!(house.ask(Some(&ada), Method::DELETE, &path, None).await.status(), 204);
    assert_eq!(house.ask(Some(&ada), Method::DELETE, &path, None).await.status(), 404);
    assert_eq!(house.get(&png).await.status(), 404, "a signed address of before");
    assert_eq!(house.still_files(), 0);
    assert!(house.shown_still(&ada, still).await.is_none() && house.shown_still(&bob, still).await.is_none());
    let (unread, told): (i64, i64) =
        sqlx::query_as("SELECT unread_count, (SELECT COUNT(*) FROM notifications) FROM users WHERE id = $1")
            .bind(bob.id)
            .fetch_one(house.running.app.state.store.read())
            .await
            .expect("counts");
    assert_eq!((unread, told), (0, 0), "nobody is asked about it any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_deleted_takes_its_stills_and_their_files_along() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let room = house.room_of(&bob, "link").await;
    let (mut taker, _) = sit(&house, &ada, room).await;
    let (mut other, _) = sit(&house, &bob, room).await;
    house.show_camera(taker.id);
    take(&mut taker).await;
    let kept = take(&mut other).await;
    assert_eq!(house.still_files(), 4);
    sqlx::query("UPDATE users SET deletes_at = 1 WHERE id = $1")
        .bind(ada.id)
        .execute(house.running.app.state.store.write())
        .await
        .expect("a farewell");
    assert_eq!(removal::round(&house.running.app.users, Timestamp::now()).await.expect("a round"), 1);
    assert_eq!(house.still_files(), 2);
    let left = house.shown_still(&bob, kept).await.expect("a still");
    assert_eq!((left.people[0].user.as_ref(), left.people[0].name.as_str()), (None, "ada"));
    assert!(!left.postable, "nobody answers for who is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gallery_is_paged_newest_first_and_each_still_with_its_own_people() {
    let house = house_with(|config| config.rooms.stills_per_minute = 100).await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let room = house.room_of(&ada, "link").await;
    let (mut taker, _) = sit(&house, &ada, room).await;
    let mut taken = vec![take(&mut taker).await];
    house.show_camera(taker.id);
    taken.push(take(&mut taker).await);
    let (other, _) = sit(&house, &bob, room).await;
    house.show_camera(other.id);
    for _ in 0..5 {
        taken.push(take(&mut taker).await);
    }
    taken.reverse();
    let (mut seen, mut query) = (Vec::new(), String::from("?limit=2"));
    loop {
        let page = house.gallery(&ada, &query).await;
        seen.extend(page.items.into_iter().map(|still| (still.id, still.people.len(), still.postable)));
        match page.next_cursor {
            Some(next) => query = format!("?limit=2&cursor={next}"),
            None => break,
        }
    }
    let expected: Vec<(StillId, usize, bool)> = taken
        .iter()
        .enumerate()
        .map(|(n, still)| if n < 5 { (*still, 2, false) } else { (*still, 6 - n, true) })
        .collect();
    assert_eq!(seen, expected, "nobody is in the first, so nobody minds");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gallery_holds_so_many_stills_however_many_are_taken_at_once() {
    let house = house_with(|config| {
        config.rooms.stills_per_minute = 1_000;
        config.stills.per_person = 3;
    })
    .await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let room = house.room_of(&ada, "link").await;
    let (mut taker, _) = sit(&house, &ada, room).await;
    let path = format!("/rooms/{room}/stills");
    let told = join_all((0..4).map(|_| house.told(Some(&ada), Method::POST, &path, Some(json!({}))))).await;
    assert!(told.iter().all(|one| one.0 == 201 || *one == (409, "gallery-full".into()) || one.0 == 429), "{told:?}");
    for _ in 0..4 {
        house.told(Some(&ada), Method::POST, &path, Some(json!({}))).await;
    }
    assert_eq!(house.gallery(&ada, "").await.items.len(), 3);
    let refused = taker.socket.ask(ClientMessage::Still { names: false, time: false }).await;
    assert_eq!(error(&refused), Some(Code::GalleryFull), "over the socket too");

    let (mut other, _) = sit(&house, &bob, room).await;
    take(&mut other).await;
    let one = house.gallery(&ada, "").await.items[0].id;
    assert_eq!(house.ask(Some(&ada), Method::DELETE, &format!("/stills/{one}"), None).await.status(), 204);
    take(&mut taker).await;

    // Where everybody had looked before anybody kept one.
    let one = house.gallery(&ada, "").await.items[0].id;
    assert_eq!(house.ask(Some(&ada), Method::DELETE, &format!("/stills/{one}"), None).await.status(), 204);
    let rooms = &house.running.app.rooms;
    let kept = join_all((0..20).map(|_| {
        keep(rooms, Kept { still: StillId::new(), owner: ada.id, room, width: 1, height: 1, sitters: Vec::new() })
    }))
    .await;
    assert_eq!(kept.into_iter().filter(|kept| *kept.as_ref().expect("an answer")).count(), 1);
    assert_eq!(house.gallery(&ada, "").await.items.len(), 3);
}
