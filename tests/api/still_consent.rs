//! Whoever is in a picture is asked before it is published, may look at it, and may change their mind.

use moodcall::base::id::StillId;
use moodcall::protocol::notification::NoticeKind;
use moodcall::protocol::server::ServerMessage;
use moodcall::rooms::stills::still::{Still, StillConsent};
use moodcall::web::page::Page;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{House, house, house_with};
use crate::gallery::take;
use crate::members::{listen, sit};
use crate::person::Person;

async fn answer(house: &House, who: &Person, still: StillId, given: bool) -> (u16, Value) {
    let path = format!("/stills/{still}/consent");
    let answer = house.ask(Some(who), Method::PUT, &path, Some(json!({ "given": given }))).await;
    (answer.status().as_u16(), answer.json().await.expect("a body"))
}

async fn asked(house: &House, who: &Person, query: &str) -> Page<Still> {
    let answer = house.ask(Some(who), Method::GET, &format!("/me/still-requests{query}"), None).await;
    assert_eq!(answer.status(), 200, "{query}");
    answer.json().await.expect("a page")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_in_it_is_asked_on_their_pages_and_looks_before_they_answer() {
    let house = house().await;
    let [ada, bob, eve] = [house.person("ada").await, house.person("bob").await, house.person("eve").await];
    let room = house.room_of(&ada, "link").await;
    let (mut taker, _) = sit(&house, &ada, room).await;
    let (mut other, _) = sit(&house, &bob, room).await;
    let mut page = listen(&house, &bob).await;
    for seat in [taker.id, other.id] {
        house.show_camera(seat);
    }
    let still = take(&mut taker).await;
    for socket in [&mut page, &mut other.socket] {
        let pick = |message: &ServerMessage| match message {
            ServerMessage::Notification { notification, .. } => Some(notification.clone()),
            _ => None,
        };
        let told = socket.until(pick).await;
        assert_eq!((told.kind, told.subject), (NoticeKind::StillAsked, Some(still.to_string())));
        assert_eq!(told.actor.expect("somebody").handle, "ada");
    }
    let found = asked(&house, &bob, "?consent=pending").await.items;
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].id, found[0].mine, found[0].consent), (still, false, Some(StillConsent::Pending)));
    assert_eq!(found[0].owner.as_ref().map(|card| card.handle.as_str()), Some("ada"));
    assert_eq!(house.get(&found[0].webp).await.status(), 200, "the picture is shown to whom it shows");
    assert!(asked(&house, &ada, "").await.items.is_empty(), "nobody asks themselves");

    // Nobody else knows of it.
    assert!(house.shown_still(&eve, still).await.is_none());
    assert_eq!(answer(&house, &eve, still, true).await.0, 404);

    let (status, shown) = answer(&house, &bob, still, true).await;
    assert_eq!((status, &shown["consent"], &shown["postable"]), (200, &json!("given"), &json!(true)));
    assert!(house.gallery(&ada, "").await.items[0].postable);
    assert!(asked(&house, &bob, "?consent=pending").await.items.is_empty());
    assert_eq!(asked(&house, &bob, "?consent=given").await.items.len(), 1);

    assert_eq!(answer(&house, &bob, still, false).await.1["consent"], "refused", "taken back");
    assert!(!house.gallery(&ada, "").await.items[0].postable);
    assert_eq!(answer(&house, &ada, still, false).await.0, 200, "the taker as well");
    assert_eq!(answer(&house, &bob, still, true).await.1["postable"], true, "who publishes it agrees by that");
    for query in ["?consent=maybe", "?limit=0"] {
        let path = format!("/me/still-requests{query}");
        assert_eq!(house.ask(Some(&bob), Method::GET, &path, None).await.status(), 422, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_is_never_asked_and_so_never_published() {
    let house = house().await;
    let ada = house.person("ada").await;
    let room = house.room_of(&ada, "link").await;
    let (mut taker, _) = sit(&house, &ada, room).await;
    let guest = house.join(room, "Guest", None).await;
    house.show_camera(guest.id);
    let still = take(&mut taker).await;
    let shown = house.shown_still(&ada, still).await.expect("a still");
    assert_eq!((shown.consent, shown.postable), (None, false));
    assert_eq!(answer(&house, &ada, still, true).await.0, 404, "nobody answers for another");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_is_in_it_twice_is_asked_once_and_answers_for_both() {
    let house = house().await;
    let (ada, bob) = house.friends("ada", "bob").await;
    let room = house.room_of(&ada, "link").await;
    let (mut taker, _) = sit(&house, &ada, room).await;
    for _ in 0..2 {
        let (seat, _) = sit(&house, &bob, room).await;
        house.show_camera(seat.id);
    }
    let still = take(&mut taker).await;
    let found = asked(&house, &bob, "").await.items;
    assert_eq!((found.len(), found[0].people.len()), (1, 2));
    assert_eq!(answer(&house, &bob, still, true).await.1["postable"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_is_in_is_paged_newest_first_and_a_block_hides_no_picture_of_oneself() {
    let house = house_with(|config| config.rooms.stills_per_minute = 100).await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let room = house.room_of(&ada, "link").await;
    let (mut taker, _) = sit(&house, &ada, room).await;
    let (other, _) = sit(&house, &bob, room).await;
    house.show_camera(other.id);
    let mut taken = Vec::new();
    for _ in 0..5 {
        taken.push(take(&mut taker).await);
    }
    taken.reverse();
    house.ask(Some(&ada), Method::PUT, "/me/blocks/bob", None).await;
    let (mut seen, mut query) = (Vec::new(), String::from("?limit=2"));
    loop {
        let page = asked(&house, &bob, &query).await;
        assert!(page.items.iter().all(|still| still.owner.is_none()), "who blocked one is not to be seen");
        seen.extend(page.items.into_iter().map(|still| still.id));
        match page.next_cursor {
            Some(next) => query = format!("?limit=2&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, taken);
    assert_eq!(answer(&house, &bob, taken[0], false).await.0, 200);
}
