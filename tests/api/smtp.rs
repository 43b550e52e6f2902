//! An SMTP server of one test: it answers each letter as it was told to, and keeps what it accepted.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What becomes of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// 451 after its text.
    Later,
    /// 550 for its recipient.
    Never,
    /// The connection ends within its text.
    Lost,
}

/// What was accepted.
#[derive(Clone, Debug)]
pub struct Accepted {
    pub recipient: String,
    pub source: String,
}

#[derive(Default)]
struct Kept {
    fates: VecDeque<Fate>,
    accepted: Vec<Accepted>,
    tries: usize,
}

/// The server.
#[derive(Clone)]
pub struct Smtp {
    pub address: SocketAddr,
    kept: Arc<Mutex<Kept>>,
    changed: watch::Sender<()>,
}

impl Smtp {
    /// A server that lets these fates befall the first letters and accepts all others.
    pub async fn start(fates: &[Fate]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let kept = Arc::new(Mutex::new(Kept { fates: fates.iter().copied().collect(), ..Kept::default() }));
        let server = Self { address, kept, changed: watch::Sender::new(()) };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = serving.clone();
                // A client that breaks off ends its own connection only.
                tokio::spawn(async move {
                    let _ = server.talk(stream).await;
                });
            }
        });
        server
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub fn accepted(&self) -> Vec<Accepted> {
        self.kept.lock().expect("no panic").accepted.clone()
    }

    /// How many letters were begun.
    pub fn tries(&self) -> usize {
        self.kept.lock().expect("no panic").tries
    }

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        let (reading, mut writing) = stream.into_split();
        let mut lines = BufReader::new(reading).lines();
        let (mut recipient, mut fate) = (String::new(), None);
        writing.write_all(b"220 test ESMTP\r\n").await?;
        while let Some(line) = lines.next_line().await? {
            let upper = line.to_ascii_uppercase();
            let answer = if upper.starts_with("EHLO") {
                "250-test\r\n250 8BITMIME"
            } else if upper.starts_with("MAIL FROM") {
                let mut kept = self.kept.lock().expect("no panic");
                kept.tries += 1;
                fate = kept.fates.pop_front();
                "250 ok"
            } else if upper.starts_with("RCPT TO") {
                recipient = line.trim_start_matches(|c| c != '<').trim_matches(['<', '>']).to_owned();
                if fate == Some(Fate::Never) { "550 5.1.1 nobody of that name" } else { "250 ok" }
            } else if upper == "DATA" {
                writing.write_all(b"354 go on\r\n").await?;
                let mut source = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    if fate == Some(Fate::Lost) {
                        return Ok(());
                    }
                    source.push_str(line.strip_prefix('.').unwrap_or(&line));
                    source.push('\n');
                }
                if fate == Some(Fate::Later) {
                    "451 4.3.0 not now"
                } else {
                    let letter = Accepted { recipient: recipient.clone(), source };
                    self.kept.lock().expect("no panic").accepted.push(letter);
                    self.changed.send_replace(());
                    "250 ok"
                }
            } else if upper == "QUIT" {
                writing.write_all(b"221 bye\r\n").await?;
                return Ok(());
            } else {
                "250 ok"
            };
            writing.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
        Ok(())
    }

    /// Waits until this many letters were accepted.
    pub async fn until(&self, count: usize) -> Vec<Accepted> {
        let mut changes = self.changed.subscribe();
        let waiting = async {
            while self.accepted().len() < count {
                changes.changed().await.expect("the server lives");
            }
        };
        tokio::time::timeout(super::client::SOON, waiting).await.expect("the letters in time");
        self.accepted()
    }
}
