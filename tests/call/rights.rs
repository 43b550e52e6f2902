//! A right that is taken away ends the media with the seat: within a second nothing of whoever was removed, banned,
//! blocked or suspended arrives at anybody, and nothing arrives at them, though their end goes on sending.

use std::path::Path;
use std::time::Duration;

use moodcall::base::clock;
use moodcall::base::id::{SessionId, UserId};
use moodcall::base::timestamp::Timestamp;
use moodcall::bench::child::Server;
use moodcall::bench::client::api::{Api, CreatedRoom};
use moodcall::protocol::Kind;
use moodcall::protocol::code::Code;
use moodcall::store::{self, Store};
use moodcall::users::access::AccessTokens;
use reqwest::Method;
use serde_json::{Value, json};

use moodcall::bench::client::ClientError;

use crate::stage::{PLAIN, Person, options};

/// Longest time from the answer until the media has ended.
const AT_ONCE: Duration = Duration::from_secs(1);
/// How much longer is looked.
const LOOK: Duration = Duration::from_secs(2);

/// A server, and people with accounts on it.
struct Company {
    server: Server,
    /// Ann, Ben, who is staff, and Eve.
    people: Vec<(UserId, String)>,
}

impl Company {
    async fn meet() -> Self {
        let folder = Server::folder().expect("a folder");
        let program = Path::new(env!("CARGO_BIN_EXE_moodcall"));
        let server = Server::start_in(folder.clone(), program, PLAIN).await.expect("the server starts");
        let store = Store::connect(&store::Options::file(&folder)).await.expect("the database");
        let keys = AccessTokens::open(&folder, Duration::from_secs(900)).expect("the server's keys");
        let now = Timestamp::now();
        let mut people = Vec::new();
        for name in ["ann", "ben", "eve"] {
            let (user, session) = (UserId::new(), SessionId::new());
            sqlx::query(
                "INSERT INTO users (id, email, email_key, handle, nickname, nickname_key, created_at, updated_at, is_staff) \
                 VALUES ($1, $2, $2, $2, $2, $2, $3, $3, $4)",
            )
            .bind(user)
            .bind(name)
            .bind(now)
            .bind(i16::from(name == "ben"))
            .execute(store.write())
            .await
            .expect("an account");
            sqlx::query(
                "INSERT INTO sessions (id, user_id, method, created_at, used_at, expires_at) \
                 VALUES ($1, $2, 'password', $3, $3, $4)",
            )
            .bind(session)
            .bind(user)
            .bind(now)
            .bind(now.after(Duration::from_secs(3600)))
            .execute(store.write())
            .await
            .expect("a log-in");
            people.push((user, keys.issue(user, session, now).expect("a token").0));
        }
        store.close().await;
        Self { server, people }
    }

    async fn ask(&self, who: usize, method: Method, path: &str, body: Option<Value>) -> reqwest::Response {
        let url = format!("{}/api/v1{path}", self.server.url);
        let mut request = reqwest::Client::new().request(method, url).bearer_auth(&self.people[who].1);
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.expect("an answer")
    }

    /// A room of Ann's.
    async fn room(&self) -> CreatedRoom {
        let body = json!({ "capacity": 4, "visibility": "open" });
        self.ask(0, Method::POST, "/rooms", Some(body)).await.json().await.expect("a room")
    }

    async fn join(&self, who: usize, room: &CreatedRoom) -> Result<Person, ClientError> {
        let api = Api::new(&self.server.url).of(&self.people[who].1);
        Person::join(&api, room, options("Somebody")).await
    }
}

/// Ann shows herself, Eve speaks, Ben hears both. Then something is done; Eve is gone, and Ann and Ben go on.
async fn ends_at_once(company: &Company, what: &str, act: impl AsyncFnOnce(&CreatedRoom)) {
    let room = company.room().await;
    let mut ann = company.join(0, &room).await.expect("a seat");
    let ben = company.join(1, &room).await.expect("a seat");
    let mut eve = company.join(2, &room).await.expect("a seat");
    ann.show().await;
    eve.speak().await;
    eve.inbox.wait("Ann's pictures", 0, Kind::Video, 10).await;
    ben.inbox.wait("Ann's pictures", 0, Kind::Video, 10).await;
    ben.inbox.wait("Eve's voice", 0, Kind::Audio, 10).await;
    act(&room).await;
    let done = clock::now();
    eve.client.socket.closed().await.expect("the socket ends");
    // What Ann shows still arrives, long after; so what does not arrive of Eve is not merely late.
    ben.inbox
        .wait_until("Ann, long after", || {
            ben.inbox.since(0, Kind::Video).last().filter(|last| last.at > done + LOOK).map(drop)
        })
        .await;
    let last = |person: &Person, kind| person.inbox.since(0, kind).last().map(|last| last.at).expect("something came");
    let (voice, pictures) = (last(&ben, Kind::Audio), last(&eve, Kind::Video));
    println!(
        "{what}: her voice ended {:?} after the answer, her pictures {:?}",
        voice.saturating_duration_since(done),
        pictures.saturating_duration_since(done)
    );
    assert!(voice <= done + AT_ONCE, "{what}: Eve was heard {:?} later", voice - done);
    assert!(pictures <= done + AT_ONCE, "{what}: Eve saw {:?} later", pictures - done);
    ann.leave().await;
    ben.leave().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_removed_banned_blocked_or_suspended_sends_and_receives_no_more_within_a_second() {
    let company = Company::meet().await;
    let acts = |body: Value| company.ask(1, Method::POST, "/admin/users/eve/actions", Some(body));
    ends_at_once(&company, "suspended", async |room| {
        assert_eq!(acts(json!({ "action": "suspend", "days": 1 })).await.status(), 201);
        let refused = company.join(2, room).await.map(drop);
        assert!(matches!(refused, Err(ClientError::Refused { code: Code::Suspended, .. })), "{refused:?}");
    })
    .await;
    assert_eq!(acts(json!({ "action": "unsuspend" })).await.status(), 201);
    let members = |room: &CreatedRoom| format!("/rooms/{}/members/eve", room.id);
    ends_at_once(&company, "removed", async |room| {
        assert_eq!(company.ask(0, Method::DELETE, &members(room), None).await.status(), 204);
    })
    .await;
    ends_at_once(&company, "banned", async |room| {
        let path = format!("{}?ban=true", members(room));
        assert_eq!(company.ask(0, Method::DELETE, &path, None).await.status(), 204);
        let refused = company.join(2, room).await.map(drop);
        assert!(matches!(refused, Err(ClientError::Refused { code: Code::Forbidden, .. })), "{refused:?}");
    })
    .await;
    ends_at_once(&company, "blocked by another guest", async |_| {
        assert_eq!(company.ask(1, Method::PUT, "/me/blocks/eve", None).await.status(), 204);
    })
    .await;
    company.ask(1, Method::DELETE, "/me/blocks/eve", None).await;
    ends_at_once(&company, "blocked by the host", async |_| {
        assert_eq!(company.ask(0, Method::PUT, "/me/blocks/eve", None).await.status(), 204);
    })
    .await;
}
