//! Who may touch what: every route that names a thing, asked by its owner, another person, somebody whom the owner has
//! blocked, and nobody. The routes come from the API's description; one without a row here fails.

use image::ImageFormat;
use moodcall::base::id::{
    CallId, ExportId, FriendRequestId, MessageId, NoticeId, ParticipantId, SessionId, StillId, UserId,
};
use moodcall::base::timestamp::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{House, house};
use super::comments;
use super::description::{description, operations};
use super::person::Person;
use super::uploads::picture;

/// Owner, other, blocked, nobody.
type Answers = [u16; 4];

/// What the braces of a path stand for. Each is made anew for every question, because some questions use it up.
#[derive(Clone, Copy, Debug)]
enum Thing {
    /// The owner themselves.
    Owner,
    /// A friend of the owner.
    Friend,
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

const NONE: &str = "01936c3e-6f0a-7c4e-9d37-5a1f2b3c4d5e";

/// The table: operation, what its path names, body, answers.
fn table() -> Vec<(&'static str, Thing, Value, Answers)> {
    let no = Value::Null;
    vec![
        // Profiles are for everybody but those who are blocked.
        ("fetchUser", Thing::Owner, no.clone(), [200, 200, 404, 200]),
        ("listFollowers", Thing::Owner, no.clone(), [200, 200, 404, 401]),
        ("listFollowing", Thing::Owner, no.clone(), [200, 200, 404, 401]),
        ("listFriendsOf", Thing::Owner, no.clone(), [200, 200, 404, 401]),
        // What is said in public is for everybody but those who are blocked, and changed by who said it.
        ("listComments", Thing::Post, no.clone(), [200, 200, 404, 200]),
        ("createComment", Thing::Post, json!({ "body": "text" }), [201, 201, 404, 401]),
        ("fetchComment", Thing::Comment, no.clone(), [200, 200, 404, 200]),
        ("listReplies", Thing::Comment, no.clone(), [200, 200, 404, 200]),
        ("editComment", Thing::Comment, json!({ "body": "text" }), [200, 403, 404, 401]),
        ("deleteComment", Thing::Comment, no.clone(), [204, 403, 404, 401]),
        // What is for staff, of whom there is nobody here.
        ("closeReport", Thing::Text(NONE), json!({ "status": "upheld" }), [404, 404, 404, 401]),
        ("actOnUser", Thing::Owner, json!({ "action": "unsuspend" }), [404, 404, 404, 401]),
        ("deleteTag", Thing::Text(NONE), no.clone(), [404, 404, 404, 401]),
        // What one does oneself to the owner: the rows made are one's own.
        ("followUser", Thing::Owner, no.clone(), [409, 204, 404, 401]),
        ("unfollowUser", Thing::Owner, no.clone(), [409, 204, 404, 401]),
        ("blockUser", Thing::Owner, no.clone(), [409, 204, 404, 401]),
        ("unblockUser", Thing::Owner, no.clone(), [409, 204, 404, 401]),
        ("unfriendUser", Thing::Friend, no.clone(), [204, 204, 204, 401]),
        // What is the owner's alone.
        ("answerFriendRequest", Thing::Asked, json!({ "status": "accepted" }), [200, 404, 404, 401]),
        ("withdrawFriendRequest", Thing::Asking, no.clone(), [204, 404, 404, 401]),
        ("changeNotification", Thing::Notice, json!({ "read": true }), [200, 404, 404, 401]),
        ("fetchUpload", Thing::Upload, no.clone(), [200, 404, 404, 401]),
        ("deleteUpload", Thing::Upload, no.clone(), [204, 404, 404, 401]),
        ("fetchExport", Thing::Export, no.clone(), [200, 404, 404, 401]),
        ("downloadExport", Thing::Export, no.clone(), [404, 404, 404, 401]),
        ("endSession", Thing::Log, no.clone(), [204, 404, 404, 401]),
        ("deleteStill", Thing::Still, no.clone(), [204, 404, 404, 401]),
        ("answerStill", Thing::Still, json!({ "given": true }), [200, 404, 404, 401]),
        ("editMessage", Thing::Line, json!({ "text": "x" }), [200, 404, 404, 401]),
        ("deleteMessage", Thing::Line, no.clone(), [204, 404, 404, 401]),
        ("fetchCall", Thing::Call, no.clone(), [200, 404, 404, 401]),
        ("answerCall", Thing::Call, json!({ "status": "declined" }), [200, 404, 404, 401]),
        // A public post is for everybody but those who are blocked; its author alone changes it.
        ("fetchPost", Thing::Post, no.clone(), [200, 200, 404, 200]),
        ("editPost", Thing::Post, json!({ "title": "Other" }), [200, 403, 404, 401]),
        ("deletePost", Thing::Post, no.clone(), [204, 403, 404, 401]),
        ("restorePost", Thing::Post, no.clone(), [200, 403, 404, 401]),
        ("tagPost", Thing::Post, no.clone(), [204, 403, 404, 401]),
        ("untagPost", Thing::Post, no.clone(), [204, 403, 404, 401]),
        ("likePost", Thing::Post, no.clone(), [204, 204, 404, 401]),
        ("unlikePost", Thing::Post, no.clone(), [204, 204, 404, 401]),
        ("bookmarkPost", Thing::Post, no.clone(), [204, 204, 404, 401]),
        ("unbookmarkPost", Thing::Post, no.clone(), [204, 204, 404, 401]),
        ("listPostsOf", Thing::Owner, no.clone(), [200, 200, 404, 200]),
        ("listTagged", Thing::Text("rain"), no.clone(), [200, 200, 200, 200]),
        // Songs are no secret.
        ("fetchSong", Thing::Text(NONE), no.clone(), [404, 404, 404, 404]),
        // Whether a name is free is no secret.
        ("checkNickname", Thing::Text("somebody"), no.clone(), [200, 200, 200, 200]),
        // Whoever has the address may look.
        ("fetchPicture", Thing::Picture, no.clone(), [200, 200, 200, 200]),
        ("showRoom", Thing::Room, no.clone(), [200, 200, 200, 200]),
        // A room's address is known to whoever was given it, except to those who are blocked; it is changed by its host.
        ("changeRoom", Thing::Hosted, json!({ "title": "Tea" }), [200, 403, 404, 401]),
        ("deleteRoom", Thing::Hosted, no.clone(), [204, 403, 404, 401]),
        ("joinRoom", Thing::Hosted, json!({}), [200, 403, 404, 403]),
        ("leaveRoom", Thing::Hosted, no.clone(), [204, 204, 204, 401]),
        ("removeMember", Thing::Member, no.clone(), [204, 403, 404, 401]),
        ("listBans", Thing::Hosted, no.clone(), [200, 403, 404, 401]),
        ("unbanMember", Thing::Member, no.clone(), [204, 403, 404, 401]),
        ("createInvite", Thing::Hosted, json!({}), [201, 403, 404, 401]),
        ("listInvites", Thing::Hosted, no.clone(), [200, 403, 404, 401]),
        ("revokeInvite", Thing::Invite, no.clone(), [204, 403, 404, 401]),
        ("knockOnRoom", Thing::Hosted, no.clone(), [409, 201, 404, 401]),
        ("listKnocks", Thing::Hosted, no.clone(), [200, 403, 404, 401]),
        ("answerKnock", Thing::Knock, json!({ "status": "admitted" }), [200, 404, 404, 401]),
        ("showInvite", Thing::Token, no.clone(), [200, 200, 404, 200]),
        // The path names a kind of thing, and the thing is the asker's own.
        ("fetchConsent", Thing::Text("expression"), no.clone(), [404, 404, 404, 401]),
        ("decideConsent", Thing::Text("expression"), json!({ "granted": true, "version": "1" }), [200, 200, 200, 401]),
        ("linkProvider", Thing::Text("nobody"), no.clone(), [404, 404, 404, 401]),
        ("unlinkProvider", Thing::Text("nobody"), no.clone(), [404, 404, 404, 401]),
        // A proof other than a log-in is needed: a host key, a signature, a code, a token.
        ("showCode", Thing::Text(NONE), json!({ "code": "000000" }), [403, 403, 403, 403]),
        ("resetPassword", Thing::Text("wrong"), json!({ "password": "violet-kettle-27-harbor" }), [403, 403, 403, 403]),
        ("beginProviderLogin", Thing::Text("nobody"), no.clone(), [404, 404, 404, 404]),
        ("endProviderLogin", Thing::Text("nobody?state=x&code=x"), no.clone(), [404, 404, 404, 404]),
        ("listMessages", Thing::Room, no.clone(), [403, 403, 403, 401]),
        ("createStill", Thing::Room, json!({}), [403, 403, 403, 401]),
        ("showStill", Thing::Text("x.png?expires=1&signature=x"), no.clone(), [403, 403, 403, 403]),
    ]
}

/// A path below `/api/v1` with its braces filled in their order; a value of several parts has `|` between them.
fn filled(path: &str, value: &str) -> String {
    let mut parts = value.split('|').map(str::to_owned);
    let pieces = path.trim_start_matches("/api/v1").split(['{', '}']).enumerate();
    let mut part = |name: &str| parts.next().unwrap_or_else(|| format!("{{{name}}}"));
    pieces.map(|(n, piece)| if n % 2 == 1 { part(piece) } else { piece.to_owned() }).collect()
}

struct Cast {
    owner: Person,
    /// Owner, other, blocked, nobody, as the answers stand.
    askers: [Option<Person>; 4],
    /// A friend of the owner.
    friend: Person,
}

async fn cast(house: &House) -> Cast {
    let [owner, other, blocked, friend] =
        [house.person("ada").await, house.person("bob").await, house.person("eve").await, house.person("zed").await];
    let asked = house.ask(Some(&owner), Method::PUT, "/me/blocks/eve", None).await;
    assert_eq!(asked.status(), 204);
    Cast { askers: [Some(owner.clone()), Some(other), Some(blocked), None], owner, friend }
}

/// What the asker types for the thing.
async fn make(house: &House, cast: &Cast, thing: Thing) -> String {
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
        Thing::Text(text) => text.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_that_names_a_thing_answers_each_asker_as_the_table_says() {
    let house = house().await;
    let cast = cast(&house).await;
    let table = table();
    let names = ["its owner", "another", "one who is blocked", "nobody"];
    let mut wrong = Vec::new();
    let description = description();
    for operation in operations(&description).iter().filter(|one| one.path.contains('{')) {
        let Some((_, thing, body, answers)) = table.iter().find(|(id, ..)| *id == operation.id) else {
            wrong.push(format!("{} {}: {} has no row in the table", operation.method, operation.path, operation.id));
            continue;
        };
        let method: Method = operation.method.parse().expect("a method");
        for ((asker, name), expected) in cast.askers.iter().zip(names).zip(answers) {
            let value = make(&house, &cast, *thing).await;
            let path = filled(&operation.path, &value);
            let body = (!body.is_null()).then(|| body.clone());
            let answer = house.ask(asker.as_ref(), method.clone(), &path, body).await;
            let status = answer.status().as_u16();
            if status != *expected {
                let text = answer.text().await.unwrap_or_default();
                wrong.push(format!("{} by {name}: {status} instead of {expected}: {text}", operation.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    house.stop().await;
}

/// A thing that is not there and one that is another's answer alike, so that nobody learns which identifiers exist.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_anothers_answers_like_what_is_not_there() {
    let house = house().await;
    let cast = cast(&house).await;
    let description = description();
    let operations = operations(&description);
    let private = table().into_iter().filter(|(.., answers)| answers[1] == 404 && answers[0] < 300);
    for (id, thing, body, _) in private {
        let Some(operation) = operations.iter().find(|one| one.id == id) else { continue };
        let method: Method = operation.method.parse().expect("a method");
        let mut answers = Vec::new();
        let real = make(&house, &cast, thing).await;
        let missing = real.rsplit_once('|').map_or(NONE.to_owned(), |(whole, _)| format!("{whole}|{NONE}"));
        for value in [real, missing] {
            let body = (!body.is_null()).then(|| body.clone());
            let path = filled(&operation.path, &value);
            let answer = house.ask(cast.askers[1].as_ref(), method.clone(), &path, body).await;
            let mut problem: Value = answer.json().await.expect("a problem");
            problem["instance"] = Value::Null;
            answers.push(problem);
        }
        assert_eq!(answers[0], answers[1], "{id}");
    }
    house.stop().await;
}
