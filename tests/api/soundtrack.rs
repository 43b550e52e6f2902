//! The soundtrack of a room: whoever is inside is told the same, the host alone decides, and the server goes on by itself.

use std::time::Duration;

use moodcall::base::clock;
use moodcall::base::id::{EntryId, PlaylistId, RoomId, SongId};
use moodcall::base::timestamp::Timestamp;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::ServerMessage;
use moodcall::protocol::soundtrack::{Action, Soundtrack};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Came, House, Seat, Socket, error, house, house_in, resume};
use crate::members::sit;
use crate::person::Person;

/// Seconds of a song that does not end while a test runs.
const LONG: i64 = 90;

impl House {
    /// A playlist of somebody with songs of these lengths, in seconds.
    pub async fn playlist_with(&self, owner: &Person, public: bool, lengths: &[i64]) -> PlaylistId {
        let (store, now, list) = (&self.running.app.state.store, Timestamp::now(), PlaylistId::new());
        sqlx::query(
            "INSERT INTO playlists (id, owner_id, title, is_public, created_at, updated_at) \
             VALUES ($1, $2, 'Night', $3, $4, $4)",
        )
        .bind(list)
        .bind(owner.id)
        .bind(i16::from(public))
        .bind(now)
        .execute(store.write())
        .await
        .expect("a playlist");
        for (place, seconds) in lengths.iter().enumerate() {
            let song = SongId::new();
            sqlx::query(
                "INSERT INTO songs (id, song_key, source, title_ko, title_en, artist_ko, artist_en, genre, tempo, energy, \
                 valence, pitch, is_minor, seconds, seed, draw, created_at) \
                 VALUES ($1, $1, 'catalog', $2, $2, 'Band', 'Band', 'pop', 120, 700, 350, 4, 0, $3, 7, 1, $4)",
            )
            .bind(song)
            .bind(format!("Song {place}"))
            .bind(*seconds)
            .bind(now)
            .execute(store.write())
            .await
            .expect("a song");
            sqlx::query(
                "INSERT INTO playlist_songs (id, playlist_id, song_id, place, added_at) VALUES ($1, $2, $3, $4, $5)",
            )
            .bind(EntryId::new())
            .bind(list)
            .bind(song)
            .bind(format!("{:04}", place + 1))
            .bind(now)
            .execute(store.write())
            .await
            .expect("a place");
        }
        list
    }

    pub async fn attach(&self, who: Option<&Person>, room: RoomId, list: Option<PlaylistId>) -> u16 {
        let path = format!("/rooms/{room}/soundtrack");
        self.ask(who, Method::PUT, &path, Some(json!({ "playlist_id": list }))).await.status().as_u16()
    }

    async fn change_list(&self, statement: &'static str, list: PlaylistId) {
        sqlx::query(statement).bind(list).execute(self.running.app.state.store.write()).await.expect("a change");
    }
}

fn told(message: &ServerMessage) -> Option<Option<Soundtrack>> {
    match message {
        ServerMessage::Soundtrack { soundtrack } => Some(soundtrack.clone()),
        _ => None,
    }
}

/// The next that a socket is told of what plays.
async fn hears(socket: &mut Socket) -> Soundtrack {
    socket.until(told).await.expect("something plays")
}

fn order(action: Action) -> ClientMessage {
    ClientMessage::Soundtrack { action, position_ms: None }
}

/// What the host is answered.
async fn conducts(host: &mut Seat, message: ClientMessage) -> Soundtrack {
    match host.socket.ask(message).await {
        ServerMessage::Soundtrack { soundtrack: Some(soundtrack) } => soundtrack,
        other => panic!("no soundtrack but {other:?}"),
    }
}

/// Where in the song it is now.
fn position(soundtrack: &Soundtrack) -> i64 {
    let at = i64::try_from(soundtrack.position_ms).expect("a position");
    at + if soundtrack.playing { Timestamp::now().millis() - soundtrack.at.millis() } else { 0 }
}

fn title(soundtrack: &Soundtrack) -> &str {
    soundtrack.song["title"]["en"].as_str().expect("a title")
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_inside_is_told_what_the_host_plays_and_who_comes_later_falls_in() {
    let house = house().await;
    let ada = house.person("ada").await;
    let room = house.hosted(&ada, json!({ "capacity": 4 })).await;
    let list = house.playlist_with(&ada, false, &[LONG, LONG, LONG]).await;
    let (mut host, _) = sit(&house, &ada, room).await;
    let mut guest = house.join(room, "Grace", None).await;

    assert_eq!(house.attach(Some(&ada), room, Some(list)).await, 204);
    for socket in [&mut host.socket, &mut guest.socket] {
        let soundtrack = hears(socket).await;
        assert_eq!((soundtrack.playlist, soundtrack.title.as_str()), (list, "Night"));
        assert_eq!((soundtrack.index, soundtrack.count, soundtrack.playing, soundtrack.position_ms), (0, 3, false, 0));
        // The list is private: what is said is all that a guest needs to hear it.
        let path = format!("/songs/{}", soundtrack.song["id"].as_str().expect("an id"));
        let shown: Value = house.ask(None, Method::GET, &path, None).await.json().await.expect("a song");
        assert_eq!(soundtrack.song, shown);
    }

    let answer = conducts(&mut host, order(Action::Play)).await;
    assert!(answer.playing);
    assert_eq!(hears(&mut guest.socket).await, answer, "the answer is what everybody hears");

    let seek = ClientMessage::Soundtrack { action: Action::Seek, position_ms: Some(30_000) };
    let answer = conducts(&mut host, seek).await;
    assert_eq!((answer.position_ms, answer.playing), (30_000, true));
    assert_eq!(hears(&mut guest.socket).await, answer);

    let mut late = house.join(room, "Late", None).await;
    let now = hears(&mut late.socket).await;
    assert_eq!(now, answer, "whoever comes in is told the same moment");
    assert!((30_000..40_000).contains(&position(&now)), "{}", position(&now));

    let answer = conducts(&mut host, order(Action::Pause)).await;
    assert!(!answer.playing && answer.position_ms >= 30_000);
    for seat in [&mut guest, &mut late] {
        assert_eq!(hears(&mut seat.socket).await, answer);
    }
    let answer = conducts(&mut host, order(Action::Next)).await;
    assert_eq!((answer.index, answer.position_ms, answer.playing, title(&answer)), (1, 0, false, "Song 1"));
    for seat in [&mut guest, &mut late] {
        assert_eq!(hears(&mut seat.socket).await, answer);
    }
    let answer = conducts(&mut host, order(Action::Previous)).await;
    assert_eq!(answer.index, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_back_to_their_seat_is_told_what_plays_by_then() {
    let house = house().await;
    let ada = house.person("ada").await;
    let room = house.hosted(&ada, json!({})).await;
    let list = house.playlist_with(&ada, true, &[LONG, LONG]).await;
    let (mut host, _) = sit(&house, &ada, room).await;
    let guest = house.join(room, "Grace", None).await;
    assert_eq!(house.attach(Some(&ada), room, Some(list)).await, 204);
    drop(guest.socket);
    conducts(&mut host, order(Action::Play)).await;
    let now = conducts(&mut host, order(Action::Next)).await;

    let mut again = house.socket().await;
    let ServerMessage::Welcome { resume: token, .. } = again.ask(resume(&guest.resume)).await else {
        panic!("no seat")
    };
    assert_eq!(hears(&mut again).await, now);
    drop(again);
    assert_eq!(house.attach(Some(&ada), room, None).await, 204);
    let mut again = house.socket().await;
    again.ask(resume(&token)).await;
    assert_eq!(again.until(told).await, None, "also that nothing does any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_host_attaches_and_conducts() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let room = house.hosted(&ada, json!({ "capacity": 4 })).await;
    let list = house.playlist_with(&bob, true, &[LONG, LONG]).await;
    let (mut host, _) = sit(&house, &ada, room).await;
    let (mut other, _) = sit(&house, &bob, room).await;
    let mut guest = house.join(room, "Grace", None).await;

    assert_eq!(error(&host.socket.ask(order(Action::Play)).await), Some(Code::NotFound), "there is nothing yet");
    assert_eq!(house.attach(Some(&bob), room, Some(list)).await, 403);
    assert_eq!(house.attach(None, room, Some(list)).await, 401);
    assert_eq!(house.attach(Some(&ada), RoomId::new(), Some(list)).await, 404);
    assert_eq!(house.attach(Some(&ada), room, Some(list)).await, 204, "a public list of somebody else");

    let before = hears(&mut host.socket).await;
    let orders = [Action::Play, Action::Pause, Action::Next, Action::Previous, Action::Seek];
    for action in orders {
        let position_ms = (action == Action::Seek).then_some(1);
        for seat in [&mut other, &mut guest] {
            let answer = seat.socket.ask(ClientMessage::Soundtrack { action, position_ms }).await;
            assert_eq!(error(&answer), Some(Code::Forbidden), "{action:?}");
        }
    }
    let live = house.running.app.rooms.live().soundtrack(room).expect("it is there").shown();
    assert_eq!(live, before, "nobody has changed anything");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_not_the_hosts_to_hear_is_not_attached_and_neither_is_nonsense() {
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    let room = house.hosted(&ada, json!({})).await;
    let private = house.playlist_with(&bob, false, &[LONG]).await;
    let empty = house.playlist_with(&ada, true, &[]).await;
    let gone = house.playlist_with(&ada, true, &[LONG]).await;
    house.change_list("UPDATE playlists SET deleted_at = 1 WHERE id = $1", gone).await;
    for list in [private, empty, gone, PlaylistId::new()] {
        assert_eq!(house.attach(Some(&ada), room, Some(list)).await, 422);
    }
    let path = format!("/rooms/{room}/soundtrack");
    for body in [json!({}), json!({ "playlist_id": "x" }), json!({ "playlist_id": null, "more": 1 }), json!([])] {
        let status = house.ask(Some(&ada), Method::PUT, &path, Some(body.clone())).await.status().as_u16();
        assert!([400, 422].contains(&status), "{body}: {status}");
    }
    let fine = house.playlist_with(&ada, true, &[LONG]).await;
    let (mut host, _) = sit(&house, &ada, room).await;
    assert_eq!(house.attach(Some(&ada), room, Some(fine)).await, 204);
    let odd = [
        (Action::Seek, None),
        (Action::Play, Some(1)),
        (Action::Next, Some(0)),
        (Action::Seek, Some(LONG.unsigned_abs() * 1_000 + 1)),
        (Action::Seek, Some(u64::MAX)),
    ];
    for (action, position_ms) in odd {
        let answer = host.socket.ask(ClientMessage::Soundtrack { action, position_ms }).await;
        assert_eq!(error(&answer), Some(Code::Invalid), "{action:?} {position_ms:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_song_that_ends_is_followed_by_the_next_without_a_gap_and_the_last_by_the_first() {
    let house = house().await;
    let ada = house.person("ada").await;
    let room = house.hosted(&ada, json!({})).await;
    let list = house.playlist_with(&ada, true, &[1, 1]).await;
    let (mut host, _) = sit(&house, &ada, room).await;
    let mut guest = house.join(room, "Grace", None).await;
    assert_eq!(house.attach(Some(&ada), room, Some(list)).await, 204);
    hears(&mut guest.socket).await;
    let begun = clock::now();
    let first = conducts(&mut host, order(Action::Play)).await;
    assert_eq!(hears(&mut guest.socket).await, first);
    for (round, index) in [(1, 1), (2, 0), (3, 1)] {
        let (mine, theirs) = (hears(&mut host.socket).await, hears(&mut guest.socket).await);
        assert_eq!(mine, theirs);
        assert_eq!((mine.index, mine.playing, mine.position_ms), (index, true, 0));
        // Each begins when the one before ended, however late that was noticed.
        let span = mine.at.millis() - first.at.millis();
        assert!((span - round * 1_000).abs() <= 2, "round {round} began after {span} ms");
    }
    let late = clock::now().saturating_duration_since(begun).saturating_sub(Duration::from_secs(3));
    assert!(late < Duration::from_secs(1), "told {late:?} late");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_music_goes_on_without_the_host_and_is_silent_again_after_everybody_has_left() {
    let house = house().await;
    let ada = house.person("ada").await;
    let room = house.hosted(&ada, json!({})).await;
    let list = house.playlist_with(&ada, true, &[LONG, LONG]).await;
    let (mut host, _) = sit(&house, &ada, room).await;
    let mut guest = house.join(room, "Grace", None).await;
    assert_eq!(house.attach(Some(&ada), room, Some(list)).await, 204);
    conducts(&mut host, order(Action::Next)).await;
    let playing = conducts(&mut host, order(Action::Play)).await;
    host.socket.ask(ClientMessage::Leave).await;
    guest.socket.until(|message| matches!(message, ServerMessage::Left { .. }).then_some(())).await;
    let live = house.running.app.rooms.live().soundtrack(room).expect("it is there").shown();
    assert_eq!(live, playing);
    let (mut host, _) = sit(&house, &ada, room).await;
    assert_eq!(hears(&mut host.socket).await, playing, "the host is back, and conducts");
    conducts(&mut host, order(Action::Pause)).await;
    host.socket.ask(ClientMessage::Leave).await;
    guest.socket.ask(ClientMessage::Leave).await;
    assert!(house.running.app.rooms.live().room(room).is_none());

    let mut guest = house.join(room, "Grace", None).await;
    let fresh = hears(&mut guest.socket).await;
    assert_eq!((fresh.playlist, fresh.index, fresh.playing, fresh.position_ms), (list, 0, false, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_attached_to_an_empty_room_is_there_after_a_restart() {
    let first = house().await;
    let ada = first.person("ada").await;
    let room = first.hosted(&ada, json!({})).await;
    let list = first.playlist_with(&ada, true, &[LONG]).await;
    assert_eq!(first.attach(Some(&ada), room, Some(list)).await, 204);
    let database = first.running.app.state.config.database.url.clone();
    let folder = first.stop().await;
    let house = house_in(folder, |config| config.database.url = database).await;
    let mut guest = house.join(room, "Grace", None).await;
    assert_eq!(hears(&mut guest.socket).await.playlist, list);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_no_longer_the_hosts_to_hear_falls_silent_at_its_next_song() {
    let changes = [
        "UPDATE playlists SET is_public = 0 WHERE id = $1",
        "UPDATE playlists SET deleted_at = 1 WHERE id = $1",
        "DELETE FROM playlists WHERE id = $1",
        "DELETE FROM playlist_songs WHERE playlist_id = $1",
    ];
    let house = house().await;
    let (ada, bob) = (house.person("ada").await, house.person("bob").await);
    for change in changes {
        let room = house.hosted(&ada, json!({})).await;
        let list = house.playlist_with(&bob, true, &[LONG, LONG]).await;
        let (mut host, _) = sit(&house, &ada, room).await;
        let mut guest = house.join(room, "Grace", None).await;
        assert_eq!(house.attach(Some(&ada), room, Some(list)).await, 204);
        conducts(&mut host, order(Action::Play)).await;
        house.change_list(change, list).await;
        assert!(conducts(&mut host, order(Action::Pause)).await.song.is_object(), "the song is heard to its end");
        host.socket.send(serde_json::to_string(&order(Action::Next)).expect("JSON")).await;
        for seat in [&mut host, &mut guest] {
            loop {
                if seat.socket.until(told).await.is_none() {
                    break;
                }
            }
        }
        assert_eq!(error(&host.socket.ask(order(Action::Play)).await), Some(Code::NotFound), "{change}");
        for seat in [host, guest] {
            let mut seat = seat;
            seat.socket.ask(ClientMessage::Leave).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_changes_while_it_plays_is_taken_over_at_the_next_song() {
    let house = house().await;
    let ada = house.person("ada").await;
    let room = house.hosted(&ada, json!({})).await;
    let list = house.playlist_with(&ada, true, &[LONG, LONG, LONG]).await;
    let (mut host, _) = sit(&house, &ada, room).await;
    assert_eq!(house.attach(Some(&ada), room, Some(list)).await, 204);
    conducts(&mut host, order(Action::Play)).await;
    house.change_list("DELETE FROM playlist_songs WHERE playlist_id = $1 AND place = '0001'", list).await;
    let next = conducts(&mut host, order(Action::Next)).await;
    assert_eq!((title(&next), next.index, next.count), ("Song 1", 1, 3));
    let renewed = hears(&mut host.socket).await;
    assert_eq!((title(&renewed), renewed.index, renewed.count), ("Song 1", 0, 2));
    assert_eq!(
        (renewed.at, renewed.position_ms, renewed.playing),
        (next.at, next.position_ms, true),
        "without a break"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn attaching_the_same_list_again_interrupts_nobody_and_another_one_does() {
    let house = house().await;
    let ada = house.person("ada").await;
    let room = house.hosted(&ada, json!({})).await;
    let (one, two) =
        (house.playlist_with(&ada, true, &[LONG]).await, house.playlist_with(&ada, true, &[LONG, LONG]).await);
    let (mut host, _) = sit(&house, &ada, room).await;
    assert_eq!(house.attach(Some(&ada), room, Some(one)).await, 204);
    let playing = conducts(&mut host, order(Action::Play)).await;
    assert_eq!(house.attach(Some(&ada), room, Some(one)).await, 204);
    assert_eq!(house.running.app.rooms.live().soundtrack(room).expect("it is there").shown(), playing);
    assert_eq!(house.attach(Some(&ada), room, Some(two)).await, 204);
    let other = hears(&mut host.socket).await;
    assert_eq!((other.playlist, other.playing), (two, false));
    assert_eq!(house.attach(Some(&ada), room, None).await, 204);
    assert_eq!(host.socket.until(told).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_learns_what_time_it_is_for_the_server() {
    let house = house().await;
    let room = house.room(2).await.id;
    let mut ada = house.join(room, "Ada", None).await;
    let before = Timestamp::now();
    let ServerMessage::Clock { at } = ada.socket.ask(ClientMessage::Clock).await else { panic!("no time") };
    assert!(before <= at && at <= Timestamp::now());
    ada.socket.send(r#"{"type":"clock","id":9,"more":1}"#).await;
    let Came::Said(reply) = ada.socket.next().await else { panic!("closed") };
    assert_eq!((reply.re, error(&reply.message)), (Some(9), Some(Code::Malformed)));
}
