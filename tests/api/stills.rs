//! Stills: who may take one, what it is, who may look at it and for how long.

use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::ServerMessage;
use moodcall::rooms::stills::CreatedStill;
use serde_json::json;

use crate::client::{House, error, house, house_with};

async fn post(house: &House, room: impl std::fmt::Display, token: Option<&str>) -> reqwest::Response {
    let request = reqwest::Client::new().post(house.url(&format!("/api/v1/rooms/{room}/stills")));
    let request = request.json(&json!({ "names": true, "time": true }));
    let request = match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    request.send().await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_still_of_people_without_cameras_shows_a_tile_for_each() {
    let house = house().await;
    let room = house.room(2).await;
    let mut ada = house.join(room.id, "Ada", room.host_key.as_deref()).await;
    let _grace = house.join(room.id, "Grace", None).await;
    let still = match ada.socket.ask(ClientMessage::Still { names: true, time: true }).await {
        ServerMessage::Still { width, height, png, webp, .. } => (width, height, png, webp),
        other => panic!("{other:?}"),
    };
    let (width, height, png, webp) = still;
    for (address, kind, magic) in [(&png, "image/png", &b"\x89PNG"[..]), (&webp, "image/webp", &b"RIFF"[..])] {
        let answer = house.get(address).await;
        assert_eq!(answer.status(), 200, "{address}");
        assert_eq!(answer.headers()["content-type"], kind);
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        let bytes = answer.bytes().await.expect("bytes");
        assert!(bytes.starts_with(magic));
        let picture = image::load_from_memory(&bytes).expect("a picture");
        assert_eq!((picture.width(), picture.height()), (width, height), "{kind}");
    }
    // Any change to the address is a wrong signature; another file is not there.
    let other = png.replace(".png", ".webp");
    let later = png.replace("expires=", "expires=9");
    let cut = &png[..png.len() - 2];
    for address in [other.as_str(), later.as_str(), cut] {
        let answer = house.get(address).await;
        assert_eq!(answer.status(), 403, "{address}");
        assert_eq!(answer.json::<serde_json::Value>().await.expect("JSON")["code"], "signature");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http_only_the_host_and_who_sits_in_the_room_may_take_one() {
    let house = house().await;
    let (room, other) = (house.room(2).await, house.room(2).await);
    assert_eq!(post(&house, room.id, room.host_key.as_deref()).await.status(), 409, "nobody is there");
    let ada = house.join(room.id, "Ada", None).await;
    let eve = house.join(other.id, "Eve", None).await;
    let table = [
        (None, 401),
        (Some("guess"), 403),
        (other.host_key.as_deref(), 403),
        (Some(eve.resume.as_str()), 403),
        (Some(ada.resume.as_str()), 201),
        (room.host_key.as_deref(), 201),
    ];
    for (token, status) in table {
        let answer = post(&house, room.id, token).await;
        assert_eq!(answer.status(), status, "{token:?}");
        if status == 201 {
            let still: CreatedStill = answer.json().await.expect("a still");
            assert_eq!(house.get(&still.png).await.status(), 200);
        }
    }
    assert_eq!(post(&house, "01a20008-2233-705d-bbd0-02dbde753fd2", Some("x")).await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn stills_have_a_limit_and_can_be_switched_off() {
    let few = house_with(|config| config.rooms.stills_per_minute = 1).await;
    let room = few.room(1).await.id;
    let mut ada = few.join(room, "Ada", None).await;
    let still = || ClientMessage::Still { names: false, time: false };
    assert!(matches!(ada.socket.ask(still()).await, ServerMessage::Still { .. }));
    assert_eq!(error(&ada.socket.ask(still()).await), Some(Code::TooMany));

    let none = house_with(|config| config.stills.enabled = false).await;
    let room = none.room(1).await.id;
    let mut ada = none.join(room, "Ada", None).await;
    assert_eq!(error(&ada.socket.ask(still()).await), Some(Code::Forbidden));
}
