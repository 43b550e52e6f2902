//! A server of one test, and people who talk to it.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use moodcall::app::Running;
use moodcall::base::id::{ParticipantId, RoomId};
use moodcall::config::Config;
use moodcall::protocol::client::ClientMessage;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::{Reply, ServerMessage};
use moodcall::rooms::api::{CreatedRoom, CreatedTicket};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// Longest wait for anything that must happen.
pub const SOON: Duration = Duration::from_secs(10);

/// A running server with a data folder of its own.
pub struct House {
    pub running: Running,
    pub address: SocketAddr,
    folder: TempDir,
}

/// A server with the default settings on free ports, and limits that a test on one address does not meet.
pub async fn house() -> House {
    house_with(|_| {}).await
}

pub async fn house_with(change: impl FnOnce(&mut Config)) -> House {
    house_in(tempfile::tempdir().expect("a temporary folder"), change).await
}

/// A server in a folder that another one may have used before.
pub async fn house_in(folder: TempDir, change: impl FnOnce(&mut Config)) -> House {
    let mut config = Config::default();
    config.server.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    config.server.data_dir = folder.path().to_owned();
    config.media.public_address = vec![[127, 0, 0, 1].into()];
    config.rooms.creates_per_minute = 10_000;
    config.rooms.tickets_per_minute = 10_000;
    config.rooms.per_address_sockets = 1000;
    config.filter.enabled = false;
    config.database.url = database().await;
    config.database.connections = 4;
    config.accounts.tries_per_minute = 100_000;
    config.accounts.account_tries_per_hour = 100_000;
    config.accounts.requests_per_minute = 1_000_000;
    config.accounts.posts_per_hour = 1_000_000;
    config.accounts.comments_per_hour = 1_000_000;
    change(&mut config);
    let running = Running::start(config).await.expect("the server starts");
    let address = running.address();
    House { running, address, folder }
}

/// A fresh database on the PostgreSQL that `scripts/with-postgres.sh` started; none without it, which is SQLite.
pub async fn database() -> Option<String> {
    use sqlx::{Connection as _, Executor as _};

    let server = std::env::var("TEST_POSTGRES_URL").ok()?;
    let name = format!("test_{}", uuid::Uuid::now_v7().simple());
    let mut connection =
        sqlx::PgConnection::connect(&format!("{server}/postgres")).await.expect("the test's PostgreSQL");
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    connection.execute(create).await.expect("a database");
    connection.close().await.expect("an end");
    Some(format!("{server}/{name}"))
}

impl House {
    /// Stops the server; what it has kept is in the folder.
    pub async fn stop(self) -> TempDir {
        self.running.stop().await;
        self.folder
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub async fn get(&self, path: &str) -> reqwest::Response {
        reqwest::get(self.url(path)).await.expect("an answer")
    }

    pub async fn post(&self, path: &str, body: Value) -> reqwest::Response {
        reqwest::Client::new().post(self.url(path)).json(&body).send().await.expect("an answer")
    }

    pub async fn room(&self, capacity: u32) -> CreatedRoom {
        let answer = self.post("/api/v1/rooms", json!({ "capacity": capacity })).await;
        assert_eq!(answer.status(), 201);
        answer.json().await.expect("a room")
    }

    pub async fn ticket(&self, room: RoomId, name: &str, host_key: Option<&str>) -> String {
        let mut body = json!({ "room": room, "name": name });
        if let Some(key) = host_key {
            body["host_key"] = key.into();
        }
        let answer = self.post("/api/v1/socket-tickets", body).await;
        assert_eq!(answer.status(), 201);
        answer.json::<CreatedTicket>().await.expect("a ticket").ticket
    }

    /// A socket on which nothing was said yet.
    pub async fn socket(&self) -> Socket {
        self.socket_from(None).await.expect("a socket")
    }

    pub async fn socket_from(&self, origin: Option<&str>) -> Result<Socket, tungstenite::Error> {
        let mut request = format!("ws://{}/api/v1/socket", self.address).into_client_request()?;
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().expect("a header"));
        }
        let (stream, _) = tokio_tungstenite::connect_async(request).await?;
        Ok(Socket { stream, next: 1 })
    }

    /// Somebody with a seat.
    pub async fn join(&self, room: RoomId, name: &str, host_key: Option<&str>) -> Seat {
        let mut socket = self.socket().await;
        let ticket = self.ticket(room, name, host_key).await;
        let (id, resume) = socket.hello(&ticket).await;
        match socket.ask(ClientMessage::Join { room }).await {
            ServerMessage::Roster { you, .. } => assert_eq!(you, id),
            other => panic!("no roster but {other:?}"),
        }
        Seat { id, resume, socket }
    }
}

/// Somebody in a room.
pub struct Seat {
    pub id: ParticipantId,
    pub resume: String,
    pub socket: Socket,
}

/// One WebSocket.
pub struct Socket {
    pub stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    next: u64,
}

/// What came on a socket.
#[derive(Debug)]
pub enum Came {
    Said(Reply),
    Closed(Option<u16>),
}

impl Socket {
    pub async fn send(&mut self, text: impl Into<String>) {
        // The server may have closed already; what it said before is what a test looks at.
        let _ = self.stream.send(Message::text(text.into())).await;
    }

    pub async fn hello(&mut self, ticket: &str) -> (ParticipantId, String) {
        match self.ask(hello(ticket)).await {
            ServerMessage::Welcome { participant, resume, resumed: false, .. } => (participant, resume),
            other => panic!("no welcome but {other:?}"),
        }
    }

    /// Sends a request and waits for the message that carries its number.
    pub async fn ask(&mut self, message: ClientMessage) -> ServerMessage {
        let id = self.next;
        self.next += 1;
        let mut value = serde_json::to_value(&message).expect("a message");
        value["id"] = id.into();
        self.send(value.to_string()).await;
        loop {
            match self.next().await {
                Came::Said(Reply { re: Some(re), message }) if re == id => return message,
                Came::Said(_) => {}
                Came::Closed(code) => panic!("closed with {code:?} instead of an answer to {message:?}"),
            }
        }
    }

    /// The next message or the end.
    pub async fn next(&mut self) -> Came {
        let waiting = async {
            loop {
                match self.stream.next().await {
                    Some(Ok(Message::Text(text))) => {
                        return Came::Said(serde_json::from_str(&text).expect("the server speaks the protocol"));
                    }
                    Some(Ok(Message::Close(frame))) => return Came::Closed(frame.map(|frame| frame.code.into())),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Came::Closed(None),
                }
            }
        };
        tokio::time::timeout(SOON, waiting).await.expect("a message in time")
    }

    /// Waits for the message that `pick` wants.
    pub async fn until<T>(&mut self, mut pick: impl FnMut(&ServerMessage) -> Option<T>) -> T {
        loop {
            match self.next().await {
                Came::Said(reply) => {
                    if let Some(found) = pick(&reply.message) {
                        return found;
                    }
                }
                Came::Closed(code) => panic!("closed with {code:?}"),
            }
        }
    }

    /// Everything until the end: the messages and the close code.
    pub async fn rest(&mut self) -> (Vec<ServerMessage>, Option<u16>) {
        let mut said = Vec::new();
        loop {
            match self.next().await {
                Came::Said(reply) => said.push(reply.message),
                Came::Closed(code) => return (said, code),
            }
        }
    }
}

pub fn hello(ticket: &str) -> ClientMessage {
    ClientMessage::Hello { version: 1, ticket: Some(ticket.to_owned()), resume: None }
}

pub fn resume(token: &str) -> ClientMessage {
    ClientMessage::Hello { version: 1, ticket: None, resume: Some(token.to_owned()) }
}

/// The code of an error, or nothing.
pub fn error(message: &ServerMessage) -> Option<Code> {
    match message {
        ServerMessage::Error { code, .. } => Some(*code),
        _ => None,
    }
}

/// The code of a `closed`, or nothing.
pub fn closed(message: &ServerMessage) -> Option<(Code, bool)> {
    match message {
        ServerMessage::Closed { code, retry } => Some((*code, *retry)),
        _ => None,
    }
}

/// Waits until `holds`, looking again every few milliseconds.
pub async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let waiting = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(tokio::time::timeout(SOON, waiting).await.is_ok(), "not in time: {what}");
}
