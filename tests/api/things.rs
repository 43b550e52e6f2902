//! Things of somebody, made for whoever asks about them; and those who ask.

use image::ImageFormat;
use moodcall::base::id::{
    CallId, ExportId, FriendRequestId, MessageId, NoticeId, ParticipantId, SessionId, SongId, StillId, UserId,
};
use moodcall::base::timestamp::Timestamp;
use moodcall::songs::catalog;
use reqwest::Method;
use serde_json::json;

use super::client::House;
use super::comments;
use super::generation::ended;
use super::person::Person;
use super::uploads::picture;

/// What the braces of a path stand for. Each is made anew for every question, because some questions use it up.
#[derive(Clone, Copy, Debug)]
pub enum Thing {
    /// The owner themselves.
    Owner,
    /// A friend of the owner.
    Friend,
    /// A song of the catalogue.
    Song,
    /// A request for friendship that somebody sent the owner.
    Asked,
    /// A request for friendship that the owner sent.
    Asking,
    Notice,
    Upload,
    /// The public name of an upload.
    Picture,
    Log,
    /// A copy of the owner's data that could not be made: it is known, and has no file.
    Export,
    /// A guest's room.
    Room,
    /// A call that rings for the owner.
    Call,
    /// A post of the owner for everybody.
    Post,
    /// A playlist of the owner for everybody.
    Playlist,
    /// A playlist of the owner alone.
    Secret,
    /// A song in a playlist of the owner: playlist and place.
    Entry,
    /// A playlist of the owner in the making.
    Generation,
    /// A comment of the owner under such a post.
    Comment,
    /// A still that the owner took, and is in.
    Still,
    /// A line that the owner said, in a room of a friend who has admitted them.
    Line,
    /// A room of the owner, by invitation.
    Hosted,
    /// An invitation into it: room and invitation.
    Invite,
    /// A knock of a friend on a room of the owner: room and knock.
    Knock,
    /// What opens a room of the owner.
    Token,
    /// Somebody in a room of the owner: room and person.
    Member,
    /// This text, which is the same for everybody.
    Text(&'static str),
}

/// Those who ask, and whom they ask about.
pub struct Cast {
    pub owner: Person,
    /// Owner, other, blocked, nobody, as the answers stand.
    pub askers: [Option<Person>; 4],
    /// A friend of the owner.
    friend: Person,
}

pub async fn cast(house: &House) -> Cast {
    let [owner, other, blocked, friend] =
        [house.person("ada").await, house.person("bob").await, house.person("eve").await, house.person("zed").await];
    let asked = house.ask(Some(&owner), Method::PUT, "/me/blocks/eve", None).await;
    assert_eq!(asked.status(), 204);
    Cast { askers: [Some(owner.clone()), Some(other), Some(blocked), None], owner, friend }
}

/// What the asker types for the thing.
pub async fn make(house: &House, cast: &Cast, thing: Thing) -> String {
    let (store, now) = (&house.running.app.state.store, Timestamp::now());
    let between = |from: UserId, to: UserId| if from < to { (from, to) } else { (to, from) };
    let request = async |from: UserId, to: UserId| {
        for gone in ["DELETE FROM friend_requests", "DELETE FROM friendships"] {
            sqlx::query(gone).execute(store.write()).await.expect("an empty table");
        }
        let id = FriendRequestId::new();
        let (low, high) = between(from, to);
        sqlx::query(
            "INSERT INTO friend_requests (id, from_id, to_id, low_id, high_id, status, created_at) \
             VALUES ($1, $2, $3, $4, $5, 'pending', $6)",
        )
        .bind(id)
        .bind(from)
        .bind(to)
        .bind(low)
        .bind(high)
        .bind(now)
        .execute(store.write())
        .await
        .expect("a request");
        id.to_string()
    };
    match thing {
        Thing::Owner => cast.owner.id.to_string(),
        Thing::Friend => cast.friend.id.to_string(),
        Thing::Song => catalog::songs()[0].song.id.to_string(),
        Thing::Asked => request(cast.friend.id, cast.owner.id).await,
        Thing::Asking => request(cast.owner.id, cast.friend.id).await,
        Thing::Notice => {
            let id = NoticeId::new();
            sqlx::query(
                "INSERT INTO notifications (id, user_id, kind, actor_id, sameness, created_at) \
                 VALUES ($1, $2, 'followed', $3, $4, $5)",
            )
            .bind(id)
            .bind(cast.owner.id)
            .bind(cast.friend.id)
            .bind(id.to_string())
            .bind(now)
            .execute(store.write())
            .await
            .expect("a notification");
            id.to_string()
        }
        Thing::Upload | Thing::Picture => {
            let upload = house.upload(&cast.owner, &picture(4, 4, [1, 2, 3], ImageFormat::Png)).await;
            let name = upload.url.rsplit('/').next().expect("a name").to_owned();
            if matches!(thing, Thing::Picture) { name } else { upload.id.to_string() }
        }
        Thing::Log => {
            let id = SessionId::new();
            sqlx::query(
                "INSERT INTO sessions (id, user_id, method, created_at, used_at, expires_at) \
                 VALUES ($1, $2, 'password', $3, $3, $4)",
            )
            .bind(id)
            .bind(cast.owner.id)
            .bind(now)
            .bind(now.after(std::time::Duration::from_secs(3600)))
            .execute(store.write())
            .await
            .expect("a log-in");
            id.to_string()
        }
        Thing::Export => {
            let id = ExportId::new();
            sqlx::query(
                "INSERT INTO exports (id, user_id, state, created_at, expires_at) VALUES ($1, $2, 'failed', $3, $4)",
            )
            .bind(id)
            .bind(cast.owner.id)
            .bind(now)
            .bind(now.after(std::time::Duration::from_secs(3600)))
            .execute(store.write())
            .await
            .expect("an export");
            id.to_string()
        }
        Thing::Still => {
            let still = StillId::new();
            for sql in [
                "INSERT INTO stills (id, owner_id, width, height, created_at) VALUES ($1, $2, 4, 4, 1)",
                "INSERT INTO still_people (still_id, participant_id, user_id, name, consent) \
                 VALUES ($1, '01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e', $2, 'Ada', 'pending')",
            ] {
                sqlx::query(sql).bind(still).bind(cast.owner.id).execute(store.write()).await.expect("a still");
            }
            still.to_string()
        }
        Thing::Line => {
            let room = house.room_of(&cast.friend, "invite").await;
            house.standing(room, &cast.owner, "admitted").await;
            let line = MessageId::new();
            sqlx::query(
                "INSERT INTO messages (id, room_id, seq, user_id, participant_id, name, body, created_at) \
                 VALUES ($1, $2, 1, $3, $4, 'ada', 'x', $5)",
            )
            .bind(line)
            .bind(room)
            .bind(cast.owner.id)
            .bind(ParticipantId::new())
            .bind(now)
            .execute(store.write())
            .await
            .expect("a line");
            line.to_string()
        }
        Thing::Call => {
            let id = CallId::new();
            sqlx::query(
                "INSERT INTO calls (id, caller_id, callee_id, status, created_at) VALUES ($1, $2, $3, 'ringing', $4)",
            )
            .bind(id)
            .bind(cast.friend.id)
            .bind(cast.owner.id)
            .bind(now)
            .execute(store.write())
            .await
            .expect("a call");
            id.to_string()
        }
        Thing::Post => house.post_by(&cast.owner, json!({ "title": "Rain" })).await.id.to_string(),
        Thing::Playlist => house.playlist_by(&cast.owner, json!({ "title": "Rain" })).await.id.to_string(),
        Thing::Secret => {
            house.playlist_by(&cast.owner, json!({ "title": "Rain", "is_public": false })).await.id.to_string()
        }
        Thing::Entry => {
            let song = house.song("Choir", &SongId::new().to_string()).await;
            let list = house.playlist_by(&cast.owner, json!({ "title": "Rain", "songs": [song] })).await;
            let whole = house.playlist_seen(Some(&cast.owner), list.id).await.expect("a playlist");
            format!("{}|{}", list.id, whole.songs.items[0].id)
        }
        Thing::Room => house.room(2).await.id.to_string(),
        Thing::Comment => {
            let post = comments::post(house, &cast.owner, "public").await;
            comments::said(house, &cast.owner, post, "text", None).await.id.to_string()
        }
        Thing::Hosted => house.hosted(&cast.owner, json!({ "visibility": "invite" })).await.to_string(),
        Thing::Member => {
            let room = house.hosted(&cast.owner, json!({})).await;
            format!("{room}|{}", cast.friend.id)
        }
        Thing::Knock => {
            let room = house.hosted(&cast.owner, json!({ "visibility": "invite" })).await;
            let knock = house.knock(&cast.friend, room).await;
            format!("{room}|{}", knock.id)
        }
        Thing::Invite | Thing::Token => {
            let room = house.hosted(&cast.owner, json!({})).await;
            let made = house.invite(&cast.owner, room, json!({})).await;
            if matches!(thing, Thing::Token) { made.token } else { format!("{room}|{}", made.invite.id) }
        }
        Thing::Generation => ended(store, cast.owner.id).await.to_string(),
        Thing::Text(text) => text.to_owned(),
    }
}
