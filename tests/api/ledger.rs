//! The ledger of used tickets in a real Redis: one winner, and a refusal when it is gone or hangs.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use moodcall::base::clock;
use moodcall::bus;
use moodcall::protocol::code::Code;
use moodcall::protocol::server::ServerMessage;
use serde_json::json;
use tempfile::TempDir;

use crate::client::{eventually, hello, house_with};

struct Redis {
    child: Child,
    port: u16,
    folder: TempDir,
}

impl Redis {
    /// Debian's redis-server on a free port, with nothing kept on disk.
    fn start(port: Option<u16>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let free = || TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let port = port.unwrap_or_else(free);
        let child = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is installed (scripts/setup.sh)");
        Self { child, port, folder }
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    fn signal(&self, signal: i32) {
        // SAFETY: the process is our own child and not yet waited for.
        unsafe { libc::kill(self.child.id() as i32, signal) };
    }

    async fn ready(&self) {
        let port = self.port;
        eventually("redis listens", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()).await;
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = self.folder.path();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_ledgers_let_exactly_one_of_fifty_spend_a_token() {
    let redis = Redis::start(None);
    redis.ready().await;
    let timeout = Duration::from_secs(2);
    for url in [None, Some(redis.url())] {
        let ledger = bus::ledger(url.as_deref(), timeout).expect("a ledger");
        ledger.ready().await.expect("it answers");
        for token in ["one", "two"] {
            let spent = join_all((0..50).map(|_| {
                let ledger = Arc::clone(&ledger);
                async move { ledger.spend(token, Duration::from_secs(40)).await.expect("an answer") }
            }))
            .await;
            assert_eq!(spent.iter().filter(|won| **won).count(), 1, "{url:?} {token}");
        }
        assert!(ledger.spend("short", Duration::from_secs(1)).await.expect("an answer"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_share_what_is_spent_and_refuse_when_redis_hangs_or_is_gone() {
    let mut redis = Redis::start(None);
    redis.ready().await;
    let url = redis.url();
    let house = house_with(|config| {
        config.redis.url = Some(url.clone());
        config.redis.timeout_ms = 250;
    })
    .await;
    let room = house.room(8).await.id;
    let ticket = house.ticket(room, "Ada", None).await;
    let mut ada = house.socket().await;
    ada.hello(&ticket).await;
    let late = house.ticket(room, "Grace", None).await;

    // A Redis that hangs.
    redis.signal(libc::SIGSTOP);
    let asked = clock::now();
    let mut socket = house.socket().await;
    assert!(matches!(socket.ask(hello(&late)).await, ServerMessage::Error { code: Code::Internal, .. }));
    assert!(clock::now() - asked < Duration::from_millis(1500), "{:?}", clock::now() - asked);
    let refused = house.post("/api/v1/socket-tickets", json!({ "room": room, "name": "Eve" })).await;
    assert_eq!(refused.status(), 503);
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(house.get("/health/ready").await.status(), 503);
    redis.signal(libc::SIGCONT);

    // A Redis that is killed and comes back.
    redis.signal(libc::SIGKILL);
    let _ = redis.child.wait();
    assert_eq!(house.post("/api/v1/socket-tickets", json!({ "room": room, "name": "Eve" })).await.status(), 503);
    let port = redis.port;
    let back = Redis::start(Some(port));
    back.ready().await;
    let returned = clock::now();
    while house.get("/health/ready").await.status() != 200 {
        assert!(clock::now() - returned < Duration::from_secs(10), "not back in time");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let ticket = house.ticket(room, "Grace", None).await;
    house.socket().await.hello(&ticket).await;
}
