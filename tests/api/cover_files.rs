//! The file of a cover: one's own picture or drawn anew, one for each playlist, and nothing that is no picture.

use std::io::Cursor;

use futures_util::future::join_all;
use image::{DynamicImage, GenericImageView as _, ImageFormat, Rgba, RgbaImage};
use moodcall::base::id::PlaylistId;
use moodcall::base::timestamp::Timestamp;
use moodcall::playlists::playlist::{CoverKind, Playlist};
use moodcall::playlists::sweep;
use moodcall::users::removal;
use reqwest::{Method, Response};
use serde_json::json;

use super::client::{House, house};
use super::person::Person;
use super::posting::refused;
use super::uploads::picture;

impl House {
    /// The answer to a form with a cover.
    async fn send_cover(&self, who: &Person, list: PlaylistId, part: &str, file: &[u8]) -> Response {
        self.send_part(who, Method::PUT, &format!("/playlists/{list}/cover"), part, file).await
    }

    /// Address and kind of a playlist's cover, as its owner sees it.
    pub async fn cover_of(&self, who: &Person, list: PlaylistId) -> (String, CoverKind) {
        let list = self.playlist_seen(Some(who), list).await.expect("a playlist").playlist;
        list.cover.map(|cover| (cover.url, cover.kind)).expect("a cover")
    }

    /// The picture at an address, which is there.
    async fn shown(&self, url: &str) -> DynamicImage {
        let answer = self.get(url).await;
        assert_eq!(answer.status(), 200, "{url}");
        image::load_from_memory(&answer.bytes().await.expect("bytes")).expect("a picture")
    }

    async fn picture_status(&self, url: &str) -> u16 {
        self.get(url).await.status().as_u16()
    }
}

async fn playlist(answer: Response) -> Playlist {
    assert_eq!(answer.status(), 200);
    answer.json().await.expect("a playlist")
}

/// How much redder than blue a picture is on the whole.
fn warmth(picture: &DynamicImage) -> i64 {
    picture.to_rgb8().pixels().map(|pixel| i64::from(pixel[0]) - i64::from(pixel[2])).sum()
}

#[tokio::test]
async fn a_picture_of_ones_own_becomes_the_cover_and_the_file_before_it_goes() {
    let house = house().await;
    let ada = house.person("ada").await;
    let list = house.playlist_by(&ada, json!({ "title": "Rain" })).await.id;
    let (mut before, mut version) = (house.cover_of(&ada, list).await.0, 1);
    for (format, color) in
        [(ImageFormat::Png, [0, 0, 200]), (ImageFormat::Jpeg, [0, 200, 0]), (ImageFormat::WebP, [200, 0, 0])]
    {
        let answer = house.send_cover(&ada, list, "picture", &picture(900, 300, color, format)).await;
        version += 1;
        assert_eq!(answer.headers()["etag"], format!("\"v{version}\"").as_str());
        let cover = playlist(answer).await.cover.expect("a cover");
        assert_eq!(house.cover_of(&ada, list).await, (cover.url.clone(), CoverKind::Uploaded));
        let shown = house.shown(&cover.url).await;
        let middle = shown.get_pixel(320, 320).0;
        let near = middle.iter().zip(color).all(|(is, was)| is.abs_diff(was) < 8);
        assert_eq!((shown.dimensions(), near), ((640, 640), true), "{format:?} {middle:?}");
        assert_eq!((house.picture_status(&before).await, house.kept_files().len()), (404, 1), "{format:?}");
        assert_eq!(house.number("SELECT COUNT(*) FROM uploads").await, 1);
        before = cover.url;
    }
    // What can be seen through is white behind: a JPEG would make it black.
    let mut glass = Vec::new();
    let clear = DynamicImage::from(RgbaImage::from_pixel(700, 700, Rgba([9, 9, 9, 0])));
    clear.write_to(&mut Cursor::new(&mut glass), ImageFormat::Png).expect("a picture");
    let cover = playlist(house.send_cover(&ada, list, "picture", &glass).await).await.cover.expect("a cover");
    assert!(house.shown(&cover.url).await.get_pixel(3, 3).0[0] > 247);
    house.stop().await;
}

#[tokio::test]
async fn what_is_no_picture_within_bounds_is_no_cover_and_changes_nothing() {
    let house = house().await;
    let [ada, bob] = [house.person("ada").await, house.person("bob").await];
    let list = house.playlist_by(&ada, json!({ "title": "Rain" })).await.id;
    let secret = house.playlist_by(&ada, json!({ "title": "Mine", "is_public": false })).await.id;
    let before = house.playlist_seen(Some(&ada), list).await.expect("a playlist");
    let files = house.kept_files().len();
    let fine = picture(700, 700, [1, 2, 3], ImageFormat::Png);
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    let mut bomb = picture(1, 1, [0; 3], ImageFormat::Png);
    bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    for (what, file) in [
        ("half of a PNG", &fine[..fine.len() / 2]),
        ("the head of a JPEG", b"\xff\xd8\xff\xe0 and no more"),
        ("a GIF", gif),
        ("an SVG with a script", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("a page", b"<!doctype html><title>x</title>"),
        ("nothing", b""),
        ("too wide", &picture(4097, 10, [0; 3], ImageFormat::Png)),
        ("a bomb", &bomb),
    ] {
        let answer = house.send_cover(&ada, list, "picture", file).await;
        assert_eq!(refused(answer).await, (400, "picture".into(), String::new()), "{what}");
    }
    let large = vec![0; 10 * 1024 * 1024 + 1];
    assert_eq!(house.send_cover(&ada, list, "picture", &large).await.status(), 413);
    assert_eq!(house.send_cover(&ada, list, "photo", &fine).await.status(), 400);
    let json = house.ask(Some(&ada), Method::PUT, &format!("/playlists/{list}/cover"), Some(json!({}))).await;
    assert_eq!(json.status(), 415);
    assert_eq!(house.send_cover(&bob, list, "picture", &fine).await.status(), 403);
    assert_eq!(house.send_cover(&bob, secret, "picture", &fine).await.status(), 404);
    assert_eq!(house.send_cover(&ada, PlaylistId::new(), "picture", &fine).await.status(), 404);
    let old = reqwest::Client::new().delete(house.url(&format!("/api/v1/playlists/{list}/cover")));
    let old = old.bearer_auth(&ada.token).header("if-match", "\"v7\"").send().await.expect("an answer");
    assert_eq!(old.status(), 412);
    assert_eq!(house.playlist_seen(Some(&ada), list).await, Some(before));
    assert_eq!((house.kept_files().len(), house.number("SELECT COUNT(*) FROM uploads").await), (files, 2));
    house.stop().await;
}

#[tokio::test]
async fn a_cover_that_is_drawn_anew_is_another_and_the_file_before_it_goes() {
    let house = house().await;
    let ada = house.person("ada").await;
    let list = house.playlist_by(&ada, json!({ "title": "Rain", "mood": "sadness", "genre": "ballad" })).await.id;
    house.send_cover(&ada, list, "picture", &picture(700, 700, [200, 0, 0], ImageFormat::Png)).await;
    let mut before = house.cover_of(&ada, list).await.0;
    let mut known = house.kept_files();
    for round in 0..3 {
        let path = format!("/playlists/{list}/cover");
        let now = playlist(house.ask(Some(&ada), Method::DELETE, &path, None).await).await;
        let cover = now.cover.expect("a cover");
        assert_eq!((cover.kind, now.version), (CoverKind::Drawn, round + 3));
        assert!(warmth(&house.shown(&cover.url).await) < 0, "sad ones are blue");
        assert_eq!((house.picture_status(&before).await, house.kept_files().len()), (404, 1));
        assert!(!known.contains(&house.kept_files()[0]), "another one");
        known.extend(house.kept_files());
        before = cover.url;
    }
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn covers_that_come_at_once_leave_one_file_and_one_row() {
    let house = house().await;
    let ada = house.person("ada").await;
    let list = house.playlist_by(&ada, json!({ "title": "Rain" })).await.id;
    let path = format!("/playlists/{list}/cover");
    let files: Vec<_> = (0..4).map(|n| picture(64, 64, [n * 60, 0, 0], ImageFormat::Png)).collect();
    let sent = join_all(files.iter().map(|file| house.send_cover(&ada, list, "picture", file)));
    let drawn = join_all((0..4).map(|_| house.ask(Some(&ada), Method::DELETE, &path, None)));
    let (sent, drawn) = tokio::join!(sent, drawn);
    let statuses: Vec<u16> = sent.iter().chain(&drawn).map(|answer| answer.status().as_u16()).collect();
    // Two pictures of one person at a time.
    assert!(statuses.iter().all(|status| matches!(status, 200 | 429)), "{statuses:?}");
    assert!(statuses.iter().filter(|status| **status == 200).count() > 4, "{statuses:?}");
    assert_eq!((house.number("SELECT COUNT(*) FROM uploads").await, house.kept_files().len()), (1, 1));
    assert_eq!(house.picture_status(&house.cover_of(&ada, list).await.0).await, 200);
    house.stop().await;
}

#[tokio::test]
async fn without_a_mood_of_its_own_a_cover_has_that_of_most_of_the_songs() {
    let house = house().await;
    let ada = house.person("ada").await;
    let songs = house.songs(["a", "b", "c", "d", "e"]).await;
    let write = house.running.app.state.store.write();
    for (mood, some) in [("anger", [songs[0], songs[1]]), ("anger,sadness", [songs[2], songs[3]])] {
        for song in some {
            sqlx::query("UPDATE songs SET moods = $1 WHERE id = $2")
                .bind(mood)
                .bind(song)
                .execute(write)
                .await
                .expect("a song");
        }
    }
    // Of the first four most are angry, of the last three most are sad: without that each were as likely as six others.
    for (some, red) in [(&songs[..4], true), (&songs[2..], false)] {
        for way in ["at once", "later", "anew"] {
            let first = if way == "later" { &[] } else { some };
            let list = house.playlist_by(&ada, json!({ "title": "x", "songs": first })).await;
            if way == "later" {
                let before = list.cover.expect("a cover").url;
                let (path, body) = (format!("/playlists/{}/songs", list.id), json!({ "songs": some }));
                assert_eq!(house.ask(Some(&ada), Method::POST, &path, Some(body)).await.status(), 200);
                assert_eq!(house.picture_status(&before).await, 404);
            }
            if way == "anew" {
                let path = format!("/playlists/{}/cover", list.id);
                assert_eq!(house.ask(Some(&ada), Method::DELETE, &path, None).await.status(), 200);
            }
            let (url, kind) = house.cover_of(&ada, list.id).await;
            let warm = warmth(&house.shown(&url).await);
            assert_eq!((warm > 0, kind), (red, CoverKind::Drawn), "{way}: {warm}");
            let text = serde_json::to_value(house.playlist_seen(None, list.id).await).expect("JSON");
            assert_eq!((&text["mood"], &text["genre"]), (&json!(null), &json!(null)), "it says nothing of itself");
        }
    }
    // A cover of one's own stays whatever is put in.
    let list = house.playlist_by(&ada, json!({ "title": "x" })).await.id;
    house.send_cover(&ada, list, "picture", &picture(64, 64, [1, 2, 3], ImageFormat::Png)).await;
    let before = house.cover_of(&ada, list).await;
    house.ask(Some(&ada), Method::POST, &format!("/playlists/{list}/songs"), Some(json!({ "songs": songs }))).await;
    assert_eq!(house.cover_of(&ada, list).await, before);
    house.stop().await;
}

#[tokio::test]
async fn a_playlist_whose_cover_was_taken_away_gets_another_from_the_sweep() {
    let house = house().await;
    let ada = house.person("ada").await;
    let list = house.playlist_by(&ada, json!({ "title": "Rain" })).await.id;
    let users = &house.running.app.users;
    let upload: String =
        sqlx::query_scalar("SELECT id FROM uploads").fetch_one(users.state.store.read()).await.expect("a row");
    assert_eq!(house.ask(Some(&ada), Method::DELETE, &format!("/uploads/{upload}"), None).await.status(), 204);
    assert_eq!(house.playlist_seen(None, list).await.expect("a playlist").playlist.cover, None);
    sweep::dress(users).await.expect("a round");
    let (url, kind) = house.cover_of(&ada, list).await;
    assert_eq!((house.picture_status(&url).await, kind, house.kept_files().len()), (200, CoverKind::Drawn, 1));
    sweep::dress(users).await.expect("a round");
    assert_eq!(house.cover_of(&ada, list).await.0, url, "what has one keeps it");
    house.leaves_at(&ada, Timestamp::now()).await;
    removal::round(users, Timestamp::now()).await.expect("a round");
    assert_eq!((house.picture_status(&url).await, house.kept_files().len()), (404, 0));
    house.stop().await;
}
