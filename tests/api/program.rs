//! The program itself: its first line, its exit, and what its log does not hold.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use moodcall::base::clock;
use moodcall::base::id::{SessionId, UserId};
use moodcall::base::timestamp::Timestamp;
use moodcall::rooms::api::{CreatedRoom, CreatedTicket};
use moodcall::store::{self, Store};
use moodcall::users::access::AccessTokens;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::client::SOON;

/// A child that does not outlive its test, and what reads its log: a program whose log nobody reads stands still.
pub struct Program(Child, Option<JoinHandle<String>>);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Program {
    fn start(folder: &std::path::Path, log: &str) -> (Self, String) {
        Self::start_with(folder, log, &[])
    }

    /// With settings in its environment; also says what it printed first.
    pub fn start_with(folder: &std::path::Path, log: &str, settings: &[(&str, &str)]) -> (Self, String) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_moodcall"))
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--udp-port",
                "0",
                "--public-address",
                "127.0.0.1",
                "--data-dir",
            ])
            .arg(folder)
            .env("MOODCALL_LOG", log)
            .env("MOODCALL_FILTER__ENABLED", "false")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("a pipe");
        let mut pipe = child.stderr.take().expect("a pipe");
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            pipe.read_to_string(&mut log).expect("text");
            log
        });
        BufReader::new(out).read_line(&mut line).expect("a line");
        (Self(child, Some(log)), line)
    }

    /// Its resident memory in MiB.
    pub fn resident(&self) -> f64 {
        let text = std::fs::read_to_string(format!("/proc/{}/statm", self.0.id())).expect("statm");
        let pages: f64 = text.split(' ').nth(1).expect("a field").parse().expect("a number");
        pages * 4096.0 / 1024.0 / 1024.0
    }

    /// Asks it to end.
    pub fn terminate(&self) {
        // SAFETY: the process is our own child and not yet waited for.
        unsafe { libc::kill(self.0.id() as i32, libc::SIGTERM) };
    }

    /// The exit status and everything that it logged.
    pub fn end(&mut self) -> (Option<i32>, String) {
        let log = self.1.take().expect("it ends once").join().expect("a log");
        (self.0.wait().expect("it ends").code(), log)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_where_it_listens_logs_no_secrets_and_ends_on_the_second_signal() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut program, line) = Program::start(folder.path(), "debug");
    let url = line.strip_prefix("listening on ").expect("the first line").trim().to_owned();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");

    let client = reqwest::Client::new();
    let post = |path: &str, body: Value| client.post(format!("{url}{path}")).json(&body).send();
    let room: CreatedRoom = post("/api/v1/rooms", json!({})).await.expect("an answer").json().await.expect("a room");
    let body = json!({ "room": room.id, "name": "Wilhelmina", "host_key": room.host_key });
    let ticket: CreatedTicket =
        post("/api/v1/socket-tickets", body).await.expect("an answer").json().await.expect("a ticket");
    let address = format!("{}/api/v1/socket", url.replace("http", "ws"));
    let (mut socket, _) = tokio_tungstenite::connect_async(address).await.expect("a socket");
    let mut resume = String::new();
    for message in [
        json!({ "type": "hello", "version": 1, "ticket": ticket.ticket }),
        json!({ "type": "join", "room": room.id }),
        json!({ "type": "chat", "text": "a very private line" }),
    ] {
        socket.send(Message::text(message.to_string())).await.expect("sent");
        // The server's pings come when they want.
        let answer = loop {
            let next = tokio::time::timeout(SOON, socket.next()).await.expect("in time");
            let message = next.expect("open").expect("a message");
            if message.is_text() {
                break message;
            }
        };
        let answer: Value = serde_json::from_str(answer.to_text().expect("text")).expect("JSON");
        if let Some(token) = answer["resume"].as_str() {
            resume = token.to_owned();
        }
    }
    assert!(!resume.is_empty());

    // Somebody is in a call: the first signal waits for them, the second does not.
    program.terminate();
    let notice = async {
        while let Some(Ok(message)) = socket.next().await {
            if message.to_text().is_ok_and(|text| text.contains("draining")) {
                return;
            }
        }
    };
    tokio::time::timeout(SOON, notice).await.expect("told in time");
    let forced = clock::now();
    program.terminate();
    let (status, log) = program.end();
    assert!(clock::now() - forced < Duration::from_secs(2), "{:?}", clock::now() - forced);
    assert_eq!(status, Some(0), "{log}");
    for line in log.lines() {
        let _: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON off a terminal: {line}"));
    }
    for secret in
        [ticket.ticket.as_str(), &resume, room.host_key.as_deref().expect("a key"), "Wilhelmina", "a very private line"]
    {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
    assert!(log.contains(&room.id.to_string()), "the log is not empty: {log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_anybody_inside_one_signal_ends_it_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut program, _) = Program::start(folder.path(), "info");
    let asked = clock::now();
    program.terminate();
    let (status, log) = program.end();
    assert_eq!(status, Some(0), "{log}");
    assert!(clock::now() - asked < Duration::from_secs(3), "{:?}", clock::now() - asked);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_holds_no_access_token_and_no_ticket_of_anybody() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut program, line) = Program::start(folder.path(), "debug");
    let url = line.strip_prefix("listening on ").expect("the first line").trim().to_owned();
    let (user, session, now) = (UserId::new(), SessionId::new(), Timestamp::now());
    let store = Store::connect(&store::Options::file(folder.path())).await.expect("the database");
    for (sql, id) in [
        (
            "INSERT INTO users (id, email, email_key, handle, nickname, nickname_key, created_at, updated_at) \
             VALUES ($1, 'a@example.org', 'a@example.org', 'ada', 'Ada', 'ada', $2, $2)",
            user.to_string(),
        ),
        (
            "INSERT INTO sessions (id, user_id, method, created_at, used_at, expires_at) \
             SELECT $1, id, 'password', $2, $2, $2 + 100000000 FROM users",
            session.to_string(),
        ),
    ] {
        sqlx::query(sql).bind(id).bind(now).execute(store.write()).await.expect("a row");
    }
    store.close().await;
    let keys = AccessTokens::open(folder.path(), Duration::from_secs(60)).expect("the keys of the program");
    let (token, _) = keys.issue(user, session, now).expect("a token");
    let ask = reqwest::Client::new().post(format!("{url}/api/v1/socket-tickets")).bearer_auth(&token).json(&json!({}));
    let ticket: CreatedTicket = ask.send().await.expect("an answer").json().await.expect("a ticket");
    let address = format!("{}/api/v1/socket", url.replace("http", "ws"));
    // The ticket, what is no ticket, and a ticket that is used already.
    for (secret, expected) in [(&ticket.ticket, "listening"), (&token, "error"), (&ticket.ticket, "error")] {
        let (mut socket, _) = tokio_tungstenite::connect_async(&address).await.expect("a socket");
        let hello = json!({ "type": "hello", "version": 1, "ticket": secret });
        socket.send(Message::text(hello.to_string())).await.expect("sent");
        let answer = async {
            while let Some(Ok(message)) = socket.next().await {
                if message.is_text() {
                    return message.to_text().expect("text").contains(expected);
                }
            }
            false
        };
        assert!(tokio::time::timeout(SOON, answer).await.expect("in time"), "{expected}");
    }
    program.terminate();
    let (_, log) = program.end();
    let signature = |token: &str| token.rsplit('.').next().unwrap_or_default().to_owned();
    for secret in [&token, &ticket.ticket, &signature(&token), &signature(&ticket.ticket)] {
        assert!(!log.contains(secret.as_str()), "{secret} is in the log");
    }
    assert!(log.contains("ticket refused"), "the log tells of it: {log}");
}
